"""Hold the wind fleet against measurements and write docs/validation/wind.md with its figures.

Run as `PYTHONPATH=.:kernels python tools/validate_wind.py SHARED`, where SHARED holds data/validate and
oracles/wind/measured, which are not part of this repository.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.api import load
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.loading import load_component
from testsite_sim.report.style import SETTINGS, TWO_COLUMNS, new_figure, save
from testsite_sim.wind import (
    Farm,
    Turbine,
    build_farm,
    simulate_farm_averaged,
)
from testsite_sim.wind.mechanisms import Mechanisms
from testsite_sim.wind.simulation import simulate
from tools.scorecard.rows import HORNS_REV
from tools.validation_pages import marked

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation" / "wind.md"
FIGURES = PAGE.parent / "figures"
MODELS = ("noj", "bastankhah", "niayifar_crespo", "niayifar-2016", "nygaard-2022")
DEVIATION = float(HORNS_REV["deviation"])  # of the direction [degree], of the data themselves
FARMS_OF_2015 = ("C-Power 1 (demo)", "C-Power 2", "C-Power 3", "Belwind", "Belwind Haliade demo", "Northwind")
SHEAR = 0.08  # IEA Wind 740-10-MW reference plant at Borssele
INTENSITY = 0.065  # the same, at 13 m/s
AVAILABILITY = 0.955  # Thornton Bank, 94 and 97 %
RESTART = 3.0  # [m/s] assumption
SCENARIO = "flanders-wind-farm/belgian-zone-2015"  # whose losses are taken


def horns_rev_row(shared: Path) -> tuple[str, dict[str, np.ndarray], np.ndarray]:
    """Return a table, the power of each row per model, and the measured one (8 m/s, 270 ± 2.5 degrees)."""
    measured = np.loadtxt(next((shared / "oracles/wind/measured").glob("*.dat")), comments="#")[:, 1]
    measured = measured / measured[0]
    with xr.open_dataset(ROOT / "tests/oracles/horns_rev_1_wakes.nc") as oracle:
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
        farm = Farm(oracle["x"], oracle["y"], turbine)
    y = np.asarray(farm.y)
    rank = np.argsort(np.argsort(y.reshape(10, 8), axis=1), axis=1)  # ten columns of eight, from the west
    inner = (rank > 0) & (rank < 7)
    case = xr.Dataset(
        {"wind_speed": ("time", [8.0]), "wind_direction": ("time", [270.0]), "turbulence_intensity": 0.07}
    )
    found = {}
    lines = ["| model | " + " | ".join(f"{k + 1}" for k in range(10)) + " | RMSE |", "|---" * 12 + "|"]
    lines.append("| measured | " + " | ".join(f"{value:.3f}" for value in measured) + " | |")
    for name in MODELS:
        power = simulate_farm_averaged(farm, case, name, standard_deviation=DEVIATION, half_width=2.5)[
            "power"
        ].to_numpy()[0]
        row = np.array([power.reshape(10, 8)[k][inner[k]].mean() for k in range(10)])
        found[name] = row / row[0]
        error = np.sqrt(np.mean((found[name] - measured) ** 2))
        lines.append(f"| `{name}` | " + " | ".join(f"{value:.3f}" for value in found[name]) + f" | {error:.3f} |")
    return "\n".join(lines), found, measured


def belgium_2015(shared: Path) -> tuple[pd.DataFrame, dict[str, float], pd.DataFrame]:
    """Return hourly power by model compared with the meter, the loss budget, and the table of models."""
    data = pd.read_csv(shared / "data/validate/belgium_2015_hourly.csv.gz", index_col=0, parse_dates=True)
    data["wind"] = data[["ws10_westhinder", "ws10_wandelaar"]].mean(axis=1)
    data = data.dropna(subset=["wind", "wd_westhinder", "offshore_MW"])
    zone = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    kept = [k for k, farm in enumerate(zone.farms or ()) if farm in FARMS_OF_2015]
    turbines = zone.turbines
    fleet = Farm(np.asarray(zone.x)[kept], np.asarray(zone.y)[kept], [turbines[k] for k in kept])
    speed = data["wind"].to_numpy()[:, None] * (fleet.per_turbine("hub_height") / 10.0) ** SHEAR
    inflow = xr.Dataset(
        {
            "wind_speed": (("time", "turbine"), speed),
            "wind_direction": ("time", data["wd_westhinder"].to_numpy() % 360.0),
            "turbulence_intensity": INTENSITY,
        }
    )
    # hours that are known, one after the other: a storm's hysteresis goes on over those that are not
    inflow = inflow.assign_coords(time=data.index[0].to_datetime64() + np.arange(len(data)) * np.timedelta64(1, "h"))
    rated = fleet.per_turbine("rated_power").sum()
    operations = load(SCENARIO).scenario.wind_farm.operations
    losses = operations.losses
    table, hourly, budget = [], pd.DataFrame({"meter": data["offshore_MW"].to_numpy()}, index=data.index), {}
    for name in MODELS:
        found = simulate(
            fleet,
            inflow,
            Mechanisms(
                storms=RESTART,
                wakes=name,
                availability=AVAILABILITY,
                performance=float(losses.performance),
                environmental=float(losses.environmental),
                cables=(float(operations.electrical.no_load), float(operations.electrical.at_rated_power)),
            ),
        )
        net = found["power_delivered"].to_numpy() / 1e6
        hourly[name] = net
        meter = hourly["meter"].to_numpy()
        table.append(
            {
                "model": name,
                "energy [GWh]": net.sum() / 1e3,
                "capacity factor": net.mean() / rated * 1e6,
                "energy against meter": net.sum() / meter.sum() - 1.0,
                "r": np.corrcoef(net, meter)[0, 1],
                "RMSE [MW]": np.sqrt(np.mean((net - meter) ** 2)),
            }
        )
        if name == "nygaard-2022":
            budget = factors(found, rated * len(data) * 3600.0)
    budget["metered"] = hourly["meter"].mean() / rated * 1e6
    hourly["direction"] = data["wd_westhinder"].to_numpy() % 360.0
    return hourly, budget, pd.DataFrame(table)


def factors(found: xr.Dataset, most: float) -> dict[str, float]:
    """Return the gross capacity factor, the factor of each mechanism that takes something, and the net."""
    energy = found["energy_after"].to_series()
    after = energy[energy.diff().fillna(1.0) != 0.0]
    named = {"wakes": "wakes (nygaard-2022)", "storms": f"storms, restart {RESTART:g} m/s below cut-out"}
    budget = {"gross, no losses": float(after.iloc[0]) / most}
    for before, (name, left) in zip(after, list(after.items())[1:], strict=False):
        budget[named.get(str(name), str(name))] = left / before
    budget["net, product"] = float(np.prod(list(budget.values())))
    return budget


def draw(found: dict[str, np.ndarray], measured: np.ndarray, hourly: pd.DataFrame) -> None:
    """Draw both comparisons."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 2.8)
        axes = figure.add_subplot()
        place = np.arange(1, 11)
        axes.plot(place, measured, "ko", label="measured")
        styles = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
        for style, (name, row) in zip(styles, found.items(), strict=True):
            axes.plot(place, row, linestyle=style, label=name)
        axes.set_xlabel("turbine in the row, from upstream")
        axes.set_ylabel("power over that of the first [1]")
        axes.set_xticks(place)
        axes.legend(ncols=2)
        save(figure, FIGURES, "horns-rev-1-row", ("png",))

        figure = new_figure(TWO_COLUMNS, 4.4)
        left, right = figure.subplots(1, 2)
        net, meter = hourly["nygaard-2022"], hourly["meter"]
        left.hexbin(net, meter, gridsize=45, bins="log", cmap="Greys", mincnt=1)
        left.plot([0, 712], [0, 712], "k--", linewidth=0.8)
        left.set_xlabel("simulated, nygaard-2022 [MW]")
        left.set_ylabel("metered [MW]")
        left.set_aspect("equal")
        sector = (((hourly["direction"] + 15.0) // 30.0) % 12).astype(int)
        by = hourly.groupby(sector)[["nygaard-2022", "bastankhah", "meter"]].mean()
        for style, name in (("-", "nygaard-2022"), ("--", "bastankhah")):
            right.plot(
                by.index * 30, 100.0 * (by[name] / by["meter"] - 1.0), style, marker="o", markersize=3, label=name
            )
        right.axhline(0.0, color="black", linewidth=0.6)
        right.set_xlabel("wind direction [degree]")
        right.set_ylabel("mean power against the meter [%]")
        right.legend()
        save(figure, FIGURES, "belgium-2015", ("png",))


def main() -> None:
    """Write the page."""
    shared = Path(sys.argv[1])
    row_table, found, measured = horns_rev_row(shared)
    hourly, budget, models = belgium_2015(shared)
    draw(found, measured, hourly)
    seasons = {1: "winter", 2: "spring", 3: "summer", 4: "autumn"}
    season = hourly.groupby(pd.DatetimeIndex(hourly.index).month % 12 // 3 + 1)[["nygaard-2022", "meter"]].mean()
    season_rows = "\n".join(
        f"| {seasons[int(k)]} | {row['nygaard-2022']:.0f} | {row['meter']:.0f} | "
        f"{100 * (row['nygaard-2022'] / row['meter'] - 1):+.1f} % |"
        for k, row in season.iterrows()
    )
    model_rows = "\n".join(
        f"| `{row['model']}` | {row['energy [GWh]']:.0f} | {row['capacity factor']:.3f} | "
        f"{100 * row['energy against meter']:+.1f} % | "
        f"{row['r']:.3f} | {row['RMSE [MW]']:.0f} |"
        for _, row in models.iterrows()
    )
    others = models.set_index("model")["energy against meter"].drop("nygaard-2022")
    budget_rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in budget.items())
    PAGE.write_text(
        Path(__file__)
        .with_suffix(".txt")
        .read_text(encoding="utf-8")
        .format(
            row=row_table,
            models=model_rows,
            budget=budget_rows,
            seasons=season_rows,
            hours=len(hourly),
            deviation=f"{DEVIATION:g}",
            low=100.0 * others.min(),
            high=100.0 * others.max(),
            over=100.0 * (budget["net, product"] / budget["metered"] - 1.0),
            r=models.set_index("model").loc["nygaard-2022", "r"],
            coverage=marked((PAGE.parent / "scorecard.md").read_text(encoding="utf-8"), "statements on months"),
        ),
        encoding="utf-8",
    )
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
