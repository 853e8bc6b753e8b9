"""What `testsite-sim init` writes: a scenario of one's own, with a layout and a short weather file."""

import os
from importlib.resources import files
from pathlib import Path

import pandas as pd
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.printing import csv_text
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.output.run_directory import RunDirectory, check_parent

SCENARIO, LAYOUT, WEATHER = "scenario.yaml", "layout.csv", "weather.csv"
RECORD, FIRST, LAST = "hollandse-kust-noord-2023", "2023-03-01", "2023-03-14"  # two weeks, of strong and weak wind


def start_scenario(folder: Path) -> list[Path]:
    """Write a scenario of one's own into a new folder, whole or not at all.

    Parameters
    ----------
    folder : Path
        The folder to make.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ConfigurationError
        When it exists already, or cannot be written.
    """
    if not folder.name:
        raise ConfigurationError("init: an empty name or `.` names no new folder; expected such as my-site.")
    if os.path.lexists(folder):
        raise ConfigurationError(f"{folder}: exists already, and what is yours is never replaced; choose another name.")
    if any(not letter.isprintable() for letter in str(folder)):
        raise ConfigurationError(f"init: {str(folder)!r} is no name of a folder; expected printable letters.")
    check_parent(folder)
    if not folder.absolute().parent.is_dir():
        raise ConfigurationError(f"{folder}: there is no folder {folder.absolute().parent}; make it first.")
    here = files("testsite_sim.cases.start")
    texts = {
        SCENARIO: (here / SCENARIO)
        .read_text(encoding="utf-8")
        .replace("{folder}", str(folder))
        .replace("{name}", folder.name),
        LAYOUT: (here / LAYOUT).read_text(encoding="utf-8"),
        WEATHER: _weather(),
    }
    with RunDirectory(folder) as made:
        for name, text in texts.items():
            made.write_text(name, text)
    return [folder / name for name in texts]


def _weather() -> str:
    """Return two weeks of a packaged record as CSV, with its source."""
    from testsite_sim.weather import open_record

    record = open_record(RECORD).sel(time=slice(FIRST, f"{LAST}T23:59"))
    speed, direction = record["wind_speed"], record["wind_direction"]
    table = pd.DataFrame(
        {
            "time": pd.DatetimeIndex(record["time"].to_numpy()).strftime("%Y-%m-%dT%H:%M"),
            "wind_speed_100m": speed.sel(height=100.0).to_numpy().round(2),
            "wind_speed_150m": speed.sel(height=150.0).to_numpy().round(2),
            "wind_direction_100m": direction.sel(height=100.0).to_numpy().round(1),
            "air_temperature": (record["air_temperature"].to_numpy() - ZERO_CELSIUS).round(2),
            "day_ahead_price": (record["day_ahead_price"].to_numpy() * MEGAWATT_HOUR).round(2),
        }
    )
    about = (
        f"# Replace this file by your own: the columns are described under `weather` in {SCENARIO}.\n"
        f"# {record.attrs['title']}; {record.attrs['source']}; licence {record.attrs['license']}\n"
    )
    return about + csv_text(table, index=False)
