"""Measured rows of Lillgrund and Horns Rev 1: the power along a row, and the efficiency of a farm by direction."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from tools.scorecard.peers import Case, Floats, Solver
from tools.scorecard.statistics import averaged_directions

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "measured_rows"
HORNS_REV = {"deviation": 3.9, "half_width": 2.5, "turbulence": 0.07, "wind": 8.0}
STEP = 1.0  # [degree] between the directions that are simulated


@dataclass(frozen=True)
class Row:
    """A measured row: its farm and name, direction of the wind, its turbines, and their power over the first [1].

    `turbines` holds the indices of the farm that are averaged at each place of the row; `power` is NaN where nothing
    was measured.
    """

    farm: str
    name: str
    direction: float
    deviation: float
    half_width: float
    turbines: tuple[tuple[int, ...], ...]
    power: Floats


def lillgrund(folder: Path) -> tuple[Case, list[Row], Floats]:
    """Return the farm, its measured rows, and its efficiency by direction (direction, efficiency, standard error)."""
    about = json.loads((folder / "layouts_and_curves.json").read_text(encoding="utf-8"))["lillgrund"]
    power, thrust = np.array(about["power_curve"]), np.array(about["ct_curve"])
    case = Case(
        np.array(about["wt_x"]),
        np.array(about["wt_y"]),
        float(about["hub_m"]),
        float(about["rotor_m"]),
        power[:, 0],
        power[:, 1] * 1e3,
        np.interp(power[:, 0], thrust[:, 0], thrust[:, 1]),
        float(about["ws"]),
        float(about["ti"]),
    )
    rows = []
    for path in sorted(folder.glob("Lillgrund_WFdata_wd*_Row*.dat")):
        direction, name = path.stem.split("_wd")[1].split("_")
        measured = np.genfromtxt(path, comments="#")[:, 1]
        turbines = about["rows_zero_based"][name]
        places = [k for k, turbine in enumerate(turbines) if turbine is not None and np.isfinite(measured[k])]
        rows.append(
            Row(
                "Lillgrund",
                name,
                float(direction),
                float(about["sigma_deg"]),
                float(about["half_width_deg"]),
                tuple((int(turbines[k]),) for k in places),
                measured[places] / measured[0],
            )
        )
    efficiency = np.genfromtxt(folder / "Lillgrund_WFdata_WFeff.dat", comments="#")
    return case, rows, efficiency[np.isfinite(efficiency).all(axis=1)]


def horns_rev(path: Path) -> tuple[Case, Row]:
    """Return Horns Rev 1 and the mean of its inner rows in westerly wind."""
    measured = np.genfromtxt(path, comments="#")[:, 1]
    with xr.open_dataset(ROOT / "tests" / "oracles" / "horns_rev_1_wakes.nc") as oracle:
        x, y = (oracle[name].to_numpy() for name in ("x", "y"))
        curves = [oracle[name].to_numpy() for name in ("ws_tab", "power_curve", "ct_curve")]
    case = Case(x, y, 70.0, 80.0, *curves, HORNS_REV["wind"], HORNS_REV["turbulence"])
    rank = np.argsort(np.argsort(y.reshape(10, 8), axis=1), axis=1)  # ten columns of eight, from the west
    inner = (rank > 0) & (rank < 7)
    turbines = tuple(tuple(int(8 * k + j) for j in np.flatnonzero(inner[k])) for k in range(10))
    return case, Row(
        "Horns Rev 1",
        "inner rows",
        270.0,
        HORNS_REV["deviation"],
        HORNS_REV["half_width"],
        turbines,
        measured / measured[0],
    )


def along(row: Row, directions: Floats, power: Floats) -> Floats:
    """Return the simulated power of the row over its first turbine [1], averaged over the direction."""
    averaged = averaged_directions(directions, power, row.direction, row.deviation, row.half_width)
    found = np.array([averaged[list(each)].mean() for each in row.turbines])
    return found / found[0]


def root_mean_square(difference: Floats) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(difference**2)))


@dataclass(frozen=True)
class OnRows:
    """What a model gives: power along each row, errors [1] but of its first turbine, efficiency by direction."""

    program: str
    model: str
    rows: dict[str, Floats]
    errors: dict[str, float]
    efficiency: Floats
    efficiency_error: float


def label(row: Row) -> str:
    """Return how a row is named in tables."""
    return f"{row.farm} {row.name}, {row.direction:g}°"


def solve_rows(folder: Path, found: dict[tuple[str, str], Solver]) -> Iterator[OnRows]:
    """Yield what each solver gives on the measured rows of the folder."""
    case, rows, efficiency = lillgrund(folder)
    farm, row = horns_rev(folder / "Hornsrev1_WFdata_wd270_InnerRowMean.dat")
    around = np.arange(0.0, 360.0, STEP)
    reach = row.half_width + 4.0 * row.deviation
    westerly = row.direction + np.arange(-np.ceil(reach / STEP), np.ceil(reach / STEP) + 1.0) * STEP
    for (program, model), solve in found.items():
        power = solve(case, around)
        powers = {label(each): along(each, around, power) for each in rows}
        powers[label(row)] = along(row, westerly, solve(farm, westerly))
        errors = {label(each): root_mean_square((powers[label(each)] - each.power)[1:]) for each in [*rows, row]}
        deviation = rows[0].deviation
        total = np.array(
            [averaged_directions(around, power, middle, deviation, 0.0).sum() for middle in efficiency[:, 0]]
        )
        share = total / (case.alone * case.x.size)
        yield OnRows(program, model, powers, errors, share, root_mean_square(share - efficiency[:, 1]))


def loss_ratios(found: OnRows, efficiency: Floats, row: Row) -> tuple[float, float]:
    """Return the loss to wakes measured over that simulated [1]: of a farm over its directions, and along a row.

    Parameters
    ----------
    found : OnRows
        What a model gives.
    efficiency : ndarray, shape (direction, 3)
        Direction, efficiency, standard error as measured.
    row : Row
        The row, of whose turbines the first is left out.
    """
    whole = (1.0 - efficiency[:, 1]).mean() / (1.0 - found.efficiency).mean()
    along_row = (1.0 - row.power[1:]).mean() / (1.0 - found.rows[label(row)][1:]).mean()
    return float(whole), float(along_row)


def lillgrund_error(errors: dict[str, float], rows: list[Row]) -> float:
    """Return the root mean square over all turbines of Lillgrund's rows but the first of each."""
    counts = {label(each): each.power.size - 1 for each in rows}
    squares = sum(errors[name] ** 2 * count for name, count in counts.items())
    return float(np.sqrt(squares / sum(counts.values())))
