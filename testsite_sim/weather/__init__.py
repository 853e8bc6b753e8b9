"""Weather: a record by name or a user's file in; checked wind and air at hub heights over time out.

`open_record` opens a packaged record, `open_weather` what a scenario states, with its checks, repairs and cuts;
`at_hub_heights` gives wind speed, direction and air density over (time, height). `predict_long_term` and
`map_to_climate` carry a short record to a climate (kernel `testsite_kernels.weather.generator` makes records of one).
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
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

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "at_hub_heights": "hub_height",
        "fitted_shear": "hub_height",
        "height_rows": "hub_height",
        "map_to_climate": "long_term",
        "predict_long_term": "long_term",
        "open_weather": "opening",
        "RecordSummary": "record",
        "list_records": "record",
        "open_record": "record",
    },
)
