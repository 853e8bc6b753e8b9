"""Operations at sea: weather, vessels and failures in; dates, availability, events and costs out.

`sea_state` prepares a record with waves; `weather_windows` gives start probability and waiting time by month (kernel
`weather_windows`); `simulate_maintenance` runs replicas of a fleet with its failures, crews and vessels, and
`maintenance_history` keeps the availability (time, turbine) and the event log of one (kernel `maintenance`).
"""

from testsite_sim.operations.maintenance import maintenance_history, simulate_maintenance
from testsite_sim.operations.sea_state import SeaState, sea_state
from testsite_sim.operations.weather_windows import weather_windows

__all__ = ["SeaState", "maintenance_history", "sea_state", "simulate_maintenance", "weather_windows"]
