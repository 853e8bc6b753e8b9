"""The season of failures and repairs: how many turbines run in the wind of a period, over draws of the failures."""

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain.at_sea import operate
from testsite_sim.chain.preparation import prepare
from tools.scorecard.hindcast import Hindcast, run_command
from tools.scorecard.measured import STATIONS
from tools.scorecard.page import Rows, number
from tools.scorecard.rated import FEWEST, WINDS
from tools.scorecard.zone import MAIN, scored

SEEDS = range(1, 9)
SUMMER = range(4, 10)  # months, April to September
HEAD = [
    "month",
    "hours of 14 to 19 m/s",
    f"turbines that run, mean of {len(SEEDS)} draws of the failures",
    "standard deviation of a draw",
    "by the meter",
]


def running(found: Hindcast, folder: Path) -> pd.DataFrame:
    """Return the share of the rated power whose turbines run in each hour, a column for each seed (hour, seed).

    Parameters
    ----------
    found : Hindcast
        The period.
    folder : pathlib.Path
        Of its runs, where the records of the stations are.
    """
    command = run_command(found.measured, MAIN)
    stated = [command[k + 1] for k, word in enumerate(command) if word == "--set"]
    shares = {}
    with contextlib.chdir(folder):
        for seed in SEEDS:
            prepared = prepare(load_scenario(command[1], (*stated, f"operations.seed={seed}")), check_sea=False)
            operations = prepared.scenario.wind_farm.operations
            made = operate(prepared.record, operations, prepared.farm, False)["availability"].to_numpy()
            rated = prepared.farm.per_turbine("rated_power")
            shares[seed] = made @ rated / rated.sum()
    return pd.DataFrame(shares, index=found.measured.table.index)


def rows(found: Hindcast, share: pd.DataFrame) -> Rows:
    """Return a row of each month with ten hours or more in which the wind has to spare.

    By the meter: what is metered over what all but the turbines that wait leave of the rated power, as simulated.
    """
    about = found.measured
    wind = about.table[[f"{name}_speed" for name in STATIONS]].min(axis=1)
    left = found.power[MAIN] / found.running
    hours = pd.DataFrame({"metered": scored(found), "left": left})[(wind >= WINDS[0]) & (wind < WINDS[1])].dropna()
    made = []
    for month, part in hours.groupby(pd.DatetimeIndex(hours.index).to_period("M")):
        if len(part) < FEWEST:
            continue
        draws = share.loc[part.index].mean()
        by_meter = part["metered"].sum() / part["left"].sum()
        shares = (draws.mean(), draws.std(ddof=1), by_meter)
        made.append([str(month), f"{len(part)}", *(f"{100.0 * each:.1f} %" for each in shares)])
    return made


def sentence(lines: Rows) -> str:
    """Return what the season of the draws and that of the meter are, from the rows."""

    def mean(column: int, *, summer: bool) -> float:
        mine = [number(row[column]) for row in lines if (int(row[0].split("-")[1]) in SUMMER) == summer]
        return float(np.mean(mine)) if mine else float("nan")

    halves = {name: (mean(k, summer=True), mean(k, summer=False)) for name, k in (("draws", 2), ("meter", 4))}
    return (
        f"- Turbines that run, April to September and the other months: {halves['draws'][0]:.1f} and "
        f"{halves['draws'][1]:.1f} % in the mean of the draws, {halves['meter'][0]:.1f} and {halves['meter'][1]:.1f} % "
        f"by the meter: {halves['draws'][0] - halves['draws'][1]:+.1f} and "
        f"{halves['meter'][0] - halves['meter'][1]:+.1f} points."
    )
