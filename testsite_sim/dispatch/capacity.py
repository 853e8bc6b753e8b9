"""Power kept ready for the grid: the plant that is left for dispatch, the orders, and what they are paid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.horizon import fill_noise
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.plant.machines import Reserve

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.plant.kept import Margins

UP, DOWN = 0, 1
ROUNDING = 1e-12  # relative; a sum of offers is that of decimal fractions
_FREQUENCY = 20  # first purpose of the random numbers; each offer has its own


@dataclass(frozen=True)
class Offer:
    """Power offered as one capacity product, in every interval.

    Parameters
    ----------
    name : str
        For messages.
    power : float
        [W].
    up, down : bool
        Directions in which it may be called: more power to the grid, less power.
    availability_price : float
        Per power and time [EUR/J].
    premium, penalty : float
        Paid per energy delivered beyond its price (day-ahead, or that of regulation where the system's imbalance
        calls); due per energy not delivered [EUR/J].
    endurance : float
        Time for which the tank can answer a full order [s].
    deviation, persistence : float
        Called in proportion to the frequency: standard deviation of the share per quarter-hour, its autocorrelation.
    begins, volume : float
        Called with the system's imbalance: where it begins and how far it reaches [MW]; zero volume: by the frequency.
    """

    name: str
    power: float
    up: bool
    down: bool
    availability_price: float
    premium: float
    penalty: float
    endurance: float
    deviation: float = 0.0
    persistence: float = 0.0
    begins: float = 0.0
    volume: float = 0.0

    def called(self, system: Floats, seed: int, number: int) -> Floats:
        """Return the share of the power that each quarter-hour calls, up and down, shape (quarters, 2)."""
        if self.volume > 0.0:
            ordered = np.stack([-system, system], axis=1) - self.begins
            return np.clip(ordered / self.volume, 0.0, 1.0) * [self.up, self.down]
        noise = np.empty(system.size)
        fill_noise(seed, _FREQUENCY + number, 0, self.persistence, noise)
        share = np.clip(self.deviation * noise, -1.0, 1.0)
        return np.maximum(np.stack([share, -share], axis=1), 0.0) * [self.up, self.down]


@dataclass(frozen=True)
class Reserves:
    """What is kept ready in a run, what is ordered of it, and what that pays.

    Where several offers are called at once, what is missing is missing in proportion.

    Parameters
    ----------
    kernel : Reserve
        The rated performance of the modules.
    ordered : ndarray, shape (intervals, 2)
        The orders of all offers together, up and down [W].
    available : float
        Paid for all power, called or not [EUR/s].
    paid : ndarray, shape (intervals, 2)
        Paid beyond the day-ahead price where every order up and down is delivered [EUR/s].
    due : ndarray, shape (intervals, 2)
        Penalty where none is [EUR/s].
    """

    kernel: Reserve
    ordered: Floats
    available: float
    paid: Floats
    due: Floats

    @property
    def net_order(self) -> Floats:
        """Power ordered, up less down, shape (intervals,) [W]."""
        return np.asarray(self.ordered[:, UP] - self.ordered[:, DOWN])

    def booked(self, result: xr.Dataset) -> xr.Dataset:
        """Add the orders and the payments to a dispatch.

        Parameters
        ----------
        result : xarray.Dataset, dims (time,)
            A dispatch with power_activated_up, power_activated_down [W], `revenue` [EUR] and attribute `step` [s].
        """
        step = float(result.attrs["step"])
        activated = np.stack([result[f"power_activated_{way}"].to_numpy() for way in ("up", "down")], axis=1)
        total = self.ordered
        share = np.divide(activated, total, out=np.ones_like(total), where=total > 0.0)
        ready = np.full(total.shape[0], self.available * step)
        columns = {
            "power_ordered_up": (total[:, UP], "W", "power ordered by the grid, more to it"),
            "power_ordered_down": (total[:, DOWN], "W", "power ordered by the grid, less to it"),
            "revenue_availability": (ready, "EUR", "paid for power kept ready"),
            "revenue_activation": ((share * self.paid).sum(axis=1) * step, "EUR", "paid for orders beyond the price"),
            "penalty_activation": (((1.0 - share) * self.due).sum(axis=1) * step, "EUR", "due for missed orders"),
        }
        added = {name: ("time", values, {"units": u, "long_name": t}) for name, (values, u, t) in columns.items()}
        result = result.assign(added)
        capacity = result["revenue_availability"] + result["revenue_activation"] - result["penalty_activation"]
        return result.assign(revenue=(result["revenue"] + capacity).assign_attrs(result["revenue"].attrs))


def hydrogen_rates(plant: ReducedPlant) -> tuple[float, float]:
    """Return hydrogen per electricity of electrolyser and fuel cell at rated power [kg/J]; 0 without the machine."""
    electrolyser, cell = plant.electrolyser_capacity, plant.fuel_cell_capacity
    return (
        float(plant.electrolyser_table[-1] / electrolyser) if electrolyser > 0.0 else 0.0,
        float(plant.fuel_cell_table[-1] / cell) if cell > 0.0 else 0.0,
    )


@finite_arguments("dispatch")
def margins_for(plant: ReducedPlant, offers: Sequence[Offer], step: float = 0.0) -> Margins:
    """Return what offers keep out of dispatch: shares of the machines, content and room of the store for orders.

    Fuel-cell modules stand ready for orders up, electrolyser modules for orders down.

    Parameters
    ----------
    plant : ReducedPlant
        The whole plant, reduced.
    offers : sequence of Offer
        What is kept ready.
    step : float
        Of the run [s]: which of several stores keeps what depends on it; see `Margins`.

    Raises
    ------
    ConfigurationError
        When a machine or the store is too small for what is offered.
    """
    up = sum(offer.power for offer in offers if offer.up)
    down = sum(offer.power for offer in offers if offer.down)
    for needed, capacity, machines, direction in (
        (up, plant.fuel_cell_capacity, "fuel cells", "up"),
        (down, plant.electrolyser_capacity, "electrolysers", "down"),
    ):
        if needed > capacity * (1.0 + ROUNDING):
            raise ConfigurationError(
                f"dispatch.reserves: {needed / 1e6:g} MW offered {direction} exceed the {capacity / 1e6:g} MW of the "
                f"{machines}; expected {capacity / 1e6:g} MW or less"
            )
    production, consumption = hydrogen_rates(plant)
    content = consumption * sum(offer.power * offer.endurance for offer in offers if offer.up)
    room = production * sum(offer.power * offer.endurance for offer in offers if offer.down)
    low, high = plant.tank_minimum + content, plant.tank_capacity - room
    if low > high:
        raise ConfigurationError(
            f"dispatch.reserves: orders need {content:g} kg of content and {room:g} kg of room in the store, more than "
            f"the {plant.tank_capacity - plant.tank_minimum:g} kg that it has to use; offer less power"
        )
    if not low <= plant.tank_initial <= high:
        raise ConfigurationError(
            f"dispatch.reserves: the store begins with {plant.tank_initial:g} kg; orders need it within {low:g} and "
            f"{high:g} kg; begin there or offer less power"
        )
    return Margins(
        _share_kept(down, plant.electrolyser_capacity),
        _share_kept(up, plant.fuel_cell_capacity),
        content,
        room,
        tuple((consumption * offer.power, offer.endurance) for offer in offers if offer.up and offer.power > 0.0),
        tuple((production * offer.power, offer.endurance) for offer in offers if offer.down and offer.power > 0.0),
        step,
    )


def _share_kept(power: float, capacity: float) -> float:
    """Return the share of machines that offers of a power keep [W]; what is whole but for rounding is whole."""
    share = power / capacity if capacity > 0.0 else 0.0
    return 1.0 if share > 1.0 - ROUNDING else share


@finite_arguments("dispatch")
def reserves(
    plant: ReducedPlant, offers: Sequence[Offer], system: Floats, parts: int, seed: int, spread: Floats | None = None
) -> Reserves:
    """Draw the orders of a run.

    Parameters
    ----------
    plant : ReducedPlant
        The whole plant, reduced.
    offers : sequence of Offer
        What is kept ready.
    system : ndarray, shape (quarters,)
        Imbalance of the system, above zero for a surplus [MW].
    parts : int
        Quarter-hours in an interval of the run.
    seed : int
        Of the frequency.
    spread : ndarray, shape (quarters,), optional
        Marginal price of regulation less day-ahead price [EUR/J], which orders by the system's imbalance earn on top.
    """
    per_quarter = np.zeros((3, system.size, 2))  # ordered [W], paid and due [EUR/s]
    for number, offer in enumerate(offers):
        called = offer.called(system, seed, number) * offer.power
        beyond = np.full(called.shape, offer.premium)
        if offer.volume > 0.0 and spread is not None:
            beyond += spread[:, None] * [1.0, -1.0]
        per_quarter += np.stack([called, called * beyond, called * offer.penalty])
    ordered, paid, due = per_quarter.reshape(3, -1, parts, 2).mean(axis=2)
    kernel = Reserve(*hydrogen_rates(plant))
    available = sum(offer.power * offer.availability_price for offer in offers)
    return Reserves(kernel, np.ascontiguousarray(ordered), available, paid, due)
