"""What every step shares, and nothing of any step: time axes, units, balances, checked inputs, errors, progress.

Its modules are imported by name, so that the command line answers `--help` without loading arrays.
"""
