"""The years of a plant: what every year of its life makes, uses, replaces and holds at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.plant.machines import EVENTS_OF_FUEL_CELLS, LEVELS, RATES

from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.plant.labels import labels_of
from testsite_sim.plant.results import LEVEL_VARIABLES, RATE_VARIABLES, Described, of_machines
from testsite_sim.plant.streams import STREAMS, side_streams

_LASTING = ("hydrogen_stored", "hydrogen_in_station", "hydrogen_in_pipeline", "battery_capacity_lost")
_KINDS = {"power": ("energy", "J"), "heat": ("heat", "J"), "hydrogen": ("hydrogen", "kg")}
_OF_STACKS = (  # name, column of a tally, units, description, whether stacks are summed up, whether curves have it
    ("stacks_replaced", 4, "1", "stacks replaced in the year", True, False),
    ("stack_starts", 3, "1", "starts of stacks in the year", True, False),
    ("stack_running_time", 2, "s", "time that a stack produced in the year, mean", False, True),
    ("stack_voltage_rise", 5, "V", "rise of a cell's voltage by ageing at the end of the year, mean", False, False),
)


@dataclass(frozen=True)
class YearBooks:
    """What a kernel summed up by year; see `testsite_kernels.dispatch.run.PlantOutput`."""

    totals: Floats
    electrolyser_totals: Floats
    fuel_cell_totals: Floats
    fuel_cell_events: Floats
    battery_replacements: Floats
    last_levels: Floats
    tallies: tuple[Floats, ...]


def lifetime_dataset(plant: PlantConfiguration, years: YearBooks, parts: set[str]) -> xr.Dataset:
    """Name what the kernel summed up by year.

    Parameters
    ----------
    plant : PlantConfiguration
        As configured.
    years : YearBooks
        The sums.
    parts : set of str
        As `testsite_sim.plant.results.parts_of` gives them.

    Returns
    -------
    xarray.Dataset, dims (year, electrolyser, fuel_cell)
        Energies and heats [J], hydrogen [kg], side streams, events; electricity_revenue and, with `contracts`,
        contract_revenue, what they paid per energy sold [EUR]; contents at the end.
    """
    count = years.totals.shape[0]
    coordinates: dict[str, Any] = {"year": ("year", np.arange(1, count + 1), {"long_name": "year of operation"})}
    found: dict[str, Described] = {}  # one Dataset of all at the end: growing one variable by variable is slow

    def add(name: str, values: Floats, units: str, text: str, dims: tuple[str, ...] = ("year",)) -> None:
        found[name] = (dims, np.ascontiguousarray(values), {"units": units, "long_name": text})

    for name, part, _, text in RATE_VARIABLES:
        if not part or part in parts:
            kind, _, rest = name.partition("_")
            label, unit = _KINDS[kind]
            add(f"{label}_{rest}", years.totals[:, RATES.index(name)], unit, f"{text}, in the year")
    money = {name: years.totals[:, RATES.index(name)] for name in ("sales", "purchases", "contracts")}
    revenue = money["sales"] - money["purchases"] - money["contracts"]
    add("electricity_revenue", revenue, "EUR", "electricity sold minus electricity bought")
    if "contracts" in parts:
        add("contract_revenue", money["contracts"], "EUR", "paid by contracts for power, on top of the market")
    made, heat = years.electrolyser_totals[:, :, 1], years.electrolyser_totals[:, :, 2]
    streams = side_streams(plant, made, heat, years.fuel_cell_totals[:, :, 2])
    for name, stream, part, units_of_rate, text in STREAMS:
        if part in parts and stream in streams:
            add(name, streams[stream], "J" if units_of_rate == "W" else "kg", f"{text}, in the year")
    for name, part, unit, text in LEVEL_VARIABLES:
        if part in parts and name in _LASTING:
            label = text.removesuffix(" at the end of the interval")
            add(name, years.last_levels[:, LEVELS.index(name)], unit, f"{label}, at the end of the year")
    if "battery" in parts:
        text = "replacements of the battery's cells in the year"
        add("battery_replacements", years.battery_replacements, "1", text)
    for kind, machines, described in (
        ("electrolyser", plant.electrolysers, _of_electrolysers(plant, years)),
        ("fuel_cell", plant.fuel_cells, _of_fuel_cells(plant, years)),
    ):
        if machines:
            coordinates[kind] = (kind, labels_of(machines))
        for name, values, unit, text in described:
            add(name, values, unit, text, ("year", kind))
    return xr.Dataset(found, coords=coordinates)


def _of_electrolysers(plant: PlantConfiguration, years: YearBooks) -> Iterator[tuple[str, Floats, str, str]]:
    """Yield what each electrolyser did by year, and its stacks where one has any: name, values, units, description."""
    count = len(plant.electrolysers)
    if count == 0:
        return
    with_stacks = any(machine.stacks is not None for machine in plant.electrolysers)
    of_all = (
        ("electrolyser_energy", "J", "electricity of an electrolyser, in the year"),
        ("electrolyser_mass", "kg", "hydrogen of an electrolyser, in the year"),
        ("electrolyser_heat", "J", "heat of an electrolyser to its cooling, in the year"),
    )
    for k, (name, unit, text) in enumerate(of_all):
        values = of_machines(plant.electrolysers, years.electrolyser_totals[:, :, k], name)
        if values is not None:
            yield name, values, unit, text
    for name, column, unit, text, summed, of_curves in _OF_STACKS:
        if not (with_stacks or of_curves):
            continue
        each = [
            tally[:, :, column].sum(axis=1) if summed else tally[:, :, column].mean(axis=1)
            for tally in years.tallies[:count]
        ]
        yield name, np.stack(each, axis=1), unit, text


def _of_fuel_cells(plant: PlantConfiguration, years: YearBooks) -> Iterator[tuple[str, Floats, str, str]]:
    """Yield how long each fuel cell ran by year, and what it needed where one has stacks."""
    count = len(plant.fuel_cells)
    texts = (
        "time that a fuel cell ran in the year",
        "its starts in the year",
        "replacements of its stacks in the year",
    )
    with_stacks = any(cell.stacks is not None for cell in plant.fuel_cells)
    for k, (name, text) in enumerate(zip(EVENTS_OF_FUEL_CELLS, texts, strict=True)):
        if count and (with_stacks or name == "running_time"):
            unit = "s" if name == "running_time" else "1"
            yield f"fuel_cell_{name}", years.fuel_cell_events[:, :count, k], unit, text
