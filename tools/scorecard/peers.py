"""The power of a farm by direction: with this project, PyWake, FLORIS, and foxes in an interpreter of its own."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.wind import Farm, Turbine, simulate_farm

Floats = NDArray[np.float64]
FOXES = "FOXES_PYTHON"


@dataclass(frozen=True)
class Case:
    """A farm of one type in a wind speed [m/s] and ambient turbulence intensity [1]: layout [m], curves in SI."""

    x: Floats
    y: Floats
    hub: float
    rotor: float
    speed: Floats
    power: Floats
    thrust: Floats
    wind: float
    turbulence: float

    @property
    def farm(self) -> Farm:
        """As this project has it."""
        turbine = Turbine("measured", self.rotor, self.hub, self.speed, self.power, self.thrust)
        return Farm(self.x, self.y, turbine)

    @property
    def alone(self) -> float:
        """Power of a turbine standing alone [W]."""
        return float(np.interp(self.wind, self.speed, self.power))


Solver = Callable[[Case, Floats], Floats]


def ours(case: Case, directions: Floats, model: str) -> Floats:
    """Return the power of each turbine [W], shape (direction, turbine)."""
    inflow = xr.Dataset(
        {
            "wind_speed": ("time", np.full(directions.size, case.wind)),
            "wind_direction": ("time", directions % 360.0),
            "turbulence_intensity": case.turbulence,
        }
    )
    return np.asarray(simulate_farm(case.farm, inflow, model)["power"].to_numpy())


def pywake_solvers() -> Mapping[str, Solver]:
    """Return PyWake's set-ups of the models that this project has; a year in the name: those of its literature."""
    from py_wake.deficit_models.gaussian import BastankhahGaussianDeficit
    from py_wake.deficit_models.noj import NOJ
    from py_wake.literature.gaussian_models import Bastankhah_PorteAgel_2014, Niayifar_PorteAgel_2016
    from py_wake.literature.turbopark import Nygaard_2022
    from py_wake.site import UniformSite
    from py_wake.superposition_models import SquaredSum
    from py_wake.wind_farm_models import PropagateDownwind
    from py_wake.wind_turbines import WindTurbine
    from py_wake.wind_turbines.power_ct_functions import PowerCtTabular

    def solve(case: Case, directions: Floats, make: Callable[..., object]) -> Floats:
        curves = PowerCtTabular(case.speed, case.power, "W", case.thrust)
        turbine = WindTurbine("measured", case.rotor, case.hub, curves)
        site = UniformSite(p_wd=[1.0], ti=case.turbulence)
        found = make(site, turbine)(
            case.x, case.y, wd=directions % 360.0, ws=np.full(directions.size, case.wind), time=True
        )  # type: ignore[operator]
        return np.asarray(found.Power.transpose("time", "wt").to_numpy())

    def bastankhah(site: UniformSite, turbine: WindTurbine) -> object:
        """Return what the class of that name composes, which warns that it is not the literature's."""
        return PropagateDownwind(site, turbine, BastankhahGaussianDeficit(), superpositionModel=SquaredSum())

    def named(make: Callable[..., object]) -> Solver:
        return lambda case, directions: solve(case, directions, make)

    return {
        "NOJ": named(lambda site, turbine: NOJ(site, turbine, k=0.04)),
        "BastankhahGaussian": named(bastankhah),
        "Bastankhah_PorteAgel_2014": named(lambda site, turbine: Bastankhah_PorteAgel_2014(site, turbine, k=0.0324555)),
        "Niayifar_PorteAgel_2016": named(Niayifar_PorteAgel_2016),
        "Nygaard_2022": named(Nygaard_2022),
    }


# velocity, combination, turbulence model of FLORIS with its default parameters
FLORIS_MODELS = {
    "jensen": ("jensen", "sosfs", "crespo_hernandez"),
    "gauss": ("gauss", "sosfs", "crespo_hernandez"),
    "cc": ("cc", "sosfs", "crespo_hernandez"),
    "turboparkgauss": ("turboparkgauss", "sosfs", "crespo_hernandez"),
    "empirical_gauss": ("empirical_gauss", "sosfs", "wake_induced_mixing"),
}


