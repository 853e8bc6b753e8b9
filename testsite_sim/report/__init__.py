"""Report: the results of a run in; figures, a page that opens offline, and tables that compare runs out."""

from testsite_sim.report.compare import compare_runs
from testsite_sim.report.drawing import NamedFigure, write_figures
from testsite_sim.report.figures import FIGURES, figures_of_one_group, named_figures
from testsite_sim.report.page import write_report

__all__ = [
    "FIGURES",
    "NamedFigure",
    "compare_runs",
    "figures_of_one_group",
    "named_figures",
    "write_figures",
    "write_report",
]
