"""Weather: a record by name or a user's file in; checked wind and air at hub heights over time out."""

from testsite_sim.weather.hub_height import at_hub_heights, fitted_shear, height_rows
from testsite_sim.weather.long_term import map_to_climate, predict_long_term
from testsite_sim.weather.opening import open_weather
from testsite_sim.weather.record import RecordSummary, list_records, open_record

__all__ = [
    "RecordSummary",
    "at_hub_heights",
    "fitted_shear",
    "height_rows",
    "list_records",
    "map_to_climate",
    "open_record",
    "open_weather",
    "predict_long_term",
]
