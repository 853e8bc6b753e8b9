"""Installation campaigns in the winds that were measured while they lasted, with waves generated from these winds."""

from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import generate_waves, sea_state, simulate_installation
from tools.compare_installations import ANCHORS, turbine_phase
from tools.scorecard.measured import STATIONS, WIND, history, missing

CLIMATE = "belgian-zone"  # of the waves, which follow the wind
STARTED = {"Norther": 2019, "Northwester 2": 2019}
MEMBERS = 10  # seas that the same wind may have raised


def lacking(data: Path) -> list[str]:
    """Return the names that are not in the data."""
    return missing(data, (WIND,))


def own_winters(data: Path) -> dict[str, tuple[float, float, float]]:
    """Return P10, P50 and P90 of the days of each campaign over the seas of its own winter, by farm.

    The wind is that of the first station at 10 m, in its gaps that of the second, of all years, so that the ranks by
    which waves follow the wind are those of the climate.
    """
    table = history(data).asfreq("h")
    first, second = (table[f"{name}_speed"] for name in STATIONS)
    speed = first.fillna(second).interpolate().bfill()
    wind = xr.DataArray(
        speed.to_numpy()[:, None],
        coords={"time": table.index.to_numpy(), "height": [10.0]},
        dims=("time", "height"),
        attrs={"units": "m/s"},
    )
    climate = load_component("climate", CLIMATE, Climate)
    days: dict[str, list[float]] = {farm: [] for farm, *_ in ANCHORS}
    for member in range(MEMBERS):
        waves = generate_waves(wind.isel(height=0, drop=True), climate, seed=1, member=member)
        sea = sea_state(waves.assign(wind_speed=wind))
        for farm, turbines, (day, month), _, changes in ANCHORS:
            case = turbine_phase("conventional", start_day=day, start_month=month, **changes)
            found = simulate_installation(case, sea, turbines)["campaign_duration"].sel(year=STARTED[farm])
            days[farm].append(float(found) / DAY)
    return {farm: tuple(float(each) for each in np.quantile(taken, [0.1, 0.5, 0.9])) for farm, taken in days.items()}
