"""The page of a search for sizes: one HTML file that opens offline."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from testsite_sim.configuration.base import assumptions
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.output import number
from testsite_sim.report.cards import Card, Question, card_of
from testsite_sim.report.drawing import FiguresWritten
from testsite_sim.report.page import rendered, shown_figures, summary_groups

SIZES = ("best_electrolyser", "best_tank", "best_fuel_cell")


def write_sizing_report(
    scenario: Scenario,
    text: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: FiguresWritten,
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
    figures : callable
        Gives the files of figures once they are written, and is called last: most of the page is made while they are.
        The SVG ones are shown.
    results : xarray.DataTree
        With the group `sizing`.
    """
    found = assumptions(scenario)
    marked = sum(bool(each["assumption"]) for each in found)
    trials = summary["trials"]
    worth = [name for name in summary if name not in (*SIZES, "trials")]
    sizing = results["sizing"].to_dataset()
    edge = str(sizing.attrs["edge"])
    questions = [
        Question(
            "What", [Card("sizes tried", f"{trials['value']:,.0f}", "", trials["description"])], [_searched(sizing)]
        ),
        Question("How much", [card_of(name, summary[name]) for name in SIZES if summary[name]["value"]]),
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
        figures=shown_figures(figures(), results),
        groups=summary_groups(summary),
        assumptions=found,
        scenario=text,
    )


def _searched(sizing: xr.Dataset) -> str:
    """Return what was searched, and for what."""
    spans = []
    for axis, unit, of_it in (("electrolyser", 1e6, "MW"), ("tank", 1e3, "t")):
        sizes = [number(float(end) / unit, 4) for end in (sizing[axis].min(), sizing[axis].max())]
        spans.append(f"{axis} of {' to '.join(dict.fromkeys(sizes))} {of_it}")
    aim = str(sizing.attrs["objective"]).replace("_", " ")
    best = "lowest" if "cost" in aim else "highest"
    return f"Searched for the {best} {aim}: {', '.join(spans)} on the grid of the figure, then between them."
