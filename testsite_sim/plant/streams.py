"""Side streams of a plant: oxygen made, water taken, heat that is usable and finds a buyer."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import OXYGEN_PER_HYDROGEN

from testsite_sim.configuration.plant import PlantConfiguration

STREAMS = (  # name, stream, part that it is of, units of its rate, description
    ("oxygen_produced", "oxygen", "electrolysers", "kg s-1", "oxygen of the electrolysers"),
    ("water_consumed", "water", "electrolysers", "kg s-1", "water that the electrolysers take"),
    ("heat_sold", "heat", "side_streams", "W", "usable heat that finds a buyer"),
)


def side_streams(
    plant: PlantConfiguration, made: Floats, heat_made: Floats, of_fuel_cells: Floats
) -> dict[str, Floats]:
    """Return oxygen made and water taken [kg], and heat that is usable and finds a buyer [J], or all of it per time.

    Water is there where all electrolysers state what they take, which one by its curve does not; heat where a side
    stream of the plant sells it.

    Parameters
    ----------
    plant : PlantConfiguration
        As configured.
    made, heat_made : ndarray, shape (…, electrolyser)
        Hydrogen, and heat of the cooling, of each electrolyser; places beyond those of the plant are empty.
    of_fuel_cells : ndarray, shape (…, fuel_cell)
        Usable heat of each fuel cell.
    """
    machines, cells = plant.electrolysers, plant.fuel_cells
    made, heat_made, of_fuel_cells = (
        made[..., : len(machines)],
        heat_made[..., : len(machines)],
        of_fuel_cells[..., : len(cells)],
    )
    found = {"oxygen": OXYGEN_PER_HYDROGEN * made.sum(axis=-1)}
    water = [float(m.stacks.auxiliaries.water) for m in machines if m.stacks is not None]
    if len(water) == len(machines):
        found["water"] = made @ np.array(water)
    heat = None if plant.side_streams is None else plant.side_streams.heat
    if heat is not None:
        least = float(heat.least_temperature)
        warm = np.array(
            [m.stacks is not None and m.stacks.cell.operating_temperature >= least for m in machines], float
        )
        hot = np.array([c.stacks is not None and c.stacks.heat_temperature >= least for c in cells], float)
        usable = heat_made @ warm * float(heat.electrolyser_usable) + of_fuel_cells @ hot
        found["heat"] = usable * float(heat.sold)
    return found
