"""Accounts of the cluster and of the public budget, year by year; what is paid by one is received by the other."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.calendar import Years, part_of_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.cluster import MOBILE
from testsite_sim.studies.waterstof.model.hydrogen_market import Market, Supplied
from testsite_sim.studies.waterstof.model.nozzle import COMPONENTS, Energy
from testsite_sim.studies.waterstof.model.ownership import Ownership
from testsite_sim.studies.waterstof.model.policy import Levers
from testsite_sim.studies.waterstof.model.technology import TECHNOLOGIES, Experience
from testsite_sim.studies.waterstof.model.uptake import Uptake

CASH_ITEMS = (
    "development",
    "investment",
    "operation",
    "electricity",
    "by-product",
    "hydrogen-sales",
    "equipment-margin",
    "price-support",
    "grants",
    "fund",
    "fund-repayment",
)
SUPPORT_ITEMS = ("price-support", "grants", "fund", "fund-repayment")
PUBLIC_ITEMS = ("price-support", "procurement", "grants", "fund", "fund-repayment")
PARTIES = ("public-budget", "users", "suppliers", "climate", "firms")  # who pays or gains; transfers cancel over them
PLACES = ("home", "operation", "references", "abroad", "development")
LED = 3  # of the places, those to which the lead market leads


@dataclass(frozen=True)
class Accounts:
    """Money of a horizon, [EUR/year]; costs are negative in the cash flow and positive in the public account."""

    cash: Floats  # (member, scenario, year, cash item)
    public: Floats  # (member, scenario, year, public item)
    turnover: Floats  # (member, scenario, year, place) of Flemish firms
    abroad: Floats  # (member, year, technology): what they sell abroad without a lead market at home
    parties: Floats  # (member, scenario, year, party): what each gains, transfers with them
    social: Floats  # (member, scenario, year): of all parties together


def accounts(
    study: Waterstof,
    value: Values,
    years: Years,
    *,
    sold: Market,
    owned: Ownership,
    energy: Energy,
    learnt: dict[str, Experience],
    found: Levers,
    avoided: Floats,
) -> Accounts:
    """Return the accounts of the cluster and of the public budget.

    Parameters
    ----------
    study, value, years
        As everywhere.
    sold : Market
        Hydrogen: its price, who takes it, where it comes from.
    owned : Ownership
        Cost of ownership.
    energy : Energy
        Prices.
    learnt : dict of str to Experience
        Technologies.
    found : Levers
        What the scenarios do.
    avoided : array, (member, scenario, application, year)
        CO2 [kg/year].
    """
    taken, supply, price, paid = sold.taken, sold.supply, sold.price, sold.paid
    demand = taken.demand
    investment = _built(supply.electrolysers, value("supply.electrolyser.life")) * learnt["electrolyser"].cost[:, None]
    investment = investment + _built(supply.stations, value("supply.stations.life")) * learnt["station"].cost[:, None]
    begin = np.full((paid.shape[0], 1), float(years[0]))
    developed = value("development.cost")[:, None] * part_of_years(
        years, begin, begin + value("development.duration")[:, None]
    )
    development = np.repeat(developed[:, None], paid.shape[1], axis=1)
    operation, electricity, by_product = _running(value, supply, energy, learnt, demand)
    # Stores are leased, at the cost that is in the price.
    operation = operation + sold.components[..., COMPONENTS.index("storage")] * demand.sum(axis=2)
    sales = (demand * paid).sum(axis=2)
    support = (demand * (price - paid)).sum(axis=2)
    grants = found.grant_share[:, :, None] * development
    fund, repaid = _fund(study, value, found, investment + development)
    abroad = _sold_abroad(value, learnt)
    turnover = _turnover(value, abroad, taken, owned, supply, investment, operation, development)
    cash = {
        "development": -development,
        "investment": -investment,
        "operation": -operation,
        "electricity": -electricity,
        "by-product": -by_product,
        "hydrogen-sales": sales,
        "equipment-margin": value("industry.margin")[:, None, None] * turnover[..., :LED].sum(axis=3),
        "price-support": support,
        "grants": grants,
        "fund": fund,
        "fund-repayment": -repaid,
    }
    premium = np.maximum(
        owned.fixed[:, None] + owned.mass[:, None, :, None] * paid - owned.of_rivals(owned.incumbent)[:, None],
        0.0,
    )
    lives = np.stack([value(f"markets.{name}.life") for name in APPLICATIONS], axis=1)
    worth = premium / annuity(value("markets.cost_of_capital")[:, None], lives)[:, None, :, None]
    public = {
        "price-support": support,
        "procurement": (taken.ordered * worth).sum(axis=2),
        "grants": grants,
        "fund": fund,
        "fund-repayment": -repaid,
    }
    public_account = np.stack([public[item] for item in PUBLIC_ITEMS], axis=3)
    rival_cost = owned.of_rivals(owned.incumbent, taken.rival_share)
    users = (taken.stock * (rival_cost - owned.fixed[:, None]) - demand * paid).sum(axis=2)
    industry = (
        turnover[..., :LED].sum(axis=3)
        * (value("industry.value_added_share") * value("industry.additionality"))[:, None, None]
    )
    climate = avoided.sum(axis=2) * value("industry.carbon_value")[:, None, None]
    cash_flow = np.stack([cash[item] for item in CASH_ITEMS], axis=3)
    resources = cash_flow[..., : CASH_ITEMS.index("hydrogen-sales") + 1].sum(axis=3)
    gained = {
        "public-budget": -public_account.sum(axis=3),
        "users": users + public["procurement"],
        "suppliers": resources + np.add.reduce([cash[item] for item in SUPPORT_ITEMS]),
        "climate": climate,
        "firms": industry,
    }
    parties = np.stack([gained[party] for party in PARTIES], axis=3)
    return Accounts(cash_flow, public_account, turnover, abroad, parties, users + resources + climate + industry)


def _built(standing: Floats, life: Floats) -> Floats:
    """Return what is built in each year: what is added, and what of the year before is worn out, (…, year)."""
    before = np.concatenate([np.zeros_like(standing[..., :1]), standing[..., :-1]], axis=-1)
    return np.asarray(standing - before + before / life[:, None, None])


def _running(
    value: Values, supply: Supplied, energy: Energy, learnt: dict[str, Experience], demand: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return operation, electricity and bought hydrogen [EUR/year], (member, scenario, year)."""

    def each(path: str) -> Floats:
        return value(path)[:, None, None]

    used = supply.electrolysis * energy.consumption[:, None]  # [J/year]
    hours = np.divide(used, supply.electrolysers * HOUR, out=np.zeros_like(used), where=supply.electrolysers > 0.0)
    worn = each("supply.electrolyser.replacement") * hours / each("supply.electrolyser.operating_life")
    plant = supply.electrolysers * learnt["electrolyser"].cost[:, None]
    stations = supply.stations * learnt["station"].cost[:, None] * each("supply.stations.operating")
    compression = demand[:, :, MOBILE].sum(axis=2) * each("supply.stations.compression") * energy.retail_price[:, None]
    operation = plant * (each("supply.electrolyser.operating") + worn) + stations
    bought = supply.by_product * (each("supply.by_product.price") + each("supply.by_product.delivery"))
    return operation, used * energy.wind_price[:, None] + compression, bought


