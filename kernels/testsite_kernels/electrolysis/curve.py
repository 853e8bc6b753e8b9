"""Electrolysers by their load curves: hydrogen at evenly spaced AC power, minimum load, start energy, hot standby.

Each is kept as one row of the state of stacks, so that a plant may hold electrolysers of either kind. A start from cold
draws its energy within the interval; a stopped electrolyser stays hot while its standby power is at hand. Index p
electrolyser, k point.
"""

from typing import NamedTuple

from testsite_kernels.electrolysis.stack import (
    DRAWN,
    MADE,
    MODE,
    OFF,
    PRODUCING,
    RUNNING,
    STANDBY,
    STARTS,
    State,
    read,
)
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.limits import NOTHING
from testsite_kernels.numerics.tables import table_power


class LoadCurves(NamedTuple):
    """Electrolysers (p) for one length of interval, AC power [W]; a rated power of zero: it is none by its curve.

    `start_power` is the energy of a start from cold over an interval; `hydrogen` (p, k) [kg/s], `per_watt` points of it
    per watt. Arrays and not a tuple of machines: to take one of a tuple copies all of it, in every interval.
    """

    rated: Floats
    least: Floats
    start_power: Floats
    standby_power: Floats
    per_watt: Floats
    hydrogen: Floats


@bare_part
def curve_step(
    curves: LoadCurves, p: int, state: State, power: float, supply: float, most: float, go_cold: bool, step: float
) -> tuple[float, float]:
    """Run the electrolyser p by its curve for one interval.

    Parameters
    ----------
    curves : LoadCurves
        It and others.
    p : int
        Which one.
    state : float64 array (1, column)
        Its state; changed.
    power, supply : float
        AC power that it shall draw, and that is at hand for it, start and standby included [W].
    most : float
        Most hydrogen that can be taken [kg/s].
    go_cold : bool
        Whether it goes cold when it stands still.
    step : float
        Length of the interval [s].

    Returns
    -------
    tuple
        AC power drawn with start and standby [W], hydrogen [kg/s].
    """
    mode = state[0, MODE]
    start = curves.start_power[p] if mode == OFF else 0.0
    drawn = min(min(power, curves.rated[p]), supply - start)
    made = 0.0
    least = max(curves.least[p], NOTHING * curves.rated[p])
    if drawn >= least and drawn > 0.0:
        made = read(curves.hydrogen[p], drawn * curves.per_watt[p])
        if made > most:
            made = most
            drawn = table_power(curves.hydrogen[p], curves.per_watt[p], most)
            if drawn < least * (1.0 - NOTHING):  # what fills the store to the last digit still runs
                made = 0.0
    if made > 0.0:
        drawn = min(drawn + start, supply)
        if mode != PRODUCING:
            state[0, STARTS] += 1.0
        state[0, MODE] = PRODUCING
        state[0, RUNNING] += step
        state[0, MADE] += made * step
    else:
        made = 0.0
        standby = curves.standby_power[p]
        hot = standby > 0.0 and mode != OFF and not go_cold and supply >= standby
        drawn = standby if hot else 0.0
        state[0, MODE] = STANDBY if hot else OFF
    state[0, DRAWN] += drawn * step
    return drawn, made
