"""The weather of several scenarios looked at before the first one runs, as far as that is cheap."""

from pathlib import Path

import numpy as np

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather, utc_moment
from testsite_sim.weather.opening import no_such_file, open_as_measured
from testsite_sim.weather.stations import open_stations

CHEAP = 20_000_000  # [byte] of files that are opened: a second or two; larger ones are only looked for
INTERVAL_BYTES = 50  # of a line of a large file, about
_OF_OPENING = ("record", "start", "end", "step", "repairs", "time", "columns", "x", "y", "stations")


class WeatherBeforehand:
    """Opens records as runs would and forgets them; those that several scenarios share are opened once."""

    def __init__(self) -> None:
        self._known: dict[str, int | DataError] = {}

    def intervals(self, configuration: Weather) -> int:
        """Return how many intervals a scenario has, about: of a large file that is guessed by its size.

        Raises
        ------
        DataError
            When the record or one of its stations does not exist, cannot be read, does not cover the period, or has a
            fault that no rule repairs. Of files above 20 MB: when one does not exist.
        """
        stated = {name: getattr(configuration, name) for name in _OF_OPENING}
        key = repr((configuration.climate is not None, stated))
        if key not in self._known:
            try:
                self._known[key] = _intervals(configuration)
            except DataError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, DataError):
            raise DataError(*found.problems)
        return found


def _intervals(configuration: Weather) -> int:
    """Open a record and its stations where these are small, and return the number of its intervals."""
    named = [configuration.record, *(station.record for station in configuration.stations)]
    files = [Path(name) for name in named if name.lower().endswith((".csv", ".csv.gz", ".nc"))]
    if any(path.is_file() and path.stat().st_size > CHEAP for path in files):
        missing = [path for path in files if not path.is_file()]
        if missing:
            raise DataError(no_such_file(missing[0]))
        return max(path.stat().st_size for path in files) // INTERVAL_BYTES
    record = open_as_measured(configuration, wind=False)
    open_stations(configuration, record)
    stamps = record["time"].to_numpy()
    start = stamps[0] if configuration.start is None else utc_moment(configuration.start)
    after = stamps[-1] + np.timedelta64(1, "s") if configuration.end is None else utc_moment(configuration.end)
    count = int(((stamps >= start) & (stamps < after)).sum())
    if configuration.step is None or stamps.size < 2:
        return count
    length = float((stamps[1] - stamps[0]) / np.timedelta64(1, "s"))
    return round(count * max(length / float(configuration.step), 1.0))