def _fund(study: Waterstof, value: Values, found: Levers, spent: Floats) -> tuple[Floats, Floats]:
    """Return what the fund lends and gets back [EUR/year], (member, scenario, year).

    It lends a part of what is spent after the cluster roadmap, until its share is lent out; each loan comes back in
    equal amounts over the term, after the grace, with the required return.
    """
    asked = found.fund[:, :, None] * found.fund_active[:, None] * value("fund.co_investment")[:, None, None] * spent
    limit = (value("fund.capital") * value("fund.hydrogen_share"))[:, None, None]
    lent = np.minimum(np.cumsum(asked, axis=2), limit)
    rate, grace, term = value("fund.required_return"), study.fund.grace, study.fund.term
    due = annuity(rate, np.full_like(rate, float(term))) * (1.0 + rate) ** grace
    running = _lagged(lent, grace + 1) - _lagged(lent, grace + 1 + term)
    return np.diff(lent, axis=2, prepend=0.0), running * due[:, None, None]


def _lagged(series: Floats, lag: int) -> Floats:
    """Return a series some years later, zero before, (…, year)."""
    if lag >= series.shape[-1]:
        return np.zeros_like(series)
    return np.concatenate([np.zeros_like(series[..., :lag]), series[..., : series.shape[-1] - lag]], axis=-1)


def _sold_abroad(value: Values, learnt: dict[str, Experience]) -> Floats:
    """Return what Flemish firms sell of each technology to what the world adds [EUR/year], (m, y, technology)."""
    sold = [
        value(f"industry.world_share.{name}")[:, None] * learnt[name].added * learnt[name].cost for name in TECHNOLOGIES
    ]
    return np.stack(sold, axis=2)


def _turnover(
    value: Values,
    abroad: Floats,
    taken: Uptake,
    owned: Ownership,
    supply: Supplied,
    investment: Floats,
    operation: Floats,
    development: Floats,
) -> Floats:
    """Return the turnover of Flemish firms by place [EUR/year], (member, scenario, year, place).

    At home they sell plants and vehicles, and operate the plants; abroad is what they sell there without a lead market
    at home, references what its stations win for them there.
    """
    vehicles = (taken.sales * owned.investment[:, None]).sum(axis=2)
    share = value("industry.home_share")[:, None, None]
    home, operated = share * (investment + vehicles), share * operation
    world = np.zeros_like(abroad[..., 0])
    for column in range(len(TECHNOLOGIES)):
        world = world + abroad[..., column]
    won = world[:, None] * value("industry.reference_effect")[:, None, None] * np.log1p(supply.stations)
    return np.stack(np.broadcast_arrays(home, operated, won, world[:, None], development), axis=3)
