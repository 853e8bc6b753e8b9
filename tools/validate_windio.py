"""Run every windIO plant of some folders with this program and with PyWake, and write docs/validation/windio.md.

Run as `python tools/validate_windio.py NAME=FOLDER …`, for example with the examples of the windIO package and the
cases of WIFA (github.com/EUFLOW/WIFA), which are not part of this repository. The includes of a plant may reach the
folder that stands two above it. Needs `pip install windIO py_wake`.
"""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import windIO
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.cases.windio import is_windio
from testsite_sim.common.errors import TestsiteError
from testsite_sim.wind import annual_energy_production
from testsite_sim.wind.windio import Plant, read_windio

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation" / "windio.md"
GIGAWATT_HOUR = 3.6e12  # [J]
HOURS = 8760.0
FINE = 0.01  # of a formula as a table [m/s]
SPEED_CLASS = 0.05  # of a Weibull distribution [m/s]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Winds:
    """The winds of a plant for PyWake: over (cases,) or, turbine by turbine, (turbines, cases); their shares."""

    speed: Floats
    direction: Floats
    share: Floats
    running: Floats  # (turbines, cases)


@dataclass(frozen=True)
class Row:
    """What became of one plant."""

    name: str
    ours: float | None = None
    refused: str = ""
    pywake: float | str = ""
    chain: float | str = ""
    points: float | str = ""
    titles: float | str = ""


def curves(performance: dict[str, Any], diameter: float, whole_speeds: bool) -> tuple[Floats, Floats, Floats]:
    """Return wind speeds, power [W] and thrust coefficient; as WIFA has them, at `whole_speeds` of 1 m/s, else fine."""
    thrust = performance["Ct_curve"]
    area = np.pi * diameter**2 / 4.0
    at = np.array(thrust["Ct_wind_speeds"], float)
    if "power_curve" in performance:
        stated, values = (
            np.array(performance["power_curve"][f"power_{key}"], float) for key in ("wind_speeds", "values")
        )
    elif "Cp_curve" in performance:
        stated, values = (np.array(performance["Cp_curve"][f"Cp_{key}"], float) for key in ("wind_speeds", "values"))
    else:
        low, full, high, rated = (
            float(performance[key])
            for key in ("cutin_wind_speed", "rated_wind_speed", "cutout_wind_speed", "rated_power")
        )
        stated = np.union1d(np.arange(low, high, FINE), [full, high])
        values = rated * np.clip((stated - low) / (full - low), 0.0, 1.0) ** 3
    lowest, highest = min(stated[0], at[0]), max(stated[-1], at[-1])
    speed = (
        np.arange(lowest, highest + 1.0)
        if whole_speeds
        else np.union1d(np.union1d(np.arange(lowest, highest, FINE), [highest]), np.union1d(stated, at))
    )
    ends = {} if whole_speeds else {"left": 0.0, "right": 0.0}
    power = np.interp(speed, stated, values, **ends)
    if "Cp_curve" in performance and "power_curve" not in performance:
        power = 0.5 * STANDARD_AIR_DENSITY * area * power * speed**3
    coefficient = np.interp(speed, at, thrust["Ct_values"], **ends)
    if whole_speeds:
        return speed, power, coefficient
    outside = [speed[0] - 1e-6, speed[-1] + 1e-6]
    return (
        np.concatenate([outside[:1], speed, outside[1:]]),
        np.concatenate([[0.0], power, [0.0]]),
        np.concatenate([[0.0], coefficient, [0.0]]),
    )


def turbines(farm: dict[str, Any], whole_speeds: bool) -> tuple[Any, list[int]]:
    """Return the turbine types for PyWake, and the number of that of each position."""
    from py_wake.wind_turbines import WindTurbine, WindTurbines
    from py_wake.wind_turbines.power_ct_functions import PowerCtFunctionList, PowerCtTabular

    layout = farm["layouts"][0] if isinstance(farm["layouts"], list) else farm["layouts"]
    count = len(layout["coordinates"]["x"])
    types = farm["turbine_types"] if "turbine_types" in layout else {0: farm["turbines"]}
    numbers = layout.get("turbine_types", [0] * count)
    made = []
    for each in types.values():
        speed, power, thrust = curves(each["performance"], each["rotor_diameter"], whole_speeds)
        runs = PowerCtTabular(speed, power, "W", thrust)
        stands = PowerCtTabular([0.0, 100.0], [0.0, 0.0], "W", [0.0, 0.0])
        function = PowerCtFunctionList("operating", [stands, runs], default_value=1)
        made.append(WindTurbine(each["name"], each["rotor_diameter"], each["hub_height"], function))
    keys = [str(key) for key in types]
    return WindTurbines.from_WindTurbine_lst(made), [keys.index(str(number)) for number in numbers]


