"""The time series of a run for its page: every step, packed; a page zooms from the year down to them without a network.

A value is a whole number of 16 bits, the range of its series divided into 65,534 parts: finer than a screen shows.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR, MEGAWATT_HOUR
from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, VERMILION

LEVELS = 65534  # of a packed series; one more stands for a value that is missing
MOST_NARROW = float(np.finfo(np.float64).tiny)  # a level: numbers below it have no full precision
MOST_VALUES = 600_000  # of all series of a page: 1.6 MB of it
COLOURS = (DARK_BLUE, VERMILION, SKY_BLUE, GREY, "#8a6d00", "#7b3294", "#1b7837", "#c51b7d")
# of a quantity always the same
KNOWN_COLOURS = {
    "power_wind": DARK_BLUE, "power_exported": SKY_BLUE, "power_electrolysers": VERMILION, "power_curtailed": GREY,
    "power_photovoltaics": "#8a6d00", "power_fuel_cells": "#7b3294", "power_imported": "#1b7837",
}  # fmt: skip
LABELS = {
    "power_exported": "sold", "power_imported": "bought", "power_missing": "lacking", "price": "day-ahead",
    "price_long": "imbalance, surplus", "price_short": "imbalance, shortage", "hydrogen_stored": "store",
    "hydrogen_in_station": "station", "hydrogen_in_pipeline": "pipeline", "hydrogen_pending": "still asked for",
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A panel of the page: its title, the unit of its variables and the shown one, and which of them it takes."""

    title: str
    units: str
    shown: str
    scale: float
    prefix: str
    is_open: bool = True  # from the start


QUANTITIES = (
    Quantity("Wind speed at hub height", "m s-1", "m/s", 1.0, "wind_speed"),
    Quantity("Power", "W", "MW", 1e-6, "power_"),
    Quantity("Hydrogen in store", "kg", "kg", 1.0, "hydrogen_"),
    Quantity("Price of electricity", "EUR J-1", "EUR/MWh", MEGAWATT_HOUR, "price"),
    Quantity("Energy in the battery", "J", "MWh", 1.0 / MEGAWATT_HOUR, "battery_", False),
    Quantity("Hydrogen flows", "kg s-1", "kg/h", HOUR, "hydrogen_", False),
    Quantity("Heat", "W", "MW", 1e-6, "heat_", False),
)
SAME = "all runs"  # what is the same in all of them is drawn once
SMALL_POWER = 1e6  # below it powers are in kW [W]


def embedded_series(runs: Mapping[str, xr.DataTree]) -> dict[str, Any] | None:
    """Return the series of a run, or of runs next to each other, as data of a page; None where there are none.

    Parameters
    ----------
    runs : mapping of str to xarray.DataTree
        The results by label; the label of a single run is not shown.

    Returns
    -------
    dict or None
        `start` [s since 1970, UTC], `step` [s], `count`; `panels`, each with title, units and its series: label,
        what it means, colour, run, lowest value, width of a level, and its values, 16 bits each, little-endian,
        as Base64. Where there are more than a page holds, `bucket` steps are one value, with the lowest and
        highest of them; `omitted` and `zero` name the series that are left out.
    """
    found = {label: _variables(results) for label, results in runs.items()}
    times = [each["time"].to_numpy() for each in found.values() if each is not None]
    if len(times) != len(runs) or any(not np.array_equal(times[0], each) for each in times) or times[0].size < 2:
        return None
    stamps = times[0]
    chosen, zero = _chosen({label: each for label, each in found.items() if each is not None})
    kept, omitted = _within_budget(chosen, stamps.size)
    count = sum(len(rows) for _, rows in kept)
    if count == 0:
        return None
    bucket = 1 if count * stamps.size <= MOST_VALUES else int(np.ceil(3 * count * stamps.size / MOST_VALUES))
    start = (stamps[0] - np.datetime64(0, "s")) / np.timedelta64(1, "s")
    step = (stamps[1] - stamps[0]) / np.timedelta64(1, "s")
    panels = [
        {
            "title": quantity.title,
            "units": unit,
            "open": quantity.is_open,
            "series": [{**about, **_packed(values, bucket)} for about, values in rows],
        }
        for (quantity, unit), rows in kept
    ]
    return {
        "start": float(start),
        "step": float(step),
        "count": int(stamps.size),
        "bucket": bucket,
        "panels": panels,
        "omitted": omitted,
        "zero": zero,
    }


Row = tuple[dict[str, Any], Floats]
Panel = tuple[tuple[Quantity, str], list[Row]]


def _variables(results: xr.DataTree) -> xr.Dataset | None:
    """Return what varies over the time of a run: its plant, and the wind at the level nearest to 100 m."""
    if "plant" not in results.children or "time" not in results["plant"].dims:
        return None
    plant = results["plant"].to_dataset()
    names = [name for name, each in plant.data_vars.items() if each.dims == ("time",)]
    found = plant[names]
    weather = results["weather"].to_dataset() if "weather" in results.children else xr.Dataset()
    if "wind_speed" in weather and "wind" in results.children and np.array_equal(weather["time"], plant["time"]):
        level = int(np.argmin(np.abs(weather["height"].to_numpy() - 100.0)))
        speed = weather["wind_speed"].isel(height=level)
        about = f"wind speed at {float(speed['height']):g} m"
        found = found.assign(wind_speed=speed.drop_vars("height").assign_attrs(long_name=about, units="m s-1"))
    return found


