"""The first screen of a report: what was run, how much it gives, at what cost, and how sure that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY, GIGAWATT_HOUR, MEGAWATT_HOUR
from testsite_sim.output import number, shown
from testsite_sim.report.magnitude import MILLION, physical_scale, scale

Summary = Mapping[str, Mapping[str, Any]]
MOST = 6  # cards of a question
RUNNING = ("starting", "producing")  # states of an electrolyser that is on

# By subject, the first that a run has stands first: figures of the question "how much", and of "at what cost".
AMOUNTS: tuple[str, ...] = (
    "months_to_certificate", "days_to_power_curve", "days_to_capture_matrix", "prototypes_per_year",
    "berth_utilisation",
    "downtime", "jobs_done", "jobs_open", "vessel_days",
    "annual_energy_production", "energy_production", "capacity_factor", "flow_loss",
    "photovoltaic_energy",
    "hydrogen_dispensed", "served_share", "hydrogen_delivered", "hydrogen_to_pipeline", "hydrogen_produced",
    "hydrogen_by_product", "specific_consumption", "fuel_cell_energy", "fuel_cell_efficiency",
    "fuel_cell_total_efficiency", "fuel_cell_full_load_hours", "energy_exported", "heat_sold",
)  # fmt: skip
COSTS: tuple[str, ...] = (
    "test_site_investment", "value_of_test_site", "maintenance_cost",
    "levelised_cost_of_energy", "levelised_cost_of_hydrogen", "break_even_hydrogen_price",
    "levelised_cost_of_fuel_cell_energy", "net_present_value", "internal_rate_of_return",
    "electricity_revenue",
)  # fmt: skip
SOLD = ("energy_exported", "heat_sold")  # said only where there is any: a depot sells neither
CERTAINTIES: tuple[str, ...] = ("annual_energy_p90", "certified_energy_uncertainty", "scaling_error_energy")
LABELS = {
    "break_even_hydrogen_price": "price of hydrogen at which the project pays for itself",
    "annual_energy_production": "energy of a year, before curtailment",
    "energy_production": "wind energy of the period, before curtailment",
    "annual_energy_p90": "energy of a year, exceeded with 90 %",
    "certified_energy_uncertainty": "standard uncertainty of the certified energy",
    "scaling_error_energy": "standard error of the annual energy",
    "downtime": "downtime of a turbine",
    "vessel_days": "vessel days of maintenance",
    "months_to_certificate": "from arrival to certificates, mean",
    "days_to_power_curve": "to a power curve, median",
    "days_to_capture_matrix": "to a capture matrix, median",
}


@dataclass(frozen=True)
class Card:
    """One figure of the first screen: label, value and unit as text, and what it means."""

    label: str
    value: str
    units: str
    definition: str


@dataclass(frozen=True)
class Question:
    """A question of the first screen with its answers: cards, and sentences below them."""

    title: str
    cards: Sequence[Card]
    sentences: Sequence[str] = ()


def card_of(name: str, entry: Mapping[str, Any]) -> Card:
    """Return the card of an entry of a summary, in the unit in which it is read at a glance.

    Examples
    --------
    >>> card_of("net_present_value", {"value": -1.38964e8, "units": "EUR", "description": "discounted cash flow"})
    Card(label='net present value', value='-139', units='million EUR', definition='discounted cash flow')
    >>> card_of("fuel_cell_energy", {"value": 0.07262, "units": "GWh", "description": ""}).value
    '72.62'
    """
    label = LABELS.get(name, name.replace("_", " "))
    factor, units = scale(str(entry["units"]), entry["value"])
    value = None if entry["value"] is None else factor * entry["value"]
    return Card(label, *shown(value, units, name=name), entry["description"])


def first_screen(summary: Summary, results: xr.DataTree, assumptions: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Return the questions that a report answers first, with their answers.

    Parameters
    ----------
    summary : mapping
        Name to value, units and description.
    results : xarray.DataTree
        Of the run: a group for every step.
    assumptions : sequence of mapping
        What is known of the inputs with a source, a range or the mark of an assumption.
    """
    given = {name: entry for name, entry in summary.items() if entry["value"] is not None}
    sizes = [card for card in (make(results) for make in _SIZES) if card is not None][:MOST]
    amounts = [*_installation(results), *_chosen(given, _amounts_of(given))]
    net, starts, own = _net_energy(results), _starts(results, given), _self_consumption(given)
    position = 1 if amounts and amounts[0].label.startswith(("energy of a year", "wind energy")) else len(amounts)
    amounts[position:position] = [each for each in (net,) if each is not None]
    amounts = [*amounts[:MOST], *(each for each in (own, starts) if each is not None)]
    costs = [*_installation_costs(results), *_chosen(given, COSTS)][:MOST]
    return [
        each
        for each in (
            Question("What", sizes, _period(results)),
            Question("How much", amounts[: MOST + 2]),
            Question("At what cost", costs, [] if costs else ["Nothing of this run is priced."]),
            Question("How sure", _chosen(given, CERTAINTIES), certainty(summary, results, assumptions)),
        )
        if each.cards or each.sentences
    ]


