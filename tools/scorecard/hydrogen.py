"""Hydrogen: each shipped cell on all public sets, plants and stack lives against the field."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from testsite_kernels.numerics.constants import HYDROGEN_PER_CHARGE, ZERO_CELSIUS

from tests.plant.electrolysers import cell, plant
from tests.plant.test_transferable_cells import ELECTROLYSERS, errors, points_of, root_mean_square, typical
from testsite_sim.common.units import HOUR, KILOWATT_HOUR
from testsite_sim.plant.electrolysis import consumption_curve, simulate_electrolysis_lifetime

ROOT = Path(__file__).resolve().parents[2]
ORACLES, FROZEN = ROOT / "tests" / "oracles", ROOT / "tests" / "frozen"
FITTED = {  # to which electrolysers a cell is fitted
    "alkaline": tuple(ELECTROLYSERS),
    "alkaline-sakas": ("Sakas",),
    "alkaline-phoebus": ("Ulleberg",),
}
PEM_CELLS = ("pem", "pem-nrel")
STATUS = "2022 status"  # DOE, Technical Targets for Liquid Alkaline Electrolysis: what is sold, no target
FIELD_LIFE = (40_000.0, 80_000.0)  # [h] IRENA, as tests/plant/test_electrolysis.py has it


def alkaline_cells() -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the alkaline cells on the measured sets: root mean square of the voltage error [mV]."""
    counts = {name: points_of(name)["V"].size for name in ELECTROLYSERS}
    head = ["cell", "fitted to", *(f"{name} ({counts[name]} points)" for name in ELECTROLYSERS), "not in its fit"]
    rows = []
    for name, fitted in FITTED.items():
        found = {each: root_mean_square(errors(cell(name), points_of(each))) for each in ELECTROLYSERS}
        others = [found[each] for each in ELECTROLYSERS if each not in fitted]
        left = f"{root_mean_square_of(others):.0f}" if others else "every set is in its fit"
        rows.append([f"`{name}`", ", ".join(fitted), *(f"{each:.1f}" for each in found.values()), left])
    left_out = {name: left_out_error(name) for name in ELECTROLYSERS}
    values = [f"{each:.1f}" for each in left_out.values()]
    over = f"{root_mean_square_of(list(left_out.values())):.0f}"
    rows.append(["the model of `alkaline`, fitted anew", "the three others", *values, over])
    return head, rows


def left_out_error(name: str) -> float:
    """Return the error [mV] on an electrolyser of the cell fitted to the three others."""
    length, transfer, slope, offset = typical([each for each in ELECTROLYSERS if each != name])
    shipped = cell("alkaline")
    parameters = shipped.parameters._replace(
        path_length=length, transfer=transfer, exchange_slope=slope, exchange_offset=offset
    )
    return root_mean_square(errors(replace(shipped, parameters=parameters), points_of(name)))


def root_mean_square_of(values: list[float]) -> float:
    """Return the root mean square of numbers."""
    return float(np.sqrt(np.mean(np.square(values))))


def pem_cells() -> list[list[str]]:
    """Return rows of the PEM cells against computed curves: no measured one is public in a package.

    Each: cell, against what, what of it is fitted, error.
    """
    nrel = list(csv.DictReader((ORACLES / "nrel_pem_polarisation.csv").read_text(encoding="utf-8").splitlines()))
    loads = json.loads((ORACLES / "pem_load.json").read_text(encoding="utf-8"))["h2integrate_load"]
    current = np.array([float(row["j_A_cm2"]) * 1e4 for row in nrel])
    temperature = np.array([float(row["T_C"]) + ZERO_CELSIUS for row in nrel])
    voltage = np.array([float(row["V_cell"]) for row in nrel])
    theirs = np.array([row["I_A"] for row in loads]) / 0.1949, np.array([row["V"] for row in loads])
    rows = []
    for name in PEM_CELLS:
        one = cell(name)
        off = root_mean_square(one.voltage(current, temperature) - voltage)
        rows.append([f"`{name}`", f"NREL electrolyzer 0.2.1, {voltage.size} points, 40 to 80 °C", f"{off:.1f} mV"])
        off = root_mean_square(one.voltage(theirs[0], 353.15) - theirs[1])
        rows.append([f"`{name}`", f"H2Integrate 0.10.0, {theirs[1].size} points, 80 °C", f"{off:.1f} mV"])
    return rows


