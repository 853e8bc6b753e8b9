"""The figures of money and of scaling that all summaries share: one name, one meaning."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from testsite_sim.common.units import MEGAWATT_HOUR

Entry = tuple[float | None, str, str]  # value, units, description

# name: units, factor from the unit of economics, meaning, whether it is money
FIGURES = {
    "levelised_cost_of_energy": (
        "EUR/MWh",
        MEGAWATT_HOUR,
        "discounted cost of the wind fleet over its discounted energy after curtailment",
    ),
    "levelised_cost_of_hydrogen": (
        "EUR/kg",
        1.0,
        "discounted cost of making and storing hydrogen, with electricity at what its export would have "
        "earned, over the discounted hydrogen made",
    ),
    "break_even_hydrogen_price": (
        "EUR/kg",
        1.0,
        "break-even price: what every kilogram of hydrogen sold would have to earn for the whole project to pay for "
        "itself over its life at the discount rate (net present value 0), after what its other sales earn",
    ),
    "levelised_cost_of_fuel_cell_energy": (
        "EUR/MWh",
        MEGAWATT_HOUR,
        "price of the fuel cell's electricity that pays for all that the sale of heat does "
        "not, over the life of the project",
    ),
    "net_present_value": ("EUR", 1.0, "discounted cash flow of the project"),
}

_OF_OFFTAKE = {
    "take_or_pay_revenue": "paid by the buyer for hydrogen that the demand did not ask for",
    "shortfall_penalty": "paid for hydrogen that was asked for within the contract and not delivered",
}


def money_entries(economics: xr.Dataset) -> dict[str, Entry]:
    """Return the figures of merit of a project, those that it has, and what they assume.

    Parameters
    ----------
    economics : xarray.Dataset
        As `testsite_sim.economics` gives it.
    """
    facts = economics.attrs
    year = facts.get("price_year")
    euros = "euros as stated, of no stated year" if year is None else f"euros of {int(year)}, real"
    found: dict[str, Entry] = {
        name: (float(facts[name]) * factor, units, f"{text}; {euros}")
        for name, (units, factor, text) in FIGURES.items()
        if name in facts
    }
    for name, text in _OF_OFFTAKE.items():
        if name in economics:
            found[name] = (float(economics[name].sum()), "EUR", f"{text}, over the life of the project; {euros}")
    salvage = float(economics["salvage_value"].sum())
    if "internal_rates_of_return" not in facts:
        return found | _facts_of(facts, salvage, euros)
    rates = [float(rate) for rate in facts["internal_rates_of_return"]]
    several = f", the one of {len(rates)} that agrees with net_present_value" if len(rates) > 1 else ""
    rate = facts.get("internal_rate_of_return")
    found["internal_rate_of_return"] = (
        None if rate is None else float(rate),
        "1",
        f"discount rate at which the project is worth nothing{several}",
    )
    found["internal_rates_of_return"] = (
        float(len(rates)),
        "count",
        "discount rates at which the project is worth nothing: more than one where the "
        "cash flow changes its sign more than once",
    )
    return found | _facts_of(facts, salvage, euros)


def scaling_entries(facts: Mapping[str, Any]) -> dict[str, Entry]:
    """Return what the scaling of a period that is not a whole year leaves uncertain; nothing of whole years.

    Parameters
    ----------
    facts : mapping
        Attributes of the dispatched period, as `testsite_sim.chain.annual.scaling_of` gives them.
    """
    method = facts["scaling"]
    if method in ("none", "whole-years"):
        return {}
    how = "counted by how often their wind occurs in the record" if method == "by-climate" else "repeated"
    text = f"relative standard error of the annual {{}}, the intervals of the period being {how}"
    found: dict[str, Entry] = {
        f"scaling_error_{name}": (
            float(facts[f"scaling_error_{name}"]) if f"scaling_error_{name}" in facts else None,
            "1",
            text.format(name) + ("" if f"scaling_error_{name}" in facts else "; not known without a year of weather"),
        )
        for name in ("energy", "revenue")
    }
    if method == "by-climate":
        found["climate_not_covered"] = (
            float(facts["climate_not_covered"]),
            "1",
            "time of the record with winds that the period never saw",
        )
    return found


def _facts_of(facts: Mapping[Any, Any], salvage: float, euros: str) -> dict[str, Entry]:
    """Return what the figures of merit assume: first filling, what comes back at the end, the year of the prices."""
    found: dict[str, Entry] = {}
    year = facts.get("price_year")
    if float(facts.get("first_filling", 0.0)) > 0.0:
        found["first_filling"] = (
            float(facts["first_filling"]),
            "kg",
            "hydrogen bought before the start, and sold at the end of the life",
        )
    found["salvage_value"] = (salvage, "EUR", f"what comes back of the capital at the end of the life; {euros}")
    if year is not None:
        found["price_year"] = (float(year), "year", "whose euros all amounts are; costs are taken as stated")
    return found
