"""Benchmarks of every kernel and of whole runs, with pytest-benchmark."""
