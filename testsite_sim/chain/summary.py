"""The figures of a run that people ask for, in their units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from testsite_sim.chain.money_summary import money_entries, scaling_entries
from testsite_sim.chain.sea_summary import sea_entries, sea_warnings
from testsite_sim.chain.site_summary import site_entries
from testsite_sim.chain.stacks import stack_entries
from testsite_sim.common.units import GIGAWATT_HOUR, HOUR, MEGAWATT_HOUR

TONNE = 1000.0
WARNINGS = "warnings"
LOSSES = {
    "storms": "storms, with the wait after them",
    "wakes": "the wakes of the farm's own turbines",
    "neighbours": "the wakes of other farms",
    "blockage": "blockage",
    "availability": "turbines that stand still",
    "performance": "turbines that do not keep their curve",
    "environmental": "soiling, ice and ageing of blades",
    "regulatory curtailment": "orders to curtail from outside",
    "electrical": "cables and transformers",
    "curtailment": "the limit of export and prices below zero",
}
Results = Mapping[str, xr.Dataset]


@dataclass(frozen=True)
class Figure:
    """One entry of the summary: its unit, what it means, how it follows from the results, and what has it."""

    units: str
    description: str
    value: Callable[[Results], float | None]
    of: str = "all"


def summarise(results: Results) -> dict[str, dict[str, Any]]:
    """Return the summary of a run: for each name a value, its units and a description.

    Parameters
    ----------
    results : mapping of str to xarray.Dataset
        The Dataset of every step of the chain.

    Returns
    -------
    dict
        `{name: {"value": …, "units": …, "description": …}}`; a value is None where there is none to give, such as a
        rate of return of a loss.
    """
    if "hydrogen" in results:
        of_site = site_entries(results) | {n: (v, units, text) for n, (units, text, v) in sea_entries(results).items()}
        found = {
            name: {"value": value, "units": units, "description": text}
            for name, (value, units, text) in of_site.items()
        }
        return found | warnings_entry(results)
    figures = {**_of_chain(results), **_at_sea(results)}
    found = {
        name: {"value": figure.value(results), "units": figure.units, "description": figure.description}
        for name, figure in figures.items()
    }
    return found | warnings_entry(results)


def warnings_entry(results: Results) -> dict[str, dict[str, Any]]:
    """Return the entry of warnings with its sentences; nothing where there can be none."""
    sentences = [str(each.attrs["money_not_counted"]) for each in results.values() if "money_not_counted" in each.attrs]
    sentences += sea_warnings(results)
    if not sentences and not sea_entries(results):
        return {}
    text = "what is not counted, does not get done at sea, or is known of a part of the years only"
    entry = {"value": float(len(sentences)), "units": "count", "description": f"{text}: number of warnings"}
    return {WARNINGS: entry | {"sentences": sentences}}


def _of_chain(results: Results) -> dict[str, Figure]:
    """Return the figures of fleet and plant, of the machines that there are and of a year where there is one."""
    facts = results["balancing"].attrs
    made, year = facts["electrolyser_capacity"] > 0.0, facts["scaling"] != "none"
    exists = {
        "all": True,
        "market": facts.get("sold", "yes") == "yes",
        "year": year,
        "import": facts["import_limit"] > 0.0,
        "electrolyser": made,
        "electrolyser in a year": made and year,
        "fuel cell": facts["fuel_cell_capacity"] > 0.0,
        "demand": facts["mean_demand"] > 0.0,
    }
    found = {name: figure for name, figure in SUMMARY.items() if exists[figure.of]}
    residuals = {name: figure for name, figure in RESIDUALS.items() if exists[figure.of]}
    entries = scaling_entries(facts)
    if "economics" in results:
        entries |= money_entries(results["economics"])
    for name, (value, units, text) in entries.items():
        found[name] = Figure(units, text, lambda _, v=value: v)  # type: ignore[misc]
    return found | residuals


def _at_sea(results: Results) -> dict[str, Figure]:
    """Return the figures of campaigns and of the test site, where the scenario has them."""
    found: dict[str, Figure] = {}
    for name, (units, text, value) in sea_entries(results).items():
        found[name] = Figure(units, text, lambda _, v=value: v)  # type: ignore[misc]
    found |= _beside_the_optimum(results)
    if "electrolysis" in results:
        for name, (value, units, text) in stack_entries(results["electrolysis"]).items():
            found[name] = Figure(units, text, lambda _, v=value: v)  # type: ignore[misc]
    if "revenue_imbalance" in results["balancing"]:
        for name, text in (
            ("revenue_day_ahead", "electricity nominated the day before, at the day-ahead price"),
            ("revenue_imbalance", "surpluses sold, less shortages bought, at the imbalance prices"),
        ):
            found[name] = Figure("EUR", text, lambda r, n=name: float(r["balancing"][n].sum()))  # type: ignore[misc]
        found["cash_balance_residual"] = Figure(
            "1",
            "largest mismatch of the settlement's parts and their sum, relative",
            lambda r: float(r["balancing"].attrs["cash_balance_residual"]),
        )
    if "revenue_availability" in results["balancing"]:
        found |= _capacity()
    for term in results["losses"]["term"].to_numpy().tolist():
        if term == "wakes":
            continue  # wake_loss
        found[f"loss_{term.replace(' ', '_')}"] = Figure(
            "1",
            f"loss to {LOSSES[term]}, over the energy before it",
            lambda r, t=term: float(r["losses"]["loss"].sel(term=t)),  # type: ignore[misc]
        )
    if "uncertainty" in results:
        for percentile in results["uncertainty"]["percentile"].to_numpy().tolist():
            found[f"annual_energy_p{percentile}"] = Figure(
                "GWh",
                f"net energy of a year that is exceeded with {percentile} %",
                lambda r, p=percentile: (
                    float(  # type: ignore[misc]
                        r["uncertainty"]["energy_exceeded"].sel(percentile=p)
                    )
                    / GIGAWATT_HOUR
                ),
            )
    return found


def _beside_the_optimum(results: Results) -> dict[str, Figure]:
    """Return what the strategy of a plant earned beside the best that could have been."""
    if "earned_optimum" not in results["balancing"].attrs:
        return {}

    def of(name: str) -> Callable[[Results], float]:
        return lambda r: float(r["balancing"].attrs[name])

    found = {
        "objective_value": Figure(
            "EUR",
            "electricity sold minus bought, less the price of hydrogen asked for and not delivered, plus that "
            "of hydrogen left in the tank",
            of("earned"),
        ),
        "objective_value_optimum": Figure(
            "EUR",
            "the same with the whole future known, after the same nomination where there is one",
            of("earned_optimum"),
        ),
        "objective_value_over_optimum": Figure(
            "1",
            "objective_value over objective_value_optimum: one less regret",
            lambda r: of("earned")(r) / of("earned_optimum")(r) if of("earned_optimum")(r) else None,
        ),
        "regret": Figure(
            "1",
            "share of what could have been earned that the strategy did not earn",
            lambda r: (
                (of("earned_optimum")(r) - of("earned")(r)) / abs(of("earned_optimum")(r))
                if of("earned_optimum")(r)
                else None
            ),
        ),
    }
    if "bound" in results["balancing"].attrs:
        found["optimum_gap"] = Figure(
            "1",
            "by how much at most another operation could exceed objective_value_optimum, over it",
            lambda r: (
                max(of("bound")(r) - of("earned_optimum")(r), 0.0) / abs(of("earned_optimum")(r))
                if of("earned_optimum")(r)
                else None
            ),
        )
    if "value_of_forecast_quality" in results["balancing"].attrs:
        found["value_of_forecast_quality"] = Figure(
            "EUR",
            "what perfect forecasts over the same horizon would have earned more",
            of("value_of_forecast_quality"),
        )
    return found


def _capacity() -> dict[str, Figure]:
    """Return what power kept ready for the grid was called for and paid."""
    money = {
        "revenue_availability": "paid for power kept ready for the grid",
        "revenue_activation": "paid for orders beyond the price of their energy",
        "penalty_activation": "due for orders not delivered",
    }
    energy = {
        f"energy_{what}_{way}": f"energy {text} {way}"
        for way in ("up", "down")
        for what, text in (("ordered", "that the grid ordered"), ("activated", "delivered of the orders"))
    }
    sums = {n: Figure("EUR", t, lambda r, n=n: float(r["balancing"][n].sum())) for n, t in money.items()}  # type: ignore[misc]
    return sums | {
        name: Figure("MWh", text, _energy(name.replace("energy", "power"), MEGAWATT_HOUR))
        for name, text in energy.items()
    }


def _energy(name: str, unit: float) -> Callable[[Results], float]:
    """Return the sum over time of a power or flow of balancing, in a unit."""
    return lambda results: (
        float(results["balancing"][name].to_numpy().sum()) * results["balancing"].attrs["step"] / unit
    )


def _period(results: Results) -> float:
    """Return the simulated time [s]."""
    return float(results["balancing"].sizes["time"] * results["balancing"].attrs["step"])


def _fact(name: str, unit: float) -> Callable[[Results], float]:
    """Return an attribute of balancing, in a unit."""
    return lambda results: float(results["balancing"].attrs[name]) / unit


def _full_load_hours(results: Results) -> float:
    """Return the electrolyser's energy in a year over its capacity [h]."""
    facts = results["balancing"].attrs
    return float(facts["annual_electrolyser_energy"]) / float(facts["electrolyser_capacity"]) / HOUR


