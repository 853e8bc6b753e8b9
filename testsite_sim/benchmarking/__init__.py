"""Benchmarking: CPU time against a kernel that never changes, and the comparison of two sets of such ratios."""

from testsite_sim.benchmarking.compare import Verdict, compare, read_ratios
from testsite_sim.benchmarking.gauge import Measurement, measure

__all__ = ["Measurement", "Verdict", "compare", "measure", "read_ratios"]
