"""An electrolyser by its load curve: hydrogen at evenly spaced AC power, minimum load, start energy, hot standby.

It is kept as one row of the state of stacks, so that a plant may hold electrolysers of either kind. A start from cold
draws its energy within the interval; a stopped electrolyser stays hot while its standby power is at hand.
"""

from testsite_kernels.electrolysis.stack import (
    DRAWN,
    MADE,
    MODE,
    OFF,
    PRODUCING,
    RUNNING,
    STANDBY,
    STARTS,
    ElectrolysisPlant,
    State,
    read,
)
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.limits import NOTHING
from testsite_kernels.numerics.tables import table_power


@bare_part
def curve_step(
    plant: ElectrolysisPlant, state: State, power: float, supply: float, most: float, go_cold: bool
) -> tuple[float, float, float]:
    """Run an electrolyser by its curve for one interval.

    Parameters
    ----------
    plant : ElectrolysisPlant
        With `by_curve`.
    state : float64 array (1, column)
        Its state; changed.
    power, supply : float
        AC power that it shall draw, and that is at hand for it, start and standby included [W].
    most : float
        Most hydrogen that can be taken [kg/s].
    go_cold : bool
        Whether it goes cold when it stands still.

    Returns
    -------
    tuple
        AC power drawn with start and standby [W], hydrogen [kg/s], heat (none is known) [W].
    """
    start = plant.start_energy * plant.per_second if state[0, MODE] == OFF else 0.0
    drawn = min(min(power, plant.rated), supply - start)
    made = 0.0
    least = max(plant.least, NOTHING * plant.rated)
    if drawn >= least and drawn > 0.0:
        made = read(plant.hydrogen, drawn * plant.per_watt)
        if made > most:
            made = most
            drawn = table_power(plant.hydrogen, plant.per_watt, most)
            if drawn < least * (1.0 - NOTHING):  # what fills the store to the last digit still runs
                made = 0.0
    if made > 0.0:
        drawn = min(drawn + start, supply)
        if state[0, MODE] != PRODUCING:
            state[0, STARTS] += 1.0
        state[0, MODE] = PRODUCING
        state[0, RUNNING] += plant.step
    else:
        made = 0.0
        hot = plant.standby_power > 0.0 and state[0, MODE] != OFF and not go_cold and supply >= plant.standby_power
        drawn = plant.standby_power if hot else 0.0
        state[0, MODE] = STANDBY if hot else OFF
    state[0, MADE] += made * plant.step
    state[0, DRAWN] += drawn * plant.step
    return drawn, made, 0.0
