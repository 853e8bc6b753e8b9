"""Compare two profiles over the sea where neither saw the levels or the gusts; write the table of decision 010.

    python tools/compare_profiles.py [--data FOLDER]

The first rows need what is packaged, the last the ten-minute winds and gusts of Westhinder in FOLDER.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather import Profile, at_hub_heights, at_sensor_height, open_record
from tools.validation_pages import with_marked

PAGE = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "010-wind-from-the-coast.md"
RECORD, TOP, SHEAR = "hollandse-kust-noord-2023", 100.0, 0.08
GUSTS = "westhinder_10min_2015_2025.parquet"
YEARS, SPEEDS, LEVEL = ("2016", "2022"), (6.0, 12.0), 10.0  # of the gusts; [m/s], [m]
SENSORS = (10.0, 15.0, 20.0, 25.0, 30.0, 40.0)  # [m] heights that the sensor of Westhinder may have
CHANGED = "2023-10-17"  # last day of the old sensor
BIN = 0.1  # [m/s] to which values are written
KARMAN, GRAVITY, NEUTRAL, LAYER = 0.4, 9.81, 2.29, 600.0  # deviation over friction velocity, depth [m]
Floats = NDArray[np.float64]


def climate() -> AirSeaClimate:
    """Return air and sea of the southern North Sea."""
    return load_component("air-sea", "southern-north-sea", AirSeaClimate)


def errors(made: Floats, true: Floats, rows: NDArray[np.bool_], month: Floats) -> tuple[float, float, float]:
    """Return mean error, standard deviation of the hour and of the months, of logarithms of wind."""
    months = [np.log(made[rows & (month == k)].mean() / true[rows & (month == k)].mean()) for k in range(1, 13)]
    mean = float(np.log(made[rows].mean() / true[rows].mean()))
    return mean, float(np.log(made[rows] / true[rows]).std()), float(np.std(months))


def of_the_record(base: float, low: float, high: float, own_exponent: bool) -> list[tuple[float, float, float]]:
    """Return the errors at 100 m from one level, of the power law and of the profile without and with temperatures."""
    whole, month = open_record(RECORD), None
    true = whole["wind_speed"].sel(height=TOP).to_numpy()
    month = whole["time"].dt.month.to_numpy()
    level = whole.sel(height=[base])
    level["air_temperature"].attrs["height"] = 1.0
    wind = level["wind_speed"].to_numpy()[:, 0]
    power = wind * (true.mean() / wind.mean() if own_exponent else (TOP / base) ** SHEAR)
    made = [power]
    for record in (level.drop_vars("air_temperature"), level):
        found = at_hub_heights(record, [TOP], profile=Profile("monin-obukhov", air_sea=climate()))
        made.append(found["wind_speed"].to_numpy()[:, 0])
    rows = (wind > low) & (wind < high)
    return [errors(each, true, rows, month) for each in made]


def turbulence(difference: Floats, wind: Floats, height: float = LEVEL) -> Floats:
    """Return the turbulence intensity that surface-layer theory gives at a height, mean over the unknown part (hour,).

    Bulk Richardson number, functions of Businger and Dyer, Charnock 0.014, and Panofsky et al. (1977) for the
    deviation in unstable air.
    """
    nodes, weights = np.polynomial.hermite.hermgauss(9)
    spread = float(climate().difference.spread)
    total = np.zeros_like(wind)
    for node, weight in zip(nodes, weights, strict=True):
        richardson = GRAVITY * height * (difference + spread * np.sqrt(2.0) * node + 0.1) / (283.0 * wind**2)
        stable = 10.0 * richardson / np.maximum(1.0 - 5.0 * richardson, 0.2)
        z = np.clip(np.where(richardson < 0.0, 10.0 * richardson, stable), -5.0, 2.0)
        x = (1.0 - 16.0 * np.minimum(z, 0.0)) ** 0.25
        unstable = 2.0 * np.log((1.0 + x) / 2.0) + np.log((1.0 + x**2) / 2.0) - 2.0 * np.arctan(x) + np.pi / 2.0
        psi = np.where(z < 0.0, unstable, -5.0 * z)
        roughness = 0.014 * (0.036 * wind) ** 2 / GRAVITY
        friction = KARMAN / (np.log(height / roughness) - psi)
        deviation = np.where(z < 0.0, (12.0 + 0.5 * LAYER * np.maximum(-z, 0.0) / height) ** (1.0 / 3.0), NEUTRAL)
        total += weight / np.sqrt(np.pi) * friction * deviation
    return total


def of_the_gusts(data: Path, height: float = LEVEL) -> tuple[float, float]:
    """Return correlation and slope over the months of gust factor less one and turbulence (logarithms).

    The theory is that of a sensor at the height [m], whose wind was reduced to 10 m by the neutral profile.
    """
    table = pd.read_parquet(data / GUSTS)
    table.index = pd.DatetimeIndex(table.index).tz_convert(None)
    table = table.loc[YEARS[0] : YEARS[1]].dropna()
    angle = np.radians(table.pop("wind_dir_deg"))
    hours = table.assign(east=np.sin(angle), north=np.cos(angle)).resample("h").mean()
    whole = table["wind_speed_10m_ms"].resample("h").count() == 6
    known = whole.to_numpy()
    hours = hours.interpolate()
    wind = hours["wind_speed_10m_ms"].to_numpy()
    direction = np.degrees(np.arctan2(hours["east"], hours["north"])).to_numpy() % 360.0
    record = xr.Dataset(
        {
            "wind_speed": (("time", "height"), wind[:, None], {"units": "m/s"}),
            "wind_direction": (("time", "height"), direction[:, None], {"units": "degree"}),
        },
        coords={"time": hours.index.to_numpy(), "height": ("height", [LEVEL], {"units": "m"})},
    )
    record = at_sensor_height(record, height if height > LEVEL else None)
    raised = record["wind_speed"].to_numpy()[:, 0]
    made = at_hub_heights(record, [90.0], profile=Profile("monin-obukhov", air_sea=climate()))
    theory = turbulence(made["air_sea_temperature_difference"].to_numpy(), np.maximum(raised, 0.1), height)
    gust = hours["gust3s_10m_ms"].to_numpy() / np.maximum(wind, 0.1) - 1.0
    rows = known & (wind > SPEEDS[0]) & (wind < SPEEDS[1])
    month = pd.DatetimeIndex(hours.index).month.to_numpy()
    measured = np.log([np.median(gust[rows & (month == k)]) for k in range(1, 13)])
    expected = np.log([theory[rows & (month == k)].mean() for k in range(1, 13)])
    return float(np.corrcoef(expected, measured)[0, 1]), float(np.polyfit(expected, measured, 1)[0])


def comb(values: Floats) -> tuple[float, float]:
    """Return the frequency [1 per bin] and size of the strongest comb in how often each written value stands.

    The counts of the bins from 3 to 16 m/s over their running mean, whose mean is 1; a comb of steps of another scale
    shows at its own frequency or at that less a whole number.
    """
    counts = np.bincount(np.round(values / BIN).astype(np.int64), minlength=300)[:300].astype(np.float64)
    ratio = counts / np.maximum(np.convolve(counts, np.ones(11) / 11.0, "same"), 1.0)
    bins = np.arange(30, 160)
    frequencies = np.linspace(0.1, 0.5, 2001)
    wave = np.exp(-2j * np.pi * np.outer(frequencies, bins))
    size = 2.0 * np.abs(wave @ (ratio[bins] - 1.0)) / bins.size
    best = int(np.argmax(size))
    return float(frequencies[best]), float(size[best])


def sensor_lines(data: Path) -> list[str]:
    """Return the lines of what the gusts of Westhinder say of its sensor."""
    lines = [
        "| sensor at | season of the gust factor: correlation with theory | slope of logarithms |",
        "|---|---|---|",
    ]
    for height in SENSORS:
        r, slope = of_the_gusts(data, height)
        lines.append(f"| {height:g} m | {r:.2f} | {slope:.2f} |")
    table = pd.read_parquet(data / GUSTS)
    table.index = pd.DatetimeIndex(table.index).tz_convert(None)
    found = []
    for name, part in (("until", table.loc[:CHANGED]), ("after", table.loc[CHANGED:].iloc[144:])):
        frequency, size = comb(part["gust3s_10m_ms"].dropna().to_numpy())
        mean = comb(part["wind_speed_10m_ms"].dropna().to_numpy())[1]
        found.append(
            f"{name} 17 October 2023 a wave of {frequency:.3f} to a bin and {100.0 * size:.0f} % of the mean in the "
            f"gusts, the strongest in the means {100.0 * mean:.0f} %"
        )
    lines += ["", f"How often each written value of 0.1 m/s stands: {'; '.join(found)}."]
    return lines


def table_lines(data: Path | None) -> list[str]:
    """Return the lines of the table."""
    lines = [
        "| test | power law | monin-obukhov, temperatures of the climate | with the air temperature of the hour |",
        "|---|---|---|---|",
    ]
    tests = (
        ("50 to 100 m, exponent 0.08 (the climate's fit saw nothing above 50 m)", (50.0, 3.0, 25.0, False)),
        (
            "1 to 100 m, exponent of the record's own means (the climate was fitted to the months at 50 m)",
            (1.0, 2.0, 20.0, True),
        ),
    )
    for name, how in tests:
        found = of_the_record(*how)
        for k, what in enumerate(("mean", "standard deviation of the hour", "standard deviation of the month")):
            sign = "+" if k == 0 else ""
            lines.append(f"| {name}: {what} | " + " | ".join(f"{100.0 * each[k]:{sign}.1f} %" for each in found) + " |")
    if data is not None and (data / GUSTS).is_file():
        r, slope = of_the_gusts(data)
        what = f"gust factor at Westhinder, {YEARS[0]} to {YEARS[1]}, 6 to 12 m/s, over the months"
        lines.append(f"| {what} | no season | correlation {r:.2f}, slope of logarithms {slope:.1f} | no temperature |")
    return lines


def main() -> None:
    """Write the table into the decision."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the measurements")
    data = parser.parse_args().data
    lines = table_lines(data)
    page = with_marked(PAGE.read_text(encoding="utf-8"), "profiles", lines)
    if data is not None and (data / GUSTS).is_file():
        sensor = sensor_lines(data)
        page = with_marked(page, "sensor", sensor)
        lines += ["", *sensor]
    PAGE.write_text(page, encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
