"""The way of the wake of a turbine turned out of the wind, one model a file: `DEFLECTION`, made by `wake.model`.

The yaw of a turbine is above zero where it is turned counter-clockwise out of the wind, seen from above; its wake then
goes to the right, looking downwind. So have PyWake and FLORIS it.
"""
