"""The wind rose: how often the wind blows from where, in classes of speed."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import ONE_COLUMN, new_figure

SECTORS = 12
CLASSES = (0.0, 4.0, 8.0, 12.0, 16.0, np.inf)
COLOURS = ("#f2f2f2", "#bdd7e7", "#6baed6", "#2171b5", "#08306b")


def wind_rose_table(results: xr.DataTree) -> xr.Dataset:
    """Return the share of time in each sector and speed class, at the hub height nearest to 100 m."""
    weather = results["weather"].to_dataset()
    level = weather.isel(height=int(np.argmin(np.abs(weather["height"].to_numpy() - 100.0))))
    width = 360.0 / SECTORS
    sector = np.floor((level["wind_direction"].to_numpy() + 0.5 * width) / width).astype(int) % SECTORS
    speed_class = np.searchsorted(np.array(CLASSES[1:]), level["wind_speed"].to_numpy(), side="right")
    share = np.zeros((SECTORS, len(COLOURS)))
    np.add.at(share, (sector, speed_class), 1.0 / sector.size)
    return xr.Dataset(
        {"share_of_time": (("direction", "speed_from"), share)},
        coords={"direction": np.arange(SECTORS) * width, "speed_from": list(CLASSES[:-1])},
        attrs={"height": float(level["height"])},
    )


def draw_wind_rose(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the rose: bars by sector, speed classes from pale to dark outwards."""
    table = wind_rose_table(results)
    share = table["share_of_time"].to_numpy() * 100.0
    figure = new_figure(ONE_COLUMN, 4.0)
    axes = figure.add_subplot(projection="polar")
    axes.set_theta_zero_location("N")  # type: ignore[attr-defined]
    axes.set_theta_direction(-1)  # type: ignore[attr-defined]
    angles = np.radians(table["direction"].to_numpy())
    bottom = np.zeros(SECTORS)
    for k, colour in enumerate(COLOURS):
        last = k == len(COLOURS) - 1
        label = f"{CLASSES[k]:g} and more" if last else f"{CLASSES[k]:g} to {CLASSES[k + 1]:g}"
        axes.bar(
            angles,
            share[:, k],
            width=2.0 * np.pi / SECTORS * 0.9,
            bottom=bottom,
            color=colour,
            edgecolor="#303030",
            linewidth=0.5,
            label=label,
        )
        bottom += share[:, k]
    axes.set_xticks(angles[::3], ["N", "E", "S", "W"])
    ticks = np.arange(5.0, bottom.max() + 5.0, 5.0)
    axes.set_yticks(ticks, [""] * ticks.size)
    # Between the two sectors that reach least far together, and over the bars.
    between = angles[int(np.argmin(bottom + np.roll(bottom, -1)))] + np.pi / SECTORS
    for tick in ticks:
        back = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.5}
        axes.text(between, tick, f"{tick:g} %", ha="center", va="center", zorder=5, bbox=back)
    axes.set_title(f"Share of time by direction, at {table.attrs['height']:g} m")
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, title="wind speed [m/s]", loc="outside lower center", ncols=3)
    return figure, table
