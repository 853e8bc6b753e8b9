"""The figures of the study Flanders Wind Farm, one function per figure."""

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.studies.flanders_wind_farm import STUDY
from testsite_sim.studies.flanders_wind_farm.figures.industry import (
    draw_learning,
    draw_market,
    draw_supplies,
    draw_value_chain,
)
from testsite_sim.studies.flanders_wind_farm.figures.jobs import draw_jobs, draw_market_shares
from testsite_sim.studies.flanders_wind_farm.figures.outlook import draw_outlook, draw_roadmap, draw_vessel
from testsite_sim.studies.flanders_wind_farm.figures.site import (
    draw_certification,
    draw_mechanisms,
    draw_public_balance,
)
from testsite_sim.studies.framework.report import draw_tornado
from testsite_sim.studies.framework.words import Words

RANKED = ("jobs_target", "net_public_value", "today_net_public_value")


def draw_ranking(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the tornado of jobs, and of the public balance of the site of then and of today."""
    return draw_tornado(
        results,
        words,
        [headline for headline in STUDY.headlines if headline.variable in RANKED],
    )


FIGURES = {
    "jobs": draw_jobs,
    "market": draw_market,
    "market-shares": draw_market_shares,
    "value-chain": draw_value_chain,
    "supplies": draw_supplies,
    "certification-time": draw_certification,
    "learning-and-cost": draw_learning,
    "mechanisms": draw_mechanisms,
    "public-balance": draw_public_balance,
    "outlook": draw_outlook,
    "roadmap": draw_roadmap,
    "vessel": draw_vessel,
    "tornado": draw_ranking,
}

__all__ = ["FIGURES"]
