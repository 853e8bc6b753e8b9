"""The strategies by name, and what a user may set about them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch import rule as dispatch_rules
from testsite_kernels.dispatch.rule import Rule
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.units import DAY, MEGAWATT_HOUR
from testsite_sim.dispatch.plant import ReducedPlant

RULES: dict[str, int] = {
    "none": dispatch_rules.NONE,
    "surplus": dispatch_rules.SURPLUS,
    "price-threshold": dispatch_rules.PRICE_THRESHOLD,
    "firm-band": dispatch_rules.FIRM_BAND,
    "imbalance": dispatch_rules.IMBALANCE,
    "self-consumption": dispatch_rules.SELF_CONSUMPTION,
}
IMBALANCE, SELF_CONSUMPTION = "imbalance", "self-consumption"
ROLLING_HORIZON, PERFECT_FORESIGHT = "rolling-horizon", "perfect-foresight"
STRATEGIES: tuple[str, ...] = (*RULES, ROLLING_HORIZON, PERFECT_FORESIGHT)


@dataclass(frozen=True)
class StrategySettings:
    """Settings of the rules; a value of None is derived from the data and the plant.

    Parameters
    ----------
    produce_below, generate_above : float or None
        Prices [EUR/J] below which the electrolyser and above which the fuel cell runs (price-threshold,
        imbalance). None: the 35 % and 90 % quantiles of the price, or the other threshold where that would cross.
    promised_power : float or None
        Power promised to the grid [W] where no nomination is given (surplus, firm-band, imbalance). None:
        the mean of the wind power, at most the export limit.
    band : float
        Half width of the band around the promise [W] (firm-band, imbalance).
    reserve_level : float or None
        Content [kg] below which the tank is filled at any price. None: one day of mean demand above the
        minimum, at most half of the tank.
    """

    produce_below: float | None = None
    generate_above: float | None = None
    promised_power: float | None = None
    band: float = 0.0
    reserve_level: float | None = None


def _thresholds(settings: StrategySettings, price: NDArray[np.float64]) -> tuple[float, float]:
    """Return the prices below which electrolysers and above which fuel cells run; a derived one gives way."""
    below, above = settings.produce_below, settings.generate_above
    if below is None:
        low = float(np.quantile(price, 0.35))
        below = low if above is None else min(low, above)
    if above is None:
        above = max(float(np.quantile(price, 0.90)), below)
    return below, above


@finite_arguments("dispatch.strategy")
def rule_of(
    name: str,
    settings: StrategySettings,
    plant: ReducedPlant,
    wind: NDArray[np.float64],
    price: NDArray[np.float64],
    demand: NDArray[np.float64],
) -> tuple[Rule, float]:
    """Return the rule of a strategy with every setting filled in, and the promised power [W].

    Raises
    ------
    ConfigurationError
        When the thresholds cross or the band is wider than the plant.
    """
    below, above = _thresholds(settings, price)
    if below > above:
        raise ConfigurationError(
            f"dispatch.strategy: produce_below ({below * MEGAWATT_HOUR:g} EUR/MWh) lies above generate_above "
            f"({above * MEGAWATT_HOUR:g} EUR/MWh); the plant would do both at once"
        )
    largest = max(plant.electrolyser_capacity, plant.fuel_cell_capacity)
    if settings.band < 0.0 or (settings.band > largest and name in ("firm-band", "imbalance")):
        raise ConfigurationError(
            f"dispatch.strategy.band: {settings.band / 1e6:g} MW is wider than the plant can balance "
            f"({largest / 1e6:g} MW); expected 0 to {largest / 1e6:g} MW"
        )
    reserve = settings.reserve_level
    if reserve is None:
        room = plant.tank_capacity - plant.tank_minimum
        reserve = plant.tank_minimum + min(DAY * float(demand.mean()), 0.5 * room)
    if settings.promised_power is None:
        promised = min(float(wind.mean()), plant.export_limit)
    else:
        promised = settings.promised_power
    return Rule(RULES[name], below, above, float(settings.band), float(reserve), 0.0, -UNLIMITED, 0.0, True), promised
