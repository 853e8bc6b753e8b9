"""Variables of money: cash flows, public money, turnover, jobs."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.model.horizon import Period
from testsite_sim.studies.waterstof.model.money import PUBLIC_ITEMS
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, by_horizon, over_years


def of_money(value: Values, periods: Periods) -> dict[str, Variable]:
    """Return cash flows, public money, turnover and jobs."""
    over_time = "member scenario year"
    jobs = value("industry.jobs_per_turnover")[:, None, None, None]
    return {
        "cash_flow": over_years(
            periods,
            lambda p: p.accounts.cash,
            "member scenario year cash_item",
            "EUR year-1",
            "cash flow of the cluster by item",
        ),
        "cash_flow_total": over_years(periods, lambda p: p.cash, over_time, "EUR year-1", "cash flow of the cluster"),
        "cumulative_cash": over_years(
            periods,
            lambda p: np.stack([np.cumsum(p.cash_unsupported, axis=2), np.cumsum(p.cash, axis=2)], axis=3),
            "member scenario year support",
            "EUR",
            "cumulative cash flow of the cluster, without and with support",
        ),
        "public_flow": over_years(
            periods, lambda p: p.accounts.public, "member scenario year public_item", "EUR year-1", "public money paid"
        ),
        "public_cost": over_years(
            periods, lambda p: p.accounts.public.sum(axis=3), over_time, "EUR year-1", "public money paid, net"
        ),
        "turnover": over_years(
            periods,
            lambda p: p.accounts.turnover,
            "member scenario year place",
            "EUR year-1",
            "turnover of Flemish firms in hydrogen",
        ),
        "jobs": over_years(
            periods, lambda p: p.accounts.turnover * jobs, "member scenario year place", "1", "jobs in hydrogen"
        ),
        "jobs_abroad": over_years(
            periods,
            lambda p: p.accounts.abroad * jobs[:, 0],
            "member year technology",
            "1",
            "jobs in hydrogen by what is sold abroad without a lead market at home",
        ),
        "fund_drawn": by_horizon(
            periods, lambda p: _fund_drawn(p), "member scenario", "EUR", "drawn from the fund over the horizon"
        ),
        "fund_additional": by_horizon(
            periods,
            lambda p: _fund_drawn(p) * value("industry.additionality")[:, None],
            "member scenario",
            "EUR",
            "drawn from the fund over the horizon that others would not have paid",
        ),
    }


def _fund_drawn(period: Period) -> Floats:
    """Return what is drawn from the fund over a horizon [EUR], (member, scenario)."""
    return np.asarray(period.accounts.public[..., PUBLIC_ITEMS.index("fund")].sum(axis=2))