def _chosen(runs: Mapping[str, xr.Dataset]) -> tuple[list[Panel], list[str]]:
    """Return the panels with their series, and the names of those that are zero throughout."""
    panels: list[Panel] = []
    zero: list[str] = []
    for quantity in QUANTITIES:
        rows: list[Row] = []
        peak = max((_peak(run, quantity) for run in runs.values()), default=0.0)
        unit, scale = quantity.shown, quantity.scale
        if quantity.units == "W" and 0.0 < peak < SMALL_POWER:
            unit, scale = "kW", 1e-3
        names = dict.fromkeys(name for run in runs.values() for name in _names(run, quantity))
        for name in names:
            values = {label: run[name].to_numpy().astype(float) for label, run in runs.items() if name in run}
            if not any(np.any(each) for each in values.values()):
                about_zero = next(run[name].attrs.get("long_name", name) for run in runs.values() if name in run)
                zero.append(str(about_zero))
                continue
            means = str(next(run[name].attrs.get("long_name", "") for run in runs.values() if name in run))
            first = next(iter(values.values()))
            if len(values) == len(runs) and all(
                np.array_equal(first, each, equal_nan=True) for each in values.values()
            ):
                values = {SAME if len(runs) > 1 else "": first}
            for label, each in values.items():
                about = {
                    "label": _label(name, quantity) + (f", {label}" if label else ""),
                    "means": means,
                    "colour": KNOWN_COLOURS.get(name) if len(runs) == 1 else None,
                    "dashed": label not in ("", SAME, next(iter(runs))),
                }
                rows.append((about, each * scale))
        # What differs between runs stands first, and no two lines of a panel have one colour.
        rows.sort(key=lambda row: row[0]["label"].endswith(SAME))
        _colour([about for about, _ in rows])
        if rows:
            panels.append(((quantity, unit), rows))
    return panels, zero


def _colour(rows: Sequence[dict[str, Any]]) -> None:
    """Give a colour to the series of a panel that have none."""
    free = [each for each in COLOURS if each not in {about["colour"] for about in rows}] or list(COLOURS)
    for number, about in enumerate(about for about in rows if about["colour"] is None):
        about["colour"] = free[number % len(free)]


def _names(run: xr.Dataset, quantity: Quantity) -> list[str]:
    """Return the variables of a run that a panel shows."""
    return [
        str(name)
        for name, each in run.data_vars.items()
        if str(name).startswith(quantity.prefix) and each.attrs.get("units") == quantity.units
    ]


def _peak(run: xr.Dataset, quantity: Quantity) -> float:
    """Return the largest value of the variables that a panel shows, in SI."""
    return max((float(np.nanmax(np.abs(run[name].to_numpy()))) for name in _names(run, quantity)), default=0.0)


def _label(name: str, quantity: Quantity) -> str:
    """Return what a series is called in its panel."""
    return LABELS.get(name, name.removeprefix(quantity.prefix).replace("_", " ") or name.replace("_", " "))


def _within_budget(panels: Sequence[Panel], steps: int) -> tuple[list[Panel], list[str]]:
    """Return the panels that a page holds, those that are open from the start first, and the titles of the others."""
    kept: list[Panel] = []
    omitted: list[str] = []
    values = 0
    for panel in sorted(panels, key=lambda each: not each[0][0].is_open):
        more = steps * len(panel[1])
        if panel[0][0].is_open or values + more <= MOST_VALUES:
            kept.append(panel)
            values += more
        else:
            omitted.append(panel[0][0].title)
    return kept, omitted


def _packed(values: Floats, bucket: int) -> dict[str, Any]:
    """Return values as whole numbers of 16 bits; of buckets their mean, lowest and highest."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    width = max((high - low) / LEVELS, MOST_NARROW) if high > low else 1.0
    about = {"low": low, "width": width}
    if bucket == 1:
        return {**about, "values": _coded(values, low, width)}
    whole = np.append(values, np.full(-values.size % bucket, np.nan)).reshape(-1, bucket)
    missing = np.isnan(whole)
    count = np.maximum((~missing).sum(axis=1), 1)
    empty = missing.all(axis=1)
    mean = np.where(empty, np.nan, np.where(missing, 0.0, whole).sum(axis=1) / count)
    lowest = np.where(empty, np.nan, np.where(missing, np.inf, whole).min(axis=1))
    highest = np.where(empty, np.nan, np.where(missing, -np.inf, whole).max(axis=1))
    return {
        **about,
        "values": _coded(mean, low, width),
        "lowest": _coded(lowest, low, width),
        "highest": _coded(highest, low, width),
    }


def _coded(values: Floats, low: float, width: float) -> str:
    """Return values as Base64 of their levels, little-endian; the highest level stands for a missing one."""
    is_known = np.isfinite(values)
    levels = np.where(is_known, np.rint((np.where(is_known, values, low) - low) / width), LEVELS + 1)
    return base64.b64encode(levels.astype("<u2").tobytes()).decode("ascii")
