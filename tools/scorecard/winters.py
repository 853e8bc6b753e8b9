"""Installation campaigns in the winds that were measured while they lasted, with waves generated from these winds."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.operations import SeaState, generate_waves, sea_state, simulate_installation
from tools.compare_installations import ANCHORS, turbine_phase
from tools.scorecard.measured import STATIONS, WIND, history, missing

CLIMATE = "belgian-zone"  # of the waves, which follow the wind
STARTED = {"Norther": 2019, "Northwester 2": 2019}
MEMBERS = 10  # seas that the same wind may have raised
DRAWS = 4  # of what is not known of vessel and work, in each sea
VESSEL = ("wave_limit", "wind_limit", "technical_availability")  # its quantities with a range


def lacking(data: Path) -> list[str]:
    """Return the names that are not in the data."""
    return missing(data, (WIND,))


def drawn(case: Installation, draws: np.random.Generator) -> Installation:
    """Return a campaign of turbines with vessel, loading and distance drawn from their ranges, each evenly.

    Durations at the turbine have no range: those of the Guide to an Offshore Wind Farm are kept.
    """
    written = case.model_dump(mode="json")
    phase = written["phases"]["turbines"]

    def anywhere(quantity: Quantity) -> float:
        return float(draws.uniform(*quantity.range))

    vessel = case.phases["turbines"].vessel
    units = {"wave_limit": " m", "wind_limit": " m/s", "technical_availability": ""}
    for name in VESSEL:
        value = anywhere(getattr(vessel, name))
        phase["vessel"][name] = f"{value:.6f}{units[name]}" if units[name] else round(value, 6)
    loading = case.phases["turbines"].operations[0]
    phase["operations"][0]["duration"] = f"{anywhere(loading.duration):.3f} s"
    return Installation.model_validate(written | {"port_distance": f"{anywhere(case.port_distance):.3f} m"})


def seas(data: Path) -> Iterator[SeaState]:
    """Yield seas that the measured winds may have raised.

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
    for member in range(MEMBERS):
        waves = generate_waves(wind.isel(height=0, drop=True), climate, seed=1, member=member)
        yield sea_state(waves.assign(wind_speed=wind))


def own_winters(data: Path) -> dict[str, tuple[float, ...]]:
    """Return P10, P50 and P90 of the days of each campaign over the seas of its own winter, by farm.

    Behind them P10, P50 and P90 with what is not known of vessel and work drawn too, as `drawn` has it.
    """
    days: dict[str, list[float]] = {farm: [] for farm, *_ in ANCHORS}
    unknown: dict[str, list[float]] = {farm: [] for farm, *_ in ANCHORS}
    draws = np.random.Generator(np.random.Philox(1))
    for sea in seas(data):
        for farm, turbines, (day, month), _, changes in ANCHORS:
            case = turbine_phase("conventional", start_day=day, start_month=month, **changes)
            found = simulate_installation(case, sea, turbines)["campaign_duration"].sel(year=STARTED[farm])
            days[farm].append(float(found) / DAY)
            for _ in range(DRAWS):
                other = simulate_installation(drawn(case, draws), sea, turbines)["campaign_duration"]
                unknown[farm].append(float(other.sel(year=STARTED[farm])) / DAY)
    return {
        farm: tuple(float(each) for part in (days[farm], unknown[farm]) for each in np.quantile(part, [0.1, 0.5, 0.9]))
        for farm in days
    }


def sentence(found: dict[str, tuple[float, ...]]) -> str:
    """Return how long the campaigns last with what is not known of vessel and work, against the field."""
    parts = []
    for farm, _, _, field, _ in ANCHORS:
        low, middle, high = found[farm][3:]
        where = "inside" if low <= field <= high else "shorter than" if field < low else "longer than"
        parts.append(
            f"{farm} {low:.0f} to {high:.0f} days (median {middle:.0f}), the field with {field} is {where} "
            + ("that" if where == "inside" else "all of that")
        )
    return (
        "- In their own winters, with limits and technical stops of the vessel, loading and distance drawn from their "
        f"ranges, P10 to P90: {'; '.join(parts)}. Durations at the turbine have no published range and are kept."
    )
