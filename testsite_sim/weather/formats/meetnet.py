"""Meetnet Vlaamse Banken: tables downloaded as CSV, JSON of its interface, and older text with one series a file.

Parameters are three letters behind three of the place: WHIWVC is the mean wind speed at Westhinder.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.common.errors import DataError
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.text import numbers, read_table, record, stamps_of

# code: quantity, factor and offset to SI; and what its words in a header are, Dutch and English
_CODES = {
    "WVC": ("wind_speed", 1.0, 0.0), "WVS": ("wind_speed", 1.0, 0.0), "WRS": ("wind_direction", 1.0, 0.0),
    "WC3": ("wind_gust", 1.0, 0.0),
    "LTD": ("air_temperature", 1.0, ZERO_CELSIUS), "LT0": ("air_temperature", 1.0, ZERO_CELSIUS),
    "LDR": ("air_pressure", 100.0, 0.0), "LD0": ("air_pressure", 100.0, 0.0),
    "HM0": ("significant_wave_height", 0.01, 0.0), "GHA": ("significant_wave_height", 0.01, 0.0),
}  # fmt: skip
_WORDS = (
    (r"windstoot|gust|maxim|hoogste", "WC3"), (r"windrichting|wind direction", "WRS"),
    (r"windsnelheid|wind speed", "WVC"), (r"luchttemperatuur|air temperature", "LTD"),
    (r"luchtdruk|air pressure", "LDR"), (r"golfhoogte|wave height", "HM0"),
)  # fmt: skip


def read_meetnet(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read stamps (UTC unless `--zone`) and the parameters that a record takes; wave heights in cm.

    A text without header takes its parameter from the name of the file, such as `WHIWVC.txt`.

    Raises
    ------
    DataError
        When no known parameter is found or a stamp cannot be read.
    """
    text = read_text(path)
    if text.lstrip()[:1] in ("{", "["):
        times, columns = _of_json(text, path.name)
    else:
        times, columns = _of_table(text, path, options)
    wind: dict[str, NDArray[np.float64]] = {}
    series: dict[str, NDArray[np.float64]] = {}
    for label, values in columns.items():
        code = parameter_of(label)
        if code is None:
            continue
        quantity, factor, offset = _CODES[code]
        if quantity == "significant_wave_height" and re.search(r"\(m\)|\[m\]", label):
            factor = 1.0
        into = wind if quantity in ("wind_speed", "wind_direction") else series
        into.setdefault(quantity, values * factor + offset)
    height = options.height or 10.0
    return record(
        path.stem,
        f"Meetnet Vlaamse Banken, {path.name}",
        times,
        series,
        {height: wind},
        license="Meetnet Vlaamse Banken, Agentschap Maritieme Dienstverlening en Kust",
    )


def parameter_of(label: str) -> str | None:
    """Return the parameter of a header or a file name."""
    for found in re.finditer(r"[A-Z0-9]{3}(?![A-Z0-9])", label.upper()[:200]):
        if found[0] in _CODES:
            return str(found[0])
    return next((code for words, code in _WORDS if re.search(words, label[:200].lower())), None)


def _of_table(text: str, path: Path, options: ImportOptions) -> tuple[NDArray[Any], dict[str, NDArray[np.float64]]]:
    """Return stamps and columns of a table or of text of `date time value`."""
    lines = [line for line in text.replace("\0", "").splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise DataError(f"weather: {path.name} is empty.")
    headless = bool(re.match(r"\s*\d", lines[0]))
    spaced = not any(mark in lines[0] for mark in ";\t") and (headless and lines[0].count(",") == 0)
    if spaced:  # `2015-01-01 00:00:00 11.0`, the stamp in one or two words
        parts = pd.Series(lines).str.strip().str.rsplit(n=1, expand=True)
        if parts.shape[1] != 2:
            raise DataError(f"weather: {path.name}: expected lines of `date time value`.")
        table = parts.set_axis(["time", path.stem], axis=1)
    else:
        options_of_table: dict[str, Any] = {"header": None} if headless else {}
        table = read_table("\n".join(lines), path.name, **options_of_table)
        if headless:
            if table.shape[1] < 2:
                raise DataError(f"weather: {path.name}: expected a stamp and a value in each line.")
            table.columns = ["time", path.stem, *(f"column {k}" for k in range(2, table.shape[1]))]
    first = table.iloc[:, 0].astype("string").str.strip()
    pattern = None
    if first.str.match(r"\d{1,2}/\d{1,2}/\d{4}", na=False).any():
        pattern = "%d/%m/%Y %H:%M:%S" if first.str.count(":").max() == 2 else "%d/%m/%Y %H:%M"
    times = stamps_of(first, path.name, options.zone, pattern)
    return times, {
        str(name): numbers(table[name]) for name in table.columns[1:] if not isinstance(table[name], pd.DataFrame)
    }


def _of_json(text: str, name: str) -> tuple[NDArray[Any], dict[str, NDArray[np.float64]]]:
    """Return stamps and columns of an answer of the interface, `{"Values": [{"ID": …, "Values": [{…}]}]}`."""
    try:
        found = json.loads(text)
        groups = found["Values"] if isinstance(found, dict) else found
        columns = {}
        for group in groups:
            rows = group["Values"]
            stamps = stamps_of(pd.Series([str(row["Timestamp"]) for row in rows], dtype="str"), name)
            values = numbers(pd.Series([str(row["Value"]) for row in rows], dtype="str"))
            columns[str(group["ID"])] = pd.Series(values, index=stamps)
        table = pd.DataFrame(columns)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"weather: {name}: is not an answer of the Meetnet interface ({type(error).__name__})."
        ) from error
    return table.index.to_numpy().astype("datetime64[ns]"), {str(k): table[k].to_numpy() for k in table.columns}
