"""The figures of a run that people ask for, in their units: one name, one meaning, whatever was simulated."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.chain.money_summary import Entry, money_entries, scaling_entries
from testsite_sim.chain.plant_summary import concession_entries, contract_entries, plant_entries, stack_entries, total
from testsite_sim.chain.sea_summary import sea_entries, sea_warnings
from testsite_sim.common.units import GIGAWATT_HOUR, HOUR

WARNINGS = "warnings"
BEST_FOUND = (
    "the best that was found with the whole future known, among plans and rules; plans leave out parts of the plant, "
    "or orders that reserves could still answer, so that another operation may be better"
)
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
    plant = results["plant"]
    entries: dict[str, Entry] = {}
    if "wind" in results:
        entries |= _wind(results)
    else:
        entries["simulated_time"] = (_period(plant) / HOUR, "h", "length of the simulated period")
    entries |= plant_entries(plant, results.get("lifetime"))
    entries |= stack_entries([each for name, each in results.items() if name.startswith("stacks/")])
    if plant.attrs["sold"] == "yes":
        text = "electricity sold minus bought in the simulated period, with support"
        contracts = contract_entries(plant)
        paid = contracts["contract_revenue"][0] if "contract_revenue" in contracts else 0.0
        entries["electricity_revenue"] = (float(plant["revenue"].sum()) - float(paid or 0.0), "EUR", text)
        entries |= contracts | concession_entries(plant)
    entries |= _settlement(plant) | _next_to_the_best(plant) | scaling_entries(plant.attrs)
    if "economics" in results:
        entries |= _streams(results["economics"]) | money_entries(results["economics"])
    at_sea = sea_entries(results)
    entries |= {name: (value, units, text) for name, (units, text, value) in at_sea.items()}
    if "losses" in results:
        entries |= _losses(results["losses"])
    if "uncertainty" in results:
        entries |= _uncertainty(results["uncertainty"])
    entries |= _residuals(plant)
    found = {
        name: {"value": value, "units": units, "description": text} for name, (value, units, text) in entries.items()
    }
    return found | warnings_entry(results, bool(at_sea))


def warnings_entry(results: Results, at_sea: bool) -> dict[str, dict[str, Any]]:
    """Return the entry of warnings with its sentences; nothing where there can be none.

    Where anything is done `at_sea`, there can be.
    """
    names = ("turbines_near", "money_not_counted", "turbines_not_counted")
    sentences = [str(each.attrs[name]) for name in names for each in results.values() if name in each.attrs]
    sentences += sea_warnings(results)
    sentences += plan_warnings(results.get("plant"))
    if not sentences and not at_sea:
        return {}
    text = (
        "what is not counted, does not get done at sea, is known of a part of the years only, or is worse than a rule"
    )
    entry = {"value": float(len(sentences)), "units": "count", "description": f"{text}: number of warnings"}
    return {WARNINGS: entry | {"sentences": sentences}}


def _period(plant: xr.Dataset) -> float:
    """Return the simulated time [s]."""
    return float(plant.sizes["time"] * plant.attrs["step"])


def _wind(results: Results) -> dict[str, Entry]:
    """Return the figures of the wind farm."""
    plant = results["plant"]
    rated, period, energy = float(results["wind"]["rated_power"].sum()), _period(plant), total(plant, "power_wind")
    found: dict[str, Entry] = {
        "installed_wind_power": (rated / 1e6, "MW", "rated power of the wind farm"),
        "simulated_time": (period / HOUR, "h", "length of the simulated period"),
        "capacity_factor": (
            energy / (rated * period),
            "1",
            "mean power at the connection in the simulated period, before curtailment, over rated power",
        ),
    }
    if "losses" in results:
        found["wake_loss"] = (
            _by_term(results["losses"])["wakes"],
            "1",
            "loss to the wakes of the farm's own turbines, over the energy before it",
        )
        found["availability_energy"] = (
            float(results["wind"]["availability_energy"]),
            "1",
            "energy-based availability of the turbines (IEC 61400-26-2): weighted by power",
        )
        if "availability_time" in results.get("operations", ()):
            found["availability_time"] = (
                float(results["operations"]["availability_time"]),
                "1",
                "time-based availability of the turbines (IEC 61400-26-1): mean share of the period in which simulated "
                "maintenance lets them run",
            )
    found["energy_production"] = (
        energy / GIGAWATT_HOUR,
        "GWh",
        "wind energy at the connection in the simulated period, before curtailment",
    )
    if plant.attrs["scaling"] != "none":
        found["annual_energy_production"] = (
            float(plant.attrs["annual_energy"]) / GIGAWATT_HOUR,
            "GWh",
            "wind energy at the connection in 8,760 h, before curtailment",
        )
    return found


def _settlement(plant: xr.Dataset) -> dict[str, Entry]:
    """Return what a nomination and its deviations were paid."""
    if "revenue_imbalance" not in plant:
        return {}
    return {
        "revenue_day_ahead": (
            float(plant["revenue_day_ahead"].sum()),
            "EUR",
            "electricity nominated the day before, at the day-ahead price",
        ),
        "revenue_imbalance": (
            float(plant["revenue_imbalance"].sum()),
            "EUR",
            "surpluses sold, less shortages bought, at the imbalance prices",
        ),
        "cash_balance_residual": (
            float(plant.attrs["cash_balance_residual"]),
            "1",
            "largest mismatch of the settlement's parts and their sum, relative",
        ),
    }


def _next_to_the_best(plant: xr.Dataset) -> dict[str, Entry]:
    """Return the objective value of a strategy, and next to it the best that could have been."""
    facts = plant.attrs
    if "objective_value" not in facts:
        return {}
    value = float(facts["objective_value"])
    text = (
        "electricity sold minus bought, less the price of hydrogen asked for and not delivered and that of by-product "
        "taken, plus that of hydrogen left in the store"
    )
    found: dict[str, Entry] = {"objective_value": (value, "EUR", text)}
    if "objective_value_best_rule" in facts:
        found["objective_value_best_rule"] = (
            float(facts["objective_value_best_rule"]),
            "EUR",
            f"the same of the best rule without settings: {facts['best_rule']}",
        )
    if "objective_value_optimum" not in facts:
        return found
    best = float(facts["objective_value_optimum"])
    found["objective_value_optimum"] = (
        best,
        "EUR",
        ("the same with the whole future known" if "bound" in facts else BEST_FOUND)
        + ", after the same nomination where there is one",
    )
    found["objective_value_over_optimum"] = (
        value / best if best else None,
        "1",
        "objective_value over objective_value_optimum: one less regret",
    )
    found["regret"] = (
        (best - value) / abs(best) if best else None,
        "1",
        f"share of {'the best objective value' if 'bound' in facts else 'objective_value_optimum'} that the strategy "
        "did not reach",
    )
    if "bound" in facts:
        found["optimum_gap"] = (
            max(float(facts["bound"]) - best, 0.0) / abs(best) if best else None,
            "1",
            "by how much at most another operation could exceed objective_value_optimum, over it",
        )
    if "plan_gap" in facts:
        found["plan_gap"] = (float(facts["plan_gap"]), "1", _plan_gap(facts))
    if "value_of_forecast_quality" in facts:
        found["value_of_forecast_quality"] = (
            float(facts["value_of_forecast_quality"]),
            "EUR",
            "objective value that perfect forecasts over the same horizon would have added",
        )
    return found


def plan_warnings(plant: xr.Dataset | None) -> Iterator[str]:
    """Yield a sentence where a plan is worse than a rule, or could not be made."""
    facts: Mapping[str, Any] = {} if plant is None else plant.attrs
    best, value = facts.get("objective_value_best_rule", -np.inf), facts.get("objective_value", np.inf)
    if best > value + 1e-9 * abs(value):
        yield (
            f"dispatch: {facts['strategy']} has an objective value of {value:,.0f} EUR, the rule {facts['best_rule']} "
            f"one of {best:,.0f} EUR"
        )
    if facts.get("carried_out") == "none" and "plan_gap" not in facts:
        unseen = f", and the plan does not see {facts['plan_leaves_out']}" if "plan_leaves_out" in facts else ""
        yield (
            f"dispatch: {facts['strategy']} finds no electrolyser or fuel cell left to set{unseen}; the result is that "
            "of the strategy none"
        )
    elif facts.get("carried_out", "plan") != "plan":
        yield (
            f"dispatch: no plan of {facts['strategy']} was better than the dispatch by {facts['carried_out']}, "
            "which was carried out instead"
        )
    if facts.get("plans_by_sums", 0):
        yield (
            f"dispatch: {facts['strategy']} found no plan that sees what each store holds; its plan sees the sums of "
            "their limits alone"
        )
    if facts.get("unsolved", 0):
        yield (
            f"dispatch: in {facts['unsolved']} interval(s) {facts['strategy']} found no plan that ends with enough in "
            "the store; the electrolysers then filled it as fast as they could"
        )


def _plan_gap(facts: Mapping[str, Any]) -> str:
    """Return what the gap between plan and plant is, what the plan does not see, and what was done instead of it."""
    text = "objective value of the plan on the reduced plant less that of what the plant did, over the plan's"
    if "plan_leaves_out" in facts:
        text += f"; the plan does not see {facts['plan_leaves_out']}"
    if facts["carried_out"] != "plan":
        text += f"; no plan was better than the dispatch by {facts['carried_out']}, which was carried out"
    return text


def _streams(money: xr.Dataset) -> dict[str, Entry]:
    """Return the mean yearly amounts of hydrogen and side streams, those that are not nothing."""
    found: dict[str, Entry] = {}
    for name, text in (
        ("hydrogen_revenue", "hydrogen sold"),
        ("oxygen_revenue", "oxygen sold"),
        ("heat_revenue", "heat sold"),
        ("water_cost", "water bought"),
        ("by_product_cost", "by-product hydrogen bought"),
    ):
        if name in money and bool((money[name] != 0.0).any()):
            mean = float(money[name][1:].mean())
            found[f"annual_{name}"] = (mean, "EUR/year", f"{text}, mean of the life of the project")
    return found


def _losses(losses: xr.Dataset) -> dict[str, Entry]:
    """Return the losses of the wind farm but for its wakes, which have a name of their own."""
    return {
        f"loss_{term.replace(' ', '_')}": (loss, "1", f"loss to {LOSSES[term]}, over the energy before it")
        for term, loss in _by_term(losses).items()
        if term != "wakes"
    }


def _by_term(losses: xr.Dataset) -> dict[str, float]:
    """Return each loss by its name."""
    return dict(zip(losses["term"].to_numpy().tolist(), losses["loss"].to_numpy().tolist(), strict=True))


def _uncertainty(uncertainty: xr.Dataset) -> dict[str, Entry]:
    """Return the energies that are exceeded."""
    columns = (uncertainty[name].to_numpy().tolist() for name in ("percentile", "energy_exceeded"))
    return {
        f"annual_energy_p{percentile}": (
            energy / GIGAWATT_HOUR,
            "GWh",
            f"net energy of a year that is exceeded with {percentile} %",
        )
        for percentile, energy in zip(*columns, strict=True)
    }


def _residuals(plant: xr.Dataset) -> dict[str, Entry]:
    """Return how far energy and hydrogen are from balance."""
    energy = "largest mismatch of sources and uses of power, relative to the mean of the sources"
    hydrogen = "largest mismatch of contents and flows of hydrogen, relative to the largest content or flow"
    found: dict[str, Entry] = {"energy_balance_residual": (float(plant.attrs["energy_balance_residual"]), "1", energy)}
    if "hydrogen_vented" in plant:
        found["hydrogen_balance_residual"] = (float(plant.attrs["hydrogen_balance_residual"]), "1", hydrogen)
    return found
