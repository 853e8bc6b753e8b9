"""The reduced plant: electrolyser, tank, fuel cell, grid connection, as SI numbers checked once."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import KILOWATT_HOUR
from testsite_sim.plant.load_table import TABLE_POINTS, LoadTable

ROUNDING = 1e-14  # relative; a flow is the product of a load and a flow per load


def _stated_in(name: str) -> str:
    """Return the part of a scenario that a number of the reduced plant comes from."""
    parts = {"electrolyser": "plant.electrolysers", "fuel_cell": "plant.fuel_cells", "export": "grid", "import": "grid"}
    return next((part for start, part in parts.items() if name.startswith(start)), "plant.store")


def without_rounding(flow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a flow that is level where it falls by no more than the rounding of its products, as it is elsewhere.

    Between the loads at which one more stack joins, the flow of stacks is level.
    """
    level: NDArray[np.float64] = np.maximum.accumulate(flow)
    return np.where(level - flow <= ROUNDING * level, level, flow)


@dataclass(frozen=True)
class ReducedPlant:
    """Electrolyser, tank and fuel cell behind one grid connection.

    Power in W at the AC terminals, hydrogen in kg and kg/s, energy in J. A capacity of zero leaves the
    machine out.

    Parameters
    ----------
    electrolyser_capacity, fuel_cell_capacity : float
        Rated AC power [W].
    electrolyser_production : LoadTable
        Hydrogen per electricity [kg/J] against load.
    fuel_cell_yield : LoadTable
        Electricity per hydrogen [J/kg] against load.
    electrolyser_minimum_load, fuel_cell_minimum_load : float
        Lowest load at which the machine runs, fraction of capacity; below it the machine is off.
    electrolyser_start_energy : float
        Electricity drawn by a start from cold [J], without hydrogen.
    electrolyser_standby_power : float
        Power that keeps a stopped electrolyser hot [W]; zero: it goes cold.
    tank_capacity, tank_minimum, tank_initial : float
        Largest, smallest and first content [kg].
    charge_limit, discharge_limit : float
        Largest net flow into and out of the tank [kg/s].
    export_limit, import_limit : float
        Largest power to and from the grid [W].

    Raises
    ------
    ConfigurationError
        When a number is negative or not finite, or the numbers contradict each other.
    """

    electrolyser_capacity: float = 0.0
    electrolyser_production: LoadTable = field(default_factory=lambda: LoadTable.constant(1.0 / (52.5 * KILOWATT_HOUR)))
    electrolyser_minimum_load: float = 0.0
    electrolyser_start_energy: float = 0.0
    electrolyser_standby_power: float = 0.0
    tank_capacity: float = 0.0
    tank_minimum: float = 0.0
    tank_initial: float = 0.0
    charge_limit: float = UNLIMITED
    discharge_limit: float = UNLIMITED
    fuel_cell_capacity: float = 0.0
    fuel_cell_yield: LoadTable = field(default_factory=lambda: LoadTable.constant(16.65 * KILOWATT_HOUR))
    fuel_cell_minimum_load: float = 0.0
    export_limit: float = UNLIMITED
    import_limit: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, LoadTable):
                continue
            if not math.isfinite(value) and value > 0.0:
                object.__setattr__(self, name, UNLIMITED)
            elif not (math.isfinite(value) and value >= 0.0):
                raise ConfigurationError(f"{_stated_in(name)}: {name} is {value}; expected a number of zero or more")
        for name in ("electrolyser_minimum_load", "fuel_cell_minimum_load"):
            if getattr(self, name) > 1.0:
                raise ConfigurationError(
                    f"{_stated_in(name)}: {name} is {getattr(self, name)}; expected a fraction from 0 to 1"
                )
        if not self.tank_minimum <= self.tank_initial <= self.tank_capacity:
            raise ConfigurationError(
                f"plant.store: tank_minimum {self.tank_minimum} kg ≤ tank_initial {self.tank_initial} kg "
                f"≤ tank_capacity {self.tank_capacity} kg does not hold"
            )
        for name, table in (("electrolyser", self.electrolyser_table), ("fuel_cell", self.fuel_cell_table)):
            if np.any(np.diff(table) < 0.0) or (table[-1] <= 0.0 and getattr(self, f"{name}_capacity")):
                raise ConfigurationError(
                    f"{_stated_in(name)}: the hydrogen flow falls while the power rises; check the part-load table"
                )

    @cached_property
    def electrolyser_table(self) -> NDArray[np.float64]:
        """Hydrogen production [kg/s] at evenly spaced loads from 0 to 1."""
        load = np.linspace(0.0, 1.0, TABLE_POINTS)
        table = self.electrolyser_production
        return without_rounding(self.electrolyser_capacity * table.flow(table.value, load))

    @cached_property
    def fuel_cell_table(self) -> NDArray[np.float64]:
        """Hydrogen consumption [kg/s] at evenly spaced loads from 0 to 1."""
        load = np.linspace(0.0, 1.0, TABLE_POINTS)
        table = self.fuel_cell_yield
        return without_rounding(self.fuel_cell_capacity * table.flow(1.0 / np.asarray(table.value), load))
