"""Banks of pressure vessels for the kernels, and what they hold and cost."""

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.storage.banks import Banks

from testsite_sim.common.finite import finite_arguments
from testsite_sim.configuration.storage import Bank, Cascade
from testsite_sim.plant.properties import hydrogen_density, isotherms_at


@finite_arguments("hydrogen: held_mass")
def held_mass(bank: Bank, pressure: float) -> float:
    """Return the mass [kg] that a bank holds at a pressure [Pa] and its own temperature."""
    return float(bank.volume) * float(hydrogen_density(pressure, bank.temperature))


def filling_limit(bank: Bank) -> float:
    """Return the largest flow into a bank [kg/s]."""
    return float(bank.filling_per_capacity) * held_mass(bank, bank.maximum_pressure)


def withdrawal_limit(bank: Bank) -> float:
    """Return the largest flow out of a bank [kg/s]."""
    return float(bank.withdrawal_per_capacity) * held_mass(bank, bank.maximum_pressure)


def kernel_banks(cascade: Cascade, reached: float) -> Banks:
    """Return the banks of a cascade for the kernels.

    Parameters
    ----------
    cascade : Cascade
        Banks and orders.
    reached : float
        Highest pressure of what fills them [Pa]: a bank of a higher rating is filled to this.
    """
    banks = cascade.banks
    return Banks(
        isotherms=isotherms_at([float(bank.temperature) for bank in banks]),
        volume=np.array([float(bank.volume) for bank in banks]),
        minimum=np.array([held_mass(bank, bank.minimum_pressure) for bank in banks]),
        capacity=np.array([held_mass(bank, min(bank.maximum_pressure, reached)) for bank in banks]),
        fill_limit=np.array([filling_limit(bank) for bank in banks]),
        draw_limit=np.array([withdrawal_limit(bank) for bank in banks]),
        fill_order=np.array(cascade.order("filling_order"), np.int64),
        draw_order=np.array(cascade.order("drawing_order"), np.int64),
    )


def initial_mass(cascade: Cascade) -> NDArray[np.float64]:
    """Return the mass [kg] in every bank of a cascade at the start."""
    return np.array([held_mass(bank, bank.initial_pressure) for bank in cascade.banks])


def bank_cost(bank: Bank) -> tuple[float, float]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of a bank."""
    capital = float(bank.cost.capital) * held_mass(bank, bank.maximum_pressure)
    return capital, capital * float(bank.cost.operating)
