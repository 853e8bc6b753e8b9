"""Farm flow compared with PyWake: the same farm, curve and hours, one process, one thread each; prints CPU seconds.

`python benchmarks/peers/pywake.py [--turbines 80 400] [--hours 8760]`; the 80 turbines are Horns Rev 1.
"""

import argparse
import os
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np
import xarray as xr
from py_wake import NOJ, BastankhahGaussian
from py_wake.deficit_models.gaussian import NiayifarGaussianDeficit
from py_wake.examples.data.hornsrev1 import V80
from py_wake.examples.data.hornsrev1 import wt_x as horns_rev_x
from py_wake.examples.data.hornsrev1 import wt_y as horns_rev_y
from py_wake.literature.gaussian_models import Niayifar_PorteAgel_2016
from py_wake.literature.turbopark import Nygaard_2022
from py_wake.rotor_avg_models.area_overlap_model import AreaOverlapAvgModel
from py_wake.site import UniformSite
from py_wake.superposition_models import LinearSum
from py_wake.turbulence_models.crespo import CrespoHernandez
from py_wake.turbulence_models.stf import STF2017TurbulenceModel
from py_wake.wind_farm_models import PropagateDownwind

from testsite_sim.weather import at_hub_heights, open_record
from testsite_sim.wind import Farm, Turbine, simulate_farm

INTENSITY = 0.1


def peers(site: UniformSite, turbine: V80) -> dict[str, object]:
    """Return PyWake's set-ups under the names of ours."""
    niayifar = {"wake_deficitModel": NiayifarGaussianDeficit(use_effective_ws=True), "superpositionModel": LinearSum()}
    return {
        "noj": NOJ(site, turbine, k=0.04, rotorAvgModel=AreaOverlapAvgModel()),
        "bastankhah": BastankhahGaussian(site, turbine),
        "niayifar_crespo": PropagateDownwind(site, turbine, turbulenceModel=CrespoHernandez(), **niayifar),
        "niayifar_stf": PropagateDownwind(site, turbine, turbulenceModel=STF2017TurbulenceModel(), **niayifar),
        "niayifar_lit": Niayifar_PorteAgel_2016(site, turbine),
        "turbopark": Nygaard_2022(site, turbine),
    }


def layout(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Horns Rev 1 for 80 turbines, else a square grid of seven rotor diameters."""
    if count == 80:
        return np.array(horns_rev_x, float), np.array(horns_rev_y, float)
    side = int(np.ceil(np.sqrt(count)))
    x, y = np.meshgrid(np.arange(side) * 560.0, np.arange(side) * 560.0)
    return x.ravel()[:count], y.ravel()[:count]


def case(machine: V80, hours: int) -> tuple[Turbine, xr.Dataset, np.ndarray, np.ndarray]:
    """Return the turbine and the inflow, and its wind speed and direction, of the first hours of a record."""
    weather = at_hub_heights(open_record("hollandse-kust-noord-2023"), [70.0]).isel(height=0)
    weather = weather.isel(time=slice(0, hours))
    speed, direction = weather["wind_speed"].to_numpy(), weather["wind_direction"].to_numpy()
    speed = np.clip(speed, 3.0, 25.0)  # within the table, where both read the curve alike
    table = np.arange(3.0, 26.0)
    turbine = Turbine("V80", 80.0, 70.0, table, machine.power(table), machine.ct(table))
    inflow = xr.Dataset(
        {"wind_speed": ("time", speed), "wind_direction": ("time", direction), "turbulence_intensity": INTENSITY}
    )
    return turbine, inflow, speed, direction


def simulated(model, x: np.ndarray, y: np.ndarray, speed: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the effective wind speeds of PyWake, shape (time, turbine), in chunks that fit into memory."""
    chunks = max(1, x.size**2 * speed.size // 60_000_000)
    found = model(x, y, wd=direction, ws=speed, time=True, TI=INTENSITY, n_cpu=1, wd_chunks=chunks)
    return found.WS_eff.transpose("time", "wt").to_numpy()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turbines", type=int, nargs="+", default=[80])
    parser.add_argument("--hours", type=int, default=8760)
    parser.add_argument("--threads", action="store_true", help="compare one thread with two, without the peer")
    arguments = parser.parse_args()
    machine = V80()
    turbine, inflow, speed, direction = case(machine, arguments.hours)
    print(f"{'model':18}{'turbines':>9}{'PyWake [s]':>12}{'ours [s]':>10}{'ratio':>8}{'largest difference':>20}")
    for count in arguments.turbines:
        x, y = layout(count)
        farm = Farm(x, y, turbine)
        if arguments.threads:
            for name in peers(UniformSite([1.0], ti=INTENSITY), machine):
                one, two = times_of(lambda w, f=farm, n=name: simulate_farm(f, inflow, n, workers=w))
                print(f"{name:18}{count:9d}{one:12.4f} s on one thread{two:10.4f} s on two{one / two:8.2f}", flush=True)
            continue
        for name, model in peers(UniformSite([1.0], ti=INTENSITY), machine).items():
            ours, result = timed(lambda n=name: simulate_farm(farm, inflow, n, workers=1), 5)
            theirs, other = timed(lambda m=model, at=(x, y): simulated(m, *at, speed, direction), 1)
            difference = np.abs(result["wind_speed_effective"].to_numpy() / other - 1.0).max()
            print(f"{name:18}{count:9d}{theirs:12.2f}{ours:10.4f}{theirs / ours:8.0f}{difference:20.1e}", flush=True)


def times_of(function):
    """Return the least wall time on one thread and on two, taken in turns."""
    best = {1: np.inf, 2: np.inf}
    for _ in range(8):
        for workers in best:
            begin = time.perf_counter()
            function(workers)
            best[workers] = min(best[workers], time.perf_counter() - begin)
    return best[1], best[2]


def timed(function, repeats):
    """Return the least CPU time of a function and its result; it is called once before."""
    function() if repeats > 1 else None
    best, result = np.inf, None
    for _ in range(repeats):
        begin = time.process_time()
        result = function()
        best = min(best, time.process_time() - begin)
    return best, result


if __name__ == "__main__":
    main()
