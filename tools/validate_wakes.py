"""Hold the wake models against rows of turbines that were measured, and write docs/validation/wakes.md.

Run as `python tools/validate_wakes.py SHARED`, where SHARED holds data/validate/measured_rows, which is not part of
this repository.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import xarray as xr

from testsite_sim.report.style import SETTINGS, TWO_COLUMNS, new_figure, save
from testsite_sim.wind import Farm, Turbine, simulate_farm_averaged

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation" / "wakes.md"
MODELS = ("jensen-1983", "noj", "bastankhah-2014", "bastankhah", "niayifar_crespo", "niayifar-2016", "nygaard-2022")
HORNS_REV = "Horns Rev 1, inner rows, 270°"
FILES = {
    "Lillgrund, row B, 222°": ("Lillgrund_WFdata_wd222_RowB.dat", "RowB", 222.0),
    "Lillgrund, row D, 222°": ("Lillgrund_WFdata_wd222_RowD.dat", "RowD", 222.0),
    "Lillgrund, row 6, 105°": ("Lillgrund_WFdata_wd105_Row6.dat", "Row6", 105.0),
    "Lillgrund, row 4, 105°": ("Lillgrund_WFdata_wd105_Row4.dat", "Row4", 105.0),
}
# Standard deviation of the direction [degree], half of the sector that was measured [degree], turbulence [1]: Horns Rev
# as Gaumond et al. (2014) and PyWake's validation have it; Lillgrund in the file.
SPREAD, SECTOR, INTENSITY = 3.9, 2.5, 0.07


def horns_rev(rows: Path) -> tuple[Farm, list[list[int]], np.ndarray]:
    """Return the farm, the columns of its inner rows from the west, and the measured power over that of the first."""
    measured = np.loadtxt(rows / "Hornsrev1_WFdata_wd270_InnerRowMean.dat", comments="#")[:, 1]
    with xr.open_dataset(ROOT / "tests/oracles/horns_rev_1_wakes.nc") as oracle:
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
        farm = Farm(oracle["x"], oracle["y"], turbine)
    order = np.argsort(np.asarray(farm.y).reshape(10, 8), axis=1)
    columns = [[8 * column + int(k) for k in order[column][1:7]] for column in range(10)]
    return farm, columns, measured / measured[0]


def lillgrund(rows: Path) -> tuple[Farm, dict[str, Any]]:
    """Return the farm and what the file says of its measurements."""
    facts = json.loads((rows / "layouts_and_curves.json").read_text(encoding="utf-8"))["lillgrund"]
    speed, power = np.array(facts["power_curve"], float).T
    at, thrust = np.array(facts["ct_curve"], float).T
    turbine = Turbine("SWT-2.3-93", facts["rotor_m"], facts["hub_m"], speed, 1e3 * power, np.interp(speed, at, thrust))
    return Farm(facts["wt_x"], facts["wt_y"], turbine), facts


def power_of(
    farm: Farm, model: str, speed: float, directions: np.ndarray, about: tuple[float, float, float]
) -> np.ndarray:
    """Return the power of every turbine by direction [W], averaged over the spread of the direction and the sector."""
    spread, sector, intensity = about
    case = {"wind_speed": ("time", np.full(directions.size, speed)), "wind_direction": ("time", directions)}
    inflow = xr.Dataset({**case, "turbulence_intensity": intensity})
    found = simulate_farm_averaged(farm, inflow, model, standard_deviation=spread, half_width=sector)
    return np.asarray(found["power"].to_numpy())


def compare(rows: Path) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, np.ndarray], dict[str, float]]:
    """Return power along each row by model and as measured, and the error of the efficiency of Lillgrund by model."""
    found: dict[str, dict[str, np.ndarray]] = {}
    measured: dict[str, np.ndarray] = {}
    farm, columns, measured[HORNS_REV] = horns_rev(rows)
    found[HORNS_REV] = {}
    for model in MODELS:
        power = power_of(farm, model, 8.0, np.array([270.0]), (SPREAD, SECTOR, INTENSITY))[0]
        row = np.array([power[column].mean() for column in columns])
        found[HORNS_REV][model] = row / row[0]
    farm, facts = lillgrund(rows)
    about = (float(facts["sigma_deg"]), float(facts["half_width_deg"]), float(facts["ti"]))
    efficiency = np.loadtxt(rows / "Lillgrund_WFdata_WFeff.dat", comments="#")
    errors = {}
    for label, (file, _, _) in FILES.items():
        table = np.loadtxt(rows / file, comments="#")
        measured[label], found[label] = table[:, 1], {}
    for model in MODELS:
        for label, (_, name, direction) in FILES.items():
            power = power_of(farm, model, float(facts["ws"]), np.array([direction]), about)[0]
            row = np.array([np.nan if k is None else power[k] for k in facts["rows_zero_based"][name]])
            found[label][model] = row / row[0]
        power = power_of(farm, model, float(facts["ws"]), efficiency[:, 0], about)
        alone = power_of(
            Farm([0.0], [0.0], farm.turbines[0]), "none", float(facts["ws"]), np.array([0.0]), (0, 0, 0.06)
        )
        errors[model] = float(np.sqrt(np.mean((power.mean(axis=1) / alone[0, 0] - efficiency[:, 1]) ** 2)))
    return found, measured, errors


def error(row: np.ndarray, measured: np.ndarray) -> float:
    """Return the root mean square of the difference, of the turbines behind the first that were measured."""
    return float(np.sqrt(np.nanmean((row - measured)[1:] ** 2)))


def draw(found: dict[str, dict[str, np.ndarray]], measured: dict[str, np.ndarray]) -> None:
    """Draw the rows."""
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 4.6)
        panels = figure.subplots(2, 3, sharey=True).ravel()
        styles = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (3, 1)), (0, (1, 1)))
        for axes, (label, rows) in zip(panels, found.items(), strict=False):
            place = np.arange(1, measured[label].size + 1)
            axes.plot(place, measured[label], "ko", markersize=3, label="measured")
            for style, (model, row) in zip(styles, rows.items(), strict=True):
                axes.plot(place, row, linestyle=style, label=model)
            axes.set_title(label, fontsize="small")
            axes.set_xlabel("turbine in the row")
        panels[0].set_ylabel("power over that of the first [1]")
        panels[3].set_ylabel("power over that of the first [1]")
        panels[5].axis("off")
        panels[5].legend(*panels[0].get_legend_handles_labels(), loc="center")
        save(figure, PAGE.parent / "figures", "wakes-along-rows", ("png",))


def main() -> None:
    """Write the page."""
    found, measured, efficiency = compare(Path(sys.argv[1]) / "data/validate/measured_rows")
    draw(found, measured)
    of_rows = [label for label in found if label != HORNS_REV]
    lines = []
    for model in MODELS:
        errors = [error(found[label][model], measured[label]) for label in found]
        all_rows = np.concatenate([(found[label][model] - measured[label])[1:] for label in of_rows])
        shown = [*errors, float(np.sqrt(np.nanmean(all_rows**2))), efficiency[model]]
        lines.append(f"| `{model}` | " + " | ".join(f"{value:.3f}" for value in shown) + " |")
    head = ["model", *found, "Lillgrund, four rows", "Lillgrund, efficiency by direction"]
    table = "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *lines])
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    best = min(MODELS, key=lambda name: efficiency[name])
    row = HORNS_REV
    words = {"table": table, "best": best, "horns_rev": f"{error(found[row]['niayifar-2016'], measured[row]):.3f}"}
    PAGE.write_text(text.format(**words), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
