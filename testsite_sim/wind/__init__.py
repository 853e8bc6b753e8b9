"""Wind: a farm and its inflow in; power, effective wind speed and thrust of each turbine through time out.

The kernel is `testsite_kernels.farm_flow`.
"""

from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.farm_flow import MODELS, simulate_farm
from testsite_sim.wind.fleet import build_farm, build_turbine, library_types

__all__ = ["MODELS", "Farm", "Turbine", "build_farm", "build_turbine", "library_types", "simulate_farm"]
