"""How the simulated period of a scenario stands for a year, or that it does not."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import length_of, step_of
from testsite_sim.common.units import DAY
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.weather import Weather
from testsite_sim.economics.period import Annual, climate_weights, is_whole_years, repeated, scaling_errors
from testsite_sim.weather import height_rows, wind_at_hubs
from testsite_sim.weather.opening import in_climate, open_as_measured
from testsite_sim.wind import Farm

TO_CLIMATE, BY_REPETITION = "by-climate", "by-repetition"
REMEDY = (
    "simulate a whole year, or state `economics.scale_to_year: by-climate` (intervals counted by how often their wind "
    "occurs in the record) or `by-repetition`"
)


def reference_of(
    scenario: Scenario, record: xr.Dataset, opened: Callable[[Weather], xr.Dataset] = open_as_measured
) -> xr.Dataset | None:
    """Return the whole record that a short period is cut from, `opened` as measured; None where it needs none.

    Raises
    ------
    ConfigurationError
        When the period is to be scaled by a climate and the record holds no whole years, or machines of the plant
        age hour after hour.
    """
    asked = None if scenario.economics is None else scenario.economics.scale_to_year
    if asked is None or is_whole_years(length_of(record["time"].to_numpy())):
        return None
    if asked == TO_CLIMATE and scenario.machines.years_differ:
        raise ConfigurationError(
            "economics.scale_to_year: years of the plant differ (machines age, vehicles come), so its hours cannot be "
            "counted by their wind; take by-repetition, or a whole year."
        )
    if scenario.farm is None:
        return None
    weather: Weather = scenario.weather.model_copy(update={"start": None, "end": None, "step": None})
    whole = in_climate(opened(weather), weather)
    length = length_of(whole["time"].to_numpy())
    if is_whole_years(length):
        return whole
    if asked == TO_CLIMATE:
        raise ConfigurationError(
            f"economics.scale_to_year: {weather.record} holds {length / DAY:g} days, no whole years, "
            "which are the climate that the period would be scaled to; take a longer record, or by-repetition."
        )
    return None


def annual_of(
    scenario: Scenario, farm: Farm | None, record: xr.Dataset, weather: xr.Dataset, reference: xr.Dataset | None
) -> Annual | None:
    """Return how a simulated period stands for a year; None where it is not a year and nobody asked for one.

    Parameters
    ----------
    scenario : Scenario
        What is asked for.
    farm : Farm or None
        The fleet, whose power curves weigh the wind.
    record : xarray.Dataset, dims (time, height)
        Of the period, opened.
    weather : xarray.Dataset, dims (time, height)
        Of the period, at hub heights.
    reference : xarray.Dataset or None
        As `reference_of` gives it; its wind is carried to the hubs as that of the period is.
    """
    step = step_of(weather["time"].to_numpy())
    n = weather.sizes["time"]
    if is_whole_years(n * step):
        return repeated(n, step)
    asked = None if scenario.economics is None else scenario.economics.scale_to_year
    if asked is None:
        return None
    if reference is None or farm is None:
        return repeated(n, step, asked)
    hubs = farm.per_turbine("hub_height")
    whole = wind_at_hubs(scenario.weather, reference, hubs, fitted_to=record)
    speeds, rows = whole["wind_speed"].to_numpy(), height_rows(whole, hubs)
    power = np.sum(
        [
            np.interp(
                speeds[:, row], np.asarray(turbine.wind_speed, float), np.asarray(turbine.power, float), left=0, right=0
            )
            for row, turbine in zip(rows, farm.turbines, strict=True)
        ],
        axis=0,
    )
    speed = speeds[:, rows].mean(axis=1)
    length = max(round(n * step / step_of(reference["time"].to_numpy())), 1)
    energy, revenue = scaling_errors(
        speed, whole["day_ahead_price"].to_numpy(), power, length, by_climate=asked == TO_CLIMATE
    )
    if asked == BY_REPETITION:
        return Annual(np.ones(n), n * step, asked, energy, revenue)
    own = weather["wind_speed"].isel(height=rows).mean("height").to_numpy()
    weights, uncovered = climate_weights(own, speed)
    return Annual(weights, n * step, asked, energy, revenue, uncovered)


def not_counted(scenario: Scenario, annual: Annual | None) -> dict[str, str]:
    """Return, as attributes for the summary, why money that is stated is not counted; nothing where it is."""
    if scenario.economics is None:
        return {}
    turbines = {}
    if scenario.farm is None and scenario.economics.wind is not None:  # such as that of a component, `demonstration`
        turbines["turbines_not_counted"] = (
            "economics: the cost of turbines in `economics.wind` is not counted, since the scenario has no `farm`"
        )
    if annual is not None:
        return turbines
    return turbines | {
        "money_not_counted": (
            "economics: costs, cash flow and their figures are those of a year, and the period is not a whole year, so "
            f"none is stated; {REMEDY}"
        )
    }


def scaling_of(annual: Annual | None, **powers: xr.DataArray) -> dict[str, str | float]:
    """Return how the period stands for a year, as attributes for the summary.

    Parameters
    ----------
    annual : Annual or None
        As `annual_of` gives it.
    **powers : xarray.DataArray, dims (time,)
        [W] by what the energy of a year is to be called: `energy` gives `annual_energy` [J].
    """
    if annual is None:
        return {"scaling": "none"}
    step = annual.seconds / annual.weights.size
    stated: dict[str, float | None] = {
        "scaling_error_energy": annual.energy_error,
        "scaling_error_revenue": annual.revenue_error,
        "climate_not_covered": annual.uncovered,
        **{f"annual_{name}": annual.total(power.to_numpy()) * step for name, power in powers.items()},
    }
    return {"scaling": annual.method, **{name: value for name, value in stated.items() if value is not None}}
