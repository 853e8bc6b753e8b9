"""Installation campaigns by which nothing was chosen: in the winds measured while they lasted, as shipped."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from testsite_sim.common.units import DAY
from testsite_sim.operations import simulate_installation
from tools.compare_installations import turbine_phase
from tools.scorecard import winters
from tools.scorecard.page import Rows, number


@dataclass(frozen=True)
class Campaign:
    """Turbines that one jack-up set from its first loading to the last; `open_end`: it lasted at least so long.

    `carried`: turbines a trip, None where that could not be read and the vessel of the configuration is taken as it is.
    """

    farm: str
    turbines: int
    start: date
    end: date
    carried: int | None
    source: str
    open_end: bool = False


OTHERS = (
    Campaign(
        "SeaMade", 58, date(2020, 6, 14), date(2020, 11, 30), 2,
        "the Apollo, at the quay of Ostend on 14 June 2020 for two turbines (4coffshore.com), the last of 58 on 30 "
        "November (en.portnews.ru, 1 December 2020)",
    ),
    Campaign(
        "Borssele III and IV", 77, date(2020, 5, 25), date(2020, 11, 26), 4,
        "the Aeolus from Vlissingen, up to four turbines a trip (windpowernl.com, 27 November 2020), the first "
        "standing on 28 May 2020 (oedigital.com), so that loading is assumed to begin on 25 May, the last on 26 "
        "November (energyglobal.com)",
    ),
    Campaign(
        "Rentel", 42, date(2018, 5, 5), date(2018, 9, 1), None,
        "the Sea Installer from Ostend from 5 May 2018 (nieuwsblad.be, renews.biz), at work all summer "
        "(engineeringnet.be) and to end in September (renews.biz, 14 February 2018); the day could not be read, and "
        "eight days in dock in June (rina.org.uk) are in it",
        open_end=True,
    ),
)  # fmt: skip
HEAD = ["farm", "turbines", "a trip", "from", "to", "field [day]", "P10", "P50", "P90", "median against the field"]


def days(data: Path) -> dict[str, list[float]]:
    """Return the days of each campaign as shipped, over the seas that its winds may have raised, by farm."""
    found: dict[str, list[float]] = {each.farm: [] for each in OTHERS}
    for sea in winters.seas(data):
        for each in OTHERS:
            case = turbine_phase("conventional", start_day=each.start.day, start_month=each.start.month)
            if each.carried is not None:
                written = case.model_dump(mode="json")
                written["phases"]["turbines"]["vessel"]["capacity"] = each.carried
                case = type(case).model_validate(written)
            taken = simulate_installation(case, sea, each.turbines)["campaign_duration"].sel(year=each.start.year)
            found[each.farm].append(float(taken) / DAY)
    return found


def rows(found: dict[str, list[float]]) -> Rows:
    """Return rows of the campaigns as `HEAD` has them, of what `days` found."""
    made = []
    for each in OTHERS:
        field = (each.end - each.start).days
        low, middle, high = np.quantile(found[each.farm], [0.1, 0.5, 0.9])
        made.append(
            [
                each.farm,
                f"{each.turbines}",
                "as shipped" if each.carried is None else f"{each.carried}",
                f"{each.start:%d %B %Y}".lstrip("0"),
                "after the summer" if each.open_end else f"{each.end:%d %B %Y}".lstrip("0"),
                f"{'at least ' if each.open_end else ''}{field}",
                f"{low:.0f}",
                f"{middle:.0f}",
                f"{high:.0f}",
                f"{100.0 * (middle / field - 1.0):+.0f} %",
            ]
        )
    return made


def sentence(others: Rows, chosen: Rows) -> str:
    """Return what all campaigns together say, those that durations were chosen by in their own winters too.

    Parameters
    ----------
    others : list of list of str
        Rows as `HEAD` has them.
    chosen : list of list of str
        Rows as `tools.scorecard.sea.CAMPAIGN_HEAD` has them.
    """
    off = {row[0]: number(row[-1]) for row in others} | {row[0]: number(row[10]) for row in chosen}
    values = np.array(list(off.values()))
    near = sum(abs(values) <= 20.0)
    return (
        f"- In their own weather {near} of {values.size} campaigns are met within 20 %; over all of them the medians "
        f"are off by {values.mean():+.0f} % in the mean and scatter by {values.std(ddof=1):.0f} %: a campaign is "
        "longer or shorter than its weather makes it by what its vessel, its crew and its turbines are, which nothing "
        "here states."
    )


def reasons(others: Rows) -> dict[str, str]:
    """Return why a campaign is off, by aim, with where its dates are from."""
    return {
        aim(row[0]): f"{row[5]} days in the field, {row[7]} simulated as shipped; {each.source}"
        for row, each in zip(others, OTHERS, strict=True)
    }


def aim(farm: str) -> str:
    """Return the name of the aim of a campaign."""
    return f"campaign of {farm}, not seen, median"
