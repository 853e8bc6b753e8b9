"""The hydrogen plant: power and demand in; hydrogen, pressure, heat, wear and consumption through time out.

Each machine runs alone on series of its own (`simulate_electrolysis`, `simulate_fuel_cell`, `simulate_storage`,
`simulate_refuelling`, …); together they are run by `testsite_sim.dispatch`, by the kernel `plant.step`. `machines`
turns what is configured into what that kernel takes, `results` and `lifetime` name what it fills.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.plant.battery import simulate_battery
    from testsite_sim.plant.cell import polarisation
    from testsite_sim.plant.delivery import simulate_pipeline, simulate_trailers
    from testsite_sim.plant.demand import vehicle_arrivals
    from testsite_sim.plant.electrolysis import (
        simulate_electrolysis,
        simulate_electrolysis_lifetime,
        simulate_electrolysis_members,
    )
    from testsite_sim.plant.electrolysis_plant import StackPlant
    from testsite_sim.plant.fuel_cell import simulate_fuel_cell
    from testsite_sim.plant.photovoltaics import photovoltaic_power
    from testsite_sim.plant.refuelling import simulate_refuelling
    from testsite_sim.plant.storage import simulate_storage

__all__ = [
    "StackPlant",
    "photovoltaic_power",
    "polarisation",
    "simulate_battery",
    "simulate_electrolysis",
    "simulate_electrolysis_lifetime",
    "simulate_electrolysis_members",
    "simulate_fuel_cell",
    "simulate_pipeline",
    "simulate_refuelling",
    "simulate_storage",
    "simulate_trailers",
    "vehicle_arrivals",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "simulate_battery": "battery",
        "polarisation": "cell",
        "simulate_pipeline": "delivery",
        "simulate_trailers": "delivery",
        "vehicle_arrivals": "demand",
        "simulate_electrolysis": "electrolysis",
        "simulate_electrolysis_lifetime": "electrolysis",
        "simulate_electrolysis_members": "electrolysis",
        "StackPlant": "electrolysis_plant",
        "simulate_fuel_cell": "fuel_cell",
        "photovoltaic_power": "photovoltaics",
        "simulate_refuelling": "refuelling",
        "simulate_storage": "storage",
    },
)
