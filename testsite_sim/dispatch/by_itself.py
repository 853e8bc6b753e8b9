"""What parts of a plant do by themselves, whatever the set-points: station, compressors, battery."""

from typing import NamedTuple

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.plant.machines import RATES

from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.trade import Dispatched, Trade


class ByItself(NamedTuple):
    """Power that acts by itself draws, less what it gives [W]; hydrogen that the station takes or lacks [kg/s]."""

    power: Floats | float
    hydrogen: Floats | float

    def left(self, trade: Trade) -> Floats:
        """Return the power of wind and panels that is left [W]; below zero a load, as far as the grid can bring it."""
        return np.maximum(trade.power - self.power, -trade.reduced.import_limit)


NOTHING_BY_ITSELF = ByItself(0.0, 0.0)


def acts_by_itself(plant: PlantConfiguration) -> bool:
    """Return whether a part of a plant draws power or hydrogen without a set-point."""
    return plant.compresses or any(part is not None for part in (plant.refuelling, plant.battery, plant.pipeline))


def done_by_itself(dispatched: Dispatched, *, compressor: bool = True) -> ByItself:
    """Return what acted by itself in a dispatch.

    Parameters
    ----------
    dispatched : Dispatched
        A dispatch of the same trade.
    compressor : bool
        Whether the compressors of the store and of the pipeline count.
    """
    if dispatched.executed is None:
        return NOTHING_BY_ITSELF
    rate = dict(zip(RATES, dispatched.executed.output.rates.T, strict=True))
    power = rate["power_station"] + rate["power_charged"] - rate["power_discharged"]
    if compressor:
        power = power + rate["power_compressor"] + rate["power_pipeline"]
    return ByItself(power, rate["hydrogen_to_station"] + rate["hydrogen_unserved"])
