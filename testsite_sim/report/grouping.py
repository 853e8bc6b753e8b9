"""The figures of a summary in groups, a group for each step of the chain."""

import re
from collections.abc import Iterable, Mapping

OTHER = "Other"
# title, and which names belong to it: the first group that knows a name has it
GROUPS: tuple[tuple[str, str], ...] = (
    ("Sizes", r"best_.*|.*_of_best|trials"),
    ("Checks", r".*_residual|warnings|optimum_gap|plan_gap"),
    ("Uncertainty", r"annual_energy_p\d+|certified_energy_uncertainty|scaling_error_.*|climate_not_covered"),
    ("Installation", r"installation_.*"),
    (
        "Test site and certification",
        r"berth.*|test_site_investment|months_to_certificate|prototypes_.*|days_to_.*|starts_cut_off|failure_rate_.*"
        r"|certified_.*|value_of_test_site",
    ),
    ("Maintenance", r"jobs_.*|maintenance_cost|vessel_.*|downtime.*|turbines_visited"),
    ("Losses of the wind farm", r"wake_loss|flow_loss|loss_.*"),
    (
        "Wind and sun",
        r"installed_.*|simulated_time|capacity_factor|availability_.*|energy_production|annual_energy_.*"
        r"|photovoltaic_.*|cases|ignored_without_effect",
    ),
    (
        "Money",
        r"levelised_.*|net_present_value|internal_rate.*|break_even_.*|salvage_value|price_year|annual_.*_(revenue|cost)"
        r"|first_filling|hydrogen_margin|price_of_.*|project_.*",
    ),
    (
        "Market and strategy",
        r"electricity_revenue|revenue_.*|penalty_.*|objective_value.*|regret|value_of_forecast.*|energy_(ordered|activated)_.*"
        r"|contract_.*|take_or_pay_.*|shortfall_.*|certificate_.*|hours_with_curtailment",
    ),
    ("Refuelling station", r"hydrogen_(requested|dispensed)|dispensed_.*|served_.*|station_.*|waiting_.*"),
    (
        "Electrolysers",
        r"electrolyser_.*|specific_consumption.*|renewable_share|stack.*|consumption_at_end_of_life"
        r"|hydrogen_of_life.*|oxygen_.*|water_.*|hydrogen_produced|hydrogen_per_day",
    ),
    ("Fuel cells", r"fuel_cell_.*|hydrogen_to_fuel_cells"),
    ("Heat", r"heat_.*"),
    ("Battery", r"battery_.*"),
    ("Hydrogen", r"hydrogen_.*|pipeline_.*|largest_flow_.*|by_product_.*"),
    ("Electricity", r"energy_.*"),
)
# the order on a page: along the chain, what is checked last
ORDER = (
    "Sizes",
    "Wind and sun",
    "Losses of the wind farm",
    "Uncertainty",
    "Maintenance",
    "Installation",
    "Test site and certification",
    "Electricity",
    "Electrolysers",
    "Hydrogen",
    "Refuelling station",
    "Fuel cells",
    "Heat",
    "Battery",
    "Market and strategy",
    "Money",
    OTHER,
    "Checks",
)
_PATTERNS = tuple((title, re.compile(pattern)) for title, pattern in GROUPS)


def group_of(name: str) -> str:
    """Return the title of the group that an entry of a summary belongs to.

    Examples
    --------
    >>> group_of("wake_loss"), group_of("energy_balance_residual"), group_of("levelised_cost_of_hydrogen")
    ('Losses of the wind farm', 'Checks', 'Money')
    """
    return next((title for title, pattern in _PATTERNS if pattern.fullmatch(name)), OTHER)


def grouped(names: Iterable[str]) -> Mapping[str, list[str]]:
    """Return names by the title of their group, the groups along the chain, names in their order.

    Examples
    --------
    >>> grouped(["net_present_value", "capacity_factor", "energy_production"])
    {'Wind and sun': ['capacity_factor', 'energy_production'], 'Money': ['net_present_value']}
    """
    found: dict[str, list[str]] = {title: [] for title in ORDER}
    for name in names:
        found[group_of(name)].append(name)
    return {title: held for title, held in found.items() if held}