def array(resource: dict[str, Any], name: str) -> tuple[Floats, list[str]]:
    """Return a variable of a resource and its dimensions."""
    stated = resource[name]
    if isinstance(stated, dict):
        return np.asarray(stated["data"], float), list(stated.get("dims", []))
    return np.asarray(stated, float), [name] if np.ndim(stated) else []


def winds(plant: dict[str, Any], middles_alone: bool) -> Winds:
    """Return the winds of a plant; of a rose, as the tool chain has it, the `middles_alone`, else every degree."""
    farm = plant["wind_farm"]
    layout = farm["layouts"][0] if isinstance(farm["layouts"], list) else farm["layouts"]
    count = len(layout["coordinates"]["x"])
    resource = plant["site"]["energy_resource"]["wind_resource"]
    run = plant.get("attributes", {}).get("model_outputs_specification", {}).get("run_configuration", {})
    if "time" in resource:
        return series(resource, run.get("times_run", {}), count, farm)
    speeds = np.atleast_1d(array(resource, "wind_speed")[0]) if "wind_speed" in resource else np.empty(0)
    directions = np.atleast_1d(array(resource, "wind_direction")[0])
    chosen = [run.get(key, {}).get("specific_values") for key in ("wind_speeds_run", "directions_run")]
    if "probability" in resource:
        share, dims = array(resource, "probability")
        share = share[:, None] if dims == ["wind_direction"] else share
        if "sector_probability" in resource:  # those of the directions, times those of the speeds within each
            share = share * array(resource, "sector_probability")[0][:, None]
    else:
        frequency, scale, shape = (array(resource, key)[0] for key in ("sector_probability", "weibull_a", "weibull_k"))
        if directions[-1] - directions[0] == 360.0:
            directions, frequency, scale, shape = (each[:-1] for each in (directions, frequency, scale, shape))
        sector = np.arange(directions.size)
        if not middles_alone and chosen[1] is None:
            width = 360 // directions.size
            sector = np.repeat(sector, width)
            around = np.arange(width) - 0.5 * (width - 1)
            directions = (directions[sector] + np.tile(around, frequency.size)) % 360.0
            frequency = frequency / width
        if middles_alone:
            speeds = speeds if speeds.size else np.arange(2.0, 30.0)
            edges = np.concatenate([speeds - 0.5, speeds[-1:] + 0.5])
        elif chosen[0] is not None:
            edges = np.array([chosen[0][0] - 0.5, chosen[0][0] + 0.5])
            speeds = np.array(chosen[0])
        else:
            edges = np.arange(0.0, 45.0 + SPEED_CLASS, SPEED_CLASS)
            speeds = 0.5 * (edges[1:] + edges[:-1])
        below = 1.0 - np.exp(-((edges[None, :] / scale[sector, None]) ** shape[sector, None]))
        share = frequency[sector, None] * np.diff(below, axis=1)
    keep = [
        np.ones(axis.size, bool) if some is None or middles_alone else np.isin(axis, some)
        for axis, some in ((directions, chosen[1]), (speeds, chosen[0]))
    ]
    share = share[np.ix_(*keep)]
    direction, speed = np.meshgrid(directions[keep[0]], speeds[keep[1]], indexing="ij")
    there = share.ravel() > 0.0
    share = share.ravel()[there] / share.sum()
    return Winds(speed.ravel()[there], direction.ravel()[there], share, np.ones((count, share.size)))


def series(resource: dict[str, Any], times: dict[str, Any], count: int, farm: dict[str, Any]) -> Winds:
    """Return a series at the hub, over the times that the plant chooses."""
    chosen = slice(None)
    if not times.get("all_occurences", "subset" not in times):
        chosen = times["subset"]
    found = []
    for name in ("wind_speed", "wind_direction"):
        values, dims = array(resource, name)
        if "height" in dims:
            heights = np.asarray(resource["height"], float)
            hub = farm["turbines"]["hub_height"]
            values = values if dims.index("height") == 1 else values.T
            above = int(np.searchsorted(heights, hub))
            share = (hub - heights[above - 1]) / (heights[above] - heights[above - 1])
            values = values[:, above - 1] * (1.0 - share) + values[:, above] * share
        elif "wind_turbine" in dims:
            values = values.T  # the turbines of these files are in the order of the layout
        found.append(values[..., chosen])
    running = np.ones((count, found[0].shape[-1]))
    if "operating" in resource:
        running = array(resource, "operating")[0].T[:, chosen]
    return Winds(found[0], found[1], np.full(found[0].shape[-1], 1.0 / found[0].shape[-1]), running)


