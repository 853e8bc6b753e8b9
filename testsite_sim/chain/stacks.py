"""The step from dispatch to stacks: the dispatched power followed through a plant of stacks over the project's life."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.units import HOUR, KILOWATT_HOUR, SECONDS_PER_YEAR
from testsite_sim.dispatch import BalancingPlant
from testsite_sim.dispatch.simulation import energy_balance_residual, hydrogen_balance_residual
from testsite_sim.economics import Wear
from testsite_sim.plant.cell import outside_measured, polarisation
from testsite_sim.plant.electrolysis import simulate_electrolysis, simulate_electrolysis_lifetime
from testsite_sim.plant.electrolysis_plant import StackPlant

TONNE = 1000.0
BINS = 50  # of current density, up to the largest


def follow_stacks(
    prepared: Prepared, balancing: xr.Dataset, annual: bool = True
) -> tuple[xr.Dataset, xr.DataArray] | None:
    """Follow the dispatched power through the stacks; None without stacks.

    The stacks draw what dispatch gave the electrolyser at most, and never make more hydrogen than dispatch counted
    with. Where the period stands for a year it comes round until the life of the project is full, wear carried along.

    Returns
    -------
    tuple of Dataset and DataArray, or None
        The stacks, dims (year, stack, current_density), as `simulate_electrolysis_lifetime` gives them, with
        `hydrogen_share` (year) of what they make in the simulated period; without a year the period is the only row.
        Against current density voltage and efficiency, new and worn, and the time at it in the period. Attribute
        `expected` [kg]: what dispatch counted with. And the hydrogen that they make in the period, over (time,)
        [kg/s], from new stacks.
    """
    plant_stated = prepared.scenario.balancing
    if plant_stated is None or plant_stated.electrolyser is None or plant_stated.electrolyser.stacks is None:
        return None
    plant = StackPlant(plant_stated.electrolyser.stacks)
    step = float(balancing.attrs["step"])
    power, most = balancing["power_electrolyser"], balancing["hydrogen_produced"]
    passage = simulate_electrolysis(power, plant, most=most, step=step)
    made = passage["hydrogen"]
    years = round(prepared.scenario.money.lifetime) if annual else 1
    length = round(SECONDS_PER_YEAR / step) if annual else power.size
    rows = [xr.DataArray(np.resize(each.to_numpy(), (years, length)), dims=("year", "time")) for each in (power, most)]
    result = simulate_electrolysis_lifetime(rows[0], plant, years, most=rows[1], step=step)
    first = np.resize(made.to_numpy(), (years, length)).sum(axis=1) * step
    share = np.divide(result["hydrogen"].to_numpy(), first, out=np.ones(years), where=first > 0.0)
    result["hydrogen_share"] = (
        "year",
        share,
        {"units": "1", "long_name": "hydrogen made over that of new stacks in the simulated period"},
    )
    result.attrs.update(expected=float(most.sum()) * step, annual=int(annual))
    measured = plant.stated.cell.measured
    if measured is not None:
        current = passage["current_density"].to_numpy()
        outside = outside_measured(measured, current, passage["temperature"].to_numpy())
        running = current > 0.0
        result.attrs["share_outside_measured"] = float(outside[running].mean()) if running.any() else 0.0
    return result.merge(_at_current(passage, plant), combine_attrs="no_conflicts"), made


def as_stacks_make(balancing: xr.Dataset, made: xr.DataArray, plant: BalancingPlant) -> xr.Dataset:
    """Return a dispatch with the hydrogen that the stacks really make in place of what its load curve promised.

    What is not made is missing in the tank, until the tank would fall below its least content: then customers get less,
    and after them the fuel cell, whose power falls with its hydrogen. What it does not generate is taken from what was
    curtailed where selling pays, else from the export at the market price, at last from the grid.

    With the planned content s, the hydrogen missing m and the least content s_min, the deficit of the tank is
    D_t = min(D_(t-1) + m_t, s_t - s_min): a sum reflected at a moving wall, D_t = min over u <= t of M_t - M_u + c_u.

    Parameters
    ----------
    balancing : xarray.Dataset, dims (time,)
        The dispatch as planned.
    made : xarray.DataArray, dims (time,)
        Hydrogen of the stacks [kg/s], nowhere more than planned.
    plant : BalancingPlant
        The tank.
    """
    step = float(balancing.attrs["step"])
    flow = {str(name): balancing[name].to_numpy().copy() for name in balancing.data_vars}
    missing = np.maximum(flow["hydrogen_produced"] - made.to_numpy(), 0.0) * step
    wall = np.maximum(flow["hydrogen_stored"] - plant.tank_minimum, 0.0)
    total = np.cumsum(missing)
    deficit = np.minimum(total, total + np.minimum.accumulate(wall - total))
    cut = np.maximum(np.diff(deficit, prepend=0.0) * -1.0 + missing, 0.0) / step
    from_customers = np.minimum(cut, flow["hydrogen_delivered"])
    from_cell = np.minimum(cut - from_customers, flow["hydrogen_to_fuel_cell"])
    lost = flow["power_fuel_cell"] * np.divide(
        from_cell, flow["hydrogen_to_fuel_cell"], out=np.zeros_like(cut), where=flow["hydrogen_to_fuel_cell"] > 0.0
    )
    sale = flow["price"] + flow["support"]
    kept = np.where(sale >= 0.0, np.minimum(lost, flow["power_curtailed"]), 0.0)
    unsold = np.minimum(lost - kept, flow["power_exported"])
    bought = lost - kept - unsold
    loss = (unsold * sale + bought * (flow["price"] + float(balancing.attrs["purchase_fee"]))) * step
    flow["hydrogen_produced"] -= missing / step
    flow["hydrogen_stored"] -= deficit
    flow["hydrogen_delivered"] -= from_customers
    flow["hydrogen_unmet"] += from_customers
    flow["hydrogen_to_fuel_cell"] -= from_cell
    flow["power_fuel_cell"] -= lost
    flow["power_curtailed"] -= kept
    flow["power_exported"] -= unsold
    flow["power_imported"] += bought
    flow["revenue"] -= loss
    if "revenue_imbalance" in flow:
        flow["revenue_imbalance"] -= loss
    result = balancing.copy()
    for name, values in flow.items():
        result[name] = balancing[name].copy(data=values)
    return result.assign_attrs(
        energy_balance_residual=energy_balance_residual(flow),
        hydrogen_balance_residual=hydrogen_balance_residual(flow, float(plant.tank_initial), step),
    )


def _at_current(first: xr.Dataset, plant: StackPlant) -> xr.Dataset:
    """Return voltage and efficiency against current density, new and worn, and the time at it in the period."""
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
                "current_density",
                time,
                {"units": "s", "long_name": "time of all stacks at it, in the simulated period"},
            ),
        }
    )
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
    annual = bool(stacks.attrs["annual"])
    when = "in the first year" if annual else "in the simulated period"
    starts = float(first["starts"].sum()) / count
    found: dict[str, tuple[float | None, str, str]] = {
        "specific_consumption_of_stacks": (
            float(first["energy"]) / hydrogen / KILOWATT_HOUR if hydrogen > 0.0 else None,
            "kWh/kg",
            f"electricity at the terminals of the stacks over hydrogen, {when}",
        ),
        "hydrogen_planned": (
            float(stacks.attrs["expected"]) / TONNE,
            "t",
            "hydrogen that dispatch counted with, by the load curve of warm stacks; they make hydrogen_produced",
        ),
    }
    if annual:
        replaced = float(stacks["replacements"].sum())
        running = float(stacks["stack_time"].sum()) / HOUR
        # A stack that is not yet replaced has used a part of its life: the rise of its voltage over that at the end.
        end_of_life = float(stacks.attrs["end_of_life"])
        lives = replaced + float(stacks["voltage_rise"].isel(year=-1).sum()) / end_of_life
        found["annual_stack_starts"] = (starts, "1/year", "starts of a stack in the first year, mean")
        found["stack_replacements"] = (replaced / count, "count", f"replacements of a stack in {years} years, mean")
        found["stack_life"] = (
            running / lives if lives > 0.0 else None,
            "h",
            "operating time in which the voltage of a stack rises to the end of its life",
        )
        found["hydrogen_share_of_aged_stacks"] = (
            float(stacks["hydrogen"].sum() / (stacks["hydrogen"] / stacks["hydrogen_share"]).sum())
            if hydrogen > 0.0
            else None,
            "1",
            f"hydrogen of the stacks in {years} years over that of new stacks in the simulated period",
        )
    else:
        found["stack_starts"] = (starts, "count", "starts of a stack in the simulated period, mean")
    if "share_outside_measured" in stacks.attrs:
        found["stack_time_outside_measured"] = (
            float(stacks.attrs["share_outside_measured"]),
            "1",
            "share of the operating time in the simulated period at which the cell was never measured",
        )
    found["stack_energy_balance_residual"] = (
        float(stacks.attrs["energy_balance_residual"]),
        "1",
        "largest mismatch of electricity and hydrogen, heat and losses of the stacks, relative",
    )
    return found