def _rated(results: Results) -> float:
    """Return the installed wind power [W]."""
    return float(results["wind"]["rated_power"].sum())


def _net_energy(results: Results) -> float:
    """Return the wind energy at the connection in the period [J]."""
    return _energy("power_available", 1.0)(results)


SUMMARY: dict[str, Figure] = {
    "installed_wind_power": Figure("MW", "rated power of the fleet", lambda r: _rated(r) / 1e6),
    "simulated_time": Figure("h", "length of the simulated period", lambda r: _period(r) / HOUR),
    "capacity_factor": Figure(
        "1",
        "mean power at the connection in the simulated period, before curtailment, over rated power",
        lambda r: _net_energy(r) / (_rated(r) * _period(r)),
    ),
    "wake_loss": Figure(
        "1",
        "loss to the wakes of the farm's own turbines, over the energy before it",
        lambda r: float(r["losses"]["loss"].sel(term="wakes")),
    ),
    "availability_energy": Figure(
        "1", "availability of the turbines, weighted by power", lambda r: float(r["wind"]["availability_energy"])
    ),
    "energy_production": Figure(
        "GWh",
        "wind energy at the connection in the simulated period, before curtailment",
        lambda r: _net_energy(r) / GIGAWATT_HOUR,
    ),
    "annual_energy_production": Figure(
        "GWh",
        "wind energy at the connection in 8,760 h, before curtailment",
        _fact("annual_energy", GIGAWATT_HOUR),
        of="year",
    ),
    "energy_exported": Figure("GWh", "electricity sold to the grid", _energy("power_exported", GIGAWATT_HOUR)),
    "energy_curtailed": Figure("GWh", "wind energy not used", _energy("power_curtailed", GIGAWATT_HOUR)),
    "energy_imported": Figure(
        "GWh", "electricity bought from the grid", _energy("power_imported", GIGAWATT_HOUR), of="import"
    ),
    "electrolyser_energy": Figure(
        "GWh",
        "electricity consumption of the electrolyser",
        _energy("power_electrolyser", GIGAWATT_HOUR),
        of="electrolyser",
    ),
    "electrolyser_full_load_hours": Figure(
        "h",
        "electricity of the electrolyser over its capacity, in 8,760 h",
        _full_load_hours,
        of="electrolyser in a year",
    ),
    "fuel_cell_energy": Figure(
        "GWh", "electricity of the fuel cell", _energy("power_fuel_cell", GIGAWATT_HOUR), of="fuel cell"
    ),
    "hydrogen_produced": Figure("t", "hydrogen produced", _energy("hydrogen_produced", TONNE), of="electrolyser"),
    "hydrogen_to_fuel_cell": Figure(
        "t", "hydrogen consumed by the fuel cell", _energy("hydrogen_to_fuel_cell", TONNE), of="fuel cell"
    ),
    "hydrogen_delivered": Figure(
        "t", "hydrogen delivered to customers", _energy("hydrogen_delivered", TONNE), of="demand"
    ),
    "hydrogen_unmet": Figure(
        "t", "hydrogen asked for and not delivered", _energy("hydrogen_unmet", TONNE), of="demand"
    ),
    "electricity_revenue": Figure(
        "EUR",
        "electricity sold minus bought in the simulated period, with support",
        lambda r: float(r["balancing"]["revenue"].sum()),
        of="market",
    ),
}
RESIDUALS: dict[str, Figure] = {
    "energy_balance_residual": Figure(
        "1",
        "largest mismatch of sources and uses of power, relative to the mean of the sources",
        lambda r: float(r["balancing"].attrs["energy_balance_residual"]),
    ),
    "hydrogen_balance_residual": Figure(
        "1",
        "largest mismatch of tank and flows of hydrogen, relative to the largest content or flow",
        lambda r: float(r["balancing"].attrs["hydrogen_balance_residual"]),
        of="electrolyser",
    ),
}
