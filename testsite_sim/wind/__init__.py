"""Wind: a farm and its inflow in; power, effective wind speed and thrust of each turbine through time out.

The kernels are `testsite_kernels.wind.sweep`, `wake_deficit` and `wake_turbulence`.
"""

from testsite_sim.wind.averaging import flow_map, simulate_farm_averaged
from testsite_sim.wind.energy import annual_energy_production, loss_to_wakes
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.farm_flow import BLOCKAGES, simulate_farm
from testsite_sim.wind.fleet import build_farm, build_turbine, library_types
from testsite_sim.wind.inflow import inflow_at_turbines
from testsite_sim.wind.losses import energy_uncertainty, loss_budget
from testsite_sim.wind.models import MODELS, WakeModel, add_wake_part, wake_model
from testsite_sim.wind.response import farm_response, simulate_by_response
from testsite_sim.wind.storm import storm_limits

__all__ = [
    "BLOCKAGES",
    "MODELS",
    "Farm",
    "Turbine",
    "WakeModel",
    "add_wake_part",
    "annual_energy_production",
    "build_farm",
    "build_turbine",
    "energy_uncertainty",
    "farm_response",
    "flow_map",
    "inflow_at_turbines",
    "library_types",
    "loss_budget",
    "loss_to_wakes",
    "simulate_by_response",
    "simulate_farm",
    "simulate_farm_averaged",
    "storm_limits",
    "wake_model",
]
