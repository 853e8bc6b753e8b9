"""The step from dispatch to stacks: the dispatched power followed through a plant of stacks over the project's life."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from testsite_sim.chain.preparation import Prepared
from testsite_sim.constants import HOUR, KILOWATT_HOUR, LOWER_HEATING_VALUE, SECONDS_PER_YEAR
from testsite_sim.economics import Wear
from testsite_sim.hydrogen.cell import outside_measured, polarisation
from testsite_sim.hydrogen.electrolysis import simulate_electrolysis, simulate_electrolysis_lifetime
from testsite_sim.hydrogen.electrolysis_plant import StackPlant

BINS = 50  # of current density, up to the largest


def follow_stacks(prepared: Prepared, balancing: xr.Dataset) -> xr.Dataset | None:
    """Follow the dispatched power through the stacks, year after year; None without stacks.

    The simulated period comes round until the life of the project is full, wear carried along. The stacks draw what
    dispatch gave the electrolyser at most, and never make more hydrogen than dispatch counted with.

    Returns
    -------
    xarray.Dataset or None, dims (year, stack, current_density)
        As `simulate_electrolysis_lifetime` gives it, with `hydrogen_share` (year) of what dispatch counted with;
        against current density voltage and efficiency, new and worn, and the time at it in the first year.
    """
    plant_stated = prepared.scenario.balancing
    if plant_stated is None or plant_stated.electrolyser is None or plant_stated.electrolyser.stacks is None:
        return None
    plant = StackPlant(plant_stated.electrolyser.stacks)
    years = round(prepared.scenario.economics.lifetime)
    step = float(balancing.attrs["step"])
    per_year = round(SECONDS_PER_YEAR / step)
    rows = [
        xr.DataArray(np.resize(balancing[name].to_numpy(), (years, per_year)), dims=("year", "time"))
        for name in ("power_electrolyser", "hydrogen_produced")
    ]
    result = simulate_electrolysis_lifetime(rows[0], plant, years, most=rows[1], step=step)
    expected = rows[1].sum("time").to_numpy() * step
    made = result["hydrogen"].to_numpy()
    share = np.divide(made, expected, out=np.ones(years), where=expected > 0.0)
    result["hydrogen_share"] = (
        "year", share, {"units": "1", "long_name": "hydrogen made over that which dispatch counted with"},
    )  # fmt: skip
    first = simulate_electrolysis(rows[0][0], plant, most=rows[1][0], step=step)
    measured = plant.stated.cell.measured
    if measured is not None:
        current = first["current_density"].to_numpy()
        outside = outside_measured(measured, current, first["temperature"].to_numpy())
        running = current > 0.0
        result.attrs["share_outside_measured"] = float(outside[running].mean()) if running.any() else 0.0
    return result.merge(_at_current(first, plant), combine_attrs="no_conflicts")


def _at_current(first: xr.Dataset, plant: StackPlant) -> xr.Dataset:
    """Return voltage and efficiency against current density, new and worn, and the time at it in the first year."""
    cell, step = plant.cell, float(first.attrs["step"])
    largest = cell.rated_current_density * max(float(plant.stated.maximum_load), 1.0) * 1.05
    edges = np.linspace(0.0, largest, BINS + 1)
    middle = 0.5 * (edges[:-1] + edges[1:])
    current = first["current_density"].to_numpy()
    time = np.histogram(current[current > 0.0], edges)[0] * step
    new = polarisation(cell, middle)
    worn = new["voltage"] + (0.0 if np.isinf(plant.end_of_life) else plant.end_of_life)
    efficiency = LOWER_HEATING_VALUE / new["specific_consumption"]
    found = xr.Dataset(
        {
            "voltage": new["voltage"].assign_attrs(long_name="voltage of a new cell"),
            "voltage_worn": worn.assign_attrs(units="V", long_name="voltage of a cell at the end of its life"),
            "efficiency": efficiency.assign_attrs(units="1", long_name="efficiency (DC, lower heating value), new"),
            "efficiency_worn": (efficiency * new["voltage"] / worn).assign_attrs(
                units="1", long_name="efficiency (DC, lower heating value) at the end of life"
            ),
            "time_at_current": (
                "current_density", time, {"units": "s", "long_name": "time of all stacks at it, in the first year"},
            ),
        }
    )  # fmt: skip
    return found.drop_attrs(deep=False)


def wear_of(stacks: xr.Dataset) -> Wear:
    """Return what economics needs of the stacks: hydrogen as a share, stacks replaced as a share, by year."""
    replaced = stacks["replacements"].sum("stack").to_numpy() / stacks.sizes["stack"]
    return Wear(stacks["hydrogen_share"].to_numpy(), None if np.isinf(stacks.attrs["end_of_life"]) else replaced)


def stack_entries(stacks: xr.Dataset) -> Mapping[str, tuple[float | None, str, str]]:
    """Return the entries of the summary: value, units, what it means."""
    first = stacks.isel(year=0)
    hydrogen = float(first["hydrogen"])
    count, years = stacks.sizes["stack"], stacks.sizes["year"]
    replaced = float(stacks["replacements"].sum())
    running = float(stacks["stack_time"].sum()) / HOUR
    # A stack that is not yet replaced has used a part of its life: the rise of its voltage over that at the end.
    end_of_life = float(stacks.attrs["end_of_life"])
    lives = replaced + float(stacks["voltage_rise"].isel(year=-1).sum()) / end_of_life
    return {
        "electrolyser_specific_consumption": (
            float(first["energy"]) / hydrogen / KILOWATT_HOUR if hydrogen > 0.0 else None, "kWh/kg",
            "electricity at the terminals of the stacks over hydrogen, in the first year",
        ),
        "stack_starts": (float(first["starts"].sum()) / count, "1/year", "starts of a stack in the first year, mean"),
        "stack_replacements": (replaced / count, "1", f"replacements of a stack in {years} years, mean"),
        "stack_life": (
            running / lives if lives > 0.0 else None, "h",
            "operating time in which the voltage of a stack rises to the end of its life",
        ),
        "hydrogen_share_of_aged_stacks": (
            float(stacks["hydrogen"].sum() / (stacks["hydrogen"] / stacks["hydrogen_share"]).sum())
            if hydrogen > 0.0 else None,
            "1", f"hydrogen of the stacks in {years} years over that which dispatch counted with",
        ),
        **(
            {
                "stack_time_outside_measured": (
                    float(stacks.attrs["share_outside_measured"]), "1",
                    "share of the first year's operating time at which the cell was never measured",
                )
            } if "share_outside_measured" in stacks.attrs else {}
        ),
        "stack_energy_balance_residual": (
            float(stacks.attrs["energy_balance_residual"]), "1",
            "largest mismatch of electricity and hydrogen, heat and losses of the stacks, relative",
        ),
    }  # fmt: skip
