"""The fleet where the wind has to spare: what is metered and simulated there is availability, cables and curves."""

import pandas as pd

from tools.scorecard.hindcast import Hindcast
from tools.scorecard.measured import STATIONS
from tools.scorecard.zone import MAIN, scored

WINDS = (14.0, 19.0)  # [m/s] at 10 m, of the station with less: rated at every hub, below every cut-out
WINTER = (11, 12, 1)
HEAD = [
    "period",
    "hours",
    "how many",
    "metered, of the rated power",
    "simulated",
    "turbines that run, simulated",
    "turbines that run, by the meter",
]


def rows(found: Hindcast) -> list[list[str]]:
    """Return the rows of a period: all hours of much wind, those of winter and the others, and the highest.

    By the meter: what is metered over what cables, transformers and curves leave of the rated power, as simulated.
    """
    about = found.measured
    hours = pd.DataFrame(
        {
            "metered": scored(found) / about.period.capacity,
            "simulated": found.power[MAIN] / about.period.capacity,
            "running": found.running,
            "wind": about.table[[f"{name}_speed" for name in STATIONS]].min(axis=1),
        }
    ).dropna()
    much = hours[(hours["wind"] >= WINDS[0]) & (hours["wind"] < WINDS[1])]
    winter = pd.DatetimeIndex(much.index).month.isin(WINTER)
    parts = {f"{WINDS[0]:g} to {WINDS[1]:g} m/s": much, "of them November to January": much[winter]}
    parts["of them February to October"] = much[~winter]
    made = []
    for name, part in parts.items():
        if len(part) < 24 or (name != next(iter(parts)) and len(part) == len(much)):
            continue
        mean = part.mean()
        left = mean["simulated"] / mean["running"]
        made.append(
            [
                about.period.name,
                name,
                f"{len(part)}",
                *(f"{100.0 * mean[each]:.1f} %" for each in ("metered", "simulated", "running")),
                f"{100.0 * mean['metered'] / left:.1f} %",
            ]
        )
    high = hours[["metered", "simulated"]].quantile(0.995)
    made.append(
        [
            about.period.name,
            "99.5 % quantile of all hours",
            f"{len(hours):,}",
            *(f"{100.0 * high[each]:.1f} %" for each in ("metered", "simulated")),
            "–",
            "–",
        ]
    )
    return made


def lines_of(table: list[str]) -> list[str]:
    """Return the section, of its table as it stands between its marks."""
    return [
        "### Where the wind has to spare",
        "",
        "Hours in which both stations have winds at 10 m at which every turbine is at its rated power and none at its "
        "cut-out. What is missing there is no wind: turbines that wait for a repair, cables and transformers. The last "
        "column is what the meter leaves of it for the turbines, if the rest is as simulated.",
        "",
        *table,
    ]
