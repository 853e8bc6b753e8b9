"""The figures of a plant that people ask for, of the machines that it has, in their units."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.chain.money_summary import Entry
from testsite_sim.common.units import DAY, GIGAWATT_HOUR, HOUR, KILOWATT_HOUR, MEGAWATT_HOUR, SECONDS_PER_YEAR

TONNE = 1000.0


def plant_entries(plant: xr.Dataset, lifetime: xr.Dataset | None) -> dict[str, Entry]:
    """Return value, units and description of the figures of a plant.

    Parameters
    ----------
    plant : xarray.Dataset, dims (time, electrolyser, fuel_cell)
        The step `plant`: energies, masses and shares are those of its period, unless the description says that they
        are of the life of the plant.
    lifetime : xarray.Dataset or None
        The years of the plant, where the period stands for one.
    """
    period = plant.sizes["time"] * float(plant.attrs["step"])
    found = grid_entries(plant, period)
    if "electrolyser" in plant.dims:
        found |= _electrolysers(plant, lifetime, period) | _each_electrolyser(plant)
    found |= _uses(plant, period)
    if "fuel_cell" in plant.dims:
        found |= _fuel_cells(plant, lifetime, period)
    if "battery_content" in plant:
        found |= _battery(plant, lifetime)
    if "revenue_availability" in plant:
        found |= _reserves(plant)
    return found


def contract_entries(plant: xr.Dataset) -> dict[str, Entry]:
    """Return what contracts give at the margin for hydrogen, and paid for power: together and, of several, each."""
    found: dict[str, Entry] = {}
    if "hydrogen_margin" in plant.attrs:
        text = f"what strategies weigh hydrogen asked for and not delivered with: {plant.attrs['hydrogen_margin_note']}"
        found["hydrogen_margin"] = (float(plant.attrs["hydrogen_margin"]), "EUR/kg", text)
    if "contract_revenue" not in plant:
        return found
    paid, later = plant["contract_revenue"].sum("time"), str(plant["contract_margin"].attrs["comment"])
    text = "paid by contracts for power, on top of the market" + (f"; {later}" if later else "")
    found["contract_revenue"] = (float(paid.sum()), "EUR", text)
    if paid.size > 1:
        for number, title in enumerate(paid["contract"].to_numpy()):
            found[f"contract_revenue_{number + 1}"] = (float(paid[number]), "EUR", f"the same by: {title}")
    return found


def concession_entries(plant: xr.Dataset) -> dict[str, Entry]:
    """Return what certificates pay and what of the energy is not used, of all concessions; nothing without any."""
    if "certificate_revenue" not in plant:
        return {}
    sold, lost = (
        float(plant[f"power_{name}_of_concession"].sum()) * float(plant.attrs["step"]) for name in ("sold", "curtailed")
    )
    stops = int((plant["power_curtailed_of_concession"] > 0.0).any("concession").sum())
    hours = stops * float(plant.attrs["step"]) / HOUR
    return {
        "certificate_revenue": (float(plant["certificate_revenue"].sum()), "EUR", "paid for certificates of the farms"),
        "certificate_value": (
            float(plant["certificate_revenue"].sum()) / (sold / MEGAWATT_HOUR) if sold > 0.0 else None,
            "EUR/MWh",
            "paid for certificates, over all energy sold",
        ),
        "energy_curtailed_of_concessions": (
            lost / GIGAWATT_HOUR,
            "GWh",
            "energy that farms do not sell, by their own thresholds or the limit of export",
        ),
        "hours_with_curtailment": (hours, "h", "time in which at least one farm is curtailed"),
    }


def total(plant: xr.Dataset, name: str) -> float:
    """Return the sum of a rate over the period: [J] or [kg]; zero of what the plant does not have."""
    return float(np.nansum(_rate(plant, name))) * float(plant.attrs["step"]) if name in plant else 0.0


def _share(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole > 0.0 else None


def _rate(plant: xr.Dataset, name: str) -> Floats:
    """Return a rate over time; zeros of what the plant does not have."""
    return plant.variables[name].to_numpy() if name in plant else np.zeros(plant.sizes["time"])


def grid_entries(plant: xr.Dataset, period: float) -> dict[str, Entry]:
    """Return the figures of panels and grid."""
    found: dict[str, Entry] = {}
    panels = float(plant.attrs["photovoltaic_capacity"])
    if panels > 0.0:
        energy = total(plant, "power_photovoltaics")
        found["installed_photovoltaic_power"] = (panels / 1e6, "MW", "rated power of the panels")
        found["photovoltaic_energy"] = (energy / GIGAWATT_HOUR, "GWh", "energy of the panels, before curtailment")
        if plant.attrs["scaling"] != "none":
            hours = energy / panels / HOUR * SECONDS_PER_YEAR / period
            found["photovoltaic_full_load_hours"] = (hours, "h", "energy of the panels over their power, in 8,760 h")
    renewable = max(float(plant.attrs["wind_capacity"]), panels) > 0.0
    for name, text, exists in (
        ("exported", "electricity sold to the grid", True),
        ("curtailed", "energy of wind and panels not used", renewable),
        ("imported", "electricity bought from the grid", plant.attrs["import_limit"] > 0.0),
        ("missing", "electricity that was lacking, beyond the limit of import", "power_missing" in plant),
    ):
        if exists:
            found[f"energy_{name}"] = (total(plant, f"power_{name}") / GIGAWATT_HOUR, "GWh", text)
    return found


def _electrolysers(plant: xr.Dataset, lifetime: xr.Dataset | None, period: float) -> dict[str, Entry]:
    """Return the figures of the electrolysers together."""
    energy, made = total(plant, "power_electrolysers"), total(plant, "hydrogen_produced")
    power, imported = _rate(plant, "power_electrolysers"), _rate(plant, "power_imported")
    # Bought power serves the electrolysers by their share of all uses in the interval.
    uses = power + _rate(plant, "power_compressor") + _rate(plant, "power_station") + _rate(plant, "power_pipeline")
    bought = float(np.nansum(imported * (power / np.where(uses > 0.0, uses, np.inf)))) * plant.attrs["step"]
    capacity = float(plant.attrs["electrolyser_capacity"])
    found: dict[str, Entry] = {
        "electrolyser_energy": (energy / GIGAWATT_HOUR, "GWh", "electricity of the electrolysers"),
        "hydrogen_produced": (made / TONNE, "t", "hydrogen of the electrolysers"),
        "hydrogen_per_day": (made / period * DAY, "kg/day", "hydrogen of the electrolysers, mean"),
        "specific_consumption": (
            None if made <= 0.0 else energy / made / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the electrolysers at their AC terminals per hydrogen",
        ),
        "renewable_share": (_share(energy - bought, energy), "1", "share of the electrolysers' electricity not bought"),
    }
    if plant.attrs["scaling"] != "none" and capacity > 0.0:
        found["electrolyser_full_load_hours"] = (
            float(plant.attrs["annual_electrolyser_energy"]) / capacity / HOUR,
            "h",
            "electricity of the electrolysers over their capacity, in 8,760 h",
        )
    if lifetime is not None and "stacks_replaced" in lifetime:
        found |= _stacks(lifetime)
    for name, text in (
        ("oxygen_produced", "oxygen of the electrolysers"),
        ("water_consumed", "water that the electrolysers take"),
    ):
        if total(plant, name) > 0.0:
            found[name] = (total(plant, name) / TONNE, "t", text)
    return found


def _stacks(lifetime: xr.Dataset) -> dict[str, Entry]:
    """Return how stacks wear over the life of the plant."""
    made = lifetime["hydrogen_produced"]
    yearly = lifetime["electrolyser_energy"].sum("electrolyser") / made.where(made > 0.0)
    last, first = float(yearly[-1]), float(made[0])
    return {
        "stacks_replaced": (
            float(lifetime["stacks_replaced"].sum()),
            "count",
            "stacks of electrolysers replaced in the life of the plant",
        ),
        "stack_starts": (
            float(lifetime["stack_starts"].isel(year=0).sum()),
            "count",
            "starts of stacks in the first year, all stacks together",
        ),
        "consumption_at_end_of_life": (
            None if np.isnan(last) else last / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the electrolysers per hydrogen in the last year",
        ),
        "hydrogen_of_life_over_first_year": (
            _share(float(made.mean()), first),
            "1",
            "hydrogen of a mean year of the life of the plant over that of its first year",
        ),
    }


def stack_entries(machines: Sequence[xr.Dataset]) -> dict[str, Entry]:
    """Return how long stacks live, and how much of their time they run where their cell was not measured.

    A stack that is not yet replaced has used a part of its life: the change of its voltage over that at the end.

    Parameters
    ----------
    machines : sequence of xarray.Dataset
        The steps `stacks/…`.
    """
    found: dict[str, Entry] = {}
    for kind, name in (("electrolyser", "stack_life"), ("fuel cell", "fuel_cell_stack_life")):
        ageing = [
            each
            for each in machines
            if each.attrs["machine"] == kind and "year" in each.dims and np.isfinite(each.attrs["end_of_life"])
        ]
        if ageing:
            running = sum(float(each["running_time"].sum()) for each in ageing)
            lives = sum(
                float(each["replacements"].sum()) + float(each["voltage_change"][-1].sum()) / each.attrs["end_of_life"]
                for each in ageing
            )
            found[name] = (
                running / lives / HOUR if lives > 0.0 else None,
                "h",
                f"operating time in which the voltage of a stack of the {kind}s comes to the end of its life",
            )
    measured = [each for each in machines if "outside_measured" in each.attrs]
    if measured:
        time = sum(float(each.attrs["running_time"]) for each in measured)
        outside = sum(float(each.attrs["running_time"]) * float(each.attrs["outside_measured"]) for each in measured)
        text = "share of the operating time of electrolysis stacks at which their cell was never measured"
        found["stack_time_outside_measured"] = (_share(outside, time), "1", text)
    return found


def _each_electrolyser(plant: xr.Dataset) -> dict[str, Entry]:
    """Return the consumption of each electrolyser, where there are several."""
    titles = plant["electrolyser"].to_numpy()
    found: dict[str, Entry] = {}
    for number, title in enumerate(titles):
        mass = float(plant["electrolyser_hydrogen"][:, number].sum())
        if mass > 0.0 and titles.size > 1:
            each = float(plant["electrolyser_power"][:, number].sum()) / mass / KILOWATT_HOUR
            found[f"specific_consumption_{number + 1}"] = (each, "kWh/kg", f"the same of: {title}")
    return found


def _uses(plant: xr.Dataset, period: float) -> dict[str, Entry]:
    """Return the figures of by-product, station, demand and heat, of those that there are."""
    found: dict[str, Entry] = {}
    if "hydrogen_by_product" in plant:
        found["hydrogen_by_product"] = (total(plant, "hydrogen_by_product") / TONNE, "t", "by-product hydrogen taken")
    if "hydrogen_requested" in plant:
        asked, dispensed = total(plant, "hydrogen_requested"), total(plant, "hydrogen_dispensed")
        found["hydrogen_requested"] = (asked / TONNE, "t", "hydrogen asked for by vehicles")
        found["hydrogen_dispensed"] = (dispensed / TONNE, "t", "hydrogen dispensed to vehicles")
        found["dispensed_per_day"] = (dispensed / period * DAY, "kg/day", "hydrogen dispensed to vehicles, mean")
        found["served_share"] = (_share(dispensed, asked), "1", "hydrogen dispensed over that asked for")
        found["station_electricity"] = (
            None if dispensed <= 0.0 else total(plant, "power_station") / dispensed / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the station per hydrogen dispensed",
        )
    if "hydrogen_delivered" in plant:
        delivered, unmet = total(plant, "hydrogen_delivered"), total(plant, "hydrogen_unmet")
        found["hydrogen_delivered"] = (delivered / TONNE, "t", "hydrogen delivered to customers")
        found["hydrogen_unmet"] = (unmet / TONNE, "t", "hydrogen asked for and not delivered")
    if "hydrogen_to_pipeline" in plant:
        taken = total(plant, "hydrogen_to_pipeline")
        found["hydrogen_to_pipeline"] = (taken / TONNE, "t", "hydrogen into the pipeline")
        found["pipeline_electricity"] = (
            None if taken <= 0.0 else total(plant, "power_pipeline") / taken / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the compressor of the pipeline per hydrogen into it",
        )
        found["largest_flow_of_pipeline"] = (
            float(plant.attrs["pipeline_largest_flow"]) * DAY,
            "kg/day",
            "steady flow between the highest pressure and that of delivery",
        )
    if total(plant, "hydrogen_vented") > 0.0:
        text = "hydrogen produced that nothing had room for"
        found["hydrogen_vented"] = (total(plant, "hydrogen_vented") / TONNE, "t", text)
    if "heat_sold" in plant and total(plant, "heat_sold") > 0.0:
        found["heat_sold"] = (total(plant, "heat_sold") / GIGAWATT_HOUR, "GWh", "usable heat that finds a buyer")
    return found


def _fuel_cells(plant: xr.Dataset, lifetime: xr.Dataset | None, period: float) -> dict[str, Entry]:
    """Return the figures of the fuel cells."""
    energy, heat = total(plant, "power_fuel_cells"), total(plant, "heat_fuel_cells")
    fuel, capacity = total(plant, "hydrogen_to_fuel_cells"), float(plant.attrs["fuel_cell_capacity"])
    consumed = fuel * LOWER_HEATING_VALUE
    found: dict[str, Entry] = {
        "fuel_cell_energy": (energy / GIGAWATT_HOUR, "GWh", "electricity of the fuel cells"),
        "hydrogen_to_fuel_cells": (fuel / TONNE, "t", "hydrogen consumed by the fuel cells"),
        "fuel_cell_efficiency": (_share(energy, consumed), "1", "their electricity over the lower heating value"),
    }
    if heat > 0.0:
        found["fuel_cell_total_efficiency"] = (
            _share(energy + heat, consumed),
            "1",
            "their electricity and usable heat over the lower heating value",
        )
    if plant.attrs["scaling"] != "none" and capacity > 0.0:
        yearly, text = energy * SECONDS_PER_YEAR / period, "in 8,760 h"
        if lifetime is not None and plant.attrs["scaling"] != "whole-years":
            # a short period empties the first filling once, and as often as it is repeated in a year
            yearly, text = float(lifetime["energy_fuel_cells"].mean()), "in a mean year of the life of the plant"
        found["fuel_cell_full_load_hours"] = (
            yearly / capacity / HOUR,
            "h",
            f"electricity of the fuel cells over their capacity, {text}",
        )
    if lifetime is not None and "fuel_cell_replacements" in lifetime:
        whole = float(lifetime["hydrogen_to_fuel_cells"].sum()) * LOWER_HEATING_VALUE
        found["fuel_cell_efficiency_of_life"] = (
            _share(float(lifetime["energy_fuel_cells"].sum()), whole),
            "1",
            "their electricity over the lower heating value, over the life of the plant",
        )
        found["fuel_cell_replacements"] = (
            float(lifetime["fuel_cell_replacements"].sum()),
            "count",
            "replacements of their stacks in the life of the plant",
        )
    return found


def _battery(plant: xr.Dataset, lifetime: xr.Dataset | None) -> dict[str, Entry]:
    """Return the figures of the battery."""
    discharged = total(plant, "power_discharged")
    found: dict[str, Entry] = {
        "battery_energy": (discharged / GIGAWATT_HOUR, "GWh", "electricity out of the battery"),
        "battery_cycles": (
            discharged / float(plant.attrs["battery_capacity"]),
            "count",
            "electricity out of the battery over its capacity",
        ),
        "battery_capacity_lost": (
            float(plant["battery_capacity_lost"][-1]),
            "1",
            "share of its capacity lost at the end of the period",
        ),
    }
    if lifetime is not None:
        found["battery_replacements"] = (
            float(lifetime["battery_replacements"].sum()),
            "count",
            "replacements of its cells in the life of the plant",
        )
    return found


def _reserves(plant: xr.Dataset) -> dict[str, Entry]:
    """Return what power kept ready for the grid was called for and paid."""
    found: dict[str, Entry] = {}
    for name, text in (
        ("revenue_availability", "paid for power kept ready for the grid"),
        ("revenue_activation", "paid for orders beyond the price of their energy"),
        ("penalty_activation", "due for orders not delivered"),
    ):
        found[name] = (float(plant[name].sum()), "EUR", text)
    for way in ("up", "down"):
        for what, text in (("ordered", "that the grid ordered"), ("activated", "delivered of the orders")):
            energy = total(plant, f"power_{what}_{way}") / MEGAWATT_HOUR
            found[f"energy_{what}_{way}"] = (energy, "MWh", f"energy {text} {way}")
    return found
