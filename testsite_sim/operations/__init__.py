"""Operations at sea: weather, vessels and failures in; dates, availability, events and costs out.

`sea_state` prepares a record with waves; `weather_windows` gives start probability and waiting time by month
(kernel `weather_windows`).
"""

from testsite_sim.operations.sea_state import SeaState, sea_state
from testsite_sim.operations.weather_windows import weather_windows

__all__ = ["SeaState", "sea_state", "weather_windows"]
