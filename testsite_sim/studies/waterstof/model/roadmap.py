"""The roadmap: milestones dated by the simulation, and the phases between them."""

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import DAY, SECONDS_PER_YEAR
from testsite_sim.studies.framework.calendar import Years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.study import Horizon
from testsite_sim.studies.waterstof.model.policy import Levers
from testsite_sim.studies.waterstof.model.valley import Valley, first_year

MILESTONES = (
    "study",
    "cluster-roadmap",
    "first-lead-plant",
    "ten-stations",
    "tonne-a-day",
    "network",
    "parity-logistics",
    "parity-public-transport",
    "parity-balancing",
    "deepest-point",
    "cash-positive",
    "payback",
)
TONNE_A_DAY = 1000.0 / DAY * SECONDS_PER_YEAR  # [kg/year]

TEN = 10.0


def milestones(
    value: Values,
    years: Years,
    *,
    found: Levers,
    demand: Floats,
    stations: Floats,
    coverage: Floats,
    at_parity: NDArray[np.bool_],
    cash: Floats,
    valley: Valley,
) -> Floats:
    """Return the year of every milestone, (member, scenario, milestone); infinite where it is not reached.

    Parameters
    ----------
    value : callable
        Values of the members by dotted path.
    years : array, (year,)
        Calendar years; the first is that of the study.
    found : Levers
        When roadmap and first lead plant are ready.
    demand, stations, coverage, cash : array, (member, scenario, year)
        All hydrogen [kg/year]; stations; part of the trucks that find one; cash flow of the cluster [EUR/year].
    at_parity : array, (member, scenario, market, year)
        Whether an application of the market costs its users no more than the dearest rival that part of a fleet has.
    valley : Valley
        Of the cluster, (member, scenario).
    """
    shape = demand.shape[:2]

    def everywhere(moment: Floats) -> Floats:
        return np.broadcast_to(moment[:, None], shape)

    expected = value("roadmap.network_coverage")[:, None, None]
    parity = first_year(at_parity, years)
    dates = {
        "study": everywhere(years[0] + value("roadmap.study")),
        "cluster-roadmap": everywhere(found.ready),
        "first-lead-plant": everywhere(found.opening),
        "ten-stations": first_year(stations >= TEN, years),
        "tonne-a-day": first_year(demand >= TONNE_A_DAY, years),
        "network": first_year(coverage >= expected, years),
        "parity-logistics": parity[..., 0],
        "parity-public-transport": parity[..., 1],
        "parity-balancing": parity[..., 2],
        "deepest-point": valley.deepest,
        "cash-positive": first_year(cash >= 0.0, years, for_good=True),
        "payback": valley.payback,
    }
    return np.stack([dates[name] for name in MILESTONES], axis=2)


def phases(horizon: Horizon, dates: Floats) -> tuple[Floats, Floats]:
    """Return start and end of every phase, both (member, scenario, phase); infinite where it does not begin or end.

    The study ends with its report, the forming of the cluster with the roadmap, the lead plants when the first one is
    open and a tonne a day is used, the roll-out with a positive cash flow, the market with the pay-back; no phase ends
    before the one before it.
    """
    ends = (("study",), ("cluster-roadmap",), ("first-lead-plant", "tonne-a-day"), ("cash-positive",), ("payback",))
    reached = [dates[..., [MILESTONES.index(name) for name in names]].max(axis=2) for names in ends]
    end = np.maximum.accumulate(np.stack(reached, axis=2), axis=2)
    start = np.concatenate([np.full_like(end[..., :1], float(horizon.start)), end[..., :-1]], axis=2)
    return start, end
