"""Work at sea: campaigns and maintenance cases, from the tables of the page of operations."""

from collections.abc import Mapping

from tools.scorecard.hydrogen import summary_of
from tools.validation_pages import PAGES, marked, tables


def _page() -> str:
    """Return the page of operations."""
    return (PAGES / "operations.md").read_text(encoding="utf-8")


CAMPAIGN_HEAD = [
    "farm", "field [day]", "generated years", "of them P10", "P50", "P90", "median against the field",
    "its own winter: P10", "P50", "P90", "median against the field", "the field lies",
]  # fmt: skip
NONE = "–"


def campaigns(winters: Mapping[str, tuple[float, ...]]) -> list[list[str]]:
    """Return rows of the campaigns as `CAMPAIGN_HEAD` has them; of generated years, and of `winters` where known."""
    rows = []
    for farm, _, _, field, years, *spread in tables(marked(_page(), "installation"))[0][1:]:
        taken, low, p10, p50, p90, high = (float(each) for each in (field, *spread))
        place = (
            "P10 to P90" if p10 <= taken <= p90 else "in the range of the years" if low <= taken <= high else "outside"
        )
        own = [NONE] * 4
        if farm in winters:
            own = [*(f"{each:.0f}" for each in winters[farm][:3]), f"{100.0 * (winters[farm][1] / taken - 1.0):+.0f} %"]
        rows.append(
            [
                farm,
                f"{taken:.0f}",
                years,
                f"{p10:.0f}",
                f"{p50:.0f}",
                f"{p90:.0f}",
                f"{100.0 * (p50 / taken - 1.0):+.0f} %",
                *own,
                place,
            ]
        )
    return rows


def maintenance() -> list[list[str]]:
    """Return rows of the cases of Dinwoodie et al. (2015): case, figure, the models' range, ours, how far outside."""
    rows = []
    _, *cases = tables(marked(_page(), "table of Dinwoodie"))[0]
    for what, column, paper in (("availability", 1, 3), ("direct cost [million GBP/year]", 6, 7)):
        for case in cases:
            if not case[paper]:
                continue
            low, high = (float(each) for each in case[paper].split("–"))
            found = round(float(case[column].split()[0]), 3 if column == 1 else 2)
            outside = min(found - low, 0.0) + max(found - high, 0.0)
            rows.append([case[0], what, case[paper], f"{found:g}", "within" if outside == 0.0 else f"{outside:+.2f}"])
    return rows


def fleet() -> list[list[str]]:
    """Return rows of the availability of a fleet: what, the field, simulated."""
    found = 100.0 * summary_of("flanders-wind-farm/belgian-zone")["availability_energy"]
    return [
        [
            "Belgian zone, availability by energy",
            "94 and 97 % (Thornton Bank, the first two half-years)",
            f"{found:.1f} %",
        ]
    ]


def judged(row: list[str]) -> tuple[str, str]:
    """Return the error of a campaign's median by which it is judged, and in what weather: its own where it is known."""
    return (row[6], "generated years") if row[10] == NONE else (row[10], "the winds of its own winter")
