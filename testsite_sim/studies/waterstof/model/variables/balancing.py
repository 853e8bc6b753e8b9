"""Variables of the lead market of balancing."""

from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, over_years


def of_balancing(periods: Periods) -> dict[str, Variable]:
    """Return what flexibility earns and costs, and the power that earns its cost."""
    return {
        "balancing_need": over_years(
            periods, lambda p: p.balancing.need, "member year", "W", "power that balancing asks for"
        ),
        "balancing_income": over_years(
            periods,
            lambda p: p.balancing.income,
            "member option service year",
            "EUR W-1 year-1",
            "what the first watt of an option earns by a service",
        ),
        "balancing_cost": over_years(
            periods, lambda p: p.balancing.cost, "member option year", "EUR W-1 year-1", "yearly cost of an option"
        ),
        "balancing_alone": over_years(
            periods,
            lambda p: p.balancing.alone,
            "member option year",
            "W",
            "power of an option that would earn its cost without rivals",
        ),
        "balancing_competing": over_years(
            periods,
            lambda p: p.balancing.competing,
            "member option year",
            "W",
            "power of an option that earns its cost next to batteries and lines",
        ),
        "balancing_standing": over_years(
            periods,
            lambda p: p.balancing.standing,
            "member scenario year",
            "W",
            "electrolysers of vehicles that can balance as well, up to the need",
        ),
        "balancing_standing_worth": over_years(
            periods,
            lambda p: p.balancing.standing_worth,
            "member scenario year",
            "EUR W-1 year-1",
            "what their flexibility earns beyond running steadily",
        ),
        "balancing_power": over_years(
            periods, lambda p: p.balancing.power(), "member scenario year", "W", "hydrogen plant that balances"
        ),
        "balancing_threshold_capital": over_years(
            periods,
            lambda p: p.balancing.threshold_capital,
            "member year",
            "EUR W-1",
            "cost of an electrolyser at which balancing alone pays for it",
        ),
        "balancing_threshold_worth": over_years(
            periods,
            lambda p: p.balancing.threshold_worth,
            "member year",
            "EUR kg-1",
            "price of hydrogen at which balancing pays for an electrolyser",
        ),
    }
