"""Operations at sea: weather, vessels and failures in; dates, availability, events and costs out.

- `sea_state` prepares a record with waves; `generate_metocean` and `generate_waves` make wind and waves of a stated
  climate (kernel `metocean`); `weather_windows` gives start probability and waiting time by month.
- `simulate_installation` runs a campaign from every year of a record, `installation_log` keeps what its vessels do,
  `sweep_limits` varies the limits of one operation (kernel `campaign`).
- `simulate_maintenance` runs replicas of a fleet with its failures, crews and vessels, `maintenance_history` keeps
  availability (time, turbine) and event log of one, `fleet_availability` does so on the chain's weather (kernel
  `maintenance`), `availability_of_bases` where farms have people and vessels of their own.
- The test site: `certification_time`, `simulate_berths`, `simulate_reliability_growth`, `value_of_reliability` (kernels
  `certification`, `reliability_growth`); `power_curve_bins` and `annual_energy` evaluate a power-performance test,
  `certified_energy` measures one at sea.
"""

from testsite_sim.operations.bases import availability_of_bases
from testsite_sim.operations.berths import simulate_berths, simulate_reliability_growth
from testsite_sim.operations.certification_time import certification_time
from testsite_sim.operations.certified_energy import certified_energy
from testsite_sim.operations.failure_modes import expected_failure_rate
from testsite_sim.operations.fleet_availability import fleet_availability
from testsite_sim.operations.growth_value import FailureRates, value_of_reliability
from testsite_sim.operations.installation import installation_log, simulate_installation, sweep_limits
from testsite_sim.operations.maintenance import maintenance_history, simulate_maintenance
from testsite_sim.operations.metocean import generate_metocean, generate_waves
from testsite_sim.operations.power_performance import (
    annual_energy,
    normalised_wind_speed,
    power_curve_bins,
    valid_directions,
)
from testsite_sim.operations.sea_state import SeaState, sea_state
from testsite_sim.operations.weather_windows import weather_windows

__all__ = [
    "FailureRates",
    "SeaState",
    "annual_energy",
    "availability_of_bases",
    "certification_time",
    "certified_energy",
    "expected_failure_rate",
    "fleet_availability",
    "generate_metocean",
    "generate_waves",
    "installation_log",
    "maintenance_history",
    "normalised_wind_speed",
    "power_curve_bins",
    "sea_state",
    "simulate_berths",
    "simulate_installation",
    "simulate_maintenance",
    "simulate_reliability_growth",
    "sweep_limits",
    "valid_directions",
    "value_of_reliability",
    "weather_windows",
]
