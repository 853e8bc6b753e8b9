"""The figures of the study Waterstof, one function per figure."""

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.studies.framework.report import draw_tornado
from testsite_sim.studies.framework.words import Words
from testsite_sim.studies.waterstof import STUDY
from testsite_sim.studies.waterstof.figures.balancing import draw_balancing
from testsite_sim.studies.waterstof.figures.cluster import draw_cluster_ranking, draw_lead_market_score
from testsite_sim.studies.waterstof.figures.cost import draw_learning, draw_nozzle_cost, draw_ownership, draw_parity
from testsite_sim.studies.waterstof.figures.money import draw_co2, draw_policies, draw_valley
from testsite_sim.studies.waterstof.figures.roadmap import draw_roadmap
from testsite_sim.studies.waterstof.figures.uptake import draw_adoption, draw_demand_and_supply, draw_demand_profile

RANKED = ("demand_last", "nozzle_cost_last", "net_benefit_last")


def draw_ranking(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the tornado of demand, of the cost at the nozzle, and of the net benefit."""
    chosen = [headline for headline in STUDY.headlines if headline.variable in RANKED]
    return draw_tornado(results, words, chosen)


FIGURES = {
    "adoption": draw_adoption,
    "demand-and-supply": draw_demand_and_supply,
    "demand-profile": draw_demand_profile,
    "nozzle-cost": draw_nozzle_cost,
    "parity": draw_parity,
    "ownership-cost": draw_ownership,
    "learning": draw_learning,
    "lead-market-score": draw_lead_market_score,
    "balancing": draw_balancing,
    "cluster-ranking": draw_cluster_ranking,
    "roadmap": draw_roadmap,
    "valley-of-death": draw_valley,
    "policies": draw_policies,
    "co2": draw_co2,
    "tornado": draw_ranking,
}

__all__ = ["FIGURES"]
