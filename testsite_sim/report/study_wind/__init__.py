"""The figures and the story of the study Flanders Wind Farm, one function per figure."""

from collections.abc import Mapping

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.study import draw_tornado
from testsite_sim.report.study_wind.industry import draw_learning, draw_market, draw_supplies, draw_value_chain
from testsite_sim.report.study_wind.jobs import draw_jobs, draw_market_shares
from testsite_sim.report.study_wind.site import draw_certification, draw_mechanisms, draw_public_balance
from testsite_sim.report.study_wind.story import tell
from testsite_sim.report.study_wind.words import WORDS
from testsite_sim.studies import STUDIES

RANKED = ("jobs_target", "jobs_added_target", "net_public_value")


def draw_ranking(results: xr.Dataset, words: Mapping[str, str]) -> tuple[Figure, pd.DataFrame]:
    """Draw the tornado of jobs, of what the test site adds, and of the public balance."""
    return draw_tornado(
        results,
        words,
        [headline for headline in STUDIES["flanders-wind-farm"].headlines if headline.variable in RANKED],
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
    "tornado": draw_ranking,
}

__all__ = ["FIGURES", "WORDS", "tell"]
