"""The years of a plant whose machines do not age: every year is the simulated period."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from testsite_sim.economics.period import Annual

_KINDS = {"power": ("energy", "J"), "heat": ("heat", "J"), "hydrogen": ("hydrogen", "kg")}
_STREAMS = {"oxygen_produced": "kg", "water_consumed": "kg", "heat_sold": "J"}


def repeated_life(plant: xr.Dataset, annual: Annual, years: int) -> xr.Dataset:
    """Return the years of a plant that does not age, each the simulated period as it stands for a year.

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
        As `testsite_sim.plant.lifetime.lifetime_dataset` of machines without stacks: what a year leaves in the store
        more than it found there is there at its end, and again in the next.
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
    for name, first, gained in _contents(plant, result):
        content = first + gained * np.arange(1, years + 1)
        text = f"{plant[name].attrs['long_name']}".removesuffix(" at the end of the interval")
        result[name] = ("year", content, {"units": "kg", "long_name": f"{text}, at the end of the year"})
    return result.merge(_machines(plant, annual, years)).assign_attrs(
        first_filling=float(plant.attrs["first_filling"]), vehicles=0
    )


def _contents(plant: xr.Dataset, life: xr.Dataset) -> Iterator[tuple[str, float, float]]:
    """Yield store and pipeline, of those that there are: name, first content and what a year adds to it [kg].

    A plant with a station has vehicles, so that its years differ, and no year of it is repeated.
    """

    def net(signs: Mapping[str, float]) -> float:
        return sum(sign * float(life[name][0]) for name, sign in signs.items() if name in life)

    piped, first = "hydrogen_in_pipeline" in plant, float(plant.attrs["first_filling"])
    of_pipeline = 0.0
    if piped:
        flow = float(plant["hydrogen_to_pipeline"][0] - plant["hydrogen_delivered"][0])
        of_pipeline = float(plant["hydrogen_in_pipeline"][0]) - flow * float(plant.attrs["step"])
        yield "hydrogen_in_pipeline", of_pipeline, net({"hydrogen_to_pipeline": 1.0, "hydrogen_delivered": -1.0})
    if "hydrogen_stored" in plant:
        signs = {
            "hydrogen_produced": 1.0,
            "hydrogen_by_product": 1.0,
            "hydrogen_to_fuel_cells": -1.0,
            "hydrogen_vented": -1.0,
            "hydrogen_to_pipeline" if piped else "hydrogen_delivered": -1.0,
        }
        yield "hydrogen_stored", first - of_pipeline, net(signs)


def _machines(plant: xr.Dataset, annual: Annual, years: int) -> xr.Dataset:
    """Return how long each electrolyser and fuel cell draws or gives power in a year, and what it makes."""
    step = float(plant.attrs["step"])
    found = xr.Dataset()
    for machine, running in (("electrolyser", "stack_running_time"), ("fuel_cell", "fuel_cell_running_time")):
        if f"{machine}_power" not in plant:
            continue
        power = plant[f"{machine}_power"].to_numpy()
        names = plant[machine].to_numpy()
        found = found.assign_coords({machine: (machine, names)})
        seconds = np.array([annual.total(power[:, k] > 0.0) * step for k in range(names.size)])
        text = {"units": "s", "long_name": "time at power in the year"}
        found[running] = (("year", machine), np.tile(seconds, (years, 1)), text)
        if machine == "electrolyser":
            for name, source, units in (("electrolyser_energy", "power", "J"), ("electrolyser_mass", "hydrogen", "kg")):
                values = plant[f"electrolyser_{source}"].to_numpy()
                sums = np.array([annual.total(values[:, k]) * step for k in range(names.size)])
                text = {"units": units, "long_name": f"{source} of an electrolyser, in the year"}
                found[name] = (("year", machine), np.tile(sums, (years, 1)), text)
    return found
