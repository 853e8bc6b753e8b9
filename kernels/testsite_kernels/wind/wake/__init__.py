"""Wakes: what a source and a target are, how far wakes reach, how they superpose; one model a file in the packages."""