def _amounts_of(given: Summary) -> list[str]:
    """Return the names of the figures of "how much": one card of energy, of a year where there is one."""
    names = [name for name in AMOUNTS if name in given and (given[name]["value"] or name not in SOLD)]
    if "annual_energy_production" in names and "energy_production" in names:
        names.remove("energy_production")
    if any(name in names for name in ("annual_energy_production", "energy_production")) and "energy_exported" in names:
        names.remove("energy_exported")
    for fuller, other in (("hydrogen_dispensed", "hydrogen_produced"), ("hydrogen_delivered", "hydrogen_produced")):
        if fuller in names and other in names and len(names) > MOST:
            names.remove(other)
    return names


def _chosen(given: Summary, names: Sequence[str]) -> list[Card]:
    """Return the cards of those names that a summary has."""
    return [card_of(name, given[name]) for name in names if name in given]


def certainty(summary: Summary, results: xr.DataTree, assumptions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is known of how sure the figures are, in sentences; that nothing is, and why, where that is so."""
    found: list[str] = []
    if "uncertainty" in results.children:
        facts = results["uncertainty"].attrs
        found.append(
            f"The net energy of a year has a standard uncertainty of {100.0 * float(facts['total']):.1f} %, of the "
            "parts that the scenario states; money is of the central values alone."
        )
    if "installation" in results.children:
        years = max(
            int(node.attrs["years_started"]) for n, node in results["installation"].children.items() if n != "sweep"
        )
        found.append(f"Durations of the campaigns are percentiles over {years} years of weather.")
    if "certification" in results.children:
        found.append("Times of certification are medians over the starts and berths of the record.")
    if found:
        found.append("All else is one run of one period of weather, every input at its value.")
    else:
        found.append(
            "No uncertainty is stated: this is one run of one period of weather, every input at its value. An "
            "ensemble of the scenario (run with --members) gives the spread."
        )
    marked = sum(bool(each["assumption"]) for each in assumptions)
    if assumptions:
        found.append(f"{marked} of {len(assumptions)} inputs with a source or a range are assumptions.")
    residuals = [float(entry["value"]) for name, entry in summary.items() if name.endswith("_balance_residual")]
    if residuals:
        largest = max(residuals)
        found.append(f"Balances of the run close {f'to {largest:.0e}' if largest else 'exactly'}.")
    if (best := summary.get("objective_value_over_optimum", {}).get("value")) is not None:
        found.append(f"The strategy reaches {100.0 * float(best):.1f} % of the best objective value with foresight.")
    return found


def _period(results: xr.DataTree) -> list[str]:
    """Return a sentence on the period that was simulated and its weather."""
    attributes = results["weather"].attrs if "weather" in results.children else {}
    title = str(attributes.get("title", ""))
    if "weather" not in results.children or "time" not in results["weather"].dims:
        return [f"Weather: {title}."] if title else []
    stamps = results["weather"]["time"].to_numpy()
    if stamps.dtype.kind != "M":  # a plant of windIO may enumerate its series
        return [f"{stamps.size:,} intervals without dates" + (f", weather of {title}." if title else ".")]
    step = (stamps[1] - stamps[0]) / np.timedelta64(60, "s") if stamps.size > 1 else 0.0
    days = stamps.size * step * 60.0 / DAY
    return [f"{days:,.0f} days from {str(stamps[0])[:10]} in steps of {step:g} min, weather of {title}."]


def _capacity(
    name: str, label: str, definition: str, unit: str, of_unit: float
) -> Callable[[xr.DataTree], Card | None]:
    """Return what makes the card of a capacity of the plant, None where it is not there."""

    def make(results: xr.DataTree) -> Card | None:
        attributes = results["plant"].attrs if "plant" in results.children else {}
        value = float(attributes.get(name, 0.0))
        if not value > 0.0 or not np.isfinite(value):
            return None
        factor, read = physical_scale(unit, value / of_unit)
        return Card(label, number(factor * value / of_unit), read, definition)

    return make


def _wind(results: xr.DataTree) -> Card | None:
    """Return the card of the wind farm."""
    if "wind" not in results.children:
        return None
    rated = results["wind"]["rated_power"].to_numpy()
    count = f"{rated.size} turbine{'s' if rated.size > 1 else ''}"
    return Card(f"wind, {count}", number(float(rated.sum()) / 1e6), "MW", "rated power of the wind farm")


def _stores(results: xr.DataTree) -> Card | None:
    """Return the card of the stores: how many there are, and what they hold."""
    make = _capacity("store_capacity", "hydrogen store", "hydrogen in full stores, and in a full pipeline", "kg", 1.0)
    card = make(results)
    count = results["plant"].sizes.get("store", 1) if card is not None else 1
    return card if card is None or count == 1 else replace(card, label=f"hydrogen stores, {count}")


_SIZES: tuple[Callable[[xr.DataTree], Card | None], ...] = (
    _wind,
    _capacity("photovoltaic_capacity", "photovoltaic panels", "rated power of the panels", "MW", 1e6),
    _capacity("electrolyser_capacity", "electrolysers", "rated electricity of all electrolysers", "MW", 1e6),
    _stores,
    _capacity("fuel_cell_capacity", "fuel cells", "rated net power of all fuel cells", "MW", 1e6),
    _capacity("battery_capacity", "battery", "energy that the battery can give", "MWh", MEGAWATT_HOUR),
)


def _net_energy(results: xr.DataTree) -> Card | None:
    """Return the card of the energy after all losses, with the gross one in its definition."""
    if "losses" not in results.children or "net" not in results["losses"].attrs:
        return None
    gross, net = (float(results["losses"].attrs[name]) / GIGAWATT_HOUR for name in ("gross", "net"))
    factor, unit = physical_scale("GWh", gross, net)
    text = (
        f"energy of the wind farm after all losses, curtailment among them; gross, of turbines standing alone, "
        f"{number(factor * gross)} {unit}"
    )
    return Card("net energy", number(factor * net), unit, text)


def _self_consumption(given: Summary) -> Card | None:
    """Return the card of the own energy that the plant uses itself; None where nothing of the plant uses any."""
    if not {"electrolyser_energy", "battery_energy"} & given.keys() or "hydrogen_by_product" in given:
        return None

    def value(name: str) -> float:
        return float(given[name]["value"]) if name in given else 0.0

    own = value("energy_production") + value("photovoltaic_energy") - value("energy_curtailed")
    if own <= 0.0 or value("energy_exported") > own:
        return None
    text = "one less the electricity sold over the energy of wind and panels after curtailment"
    return Card("self-consumption", *shown(1.0 - value("energy_exported") / own, "1"), text)


def _starts(results: xr.DataTree, given: Summary) -> Card | None:
    """Return the card of the starts of the electrolysers in the period, all together; of their stacks if counted."""
    if "stack_starts" in given:
        return card_of("stack_starts", given["stack_starts"])
    if "plant" not in results.children or "electrolyser_state" not in results["plant"]:
        return None
    state = results["plant"]["electrolyser_state"]
    meanings = str(state.attrs["flag_meanings"]).split()
    running = np.isin(state.to_numpy(), [k for k, name in enumerate(meanings) if name in RUNNING])
    starts = int((running[1:] & ~running[:-1]).sum())
    text = "times in the period that an electrolyser begins to start or produce, from off or standby, all together"
    return Card("electrolyser starts", f"{starts:,}", "", text)


def _campaigns(results: xr.DataTree) -> dict[str, xr.Dataset]:
    """Return the campaigns of installation by strategy."""
    if "installation" not in results.children:
        return {}
    return {n: node.to_dataset() for n, node in results["installation"].children.items() if n != "sweep"}


def _installation(results: xr.DataTree) -> list[Card]:
    """Return the cards of durations and vessel days of the campaigns."""
    found = []
    for name, campaign in _campaigns(results).items():
        median, long = (float(campaign[f"campaign_duration_{each}"]) / DAY for each in ("p50", "p90"))
        text = "median duration of the campaign over the weather years"
        value = "not reached" if np.isnan(median) else number(median)
        found.append(Card(f"{name}, median duration", value, "" if np.isnan(median) else "days", text))
        value = "not reached" if np.isnan(long) else number(long)
        text = "duration that 90 % of the weather years do not exceed"
        found.append(Card(f"{name}, P90 of the duration", value, "" if np.isnan(long) else "days", text))
        text = "days for which vessels are hired, all phases, mean of the campaigns that end within the record"
        found.append(Card(f"{name}, vessel days", vessel_days(campaign), "days", text))
    return found


def vessel_days(campaign: xr.Dataset) -> str:
    """Return the days for which the vessels of a campaign are hired, mean over its years, as text."""
    return number(float(campaign["vessel_time"].sum("phase").mean()) / DAY)


def _installation_costs(results: xr.DataTree) -> list[Card]:
    """Return the cards of the cost of the campaigns."""
    text = "cost of vessels, mobilisation and equipment, mean of the weather years"
    found = []
    for name, campaign in _campaigns(results).items():
        cost = float(campaign["campaign_cost_mean"])
        value = "not reached" if np.isnan(cost) else number(cost / MILLION)
        found.append(Card(f"installation, {name}", value, "" if np.isnan(cost) else "million EUR", text))
    return found
