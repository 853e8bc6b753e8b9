"""Figures of stored and dispensed hydrogen: pressures and level of banks; vehicles, waiting and electricity."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from testsite_sim.common.time_axis import hours_of_day
from testsite_sim.common.units import DAY, HOUR, KILOWATT_HOUR
from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    YELLOW,
    new_figure,
)

BAR = 1e5  # [Pa]
_BANKS = ((DARK_BLUE, "-"), (VERMILION, "--"), (SKY_BLUE, "-."), (GREY, ":"))
_PARTS = (
    ("power_compressor", "compressor", DARK_BLUE, ""),
    ("power_booster", "booster", SKY_BLUE, ""),
    ("power_precooling", "pre-cooling", YELLOW, "...."),
    ("power_auxiliary", "auxiliary", LIGHT_GREY, "////"),
)


def draw_store(store: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw the pressures of banks in the week of the lowest level, and the level over the share of time.

    Parameters
    ----------
    store : xarray.Dataset, dims (time, bank)
        As `simulate_storage` or `simulate_refuelling` of `testsite_sim.plant` gives it: bank_pressure, bank_mass,
        bank_capacity, bank_minimum, bank_rating; bank_store of several stores; buffer_pressure where there is one; the
        attribute step.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: pressures [bar] over the week, level [% of the usable mass] over the share of time.
    """
    step = float(store.attrs["step"])
    usable = store["bank_capacity"] - store["bank_minimum"]
    level = 100.0 * ((store["bank_mass"] - store["bank_minimum"]).sum("bank") / usable.sum("bank"))
    hours = max(round(7.0 * DAY / step), 2)
    first = int(np.clip(int(np.argmin(level.to_numpy())) - hours // 2, 0, max(level.sizes["time"] - hours, 0)))
    week = store.isel(time=slice(first, first + hours))
    share = np.linspace(0.0, 100.0, 201)
    data = xr.Dataset(
        {
            "bank_pressure": (week["bank_pressure"] / BAR).assign_attrs(units="bar"),
            "level": ("share_of_time", np.quantile(level.to_numpy(), 1.0 - share / 100.0), {"units": "%"}),
        },
        coords={"share_of_time": ("share_of_time", share, {"units": "%"})},
    )
    if "buffer_pressure" in store:
        data["buffer_pressure"] = (week["buffer_pressure"] / BAR).assign_attrs(units="bar")
    figure = new_figure(TWO_COLUMNS, 2.8)
    left, right = figure.subplots(1, 2, width_ratios=(2, 1))
    time = week["time"].to_numpy()
    for bank, label in enumerate(_labels_of_banks(store)):
        colour, line = _BANKS[bank % len(_BANKS)]
        left.plot(time, data["bank_pressure"].isel(bank=bank), line, color=colour, label=label)
    if "buffer_pressure" in data:
        left.plot(time, data["buffer_pressure"], color="black", linewidth=0.8, label="buffer")
    rating = float(store["bank_rating"].max()) / BAR
    left.axhline(rating, color=GREY, linewidth=0.8)
    left.annotate(
        f"rated {rating:.0f} bar",
        (0.99, rating),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=7,
        color="#505050",
    )
    left.set_ylim(0.0, 1.12 * rating)
    left.set_ylabel("pressure [bar]")
    left.set_title("Week of the lowest level")
    _days(left, time)
    left.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    right.plot(share, data["level"], color=DARK_BLUE)
    right.fill_between(share, 0.0, data["level"], color=SKY_BLUE, alpha=0.35, linewidth=0.0)
    right.set(xlim=(0.0, 100.0), ylim=(0.0, 102.0), xlabel="share of time at or above [%]", ylabel="usable mass [%]")
    right.set_title("All banks, whole series")
    return figure, data


def _labels_of_banks(store: xr.Dataset) -> list[str]:
    """Return what the banks are called: by their number, and where there are several stores by that of the store."""
    if "bank_store" not in store:
        return [f"bank {number}" for number in range(1, store.sizes["bank"] + 1)]
    of_store = store["bank_store"].to_numpy().tolist()
    return [f"store {k}, bank {of_store[: b + 1].count(k)}" for b, k in enumerate(of_store)]


def _days(axes: Axes, time: NDArray[np.datetime64]) -> None:
    """Label days at their start."""
    days = np.unique(time.astype("datetime64[D]"))
    shown = days[days >= time[0].astype("datetime64[D]")][:: max(1, days.size // 7)]
    axes.set_xticks(shown.astype(time.dtype), [str(day)[5:] for day in shown])
    axes.set_xlim(time[0], time[-1])


def draw_station(station: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw the operation of a refuelling station: served and unserved by month, the day, waiting, electricity per mass.

    Parameters
    ----------
    station : xarray.Dataset, dims (time, arrival)
        As `simulate_refuelling` of `testsite_sim.plant` gives it: hydrogen_dispensed, hydrogen_requested,
        hydrogen_unserved, power_compressor, power_booster, power_precooling, power_auxiliary; vehicle_waiting_time and
        served_mass of the vehicles; the attribute step.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: served and unserved (month) [kg/day], requested and dispensed (hour) [kg/h], share of
        the vehicles that waited no longer (waiting) [%], electricity (part) [kWh/kg].
    """
    step = float(station.attrs["step"])
    time = station["time"].to_numpy()
    months, index = np.unique(time.astype("datetime64[M]"), return_inverse=True)
    days = np.bincount(index) * step / DAY
    hour = hours_of_day(time).astype(int)
    hours = np.maximum(np.bincount(hour, minlength=24), 1) * step / HOUR
    data = xr.Dataset(coords={"month": months.astype(str), "hour": np.arange(24)})
    for name, variable in (("served", "hydrogen_dispensed"), ("unserved", "hydrogen_unserved")):
        mass = np.bincount(index, weights=station[variable].to_numpy()) * step
        data[name] = ("month", mass / days, {"units": "kg/day"})
    for name in ("requested", "dispensed"):
        mass = np.bincount(hour, weights=station[f"hydrogen_{name}"].to_numpy(), minlength=24) * step
        data[name] = ("hour", mass / hours, {"units": "kg/h"})
    # a vehicle that left the queue unserved never started: it counts as one that waited longer than any
    waiting = np.sort(np.nan_to_num(station["vehicle_waiting_time"].to_numpy() / 60.0, nan=np.inf))
    scale = np.linspace(0.0, max(10.0, 1.05 * float(np.max(waiting[np.isfinite(waiting)], initial=0.0))), 201)
    share = 100.0 * np.searchsorted(waiting, scale, side="right") / max(waiting.size, 1)
    data = data.assign_coords(waiting=("waiting", scale, {"units": "min"}))
    data["waited_no_longer"] = ("waiting", share, {"units": "%"})
    dispensed = float(station["hydrogen_dispensed"].sum())
    electricity = [float(station[name].sum()) / max(dispensed, 1e-300) / KILOWATT_HOUR for name, *_ in _PARTS]
    data = data.assign_coords(part=[label for _, label, *_ in _PARTS])
    data["electricity"] = ("part", electricity if dispensed > 0.0 else [0.0] * len(_PARTS), {"units": "kWh/kg"})
    figure = new_figure(TWO_COLUMNS, 4.6)
    (by_month, by_hour), (waits, parts) = figure.subplots(2, 2)
    _draw_months(by_month, data)
    for name, label, colour, line in (
        ("requested", "asked for", VERMILION, "--"),
        ("dispensed", "dispensed", DARK_BLUE, "-"),
    ):
        values = data[name].to_numpy()
        by_hour.step(np.arange(25), np.append(values, values[-1]), line, where="post", color=colour, label=label)
    by_hour.set(xlabel="hour of the day (UTC)", ylabel="hydrogen [kg/h]", xticks=range(0, 25, 3), xlim=(0, 24))
    by_hour.set_ylim(bottom=0.0)
    by_hour.legend()
    waits.plot(scale, share, color=DARK_BLUE)
    waits.set(xlabel="waiting time [min]", ylabel="vehicles that waited\nno longer [%]", ylim=(0.0, 102.0))
    waits.set_xlim(0.0, scale[-1])
    below = 0.0
    for value, (_, label, colour, hatch) in zip(data["electricity"].to_numpy(), _PARTS, strict=True):
        if value > 0.0:
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "#303030", "linewidth": 0.4}
            parts.barh([0.0], [value], left=below, height=0.5, label=f"{label}, {value:.2f}", **look)
            below += float(value)
    parts.set(xlabel=f"electricity per mass dispensed [kWh/kg], {below:.2f} in all", yticks=[], ylim=(-0.4, 1.4))
    parts.grid(visible=False, axis="y")
    if below > 0.0:
        parts.legend(ncols=2, loc="upper left")
    return figure, data


def _draw_months(axes: Axes, data: xr.Dataset) -> None:
    """Draw served and unserved mass, stacked by month."""
    place = np.arange(data.sizes["month"])
    axes.bar(place, data["served"], color=SKY_BLUE, edgecolor="#303030", linewidth=0.4, label="served")
    if float(data["unserved"].sum()) > 0.0:
        look: dict[str, Any] = {"color": LIGHT_GREY, "hatch": "////", "edgecolor": "#303030", "linewidth": 0.4}
        axes.bar(place, data["unserved"], bottom=data["served"], label="not served", **look)
    every = max(1, place.size // 12)
    labels = data["month"].to_numpy()[::every]
    axes.set_xticks(place[::every], labels, rotation=90 if place.size > 4 else 0, fontsize=7)
    axes.set(ylabel="hydrogen [kg/day]", xlabel="month")
    axes.set_ylim(0.0, 1.25 * max(float((data["served"] + data["unserved"]).max()), 1e-9))
    axes.grid(visible=False, axis="x")
    axes.legend(ncols=2, loc="upper right")
