"""Years that are all the simulated period: of a farm without a plant, or of hours counted by their wind."""

import numpy as np
import xarray as xr

from testsite_sim.economics.period import Annual

_KINDS = {"power": ("energy", "J"), "heat": ("heat", "J"), "hydrogen": ("hydrogen", "kg")}
_STREAMS = {"oxygen_produced": "kg", "water_consumed": "kg", "heat_sold": "J"}


def repeated_life(plant: xr.Dataset, annual: Annual, years: int) -> xr.Dataset:
    """Return years that are all the simulated period as it stands for a year.

    They are those of a farm without a plant, and of a plant whose hours are counted by how often their wind occurs,
    which follow no clock; all other plants are simulated year after year.

    Parameters
    ----------
    plant : xarray.Dataset, dims (time,)
        The step `plant`, with the attributes `step` [s] and `first_filling` [kg].
    annual : Annual
        How the period stands for a year.
    years : int
        Of the project.

    Returns
    -------
    xarray.Dataset, dims (year, electrolyser, fuel_cell)
        As `testsite_sim.plant.lifetime.lifetime_dataset` of machines without stacks, with `hydrogen_gained` and no
        contents at the end of each year: every year begins with the first filling, and what it leaves more, or less,
        is settled at its end.
    """
    step = float(plant.attrs["step"])
    result = xr.Dataset(coords={"year": ("year", np.arange(1, years + 1), {"long_name": "year of operation"})})

    def total(name: str) -> float:
        return annual.total(plant[name].to_numpy()) * step

    def add(name: str, amount: float, units: str, text: str) -> None:
        result[name] = ("year", np.full(years, amount), {"units": units, "long_name": f"{text}, in the year"})

    for key in plant.data_vars:
        name = str(key)
        if plant[name].dims != ("time",):
            continue
        text = str(plant[name].attrs["long_name"])
        kind, _, rest = name.partition("_")
        if name in _STREAMS:
            add(name, total(name), _STREAMS[name], text)
        elif kind in _KINDS and plant[name].attrs["units"] in ("W", "kg s-1"):
            add(f"{_KINDS[kind][0]}_{rest}", total(name), _KINDS[kind][1], text)
    revenue = plant["revenue"]
    if "contract_revenue" in plant:
        paid = plant["contract_revenue"].sum("contract")
        revenue = revenue - paid
        add("contract_revenue", annual.total(paid.to_numpy()), "EUR", "paid by contracts for power")
    text = "electricity sold minus electricity bought"
    add("electricity_revenue", annual.total(revenue.to_numpy()), "EUR", text)
    if "hydrogen_stored" in plant or "hydrogen_in_pipeline" in plant:
        text = "what store and pipeline hold at the end of the year more than at its start, settled there"
        result["hydrogen_gained"] = ("year", np.full(years, _gained(result)), {"units": "kg", "long_name": text})
    return result.merge(_machines(plant, annual, years)).assign_attrs(
        first_filling=float(plant.attrs["first_filling"]), vehicles=0
    )


def _gained(life: xr.Dataset) -> float:
    """Return what a year leaves in store and pipeline above what it found there [kg], from its flows.

    A plant with a station has vehicles, so that its years differ, and no year of it is repeated.
    """
    signs = {
        "hydrogen_produced": 1.0,
        "hydrogen_by_product": 1.0,
        "hydrogen_to_fuel_cells": -1.0,
        "hydrogen_vented": -1.0,
        "hydrogen_delivered": -1.0,
    }
    return sum(sign * float(life[name][0]) for name, sign in signs.items() if name in life)


def _machines(plant: xr.Dataset, annual: Annual, years: int) -> xr.Dataset:
    """Return how long each electrolyser produces and each fuel cell gives power in a year, and what they make."""
    step = float(plant.attrs["step"])
    found = xr.Dataset()
    for machine, running in (("electrolyser", "stack_running_time"), ("fuel_cell", "fuel_cell_running_time")):
        if f"{machine}_power" not in plant:
            continue
        made = plant["electrolyser_hydrogen" if machine == "electrolyser" else "fuel_cell_power"].to_numpy()
        names = plant[machine].to_numpy()
        found = found.assign_coords({machine: (machine, names)})
        seconds = np.array([annual.total(made[:, k] > 0.0) * step for k in range(names.size)])
        text = {"units": "s", "long_name": "time that it ran in the year"}
        found[running] = (("year", machine), np.tile(seconds, (years, 1)), text)
        if machine == "electrolyser":
            for name, source, units in (("electrolyser_energy", "power", "J"), ("electrolyser_mass", "hydrogen", "kg")):
                values = plant[f"electrolyser_{source}"].to_numpy()
                sums = np.array([annual.total(values[:, k]) * step for k in range(names.size)])
                text = {"units": units, "long_name": f"{source} of an electrolyser, in the year"}
                found[name] = (("year", machine), np.tile(sums, (years, 1)), text)
    return found
