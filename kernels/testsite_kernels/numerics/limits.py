"""Numbers that stand for what has no number: no limit, and what rounding leaves of nothing."""

UNLIMITED = 1e30  # no limit: finite, so that products with zero stay zero
NOTHING = 1e-9  # share of a capacity below which a load is rounding: the machine is off
