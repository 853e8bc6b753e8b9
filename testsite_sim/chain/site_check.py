"""What a hydrogen site needs of its weather and grid, checked before anything is simulated."""

import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.configuration.balancing import Grid
from testsite_sim.configuration.hydrogen_site import HydrogenSite
from testsite_sim.configuration.site import Site
from testsite_sim.plant.photovoltaics import photovoltaic_power
from testsite_sim.plant.site import by_product_series
from testsite_sim.plant.site_parts import kernel_site


def check_site(site: HydrogenSite, grid: Grid, record: xr.Dataset, place: Site) -> None:
    """Build the machines of a site and look for the series that it wants of the record.

    Raises
    ------
    ConfigurationError
        When a machine cannot be, or the grid does not give what the control asks of it.
    DataError
        When the record lacks irradiance for panels, or by-product hydrogen.
    """
    kernel_site(site, grid, step_seconds(record["time"], "weather", "the record"))
    by_product_series(site.by_product, record)
    if site.photovoltaics is not None:
        day = record.isel(time=slice(0, 2))
        photovoltaic_power(day, site.photovoltaics, latitude=float(place.latitude), longitude=float(place.longitude))
    assists = site.control.assist_level > 0.0 or site.control.assist_price is not None
    if assists and not (grid.import_limit or 0.0) > 0.0:
        raise ConfigurationError(
            "hydrogen.control: assist_level or assist_price asks for power from the grid, and grid.import_limit is 0 "
            "or not stated; state it, for example `import_limit: 500 kW`."
        )