def pywake_energy(path: Path, chain: bool, points: bool = False) -> float | str:
    """Return the energy of a plant by PyWake [GWh], or why there is none.

    By our meaning of the file, or as WIFA asks the `chain`: curves at whole wind speeds and held on beyond their ends,
    the middles of sectors alone, Linear and the effective wind speed where nothing is stated, no rotor averaging. The
    mean over a rotor is an integral, or over the `points` that the file states.
    """
    from py_wake.deficit_models.gaussian import BastankhahGaussianDeficit
    from py_wake.deficit_models.utils import ct2a_madsen, ct2a_mom1d
    from py_wake.rotor_avg_models import EqGridRotorAvg, RotorCenter
    from py_wake.rotor_avg_models.gaussian_overlap_model import GaussianOverlapAvgModel
    from py_wake.site import UniformSite, XRSite
    from py_wake.superposition_models import LinearSum, SquaredSum
    from py_wake.wind_farm_models import PropagateDownwind

    plant = windIO.load_yaml(path)
    analysis = plant.get("attributes", {}).get("analysis", {})
    deficit = analysis.get("wind_deficit_model", {})
    expansion = deficit.get("wake_expansion_coefficient", {})
    stated = analysis.get("superposition_model", {}).get("ws_superposition", "Linear" if chain else "Squared")
    if deficit.get("name", "Bastankhah2014") != "Bastankhah2014" or stated not in ("Linear", "Squared"):
        return f"has no {stated}"
    if expansion.get("k_a", 0.0) != 0.0:
        return "k_a above 0"
    rotor = analysis.get("rotor_averaging", {})
    averaging = RotorCenter()
    if rotor.get("wake_averaging") == "grid" and not chain:
        averaging = EqGridRotorAvg(rotor["n_x_grid_points"]) if points else GaussianOverlapAvgModel()
    elif points:
        return "not averaged"
    model = BastankhahGaussianDeficit(
        k=expansion.get("k_b", 0.0324555),
        ceps=deficit.get("ceps", 0.2),
        use_effective_ws=True if chain else deficit.get("use_effective_ws", False),
        ct2a=ct2a_mom1d if not chain and analysis.get("axial_induction_model") == "1D" else ct2a_madsen,
        rotorAvgModel=averaging,
    )
    kinds, numbers = turbines(plant["wind_farm"], chain)
    wind = winds(plant, chain)
    layout = plant["wind_farm"]["layouts"]
    place = (layout[0] if isinstance(layout, list) else layout)["coordinates"]
    at_turbines = wind.speed.ndim == 2
    site = UniformSite([1.0], 0.1)
    if at_turbines:
        coordinates = {"i": np.arange(len(place["x"])), "time": np.arange(wind.share.size)}
        over = {"WS": (("i", "time"), wind.speed), "WD": (("i", "time"), wind.direction)}
        site = XRSite(xr.Dataset({**over, "P": ("time", wind.share), "TI": 0.1}, coordinates))
    farm = PropagateDownwind(site, kinds, model, superpositionModel=LinearSum() if stated == "Linear" else SquaredSum())
    energy = 0.0
    for part in np.array_split(np.arange(wind.share.size), max(1, wind.share.size // 20_000)):
        speed, direction = wind.speed[..., part], wind.direction[..., part]
        found = farm(
            place["x"],
            place["y"],
            type=numbers,
            time=part if at_turbines else True,
            ws=speed.mean(axis=0) if at_turbines else speed,
            wd=direction.mean(axis=0) if at_turbines else direction,
            operating=wind.running[:, part],
        )
        energy += float((found.Power.to_numpy() @ wind.share[part]).sum()) * HOURS / 1e9
    return energy


def our_energy(plant: Plant) -> float:
    """Return the energy of a plant [GWh]."""
    found = annual_energy_production(plant.farm, plant.resource, plant.model, blockage=plant.blockage)
    return float(found["annual_energy_production"].sum()) / GIGAWATT_HOUR


def by_the_titles(plant: Plant) -> float | str:
    """Return the energy of a plant [GWh] with k_a and k_b as the schema's titles have them, k = k_a + k_b TI."""
    model = plant.model
    if (model.expansion_rate_per_intensity, model.expansion_rate) == (0.0, 0.0324555):
        return "none stated"
    if "turbulence_intensity" not in plant.resource:
        return "no turbulence, or above 1"
    swapped = replace(
        model, expansion_rate=model.expansion_rate_per_intensity, expansion_rate_per_intensity=model.expansion_rate
    )
    return our_energy(replace(plant, model=swapped))


def run(path: Path, name: str, root: Path) -> Row:
    """Run one plant."""
    try:
        plant = read_windio(path, include_root=path.parent.parent)
        ours = our_energy(plant)
    except TestsiteError as error:
        first, *more = (re.sub(rf"{re.escape(str(root))}/\S+: ", "", problem) for problem in error.problems)
        return Row(name, refused=first + (f" ({len(more)} more)" if more else ""))
    found = {}
    for key, chain, points in (("pywake", False, False), ("chain", True, False), ("points", False, True)):
        try:
            found[key] = pywake_energy(path, chain, points)
        except Exception as error:  # whatever the peer cannot do is said, and the page goes on
            found[key] = f"{type(error).__name__}"
    return Row(name, ours, "", found["pywake"], found["chain"], found["points"], by_the_titles(plant))


def number(value: float | str | None) -> str:
    """Return an energy as the page has it."""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def page(rows: list[Row]) -> str:
    """Return the page."""
    ran = [row for row in rows if row.ours is not None]
    apart = [abs(row.ours / row.pywake - 1.0) for row in ran if row.ours and isinstance(row.pywake, float)]
    said = (
        "Written by `python tools/validate_windio.py NAME=FOLDER …`: all plants of the windIO package and of WIFA "
        "(github.com/EUFLOW/WIFA, `examples/cases`), which are not part of this repository, run as they are, compared "
        "with PyWake 2.6.20 on the same files, read by windIO's own loader.",
        f"{len(ran)} of {len(rows)} plants run; the other {len(rows) - len(ran)} are refused, each for the reason "
        f"below. The largest difference from PyWake by the same meaning of the file is {max(apart):.1e} "
        f"({len(apart)} plants). What the keys mean is [decision 5](../decisions/005-meaning-of-windio.md).",
        "*PyWake* takes the file as we do: every degree of a sector, curves of fine steps that end where they end, "
        f"Weibull distributions in classes of {SPEED_CLASS:g} m/s. *As WIFA asks it* has curves at whole metres per "
        "second that are held on beyond their ends, the middles of sectors alone over the wind speeds of the file, no "
        "choice of wind speeds and directions, and Linear with the effective wind speed where the file states no "
        "superposition. *By the titles* is ours with k = k_a + k_b TI, as the schema's titles have it.",
    )
    lines = [
        "# windIO: every public plant",
        "",
        *(line for paragraph in said for line in (paragraph, "")),
        "| plant | ours [GWh] | PyWake [GWh] | difference | as WIFA asks it [GWh] | by the titles [GWh] |",
        "|---|---|---|---|---|---|",
    ]
    for row in ran:
        apart_text = f"{row.ours / row.pywake - 1.0:+.1e}" if row.ours and isinstance(row.pywake, float) else ""
        lines.append(
            f"| {row.name} | {number(row.ours)} | {number(row.pywake)} | {apart_text} | {number(row.chain)} | "
            f"{number(row.titles)} |"
        )
    averaged = [row for row in ran if isinstance(row.points, float)]
    if averaged:
        lines += ["", "Means over the rotor, as an integral and over the points that the file states:", ""]
        lines += ["| plant | ours [GWh] | PyWake over the points [GWh] | difference |", "|---|---|---|---|"]
    for row in averaged:
        apart_text = f"{row.ours / row.points - 1.0:+.1e}" if row.ours and isinstance(row.points, float) else ""
        lines.append(f"| {row.name} | {number(row.ours)} | {number(row.points)} | {apart_text} |")
    lines += ["", "| plant | refused, because |", "|---|---|"]
    lines += [f"| {row.name} | {row.refused.replace('|', '/')} |" for row in rows if row.ours is None]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Write the page."""
    rows = []
    for argument in arguments:
        title, _, folder = argument.partition("=")
        root = Path(folder).resolve()
        for path in sorted(root.rglob("*.yaml")):
            if is_windio_quietly(path):
                rows.append(run(path, f"{title}: {path.relative_to(root).with_suffix('')}", root))
                print(rows[-1], flush=True)
    PAGE.write_text(page(rows), encoding="utf-8")


def is_windio_quietly(path: Path) -> bool:
    """Return whether a file is a plant; one that this program does not parse is none."""
    try:
        return is_windio(path)
    except TestsiteError:
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