def floris_solvers() -> Mapping[str, Solver]:
    """Return the velocity models of FLORIS with their default parameters, without yaw."""
    from floris import FlorisModel

    def solve(case: Case, directions: Floats, name: str) -> Floats:
        velocity, combination, turbulence = FLORIS_MODELS[name]
        about = FlorisModel.get_defaults()
        deflection = "empirical_gauss" if name == "empirical_gauss" else "gauss"
        about["wake"]["model_strings"] = {
            "combination_model": combination,
            "deflection_model": deflection,
            "turbulence_model": turbulence,
            "velocity_model": velocity,
        }
        for key in ("enable_secondary_steering", "enable_yaw_added_recovery", "enable_transverse_velocities"):
            about["wake"][key] = False
        about["logging"]["console"]["level"] = "ERROR"
        about["flow_field"] |= {"wind_shear": 0.0, "reference_wind_height": case.hub}
        if name == "turboparkgauss":
            about["solver"] = {"type": "turbine_cubature_grid", "turbine_grid_points": 4}
        turbine = {
            "turbine_type": "measured",
            "hub_height": case.hub,
            "rotor_diameter": case.rotor,
            "TSR": 8.0,
            "operation_model": "simple",
            "power_thrust_table": {
                "ref_air_density": STANDARD_AIR_DENSITY,
                "ref_tilt": 0.0,
                "wind_speed": case.speed.tolist(),
                "power": (case.power / 1e3).tolist(),
                "thrust_coefficient": case.thrust.tolist(),
            },
        }
        model = FlorisModel(about)
        model.set(
            layout_x=case.x,
            layout_y=case.y,
            turbine_type=[turbine],
            wind_directions=directions % 360.0,
            wind_speeds=np.full(directions.size, case.wind),
            turbulence_intensities=np.full(directions.size, case.turbulence),
        )
        model.run()
        return np.asarray(model.get_turbine_powers())

    def named(name: str) -> Solver:
        return lambda case, directions: solve(case, directions, name)

    return {name: named(name) for name in FLORIS_MODELS}


# its `Niayifar` asks for an expansion rate of the turbines in 1.9.8 and is left out
FOXES_MODELS = {
    "Jensen_quadratic_k004": ["Jensen_quadratic_k004"],
    "Bastankhah2014_linear_k004": ["Bastankhah2014_linear_k004"],
    "TurbOPark": ["TurbOPark"],
}


def foxes_solvers(python: str) -> Mapping[str, Solver]:
    """Return wake models of foxes, run by another interpreter that has it."""

    def solve(case: Case, directions: Floats, models: list[str]) -> Floats:
        task = {
            "models": models,
            "directions": (directions % 360.0).tolist(),
            "density": STANDARD_AIR_DENSITY,
            **{name: getattr(case, name) for name in ("hub", "rotor", "wind", "turbulence")},
            **{name: getattr(case, name).tolist() for name in ("x", "y", "speed", "power", "thrust")},
        }
        script = Path(__file__).with_name("run_foxes.py")
        done = subprocess.run(
            [python, str(script)], input=json.dumps(task), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"foxes: {done.stderr.strip().splitlines()[-1]}")
        return np.array(json.loads(done.stdout.splitlines()[-1]), np.float64)

    def named(models: list[str]) -> Solver:
        return lambda case, directions: solve(case, directions, models)

    return {name: named(models) for name, models in FOXES_MODELS.items()}


def solvers(models: tuple[str, ...]) -> tuple[dict[tuple[str, str], Solver], list[str]]:
    """Return what solves a farm, by program and model, and a sentence on each program that is not there."""

    def own(name: str) -> Solver:
        return lambda case, directions: ours(case, directions, name)

    found: dict[tuple[str, str], Solver] = {("testsite-sim", name): own(name) for name in models}
    missing = []
    for program, module, make in (
        ("PyWake", "py_wake", pywake_solvers),
        ("FLORIS", "floris", floris_solvers),
    ):
        if find_spec(module) is None:
            missing.append(f"{program} is not installed: `pip install -e '.[peers]'`")
            continue
        found |= {(program, name): solver for name, solver in make().items()}
    if FOXES in os.environ:
        found |= {("foxes", name): solver for name, solver in foxes_solvers(os.environ[FOXES]).items()}
    else:
        missing.append(f"foxes needs another NumPy: name an interpreter that has it in `{FOXES}`")
    return found, missing
