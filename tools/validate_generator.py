"""Hold the weather generator against measured years; print a table, or write it with a figure into a page.

    python tools/validate_generator.py MEASURED.parquet CLIMATE [--years N] [--write]

MEASURED: a table of 10-min values with the columns wind_speed_10m_ms and wind_dir_deg (Westhinder, Meetnet Vlaamse
Banken), which is not part of this repository. Every statistic is computed for each year; measured: the mean over the
years and its 95 % interval; generated: the mean over N years.
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.report.style import DARK_BLUE, GREY, SETTINGS, TWO_COLUMNS, VERMILION, new_figure, save
from testsite_sim.weather.generator import generate_weather
from testsite_sim.weather.statistics import combined, sampling_interval, yearly_statistics
from tools.validation_pages import generator_sentences, tables, with_marked

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation" / "weather.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def measured_record(path: Path) -> xr.Dataset:
    """Return the measured 10-min series as a record; gaps stay."""
    table = pd.read_parquet(path).asfreq("10min")
    stamps = table.index.tz_localize(None).to_numpy().astype("datetime64[ns]")
    columns = {"wind_speed": "wind_speed_10m_ms", "wind_direction": "wind_dir_deg"}
    values = {name: (("time", "height"), table[column].to_numpy()[:, None]) for name, column in columns.items()}
    return xr.Dataset(values, coords={"time": stamps, "height": [10.0]})


def table_of(measured: dict[str, NDArray], generated: dict[str, NDArray]) -> tuple[list[str], int]:
    """Return the rows of the table and how many statistics lie within the interval."""
    intervals, have, found = sampling_interval(measured), combined(measured), combined(generated)
    lines = ["| statistic | measured | 95 % interval | generated | within |", "|---|---|---|---|---|"]
    inside = 0
    for name, value in have.items():
        low, high = intervals[name]
        within = low <= found[name] <= high
        inside += within
        cells = (f"{value:.3f}", f"{low:.3f} to {high:.3f}", f"{found[name]:.3f}", "yes" if within else "**no**")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines, inside


def draw(measured: xr.Dataset, generated: xr.Dataset, statistics: tuple[dict, dict], folder: Path) -> None:
    """Draw distribution, months, autocorrelation, changes, sectors and spectrum of both."""
    figure = new_figure(TWO_COLUMNS, 5.0)
    axes = figure.subplots(2, 3)
    pairs = ((measured, statistics[0], DARK_BLUE, "measured"), (generated, statistics[1], VERMILION, "generated"))
    for record, values, colour, label in pairs:
        fine = record["wind_speed"].isel(height=0).to_numpy()
        speed = fine[: fine.size // 6 * 6].reshape(-1, 6).mean(axis=1)
        edges = np.arange(0.0, 30.5, 1.0)
        density = np.histogram(speed[np.isfinite(speed)], edges, density=True)[0]
        axes[0, 0].plot(0.5 * (edges[1:] + edges[:-1]), density, color=colour, label=label)
        months = [name for name in values if name.startswith("mean of ")]
        _bars(axes[0, 1], np.arange(1, 13), [values[name] for name in months], colour)
        lags = [1, 3, 6, 12, 24, 48, 72]
        _bars(axes[0, 2], np.array(lags), [values[f"autocorrelation {lag} h"] for lag in lags], colour)
        for step, style in ((1, "-"), (6, "--")):
            series = fine if step == 1 else speed
            change = np.diff(series)
            at = np.arange(-12.0, 12.1, 0.5)
            counts = np.histogram(change[np.isfinite(change)], at, density=True)[0]
            name = f"{label}, {'10 min' if step == 1 else '1 h'}"
            axes[1, 0].plot(
                0.5 * (at[1:] + at[:-1]), np.where(counts > 0, counts, np.nan), style, color=colour, label=name
            )
        sectors = [name for name in values if name.startswith("frequency of sector")]
        _bars(axes[1, 1], np.arange(0, 360, 30), [values[name] for name in sectors], colour)
        speeds = [name for name in values if name.startswith("mean speed of sector")]
        _bars(axes[1, 2], np.arange(0, 360, 30), [values[name] for name in speeds], colour)
    labels = (
        ("wind speed [m/s]", "density [s/m]"),
        ("month", "mean wind speed [m/s]"),
        ("lag [h]", "autocorrelation [1]"),
        ("change [m/s]", "density [s/m]"),
        ("direction [°]", "frequency [1]"),
        ("direction [°]", "mean wind speed [m/s]"),
    )
    for axis, (x, y) in zip(axes.flat, labels, strict=True):
        axis.set(xlabel=x, ylabel=y)
    axes[0, 2].set_xscale("log")
    axes[0, 2].set_xticks([1, 3, 6, 12, 24, 72], ["1", "3", "6", "12", "24", "72"])
    axes[0, 2].minorticks_off()
    axes[1, 0].set_yscale("log")
    axes[1, 0].set_yticks([10.0**k for k in range(-6, 1)], ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
    axes[0, 1].set_xticks([1, 4, 7, 10])
    axes[1, 0].set_ylim(1e-9, 2.0)
    axes[1, 0].legend(fontsize=6, loc="lower center")
    axes[0, 0].legend()
    for axis in (axes[1, 1], axes[1, 2]):
        axis.set_xticks([0, 90, 180, 270])
    axes[0, 1].text(
        0.5,
        1.02,
        "bars: 5 to 95 % of single years",
        color=GREY,
        fontsize=6,
        ha="center",
        va="bottom",
        transform=axes[0, 1].transAxes,
    )
    folder.mkdir(parents=True, exist_ok=True)
    save(figure, folder, "weather-generator", ["png"])


def _bars(axis, at: NDArray, values: list[NDArray], colour: str) -> None:
    """Draw the means of a row of statistics with the range of single years."""
    shift = -1 if colour == DARK_BLUE else 1
    width = 0.12 * (at[1] - at[0]) if at[0] != 1 or at[1] != 3 else 0.0
    spread = np.array([np.nanquantile(each, [0.05, 0.95]) for each in values]).T
    means = np.array([np.nanmean(each) for each in values])
    error = np.maximum(np.abs(spread - means), 0.0)
    axis.errorbar(at + shift * width, means, error, fmt="o", ms=2.5, lw=0.8, color=colour)


def main() -> None:
    """Compare, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured", type=Path)
    parser.add_argument("climate")
    parser.add_argument("--years", type=int, default=99)
    parser.add_argument("--write", action="store_true", help="write table and figure into docs/validation")
    arguments = parser.parse_args()
    climate = load_component("climate", arguments.climate, WeatherClimate)
    measured = measured_record(arguments.measured)
    generated = generate_weather(climate, start="2001-01-01", years=arguments.years, step=600.0, seed=2026)
    statistics = yearly_statistics(measured), yearly_statistics(generated)
    lines, inside = table_of(*statistics)
    lines.append("")
    lines.append(f"{inside} of {len(lines) - 3} statistics within the interval; {arguments.years} generated years.")
    print("\n".join(lines))
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        text = before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after
        said = generator_sentences(tables("\n".join(lines))[0])
        PAGE.write_text(with_marked(text, "statements", said), encoding="utf-8")
        with matplotlib.rc_context(SETTINGS):
            draw(measured, generated, statistics, PAGE.parent / "figures")


if __name__ == "__main__":
    main()
