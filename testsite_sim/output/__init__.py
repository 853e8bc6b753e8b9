"""Output: results of a run in; a run directory out that is whole or not there."""

from testsite_sim.output.formatting import number, shown, shown_entry, summary_lines, units_text
from testsite_sim.output.run_directory import RunDirectory, check_target, read_summary

__all__ = [
    "RunDirectory",
    "check_target",
    "number",
    "read_summary",
    "shown",
    "shown_entry",
    "summary_lines",
    "units_text",
]
