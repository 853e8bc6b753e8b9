"""The wind farm through time: the sweep over turbines, curves, blockage, storm control, energy, response."""
