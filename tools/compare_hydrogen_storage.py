"""Hold compression, storage and refuelling of hydrogen against what others publish; print tables for docs/validation.

    python tools/compare_hydrogen_storage.py

Wants CoolProp (extra `test`).
"""

import numpy as np
import xarray as xr
from CoolProp.CoolProp import PropsSI
from testsite_kernels.numerics.constants import GAS_CONSTANT, HYDROGEN_MOLAR_MASS

from testsite_sim.common.units import KILOWATT_HOUR
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.plant.compression import compression_work
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.properties import hydrogen_density, hydrogen_pressure, hydrogen_properties
from testsite_sim.plant.refuelling import POWERS, simulate_refuelling

BAR = 1e5  # [Pa]
STATIONS = (
    ("lillo-400", "buses-antwerp-5", 400.0),
    ("lillo-400", "bus-depot-40", 1000.0),
    ("halle-130", "forklifts-halle-75", 130.0),
    ("trucks-700", "trucks-20", 1200.0),
)


def properties() -> None:
    """Print the largest errors of the table against CoolProp."""
    rng = np.random.default_rng(1)
    print(
        "| temperature | density | enthalpy [J/kg] | entropy [J/(kg K)] | pressure of density |\n|---|---|---|---|---|"
    )
    for low, high in ((230.0, 300.0), (300.0, 450.0), (450.0, 840.0)):
        p, t = np.exp(rng.uniform(np.log(BAR), np.log(1000 * BAR), 20_000)), rng.uniform(low, high, 20_000)
        exact = [PropsSI(name, "P", p, "T", t, "Hydrogen") for name in "DHS"]
        found = hydrogen_properties(p, t)
        inside = exact[0] < 60.0
        back = hydrogen_pressure(exact[0][inside], t[inside]) / p[inside] - 1.0
        print(
            f"| {low:.0f} to {high:.0f} K | {np.abs(found[0] / exact[0] - 1).max():.1e} "
            f"| {np.abs(found[1] - exact[1]).max():.1f} | {np.abs(found[2] - exact[2]).max():.4f} "
            f"| {np.abs(back).max():.1e} |"
        )


def gases() -> None:
    """Print what simpler gases would give."""
    print("\n| pressure | real [kg/m3] | ideal | error | Abel and Noble | error |\n|---|---|---|---|---|---|")
    for bar in (30, 200, 350, 500, 700, 950):
        real = float(hydrogen_density(bar * BAR, 288.15))
        ideal = bar * BAR * HYDROGEN_MOLAR_MASS / (GAS_CONSTANT * 288.15)
        noble = 1.0 / (1.0 / ideal + 7.69e-3)
        errors = f"{ideal / real - 1:+.1%} | {noble:.3f} | {noble / real - 1:+.2%}"
        print(f"| {bar} bar | {real:.3f} | {ideal:.3f} | {errors} |")
    print("\n| from 30 bar to, three stages | real [kWh/kg] | ideal | error |\n|---|---|---|---|")
    for bar in (200, 350, 500, 700, 950):
        real = float(compression_work(30 * BAR, bar * BAR, stages=3)["work"][0]) / KILOWATT_HOUR
        exponent = 0.41 / 1.41
        ratio = (bar / 30.0) ** (1.0 / 3.0)
        ideal = 3.0 * GAS_CONSTANT / HYDROGEN_MOLAR_MASS * 298.15 / exponent * (ratio**exponent - 1.0) / KILOWATT_HOUR
        print(f"| {bar} bar | {real:.4f} | {ideal:.4f} | {ideal / real - 1:+.1%} |")


def compressors() -> None:
    """Print work from 20 to 440 bar against the formulas of others."""
    ours = (
        float(compression_work(20 * BAR, 440 * BAR, stages=3, isentropic_efficiency=0.70)["work"][0])
        / 0.92
        / KILOWATT_HOUR
    )
    one = float(compression_work(20 * BAR, 440 * BAR, stages=1, isentropic_efficiency=0.85)["work"][0]) / KILOWATT_HOUR
    n = 1.609
    rheia = (
        GAS_CONSTANT
        / HYDROGEN_MOLAR_MASS
        * 353.0
        * n
        / (0.85 * (n - 1.0))
        * (22.0 ** ((n - 1.0) / n) - 1.0)
        / KILOWATT_HOUR
    )
    k = 0.4 / 1.4 / 2.0
    premise = 1.03198 * 310.95 * GAS_CONSTANT / (2.15e-3 * 0.75) / k * (22.0**k - 1.0) / KILOWATT_HOUR
    print("\n| from 20 to 440 bar | kWh/kg |\n|---|---|")
    print(f"| ours, three stages, 0.70 x 0.92 | {ours:.2f} |")
    print(f"| ours, one stage from 298 K, 0.85 | {one:.2f} |")
    print(f"| RHEIA: one stage, polytropic 1.609, 353 K, 0.85 | {rheia:.2f} |")
    print(f"| premise: two stages, ideal gas with Z = 1.03, 311 K, 0.75 | {premise:.2f} |")


def stations() -> None:
    """Print a year of the stations that ship."""
    time = np.arange(np.datetime64("2023-01-01T00", "ns"), np.datetime64("2024-01-01T00", "ns"), np.timedelta64(1, "h"))
    print(
        "\n| station | fleet | asked for [kg/day] | served | mean wait [min] | compressor and booster [kWh/kg] "
        "| pre-cooling | auxiliary | all |\n|---|---|---|---|---|---|---|---|---|"
    )
    for name, who, offered in STATIONS:
        station = load_component("refuelling-station", name, RefuellingStation)
        fleet = load_component("refuelling-fleet", who, VehicleFleet)
        came = vehicle_arrivals([fleet], time[0], time[-1] + np.timedelta64(1, "h"), seed=1)
        supply = xr.DataArray(np.full(time.size, offered / 86400.0), dims="time", coords={"time": time})
        run = simulate_refuelling(supply, came, station)
        mass = float(run["hydrogen_dispensed"].sum()) * 3600.0
        asked = float(run["hydrogen_requested"].sum()) * 3600.0
        parts = {power: float(run[power].sum()) * 3600.0 / mass / KILOWATT_HOUR for power in POWERS}
        wait = float(run["vehicle_waiting_time"].mean()) / 60.0
        print(
            f"| `{name}` | `{who}` | {asked / 365:.0f} | {mass / asked:.1%} | {wait:.1f} "
            f"| {parts['power_compressor'] + parts['power_booster']:.2f} | {parts['power_precooling']:.2f} "
            f"| {parts['power_auxiliary']:.2f} | {sum(parts.values()):.2f} |"
        )


if __name__ == "__main__":
    properties()
    gases()
    compressors()
    stations()
