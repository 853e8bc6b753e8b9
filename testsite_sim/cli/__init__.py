"""The command line: a file a command; it parses once, calls the library and prints."""

from testsite_sim.cli.program import main, start

__all__ = ["main", "start"]
