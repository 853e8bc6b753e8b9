"""The turbulence that one wake adds, one model a file: `TURBULENCE`."""
