"""What a plant needs of its weather and grid, checked before anything is simulated."""

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.configuration.dispatch import Dispatch
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import SelfConsumption
from testsite_sim.dispatch.capacity import margins_for
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settings import offers_of, settings_of
from testsite_sim.dispatch.strategies import RULES, SELF_CONSUMPTION, rule_of
from testsite_sim.plant.by_product import by_product_series
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.machines import machines_of
from testsite_sim.plant.photovoltaics import photovoltaic_power


def check_plant(scenario: Scenario, record: xr.Dataset, rated_wind: float) -> None:
    """Build the machines of a plant and look for the series that it needs of the record.

    Parameters
    ----------
    scenario : Scenario
        With a plant.
    record : xarray.Dataset, dims (time,)
        Its weather.
    rated_wind : float
        Rated power of its turbines [W].

    Raises
    ------
    ConfigurationError
        When a machine cannot be, or the grid does not give what the strategy asks of it.
    DataError
        When the record lacks irradiance for panels, or by-product hydrogen.
    """
    plant, grid, place = scenario.machines, scenario.grid, scenario.location
    step = step_seconds(record["time"], "plant", "weather")
    machines_of(plant, grid, step)
    whole = reduced_plant(plant, grid, Margins())
    if scenario.dispatch is not None:
        _check_settings(scenario, scenario.dispatch, whole, rated_wind, step)
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


def _check_settings(
    scenario: Scenario, dispatch: Dispatch, whole: ReducedPlant, rated_wind: float, step: float
) -> None:
    """Refuse a band, a reserve or a promise that is larger than the plant, less what it keeps for the grid.

    Settings that are left out are derived, and always fit.
    """
    stated, plant = dispatch.strategy, scenario.machines
    if stated is None or stated.name not in RULES or stated.name == SELF_CONSUMPTION:
        return
    settings, left = settings_of(stated), whole
    if dispatch.reserves:
        left = reduced_plant(plant, scenario.grid, margins_for(whole, offers_of(dispatch.reserves), step))
    none = np.zeros(1)
    rule_of(stated.name, settings, left, none, none, none)
    if settings.reserve_level is not None and settings.reserve_level > whole.tank_capacity:
        raise ConfigurationError(
            f"dispatch.strategy.reserve_level: {settings.reserve_level:g} kg is more than store and pipeline hold; "
            f"expected 0 to {whole.tank_capacity:g} kg."
        )
    if settings.promised_power is None:
        return
    panels = 0.0 if plant.photovoltaics is None else float(plant.photovoltaics.capacity)
    battery = 0.0 if plant.battery is None else float(plant.battery.power)
    most = min(rated_wind + panels + whole.fuel_cell_capacity + battery, whole.export_limit)
    if settings.promised_power > most * (1.0 + 1e-9):
        raise ConfigurationError(
            f"dispatch.strategy.promised_power: {settings.promised_power / 1e6:g} MW is more than wind, panels, fuel "
            f"cells and battery can export; expected 0 to {most / 1e6:g} MW."
        )
