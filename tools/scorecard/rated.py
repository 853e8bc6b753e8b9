"""The fleet where the wind has to spare: what is metered and simulated there is availability, cables and curves."""

import pandas as pd

from tools.scorecard.hindcast import Hindcast
from tools.scorecard.measured import STATIONS
from tools.scorecard.page import Rows, number
from tools.scorecard.statistics import monthly
from tools.scorecard.zone import MAIN, percent, scored

WINDS = (14.0, 19.0)  # [m/s] at 10 m, of the station with less: rated at every hub, below every cut-out
WINTER = (11, 12, 1)
FEWEST = 10  # hours of a row
QUANTILES = (0.05, 0.5, 0.95)  # of the hours of much wind
FULL = 0.97  # of the rated power, that the wind offers
MONTHS_HEAD = [
    "month",
    "hours of full wind",
    "metered, of the rated power",
    "simulated",
    "error in these hours",
    "error of the month",
]
HEAD = [
    "period",
    "hours",
    "how many",
    "metered, of the rated power",
    "simulated",
    "wakes, storms and calms take",
    "turbines that wait take",
    "curves and cables take",
    "turbines that run, simulated",
    "turbines that run, by the meter",
]


def rows(found: Hindcast) -> list[list[str]]:
    """Return the rows of a period: all hours of much wind, those of winter and the others, the highest, quantiles.

    What each mechanism takes is of the rated power. By the meter: what is metered over what all but the turbines that
    wait leave of the rated power, as simulated.
    """
    about = found.measured
    hours = pd.DataFrame(
        {
            "metered": scored(found) / about.period.capacity,
            "simulated": found.power[MAIN] / about.period.capacity,
            "running": found.running,
            "offered": found.offered,
            "taken": found.taken,
            "wind": about.table[[f"{name}_speed" for name in STATIONS]].min(axis=1),
        }
    ).dropna()
    much = hours[(hours["wind"] >= WINDS[0]) & (hours["wind"] < WINDS[1])]
    winter = pd.DatetimeIndex(much.index).month.isin(WINTER)
    parts = {f"{WINDS[0]:g} to {WINDS[1]:g} m/s": much, "of them November to January": much[winter]}
    parts["of them February to October"] = much[~winter]
    parts["0.5 % with most metered power"] = hours[hours["metered"] >= hours["metered"].quantile(0.995)]
    made = []
    for name, part in parts.items():
        if len(part) < FEWEST or (name.startswith("of them") and len(part) == len(much)):
            continue
        mean = part.mean()
        left = mean["simulated"] / mean["running"]
        losses = (1.0 - mean["offered"], mean["offered"] - mean["taken"], mean["taken"] - mean["simulated"])
        shares = (mean["metered"], mean["simulated"], *losses, mean["running"], mean["metered"] / left)
        made.append([about.period.name, name, f"{len(part)}", *(f"{100.0 * each:.1f} %" for each in shares)])
    quantiles = [(f"{100.0 * q:g} % quantile of these hours", much, q) for q in QUANTILES if len(much) >= FEWEST]
    for name, part, q in (*quantiles, ("99.5 % quantile of all hours", hours, 0.995)):
        level = part[["metered", "simulated"]].quantile(q)
        shares = (f"{100.0 * level[each]:.1f} %" for each in ("metered", "simulated"))
        made.append([about.period.name, name, f"{len(part):,}", *shares, *["–"] * 5])
    return made


def standing_sentence(found: Hindcast) -> str:
    """Return how much of the fleet stands, by how long, in the simulation."""
    parts = ", ".join(f"{100.0 * share:.1f} % {name}" for name, share in found.standing.items())
    return f"- {found.measured.period.name}: of the rated power there stands, at a stretch, {parts}."


def month_rows(found: Hindcast) -> Rows:
    """Return how far off each month is in the hours in which the wind offers all but 3 % of the rated power.

    There the error is that of the turbines that run, cables and curves; what the month has besides is that of the wind
    and the wakes. Months of fewer than ten such hours are left out.
    """
    meter, capacity = scored(found), found.measured.period.capacity
    errors = monthly(found.power[MAIN], meter)["error"]
    hours = pd.DataFrame({"metered": meter, "simulated": found.power[MAIN]})[found.offered >= FULL].dropna()
    made = []
    for month, part in hours.groupby(pd.DatetimeIndex(hours.index).to_period("M")):
        if len(part) >= FEWEST:
            mean = part.mean()
            shares = (f"{100.0 * mean[name] / capacity:.1f} %" for name in ("metered", "simulated"))
            off = percent(mean["simulated"] / mean["metered"] - 1.0)
            made.append([str(month), f"{len(part)}", *shares, off, percent(errors[month])])
    return made


def month_sentence(lines: Rows) -> str:
    """Return what the hours of full wind hold of the errors of the months, from their table."""
    here, month = ([number(row[k]) for row in lines] for k in (4, 5))
    summer = [here[k] for k, row in enumerate(lines) if 4 <= int(row[0].split("-")[1]) <= 9]
    winter = [here[k] for k, row in enumerate(lines) if not 4 <= int(row[0].split("-")[1]) <= 9]
    worst = min(range(len(lines)), key=lambda k: month[k])

    def mean(values: list[float]) -> str:
        return f"{sum(values) / len(values):+.1f} %" if values else "unknown"

    return (
        f"- In hours of full wind the simulation is off by {mean(summer)} in the mean of the months April to September "
        f"and by {mean(winter)} in that of the others: the season of failures, services and access. What a month has "
        f"besides comes with the wind: {lines[worst][0]}, the lowest, is off by {lines[worst][5]}, and by "
        f"{lines[worst][4]} in full wind."
    )


def lines_of(table: list[str], months: list[str], said: list[str], standing: list[str]) -> list[str]:
    """Return the section, of its tables and its sentence as they stand between their marks."""
    return [
        "### Where the wind has to spare",
        "",
        "Hours in which both stations have winds at 10 m at which every turbine is at its rated power and none at its "
        "cut-out, and those of most metered power. What is missing there is hardly wind: turbines that wait for a "
        "repair, cables and transformers, each with what the simulation gives it. The last "
        "column is what the meter leaves for the turbines, if the rest is as simulated.",
        "",
        *table,
        "",
        "Hours with most metered power are those in which hardly a turbine of the real fleet stands; the simulated one "
        "has its failures at other times. Quantiles of the same hours of much wind, each fleet's own, do not ask when. "
        "What stands longest waits for a vessel that is hired for several turbines; it takes the same at any wind:",
        "",
        *standing,
        "",
        "Months, in the hours in which the wind offers 97 % of the rated power or more, by the simulation:",
        "",
        *months,
        "",
        *said,
    ]
