"""The page of a search for sizes: one HTML file that opens offline."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from testsite_sim.configuration.base import assumptions
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.report.cards import Card, Question, card_of
from testsite_sim.report.page import rendered, shown_figures, summary_groups

SIZES = ("best_electrolyser", "best_tank", "best_fuel_cell")


def write_sizing_report(
    scenario: Scenario,
    text: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: Sequence[Path],
    results: xr.DataTree,
) -> str:
    """Return the report of a sizing as HTML.

    Parameters
    ----------
    scenario : Scenario
        Whose plant is sized.
    text : str
        The same, as YAML.
    summary : mapping
        The best sizes, and what they are worth.
    figures : sequence of Path
        Files of figures; the SVG ones are shown.
    results : xarray.DataTree
        With the group `sizing`.
    """
    found = assumptions(scenario)
    marked = sum(bool(each["assumption"]) for each in found)
    trials = summary["trials"]
    worth = [name for name in summary if name not in (*SIZES, "trials")]
    edge = str(results["sizing"].attrs["edge"])
    questions = [
        Question("What", [Card("sizes tried", f"{trials['value']:,.0f}", "", trials["description"])]),
        Question("How much", [card_of(name, summary[name]) for name in SIZES]),
        Question("At what cost", [card_of(name, summary[name]) for name in worth]),
        Question(
            "How sure",
            [],
            [
                f"The best lies on the edge of what was searched: {edge}."
                if edge
                else "The best lies inside the grid.",
                "No uncertainty is stated: every size is one run of one period of weather.",
                *([f"{marked} of {len(found)} inputs with a source or a range are assumptions."] if found else []),
            ],
        ),
    ]
    return rendered(
        "page.html.jinja",
        title=f"{scenario.title}: sizes",
        description=scenario.description,
        summary=summary,
        questions=questions,
        figures=shown_figures(figures, results),
        groups=summary_groups(summary),
        assumptions=found,
        scenario=text,
    )
