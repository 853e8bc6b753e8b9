"""Ensembles: a scenario and a number in; the summary figures of N members, each a run of the chain, out.

`plan_members` and `plan_sensitivity` say what is run, a `MemberRunner` runs a member by its number: a pure function of
scenario, root seed and number, which fix its weather, failures and forecasts, and its draw of every quantity with a
range. `ensemble_results` reduces what the members gave to Datasets over (member,) with their statistics, `summary_of`
to figures with their errors. Random numbers are those of the kernel `testsite_kernels.numerics.random_streams`.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.ensemble.assumptions import Assumption
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.plan import Plan, plan_members
    from testsite_sim.ensemble.results import ensemble_results, summary_of
    from testsite_sim.ensemble.sensitivity import plan_sensitivity
    from testsite_sim.ensemble.statistics import Output, ensemble_statistics

__all__ = [
    "Assumption",
    "MemberRunner",
    "Output",
    "Plan",
    "ensemble_results",
    "ensemble_statistics",
    "plan_members",
    "plan_sensitivity",
    "summary_of",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Assumption": "assumptions",
        "MemberRunner": "members",
        "Output": "statistics",
        "Plan": "plan",
        "ensemble_results": "results",
        "ensemble_statistics": "statistics",
        "plan_members": "plan",
        "plan_sensitivity": "sensitivity",
        "summary_of": "results",
    },
)
