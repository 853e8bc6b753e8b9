"""What a plant needs of its weather and grid, checked before anything is simulated."""

import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import SelfConsumption
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.plant.by_product import by_product_series
from testsite_sim.plant.machines import Margins, machines_of
from testsite_sim.plant.photovoltaics import photovoltaic_power


def check_plant(scenario: Scenario, record: xr.Dataset) -> None:
    """Build the machines of a plant and look for the series that it needs of the record.

    Raises
    ------
    ConfigurationError
        When a machine cannot be, or the grid does not give what the strategy asks of it.
    DataError
        When the record lacks irradiance for panels, or by-product hydrogen.
    """
    plant, grid, place = scenario.machines, scenario.grid, scenario.site
    machines_of(plant, grid, step_seconds(record["time"], "plant", "weather"))
    reduced_plant(plant, grid, Margins())
    by_product_series(plant.by_product, record)
    if plant.photovoltaics is not None:
        day = record.isel(time=slice(0, 2))
        photovoltaic_power(day, plant.photovoltaics, latitude=float(place.latitude), longitude=float(place.longitude))
    strategy = None if scenario.dispatch is None else scenario.dispatch.strategy
    if not isinstance(strategy, SelfConsumption) or (grid.import_limit or 0.0) > 0.0:
        return
    if (strategy.grid_import_below_level or 0.0) > 0.0 or strategy.grid_import_below_price is not None:
        raise ConfigurationError(
            "dispatch.strategy: grid_import_below_level or grid_import_below_price asks for power from the grid, and "
            "grid.import_limit is 0 or not stated; state it, for example `import_limit: 500 kW`."
        )
