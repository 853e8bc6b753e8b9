"""Wakes: deficit, added turbulence, their state per turbine, and how far they reach."""
