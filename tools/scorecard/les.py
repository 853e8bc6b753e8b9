"""Large-eddy simulations of 160 turbines in 27 atmospheres (KU Leuven), as the FLOW project publishes them in windIO.

Lanzilao and Meyers, A parametric large-eddy simulation study of wind-farm blockage and gravity waves in conventionally
neutral boundary layers, Journal of Fluid Mechanics 979 (2024) A54; files `examples/cases/KUL_LES` of EUFLOW/WIFA.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.wind import Farm, Turbine, simulate_farm
from tools.scorecard.peers import Floats

FILES = (
    "observed_output/observedPowerKUL.nc",
    "plant_energy_resource/originalData.nc",
    "plant_wind_farm/FLOW_UQ_vnv_toy_study_wind_farm.yaml",
    "plant_energy_turbine/DTU_10MW_turbine.yaml",
)


@dataclass(frozen=True)
class LargeEddies:
    """The published cases: names, wind at the hub, farm, and power of each turbine [W] (case, turbine)."""

    names: list[str]
    inflow: xr.Dataset
    farm: Farm
    first: Floats
    power: Floats


def read_cases(folder: Path) -> LargeEddies:
    """Read the cases of a folder `KUL_LES`."""
    layout = load_document(folder / FILES[2], include=str).data["layouts"][0]["coordinates"]
    about = load_document(folder / FILES[3]).data
    rotor, hub = float(about["rotor_diameter"]), float(about["hub_height"])
    curves = about["performance"]
    speed = np.linspace(2.0, 30.0, 281)
    efficiency = np.interp(speed, curves["Cp_curve"]["Cp_wind_speeds"], curves["Cp_curve"]["Cp_values"])
    thrust = np.interp(speed, curves["Ct_curve"]["Ct_wind_speeds"], curves["Ct_curve"]["Ct_values"])
    power = 0.5 * STANDARD_AIR_DENSITY * math.pi * (0.5 * rotor) ** 2 * efficiency * speed**3
    turbine = Turbine("DTU 10 MW as an actuator disc", rotor, hub, speed, power, thrust)
    x, y = (np.asarray(layout[axis], np.float64) for axis in ("x", "y"))
    with xr.open_dataset(folder / FILES[1]) as profiles, xr.open_dataset(folder / FILES[0]) as observed:
        at_hub = profiles.interp(height=hub)
        names = [str(each) for each in observed["time"].to_numpy()]
        found = observed["power"].to_numpy()
    inflow = xr.Dataset(
        {
            name: ("time", at_hub[name].to_numpy() % (360.0 if name == "wind_direction" else np.inf))
            for name in ("wind_speed", "wind_direction", "turbulence_intensity")
        }
    )
    upstream = x <= x.min() + rotor
    return LargeEddies(names, inflow, Farm(x, y, turbine), upstream, found)


@dataclass(frozen=True)
class OnCases:
    """What a model gives on the cases: farm power over that of the undisturbed wind, and over the first row's [1].

    Both (case,), simulated and of the large eddies; `turbines`: root mean square error of the power of each turbine
    over the mean of the first row [1].
    """

    model: str
    whole: tuple[Floats, Floats]
    within: tuple[Floats, Floats]
    turbines: float


def solve_cases(cases: LargeEddies, models: tuple[str, ...]) -> Iterator[OnCases]:
    """Yield what each model gives."""
    alone = simulate_farm(cases.farm, cases.inflow, "none")["power"].to_numpy()
    theirs = cases.power / cases.power[:, cases.first].mean(axis=1, keepdims=True)
    for model in models:
        power = simulate_farm(cases.farm, cases.inflow, model)["power"].to_numpy()
        ours = power / power[:, cases.first].mean(axis=1, keepdims=True)
        whole = (power.sum(axis=1) / alone.sum(axis=1), cases.power.sum(axis=1) / alone.sum(axis=1))
        error = float(np.sqrt(np.mean((ours - theirs) ** 2)))
        yield OnCases(model, whole, (ours.mean(axis=1), theirs.mean(axis=1)), error)
