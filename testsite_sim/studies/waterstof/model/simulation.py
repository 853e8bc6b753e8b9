"""The study Waterstof for every member at once: both horizons as one Dataset."""

import numpy as np
import xarray as xr

from testsite_sim.common.identity import kept_by_identity
from testsite_sim.studies.framework.uncertainty import Draws, Values, sampled
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS, HOURS, MARKET_OF, MARKETS
from testsite_sim.studies.waterstof.configuration.study import ADVANTAGES, PARTICIPANTS, PHASES, Waterstof
from testsite_sim.studies.waterstof.model.balancing import OPTIONS, SERVICES
from testsite_sim.studies.waterstof.model.chain_runs import Plants, in_prices_of
from testsite_sim.studies.waterstof.model.cluster import SOURCES, combinations
from testsite_sim.studies.waterstof.model.horizon import Period, simulate_horizon
from testsite_sim.studies.waterstof.model.money import CASH_ITEMS, PARTIES, PLACES, PUBLIC_ITEMS
from testsite_sim.studies.waterstof.model.nozzle import COMPONENTS
from testsite_sim.studies.waterstof.model.ownership import INCUMBENTS
from testsite_sim.studies.waterstof.model.plants import lead_plants
from testsite_sim.studies.waterstof.model.roadmap import MILESTONES
from testsite_sim.studies.waterstof.model.score import COMPUTED
from testsite_sim.studies.waterstof.model.symbiosis import STREAMS
from testsite_sim.studies.waterstof.model.technology import TECHNOLOGIES
from testsite_sim.studies.waterstof.model.variables import (
    headlines,
    of_balancing,
    of_cluster,
    of_horizons,
    of_markets,
    of_money,
    of_supply,
    of_symbiosis,
)

SUPPORT = ("without", "with")
SERVICE_UNITS = {"forklift": "1", "truck": "m", "bus": "m", "balancing": "J"}


def simulate_headlines(study: Waterstof, plants: Plants, draws: Draws) -> xr.Dataset:
    """Return the outputs on which the study is judged, in its reference scenario and the baseline, and no others.

    The ranking evaluates it many times, and takes the reference scenario; what it is judged against is the baseline.
    """
    judged = _judged(study)
    value = sampled(study, draws)
    return xr.Dataset(
        headlines(judged, value, _periods(judged, in_prices_of(study, plants), value)),
        coords={"scenario": list(judged.policies)},
        attrs={"scenario": study.reference_scenario},
    )


@kept_by_identity
def _judged(study: Waterstof) -> Waterstof:
    """Return the study with its baseline, the first scenario, and its reference scenario alone."""
    kept = (next(iter(study.policies)), study.reference_scenario)
    return study.model_copy(update={"policies": {name: study.policies[name] for name in dict.fromkeys(kept)}})


def _of_runs(plants: Plants) -> dict[str, float]:
    """Return what the runs of the chain give to all members, in SI, as attributes of the results."""
    supply, flexible = plants.supply, plants.flexibility
    return {
        "supply_hours": supply.electrolyser_hours,
        "supply_price_ratio": supply.price_ratio,
        "supply_part_load": supply.part_load,
        "supply_store_share": supply.tank / supply.hydrogen_produced,
        "imbalance_deviation": flexible.imbalance,
        "imbalance_rare": flexible.rare_imbalance,
        "wind_forecast_error": flexible.wind_error,
    }


def _periods(study: Waterstof, plants: Plants, value: Values) -> dict[str, Period]:
    """Return every horizon, of plants whose money is in the prices of the study."""
    return {name: simulate_horizon(study, value, name, plants) for name in study.horizons}


def simulate_waterstof(study: Waterstof, plants: Plants, draws: Draws) -> xr.Dataset:
    """Return demand, cost, cash, cluster and roadmap of the three lead markets over both horizons.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    plants : Plants
        Simulated years of the plants that the study names, see `simulate_plants`.
    draws : mapping of str to array, (member,)
        SI values by dotted path.

    Returns
    -------
    xarray.Dataset
        Dimensions: member; scenario, of implementation; horizon (`to-2020`, `to-2050`); year, those of both horizons
        one after the other, with the coordinate `horizon_of_year`; application (forklift, truck, bus, balancing; a
        unit of balancing is a megawatt of fuel cells) with `market_of_application`; market; incumbent (diesel, battery,
        lead-acid, grid); component of the cost of hydrogen; cash_item, public_item, party, place; support (without,
        with); combination of applications; plant; market and advantage; milestone; phase; participant; hour;
        observation. See `docs/methods/studies.md` for the variables.

    Raises
    ------
    ConfigurationError
        When a path of prices does not state a year of a horizon.
    """
    value, plants = sampled(study, draws), in_prices_of(study, plants)
    periods = _periods(study, plants, value)
    variables = {
        **of_markets(periods),
        **of_supply(periods),
        **of_balancing(periods),
        **of_symbiosis(periods),
        **of_money(value, periods),
        **of_horizons(study, value, periods),
        **of_cluster(study, periods),
        **headlines(study, value, periods),
    }
    years = np.concatenate([period.years for period in periods.values()])
    dataset = xr.Dataset(
        variables,
        coords={
            "year": years,
            "horizon_of_year": ("year", np.repeat(list(periods), [period.years.size for period in periods.values()])),
            "scenario": list(study.policies),
            "horizon": list(periods),
            "application": list(APPLICATIONS),
            "market_of_application": ("application", [MARKET_OF[name] for name in APPLICATIONS]),
            "service_unit": ("application", [SERVICE_UNITS[name] for name in APPLICATIONS]),
            "market": list(MARKETS),
            "incumbent": list(INCUMBENTS),
            "source": list(SOURCES),
            "option": list(OPTIONS),
            "service": list(SERVICES),
            "component": list(COMPONENTS),
            "technology": list(TECHNOLOGIES),
            "stream": list(STREAMS),
            "stream_unit": ("stream", ["kg", "kg", "J"]),
            "cash_item": list(CASH_ITEMS),
            "public_item": list(PUBLIC_ITEMS),
            "party": list(PARTIES),
            "place": list(PLACES),
            "support": list(SUPPORT),
            "combination": combinations(),
            "advantage": list(ADVANTAGES),
            "advantage_computed": ("advantage", np.array([name in COMPUTED for name in ADVANTAGES])),
            "milestone": list(MILESTONES),
            "phase": list(PHASES),
            "participant": list(PARTICIPANTS),
            "hour": np.arange(HOURS),
            "observation": list(study.observed),
            "observed_year": ("observation", [each.year for each in study.observed.values()]),
            "horizon_start": ("horizon", [each.start for each in study.horizons.values()]),
            "horizon_end": ("horizon", [each.end for each in study.horizons.values()]),
            "cluster_year": ("horizon", [each.cluster_year for each in study.horizons.values()]),
        },
        attrs={
            "scenario": study.reference_scenario,
            "baseline": next(iter(study.policies)),
            **_of_runs(plants),
        },
    )
    dataset["observed"] = (
        "observation",
        [float(each.value) for each in study.observed.values()],
        {"units": "1", "long_name": "what was seen of jobs and of units on hydrogen"},
    )
    return dataset.merge(lead_plants(study, plants.lead)).assign_attrs(dataset.attrs)
