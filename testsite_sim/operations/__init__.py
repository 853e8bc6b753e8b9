"""Operations at sea: weather, vessels and failures in; dates, availability, events and costs out.

`sea_state` prepares a record with waves; `weather_windows` gives start probability and waiting time by month (kernel
`weather_windows`); `simulate_maintenance` runs replicas of a fleet with its failures, crews and vessels, and
`maintenance_history` keeps the availability (time, turbine) and the event log of one (kernel `maintenance`);
`simulate_installation` runs a campaign from every year of a record, `installation_log` keeps what its vessels do,
`sweep_limits` varies the limits of one operation (kernel `campaign`). `generate_metocean` and `generate_waves` make
wind and waves of a stated climate (kernel `metocean`).
"""

from testsite_sim.operations.installation import installation_log, simulate_installation, sweep_limits
from testsite_sim.operations.maintenance import maintenance_history, simulate_maintenance
from testsite_sim.operations.metocean import generate_metocean, generate_waves
from testsite_sim.operations.sea_state import SeaState, sea_state
from testsite_sim.operations.weather_windows import weather_windows

__all__ = [
    "SeaState",
    "generate_metocean",
    "generate_waves",
    "installation_log",
    "maintenance_history",
    "sea_state",
    "simulate_installation",
    "simulate_maintenance",
    "sweep_limits",
    "weather_windows",
]
