"""Figures of operations at sea: weather windows, what vessels of a campaign do, and the worth of a lift's limits."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.constants import DAY, HOUR
from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    SEQUENTIAL,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    new_figure,
)

_COLOURS = (DARK_BLUE, VERMILION, SKY_BLUE, GREY)


def draw_weather_windows(windows: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw start probability and waiting time of weather windows by month.

    Parameters
    ----------
    windows : xarray.Dataset, dims (duration, month)
        As `testsite_sim.operations.weather_windows` gives it.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: start_probability [1], waiting_time_mean and waiting_time_p90 [hour].
    """
    data = xr.Dataset({"start_probability": windows["start_probability"]})
    for name in ("waiting_time_mean", "waiting_time_p90"):
        data[name] = (windows[name] / HOUR).assign_attrs(units="hour")
    figure = new_figure(TWO_COLUMNS, 2.8)
    left, right = figure.subplots(1, 2)
    for number, duration in enumerate(data["duration"].to_numpy()):
        colour = _COLOURS[number % len(_COLOURS)]
        dashes = "-" if number < len(_COLOURS) else "--"
        label = f"{duration / HOUR:g} h"
        row = data.sel(duration=duration)
        left.plot(data["month"], row["start_probability"], dashes, color=colour, label=label)
        right.plot(data["month"], row["waiting_time_mean"], dashes, color=colour, label=label)
    limits = [
        f"{windows.attrs[name]:g} {unit}"
        for name, unit in (("wave_limit", "m"), ("wind_limit", "m/s"))
        if np.isfinite(windows.attrs[name])
    ]
    left.set(ylabel="Probability of a start at once", ylim=(0.0, 1.0))
    right.set(ylabel="Mean waiting time [hour]")
    right.set_ylim(bottom=0.0)
    for axes in (left, right):
        axes.set(xlabel="Month", xticks=range(1, 13))
    left.legend(title="Window", ncols=2)
    figure.suptitle(f"Weather windows within {' and '.join(limits) or 'any weather'}", fontsize=9)
    return figure, data


def draw_campaign(log: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw what every vessel of a campaign does: a Gantt chart of work at sea, with waiting for weather beside it.

    Parameters
    ----------
    log : xarray.Dataset, dims (event,)
        As `testsite_sim.operations.installation_log` gives it.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: the log.
    """
    phases = list(dict.fromkeys(log["phase"].to_numpy().tolist()))
    rows = [
        (phase, int(vessel))
        for phase in phases
        for vessel in np.unique(log["vessel"].to_numpy()[log["phase"].to_numpy() == phase])
    ]
    figure = new_figure(TWO_COLUMNS, 0.9 + 0.32 * len(rows))
    axes = figure.subplots()
    names, vessels = log["phase"].to_numpy(), log["vessel"].to_numpy()
    first = log["wanted"].to_numpy().min()
    wanted, start, end = (
        (log[name].to_numpy() - first) / np.timedelta64(1, "D") for name in ("wanted", "start", "end")
    )
    for height, (phase, vessel) in enumerate(rows):
        here = (names == phase) & (vessels == vessel)
        waits = list(zip(wanted[here], start[here] - wanted[here], strict=True))
        works = list(zip(start[here], end[here] - start[here], strict=True))
        axes.broken_barh(waits, (height - 0.35, 0.7), facecolors=LIGHT_GREY)
        axes.broken_barh(works, (height - 0.35, 0.7), facecolors=_COLOURS[phases.index(phase) % 3])
    labels = [f"{phase}, vessel {vessel + 1}" if (phase, 1) in rows else phase for phase, vessel in rows]
    axes.set(yticks=range(len(rows)), yticklabels=labels, xlabel=f"Days since {str(first)[:10]}")
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_title(f"Campaign of {log.attrs.get('year', '')}: work, and waiting for weather in grey")
    return figure, log


def draw_limit_sweep(sweep: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw the median duration of a campaign against the limits of one operation.

    Parameters
    ----------
    sweep : xarray.Dataset, dims (wind_limit, wave_limit)
        As `testsite_sim.operations.sweep_limits` gives it.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: duration_p50, duration_p90 [day], cost_p50 [million EUR].
    """
    data = xr.Dataset(
        {
            "duration_p50": (sweep["duration_p50"] / DAY).assign_attrs(units="day"),
            "duration_p90": (sweep["duration_p90"] / DAY).assign_attrs(units="day"),
            "cost_p50": (sweep["cost_p50"] / 1e6).assign_attrs(units="million EUR"),
        }
    )
    figure = new_figure(TWO_COLUMNS, 2.8)
    for axes, name, title in zip(
        figure.subplots(1, 2), ("duration_p50", "cost_p50"), ("Median duration [day]", "Median cost [million EUR]"),
        strict=True,
    ):  # fmt: skip
        values = data[name].transpose("wind_limit", "wave_limit").to_numpy()
        image = axes.imshow(values, origin="lower", aspect="auto", cmap=f"{SEQUENTIAL}_r")
        middle = np.nanmean([np.nanmin(values), np.nanmax(values)])
        for i, j in np.ndindex(*values.shape):
            text = "none" if np.isnan(values[i, j]) else f"{values[i, j]:.0f}"
            colour = "white" if values[i, j] > middle else "black"
            axes.text(j, i, text, ha="center", va="center", color=colour, fontsize=7)
        axes.set(
            xlabel="Limit of wave height [m]", ylabel="Limit of wind speed [m/s]", title=title,
            xticks=range(values.shape[1]), xticklabels=[f"{value:g}" for value in data["wave_limit"].to_numpy()],
            yticks=range(values.shape[0]), yticklabels=[f"{value:g}" for value in data["wind_limit"].to_numpy()],
        )  # fmt: skip
        axes.grid(visible=False)
        figure.colorbar(image, ax=axes)
    return figure, data


def draw_certification(times: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw how long the measurements of a prototype take, by berth and by the month in which they begin.

    Parameters
    ----------
    times : xarray.Dataset, dims (berth, time)
        As `testsite_sim.operations.certification_time` gives it.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data (berth, month): median and 90 % quantile over the starts [day].
    """
    measurements = {"power_performance": "Power curve", "load_measurement": "Capture matrix"}
    by_month = (times[list(measurements)] / DAY).groupby("time.month")
    data = xr.Dataset()
    for share, suffix in ((0.5, "median"), (0.9, "p90")):
        found = by_month.quantile(share).drop_vars("quantile")
        data = data.assign({f"{name}_{suffix}": found[name].assign_attrs(units="day") for name in measurements})
    figure = new_figure(TWO_COLUMNS, 2.8)
    for axes, (name, title) in zip(figure.subplots(1, 2), measurements.items(), strict=True):
        for number, berth in enumerate(data["berth"].to_numpy()):
            row, colour = data.sel(berth=berth), _COLOURS[number % len(_COLOURS)]
            axes.plot(data["month"], row[f"{name}_median"], color=colour, label=str(berth))
            axes.plot(data["month"], row[f"{name}_p90"], "--", color=colour)
        axes.set(title=title, xlabel="Month of the start", ylabel="Duration [day]", xticks=range(1, 13))
        axes.set_ylim(bottom=0.0)
    figure.legend(*axes.get_legend_handles_labels(), title="Berth (dashed: P90)", loc="outside right upper")
    return figure, data
