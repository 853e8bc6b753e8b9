"""Output: results of a run in; a run directory out that is whole or not there."""

from testsite_sim.output.run_directory import RunDirectory, check_target, read_summary, units_text, value_text

__all__ = ["RunDirectory", "check_target", "read_summary", "units_text", "value_text"]
