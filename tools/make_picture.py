"""Draw the picture of the README and of the site: a fleet with its wakes, a week of its plant, what hydrogen costs.

python tools/make_picture.py [--members 60]

Everything in it is simulated here: the flow through the 399 turbines of the Belgian zone, the week of the test site,
and an ensemble of the test site in generated weather.
"""

import argparse
import io
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

import testsite_sim as ts
from testsite_sim.output.files import write_whole
from testsite_sim.output.results import in_shown_units
from testsite_sim.report.style import (
    DARK_BLUE,
    LIGHT_GREY,
    SEQUENTIAL,
    SETTINGS,
    SKY_BLUE,
    TWO_COLUMNS,
    USES_OF_POWER,
    VERMILION,
    new_figure,
)

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "_static" / "at-a-glance.png"
TEST_SITE = "flanders-wind-farm/test-site"
HEIGHT = 105.0  # m, of the map: about the mean hub of the zone
STEP = 75.0  # m, of its grid


def draw_wakes(ax: Axes, figure: Figure) -> None:
    """Draw the wind at hub height over the Belgian zone, from the south-west at 9 m/s."""
    farm = ts.wind.build_farm(ts.load("flanders-wind-farm/belgian-zone").scenario.farm)
    east, north = np.asarray(farm.x), np.asarray(farm.y)
    x = np.arange(east.min() - 2000.0, east.max() + 4000.0, STEP)
    y = np.arange(north.min() - 2000.0, north.max() + 4000.0, STEP)
    wind = {"wind_speed": ("time", [9.0]), "wind_direction": ("time", [230.0]), "turbulence_intensity": 0.06}
    flow = ts.wind.flow_map(farm, xr.Dataset(wind), x, y, HEIGHT, "nygaard-2022")["wind_speed"].isel(time=0)
    image = ax.pcolormesh(
        (x - x[0]) / 1e3, (y - y[0]) / 1e3, flow, cmap=SEQUENTIAL, vmin=4.5, vmax=9.0, rasterized=True
    )
    ax.set(title="399 turbines and their wakes", aspect="equal", xlabel="east [km]", ylabel="north [km]")
    ax.grid(False)
    figure.colorbar(image, ax=ax, label="wind speed [m/s]", shrink=0.8, pad=0.02)


def draw_week(ax: Axes) -> None:
    """Draw what becomes of the power of the test site in a week of March, and the price."""
    week = {"weather.start": "2023-03-01", "weather.end": "2023-04-01", "economics.scale_to_year": "by-repetition"}
    plant = in_shown_units(ts.load(TEST_SITE, week).run().results["plant"].to_dataset())
    plant = plant.sel(time=slice("2023-03-11", "2023-03-17"))
    hours = (plant["time"] - plant["time"][0]) / np.timedelta64(1, "D")
    names = [name for name, *_ in USES_OF_POWER]
    ax.stackplot(
        hours,
        *[plant[name] for name in names],
        colors=[SKY_BLUE, DARK_BLUE, LIGHT_GREY],
        labels=["exported", "electrolyser", "curtailed"],
        step="post",
    )
    ax.set(title="a week, balanced by hydrogen", xlabel="day", ylabel="power [MW]", xlim=(0, 7), ylim=(0, 125))
    price = ax.twinx()
    price.step(hours, plant["price"], where="post", color=VERMILION, lw=0.9)
    price.set_ylim(-20.0, 320.0)
    price.set_ylabel("price [EUR/MWh]", color=VERMILION)
    price.grid(False)
    ax.legend(loc="upper left", ncols=3, fontsize=6.5, columnspacing=0.8, handlelength=1.2)


def draw_cost(ax: Axes, members: int) -> None:
    """Draw the levelised cost of hydrogen over the members of an ensemble, with its P10 and P90."""
    section = {
        "members": members,
        "weather": {"kind": "generator", "climate": "flemish-site"},
        "flow": "table",
        "seed": 1,
    }
    run = ts.load(TEST_SITE, {"ensemble": section}).run(execution=ts.ExecutionOptions(workers=2))
    cost = run.results["members"]["levelised_cost_of_hydrogen"].values[1:]
    ax.hist(cost, bins=12, color=SKY_BLUE, edgecolor="white", lw=0.5)
    for percent in (10, 50, 90):
        value = float(np.percentile(cost, percent))
        ax.axvline(value, color=DARK_BLUE, lw=1.0, ls="-" if percent == 50 else "--")
        ax.text(value, 1.01, f"P{percent}", transform=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=6.5)
    ax.set_title("what it costs, and how sure", pad=12)
    ax.set(xlabel="levelised cost of hydrogen [EUR/kg]", ylabel="members")


def make_picture(members: int) -> Figure:
    """Return the picture of three panels."""
    figure = new_figure(TWO_COLUMNS, 4.9)
    grid = figure.add_gridspec(2, 2, width_ratios=[1.15, 1.0])
    draw_wakes(figure.add_subplot(grid[:, 0]), figure)
    draw_week(figure.add_subplot(grid[0, 1]))
    draw_cost(figure.add_subplot(grid[1, 1]), members)
    return figure


def main() -> None:
    """Draw the picture and write it as a PNG of few colours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=60)
    whole = io.BytesIO()
    members = parser.parse_args().members
    with matplotlib.rc_context(SETTINGS):
        make_picture(members).savefig(whole, format="png", dpi=160)
    small = io.BytesIO()
    Image.open(whole).convert("RGB").quantize(128).save(small, format="png", optimize=True)
    write_whole(PICTURE, small.getvalue())
    print(f"{PICTURE}: {len(small.getvalue()) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
