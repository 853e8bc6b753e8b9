"""Report: the results of a run in; figures, a page that opens offline, and tables that compare runs out."""

from testsite_sim.report.compare import compare_runs
from testsite_sim.report.figures import FIGURES, draw_figures
from testsite_sim.report.page import write_report

__all__ = ["FIGURES", "compare_runs", "draw_figures", "write_report"]
