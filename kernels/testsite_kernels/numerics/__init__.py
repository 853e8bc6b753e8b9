"""What kernels stand on: compile options, lanes, random streams, rainflow counts, the reference clock."""
