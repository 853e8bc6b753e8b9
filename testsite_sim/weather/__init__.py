"""Weather: a record by name or a user's file in; checked wind and air at hub heights over time out.

`open_record` opens a packaged record, `open_weather` what a scenario states, with its checks, repairs and cuts;
`wind_at_hubs` gives wind speed, direction and air density over (time, height), as the scenario states them.
`predict_long_term` and `map_to_climate` carry a short record to a climate (kernel `testsite_kernels.weather.generator`
makes records of one).
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.weather.hub_height import at_hub_heights, height_rows, wind_at_hubs
    from testsite_sim.weather.long_term import map_to_climate, predict_long_term
    from testsite_sim.weather.measured_wind import at_sensor_height, averaged_over
    from testsite_sim.weather.opening import open_weather
    from testsite_sim.weather.profile import PROFILES, Profile, fitted_shear
    from testsite_sim.weather.record import RecordSummary, list_records, open_record
    from testsite_sim.weather.wind_error import month_factors, with_wind_error

__all__ = [
    "PROFILES",
    "Profile",
    "RecordSummary",
    "at_hub_heights",
    "at_sensor_height",
    "averaged_over",
    "fitted_shear",
    "height_rows",
    "list_records",
    "map_to_climate",
    "month_factors",
    "open_record",
    "open_weather",
    "predict_long_term",
    "wind_at_hubs",
    "with_wind_error",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "at_hub_heights": "hub_height",
        "fitted_shear": "profile",
        "height_rows": "hub_height",
        "wind_at_hubs": "hub_height",
        "at_sensor_height": "measured_wind",
        "averaged_over": "measured_wind",
        "map_to_climate": "long_term",
        "predict_long_term": "long_term",
        "open_weather": "opening",
        "PROFILES": "profile",
        "Profile": "profile",
        "RecordSummary": "record",
        "list_records": "record",
        "open_record": "record",
        "month_factors": "wind_error",
        "with_wind_error": "wind_error",
    },
)
