"""Wind: a farm, its inflow and what acts on it in; power of each turbine and the energy after each loss out.

`simulate` is the step of the chain; `simulate_farm` the flow alone. The kernels are `testsite_kernels.wind`: one sweep
for all wake models, each of which is a file of `testsite_kernels.wind.wake`. What is exported is loaded when it is
first asked for.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.wind.averaging import flow_map, simulate_farm_averaged
    from testsite_sim.wind.curve_averaging import Spread, averaged_farm, averaged_turbine
    from testsite_sim.wind.energy import annual_energy_production, loss_to_wakes
    from testsite_sim.wind.farm import Farm, Turbine
    from testsite_sim.wind.farm_flow import BLOCKAGES, simulate_farm
    from testsite_sim.wind.farm_table import FarmTable, tabulate_farm
    from testsite_sim.wind.fleet import build_farm, build_turbine, library_types
    from testsite_sim.wind.flow import ExactFlow, Flow
    from testsite_sim.wind.inflow import inflow_at_turbines
    from testsite_sim.wind.losses import energy_uncertainty, loss_budget
    from testsite_sim.wind.mechanisms import MECHANISMS, Mechanisms
    from testsite_sim.wind.models import MODELS, WakeModel, add_wake_model, add_wake_part, configured_model, wake_model
    from testsite_sim.wind.response import farm_response, simulate_by_response
    from testsite_sim.wind.simulation import energy_sensitivity, power_at_connection, simulate
    from testsite_sim.wind.storm import storm_limits
    from testsite_sim.wind.tabulated import TabulatedFlow
    from testsite_sim.wind.yaw import joined_yaw

__all__ = [
    "BLOCKAGES",
    "MECHANISMS",
    "MODELS",
    "ExactFlow",
    "Farm",
    "FarmTable",
    "Flow",
    "Mechanisms",
    "Spread",
    "TabulatedFlow",
    "Turbine",
    "WakeModel",
    "add_wake_model",
    "add_wake_part",
    "annual_energy_production",
    "averaged_farm",
    "averaged_turbine",
    "build_farm",
    "build_turbine",
    "check_models",
    "configured_model",
    "energy_sensitivity",
    "energy_uncertainty",
    "farm_response",
    "flow_map",
    "inflow_at_turbines",
    "joined_yaw",
    "library_types",
    "loss_budget",
    "loss_to_wakes",
    "power_at_connection",
    "simulate",
    "simulate_by_response",
    "simulate_farm",
    "simulate_farm_averaged",
    "storm_limits",
    "tabulate_farm",
    "wake_model",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "flow_map": "averaging",
        "simulate_farm_averaged": "averaging",
        "Spread": "curve_averaging",
        "averaged_farm": "curve_averaging",
        "averaged_turbine": "curve_averaging",
        "check_models": "configured",
        "annual_energy_production": "energy",
        "loss_to_wakes": "energy",
        "Farm": "farm",
        "Turbine": "farm",
        "BLOCKAGES": "farm_flow",
        "simulate_farm": "farm_flow",
        "FarmTable": "farm_table",
        "tabulate_farm": "farm_table",
        "build_farm": "fleet",
        "build_turbine": "fleet",
        "library_types": "fleet",
        "ExactFlow": "flow",
        "Flow": "flow",
        "inflow_at_turbines": "inflow",
        "energy_uncertainty": "losses",
        "loss_budget": "losses",
        "MECHANISMS": "mechanisms",
        "Mechanisms": "mechanisms",
        "MODELS": "models",
        "WakeModel": "models",
        "add_wake_model": "models",
        "add_wake_part": "models",
        "configured_model": "models",
        "wake_model": "models",
        "farm_response": "response",
        "simulate_by_response": "response",
        "energy_sensitivity": "simulation",
        "power_at_connection": "simulation",
        "simulate": "simulation",
        "storm_limits": "storm",
        "TabulatedFlow": "tabulated",
        "joined_yaw": "yaw",
    },
)