def consumption() -> list[list[str]]:
    """Return rows of plants: AC consumption at rated load [kWh/kg] against indicators, which are targets, and a status.

    50 kWh/kg is the indicator of alkaline plants for 2020, 55 and 52 those of PEM for 2020 and 2024, of the Joint
    Undertaking; 55 kWh/kg is what the Department of Energy of the United States states as the status of liquid alkaline
    systems in 2022, of traditional technology in commerce (stack 51 kWh/kg).
    """
    stated = {
        "pem-10mw": {"2020 indicator": 55.0, "2024 indicator": 52.0},
        "alkaline-9mw": {"2020 indicator": 50.0, STATUS: 55.0},
    }
    rows = []
    for name, figures in stated.items():
        found = float(consumption_curve(plant(name), np.array([1.0]))["specific_consumption"][0]) / KILOWATT_HOUR
        for what, figure in figures.items():
            difference = f"{100.0 * (found / figure - 1.0):+.1f} %"
            rows.append([f"`{name}`, rated load", f"{figure:.0f} kWh/kg ({what})", f"{found:.1f} kWh/kg", difference])
    return rows


def measured_at_rated_load() -> tuple[float, float, float]:
    """Return what was measured of the cell of `alkaline-9mw` at its highest current when hot.

    Current density [A/m²], voltage [V], and what that voltage alone takes at a Faraday efficiency of one [kWh/kg].
    """
    points = points_of("Sakas")
    hot = points["T_K"] >= points["T_K"].max() - 2.0
    at = int(np.argmax(np.where(hot, points["j_mA_cm2"], 0.0)))
    volt = float(points["V"][at])
    return float(points["j_mA_cm2"][at]), volt, volt / HYDROGEN_PER_CHARGE / KILOWATT_HOUR


def stack_life(name: str) -> float:
    """Return the operating hours to the first replacement of a stack that runs six hours of each day at rated load."""
    one = plant(name, sharing="equal", rotation_period=None)
    day = np.where(np.arange(24) < 6, one.capacity, 0.0)
    stamps = pd.date_range("2023-01-01", periods=8760, freq="h")
    power = xr.DataArray(np.tile(day, 365), coords={"time": stamps}, dims="time")
    years = simulate_electrolysis_lifetime(power, one, 40)
    first = int(np.argmax(years["replacements"].sum("stack").to_numpy() > 0))
    return float(years["stack_time"].isel(stack=0).to_numpy()[: first + 1].sum() / HOUR)


def lives() -> list[list[str]]:
    """Return rows of the stack lives against the field: what, field, simulated, whether it lies there."""
    low, high = FIELD_LIFE
    rows = []
    for name in ("pem-10mw", "alkaline-9mw"):
        hours = stack_life(name)
        within = "within" if low <= hours <= high else "outside"
        rows.append(
            [
                f"`{name}`, a start a day",
                f"{low:,.0f} to {high:,.0f} h (IRENA)",
                f"{hours:,.0f} h",
                f"{within}; a stop is an assumption",
            ]
        )
    return rows


def summary_of(scenario: str) -> dict[str, float]:
    """Return the figures of a scenario's summary as it ships, as the frozen results hold them."""
    frozen = json.loads((FROZEN / f"{scenario.replace('/', '.')}.json").read_text(encoding="utf-8"))["summary"]
    return {
        key.removeprefix("summary/"): each["value"] if isinstance(each, dict) else each for key, each in frozen.items()
    }


# scenario, figure, what it is, the field, its source, factor of what is shown, digits, unit, what of it is chosen
FIELD = (
    (
        "waterstof/lillo-fuel-cell", "fuel_cell_efficiency", "Lillo, electrical efficiency of the first year",
        50.0, "first results", 100.0, 1, "%", "stack by data sheet; auxiliaries assumed",
    ),
    (
        "waterstof/lillo-fuel-cell", "fuel_cell_total_efficiency", "Lillo, with heat",
        80.0, "first results", 100.0, 1, "%", "the usable heat is chosen so",
    ),
    (
        "waterstof/lillo-fuel-cell", "fuel_cell_stack_life", "Lillo, stack life",
        20_000.0, "5 % in 10,000 h", 1.0, 0, "h", "the rate is that of the field",
    ),
    (
        "waterstof/lillo-fuel-cell", "fuel_cell_efficiency_of_life", "successor (DEMCOPEM-2MW), efficiency in use",
        46.0, "13 GWh from 850 t", 100.0, 1, "%", "nothing",
    ),
    (
        "waterstof/bus-depot-antwerp", "dispensed_per_day", "Antwerp, five buses",
        84.0, "187 km a day, 9 kg/100 km", 1.0, 1, "kg/day", "the buses' demand",
    ),
)  # fmt: skip


def field() -> list[list[str]]:
    """Return rows of plants in the field: what, measured, simulated, difference, what of it is chosen."""
    rows = []
    for scenario, key, what, measured, source, factor, digits, unit, chosen in FIELD:
        found = summary_of(scenario)[key] * factor
        rows.append(
            [
                what,
                f"{measured:,.0f} {unit} ({source})",
                f"{found:,.{digits}f} {unit}",
                f"{100.0 * (found / measured - 1.0):+.1f} %",
                chosen,
            ]
        )
    return rows
