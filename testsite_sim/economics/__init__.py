"""Economics: a dispatched period and what was built in; yearly cash flow, levelised costs and returns out.

`simulate_economics` builds the one cash flow of a project, over (year,): investment, operation, replacements, revenue,
support; `cost_parts` says what a levelised cost is made of. `Annual` says how a period stands for a year,
`repeated_life` makes the years of a plant of it. `levelised_cost`, `present_value` and `internal_rate_of_return` are
the formulas of it, over any leading dimensions. No kernel works here: a project has a few dozen years.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.economics.breakdown import Parts, cost_parts
    from testsite_sim.economics.finance import (
        internal_rate_of_return,
        internal_rates_of_return,
        levelised_cost,
        present_value,
        replacements,
    )
    from testsite_sim.economics.lifetime import repeated_life
    from testsite_sim.economics.period import Annual, is_whole_years
    from testsite_sim.economics.plant import simulate_economics

__all__ = [
    "Annual",
    "Parts",
    "cost_parts",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "is_whole_years",
    "levelised_cost",
    "present_value",
    "repeated_life",
    "replacements",
    "simulate_economics",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Parts": "breakdown",
        "cost_parts": "breakdown",
        "internal_rate_of_return": "finance",
        "internal_rates_of_return": "finance",
        "levelised_cost": "finance",
        "present_value": "finance",
        "replacements": "finance",
        "Annual": "period",
        "is_whole_years": "period",
        "simulate_economics": "plant",
        "repeated_life": "lifetime",
    },
)
