"""Figures of operations at sea: weather windows, vessels of a campaign, the effect of a lift's limits, berths."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.installation import TECHNICAL_STOPS
from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    SEQUENTIAL,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    YELLOW,
    new_figure,
)

_COLOURS = (DARK_BLUE, VERMILION, SKY_BLUE, GREY)
# activities of a vessel during a campaign: colour, hatch, label
_ACTIVITIES = (
    (DARK_BLUE, "", "work"),
    (SKY_BLUE, "", "technical stops"),
    (LIGHT_GREY, "", "waiting for weather"),
    (YELLOW, "", "waiting for an earlier phase"),
)


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
    left.set(ylabel="Probability of an immediate start", ylim=(0.0, 1.0))
    right.set(ylabel="Mean waiting time [hour]")
    right.set_ylim(bottom=0.0)
    for axes in (left, right):
        axes.set(xlabel="Month", xticks=range(1, 13))
    left.legend(title="Window", ncols=2)
    figure.suptitle(f"Weather windows within {' and '.join(limits) or 'any weather'}", fontsize=9)
    return figure, data


def draw_campaign(log: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw the activities of every vessel of a campaign: a Gantt chart of work, technical stops and waiting.

    Parameters
    ----------
    log : xarray.Dataset, dims (event,)
        As `testsite_sim.operations.installation_log` gives it; where its attribute `span` [s] is set, the axis has that
        length, so that the charts of several strategies can be compared.

    Returns
    -------
    tuple[Figure, xarray.Dataset]
        The figure, and its data: the log.
    """
    phases = list(dict.fromkeys(log["phase"].to_numpy().tolist()))
    names, vessels = log["phase"].to_numpy(), log["vessel"].to_numpy()
    rows = [(phase, int(vessel)) for phase in phases for vessel in np.unique(vessels[names == phase])]
    figure = new_figure(TWO_COLUMNS, 1.3 + 0.32 * len(rows))
    axes = figure.subplots()
    first = np.datetime64(log.attrs["start"])
    ready, start, end = ((log[name].to_numpy() - first) / np.timedelta64(1, "D") for name in ("ready", "start", "end"))
    stops = log["operation"].to_numpy() == TECHNICAL_STOPS
    for height, (phase, vessel) in enumerate(rows):
        here = (names == phase) & (vessels == vessel)
        order = np.flatnonzero(here)[np.argsort(ready[here], kind="stable")]
        idle = ready[order[1:]] - end[order[:-1]]
        spans_of = (
            (start[here & ~stops], (end - start)[here & ~stops]),
            (start[here & stops], (end - start)[here & stops]),
            (ready[here], (start - ready)[here]),
            (end[order[:-1]], np.maximum(idle, 0.0)),
        )
        for (spans, widths), (colour, hatch, _) in zip(spans_of, _ACTIVITIES, strict=True):
            bars = list(zip(spans, widths, strict=True))
            axes.broken_barh(bars, (height - 0.35, 0.7), facecolors=colour, hatch=hatch, linewidth=0.0)
    labels = [f"{phase}, vessel {vessel + 1}" if (phase, 1) in rows else phase for phase, vessel in rows]
    axes.set(yticks=range(len(rows)), yticklabels=labels, xlabel=f"Days since {log.attrs['start']}")
    axes.set_xlim(0.0, 1.02 * float(log.attrs.get("span", end.max() * DAY)) / DAY)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_title(f"Campaign of {log.attrs.get('year', '')}")
    keys = [Patch(facecolor=colour, hatch=hatch, label=label) for colour, hatch, label in _ACTIVITIES]
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys))
    return figure, log


def draw_limit_sweep(sweep: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw median duration and median cost of a campaign against the limits of one operation.

    Numbers have a decimal where whole ones would hide the differences; the title gives the same of the rival strategy,
    where the sweep names one, and a frame marks where the swept one is cheaper or faster than it.

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
    figure = new_figure(TWO_COLUMNS, 3.1)
    rival = sweep.attrs.get("rival")
    units = {"duration_p50": ("days", DAY), "cost_p50": ("million EUR", 1e6)}
    for axes, name, title in zip(
        figure.subplots(1, 2), units, ("Median duration [day]", "Median cost [million EUR]"), strict=True
    ):
        values = data[name].transpose("wind_limit", "wave_limit").to_numpy()
        image = axes.imshow(values, origin="lower", aspect="auto", cmap=f"{SEQUENTIAL}_r")
        known = values[np.isfinite(values)]
        middle = 0.5 * (known.min() + known.max()) if known.size else 0.0
        digits = 0 if known.size and np.ptp(known) >= 5.0 * values.size**0.5 else 1
        other = float(sweep.attrs[f"rival_{name}"]) / units[name][1] if rival else np.nan
        for i, j in np.ndindex(*values.shape):
            text = "not\nreached" if np.isnan(values[i, j]) else f"{values[i, j]:.{digits}f}"
            colour = "white" if values[i, j] > middle else "black"
            axes.text(j, i, text, ha="center", va="center", color=colour, fontsize=7)
            if values[i, j] < other:
                axes.add_patch(Rectangle((j - 0.46, i - 0.46), 0.92, 0.92, fill=False, edgecolor=colour, linewidth=0.8))
        below = f"{rival}: {other:.{digits}f} {units[name][0]}" if np.isfinite(other) else f"{rival}: not reached"
        axes.set(xlabel="Limit of wave height [m]", ylabel="Limit of wind speed [m/s]")
        axes.set_title(f"{title}\n{below}" if rival else title)
        axes.set_xticks(range(values.shape[1]), [f"{value:g}" for value in data["wave_limit"].to_numpy()])
        axes.set_yticks(range(values.shape[0]), [f"{value:g}" for value in data["wind_limit"].to_numpy()])
        axes.grid(visible=False)
        figure.colorbar(image, ax=axes)
    if rival:
        figure.supxlabel(f"Framed: below {rival}", fontsize=7.5)
    return figure, data


def draw_certification(times: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw how long the measurements of a prototype take, by berth and by the month in which they start.

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
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        title="Berth (line: median, dashed: P90)",
        loc="outside lower center",
        ncols=min(len(labels), 6),
    )
    return figure, data
