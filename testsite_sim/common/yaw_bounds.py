"""How far a turbine may be turned out of the wind, as configuration, farm and inflow have it."""

# Of a turbine out of the wind [degree]: beyond it nothing was measured that models could be held against (assumption).
LARGEST_YAW = 60.0
LARGEST_YAW_EXPONENT = 10.0  # of the cosine of a yaw; published ones are 1 to 3 (assumption, catches a slip)
