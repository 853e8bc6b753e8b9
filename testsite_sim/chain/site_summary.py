"""The figures of a hydrogen site that people ask for, of what it has, in their units."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.chain.money_summary import Entry, money_entries, scaling_entries
from testsite_sim.common.units import DAY, GIGAWATT_HOUR, HOUR, KILOWATT_HOUR, SECONDS_PER_YEAR

TONNE = 1000.0


def site_entries(results: Mapping[str, xr.Dataset]) -> dict[str, Entry]:
    """Return value, units and description of every figure of a hydrogen site.

    Parameters
    ----------
    results : mapping of str to xarray.Dataset
        With hydrogen, and lifetime and economics where the period stands for a year. Energies, masses and shares are
        those of the simulated period, unless the description says that they are of the life of the site.
    """
    hydrogen, lifetime, money = results["hydrogen"], results.get("lifetime"), results.get("economics")
    period = hydrogen.sizes["time"] * float(hydrogen.attrs["step"])
    found: dict[str, Entry] = {"simulated_time": (period / HOUR, "h", "length of the simulated period")}
    found |= _power(hydrogen, period)
    if hydrogen.attrs["electrolyser_capacity"] > 0.0:
        found |= _electrolysis(hydrogen, lifetime, period)
    found |= _uses(hydrogen, period)
    if hydrogen.attrs["fuel_cell_capacity"] > 0.0:
        found |= _fuel_cell(hydrogen, lifetime, period)
    if hydrogen.attrs["battery_capacity"] > 0.0:
        found |= _battery(hydrogen, lifetime)
    found["electricity_revenue"] = (
        float(hydrogen["revenue"].sum()),
        "EUR",
        "electricity sold minus bought in the simulated period, with support",
    )
    found |= scaling_entries(hydrogen.attrs)
    if money is not None:
        for name, text in (
            ("hydrogen_revenue", "hydrogen sold"),
            ("oxygen_revenue", "oxygen sold"),
            ("heat_revenue", "heat sold"),
            ("water_cost", "water bought"),
            ("by_product_cost", "by-product hydrogen bought"),
        ):
            if (money[name] != 0.0).any():
                mean = float(money[name][1:].mean())
                found[f"annual_{name}"] = (mean, "EUR/year", f"{text}, mean of the life of the site")
        found |= money_entries(money)
    for name, text in (
        ("energy_balance_residual", "largest mismatch of sources and uses of power, over the mean of the sources"),
        ("hydrogen_balance_residual", "largest mismatch of contents and flows of hydrogen, over the largest one"),
    ):
        found[name] = (float(hydrogen.attrs[name]), "1", text)
    return found


def _sum(hydrogen: xr.Dataset, name: str) -> float:
    """Return the sum of a rate over the period: [J] or [kg]."""
    return float(hydrogen[name].sum()) * float(hydrogen.attrs["step"])


def _is_annual(hydrogen: xr.Dataset) -> bool:
    """Return whether the period stands for a year."""
    return bool(hydrogen.attrs["scaling"] != "none")


def _share(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole > 0.0 else None


def _power(hydrogen: xr.Dataset, period: float) -> dict[str, Entry]:
    """Return the figures of wind, panels and grid."""
    found: dict[str, Entry] = {}
    for capacity, name, text in (
        ("wind_capacity", "power_wind", "wind"),
        ("photovoltaic_capacity", "power_photovoltaics", "panels"),
    ):
        installed = float(hydrogen.attrs[capacity])
        if installed > 0.0:
            energy = _sum(hydrogen, name)
            label = capacity.removesuffix("_capacity")
            found[f"installed_{label}_power"] = (installed / 1e6, "MW", f"rated power of the {text}")
            found[f"{label}_energy"] = (energy / GIGAWATT_HOUR, "GWh", f"energy of the {text}, before curtailment")
            if _is_annual(hydrogen):
                found[f"{label}_full_load_hours"] = (
                    energy / installed / HOUR * SECONDS_PER_YEAR / period,
                    "h",
                    f"energy of the {text} over its power, in 8,760 h",
                )
    renewable = max(float(hydrogen.attrs[f"{name}_capacity"]) for name in ("wind", "photovoltaic")) > 0.0
    for name, text, exists in (
        ("exported", "electricity sold to the grid", True),
        ("curtailed", "wind and solar energy not used", renewable),
        ("imported", "electricity bought from the grid", hydrogen.attrs["import_limit"] > 0.0),
        ("missing", "electricity that the site lacked", True),
    ):
        if exists:
            found[f"energy_{name}"] = (_sum(hydrogen, f"power_{name}") / GIGAWATT_HOUR, "GWh", text)
    return found


def _electrolysis(hydrogen: xr.Dataset, lifetime: xr.Dataset | None, period: float) -> dict[str, Entry]:
    """Return the figures of the electrolysers."""
    energy, made = _sum(hydrogen, "power_electrolysers"), _sum(hydrogen, "hydrogen_produced")
    power = hydrogen["power_electrolysers"]
    # Bought power serves the electrolysers by their share of all uses in the interval.
    uses = power + hydrogen["power_compressor"] + hydrogen["power_station"]
    bought = (
        float((hydrogen["power_imported"] * (power / uses.where(uses > 0.0, np.inf))).sum()) * hydrogen.attrs["step"]
    )
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
    if lifetime is not None:
        produced = lifetime["hydrogen_produced"]
        yearly = lifetime["electrolyser_energy"].sum("electrolyser") / produced.where(produced > 0.0)
        last = float(yearly[-1])
        found["electrolyser_full_load_hours"] = (
            energy / float(hydrogen.attrs["electrolyser_capacity"]) / HOUR * SECONDS_PER_YEAR / period,
            "h",
            "electricity of the electrolysers over their capacity, in 8,760 h",
        )
        found["stacks_replaced"] = (
            float(lifetime["stacks_replaced"].sum()),
            "count",
            "stacks of electrolysers replaced in the life of the site",
        )
        found["consumption_at_end_of_life"] = (
            None if np.isnan(last) else last / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the electrolysers per hydrogen in the last year",
        )
    for number, title in enumerate(hydrogen["electrolyser"].to_numpy()):
        mass = float(hydrogen["electrolyser_hydrogen"][:, number].sum())
        if mass > 0.0:
            each = float(hydrogen["electrolyser_power"][:, number].sum()) / mass / KILOWATT_HOUR
            found[f"specific_consumption_{number + 1}"] = (each, "kWh/kg", f"the same of: {title}")
    found["oxygen_produced"] = (_sum(hydrogen, "oxygen_produced") / TONNE, "t", "oxygen of the electrolysers")
    found["water_consumed"] = (_sum(hydrogen, "water_consumed") / TONNE, "t", "water that the electrolysers take")
    return found


def _uses(hydrogen: xr.Dataset, period: float) -> dict[str, Entry]:
    """Return the figures of by-product, station and demand, of those that there are."""
    found: dict[str, Entry] = {}
    by_product = _sum(hydrogen, "hydrogen_by_product")
    if by_product > 0.0:
        found["hydrogen_by_product"] = (by_product / TONNE, "t", "by-product hydrogen taken")
    asked = _sum(hydrogen, "hydrogen_requested")
    if asked > 0.0:
        dispensed = _sum(hydrogen, "hydrogen_dispensed")
        found["hydrogen_requested"] = (asked / TONNE, "t", "hydrogen asked for by vehicles")
        found["hydrogen_dispensed"] = (dispensed / TONNE, "t", "hydrogen dispensed to vehicles")
        found["dispensed_per_day"] = (dispensed / period * DAY, "kg/day", "hydrogen dispensed to vehicles, mean")
        found["served_share"] = (_share(dispensed, asked), "1", "hydrogen dispensed over that asked for")
        found["station_electricity"] = (
            None if dispensed <= 0.0 else _sum(hydrogen, "power_station") / dispensed / KILOWATT_HOUR,
            "kWh/kg",
            "electricity of the station per hydrogen dispensed",
        )
    wanted = _sum(hydrogen, "hydrogen_delivered") + _sum(hydrogen, "hydrogen_unmet")
    if wanted > 0.0:
        found["hydrogen_delivered"] = (
            _sum(hydrogen, "hydrogen_delivered") / TONNE,
            "t",
            "hydrogen delivered to the demand",
        )
        found["hydrogen_unmet"] = (
            _sum(hydrogen, "hydrogen_unmet") / TONNE,
            "t",
            "hydrogen asked for and not delivered",
        )
    heat = _sum(hydrogen, "heat_sold")
    if heat > 0.0:
        found["heat_sold"] = (heat / GIGAWATT_HOUR, "GWh", "usable heat that finds a buyer")
    return found


def _fuel_cell(hydrogen: xr.Dataset, lifetime: xr.Dataset | None, period: float) -> dict[str, Entry]:
    """Return the figures of the fuel cell."""
    energy, heat = _sum(hydrogen, "power_fuel_cell"), _sum(hydrogen, "heat_fuel_cell")
    fuel = _sum(hydrogen, "hydrogen_to_fuel_cell") * LOWER_HEATING_VALUE
    found: dict[str, Entry] = {
        "fuel_cell_energy": (energy / GIGAWATT_HOUR, "GWh", "electricity of the fuel cell"),
        "hydrogen_to_fuel_cell": (_sum(hydrogen, "hydrogen_to_fuel_cell") / TONNE, "t", "hydrogen of the fuel cell"),
        "fuel_cell_efficiency": (_share(energy, fuel), "1", "its electricity over the lower heating value"),
        "fuel_cell_total_efficiency": (
            _share(energy + heat, fuel),
            "1",
            "its electricity and usable heat over the lower heating value",
        ),
    }
    if lifetime is not None:
        whole = float(lifetime["hydrogen_to_fuel_cell"].sum()) * LOWER_HEATING_VALUE
        found["fuel_cell_full_load_hours"] = (
            energy / float(hydrogen.attrs["fuel_cell_capacity"]) / HOUR * SECONDS_PER_YEAR / period,
            "h",
            "electricity of the fuel cell over its capacity, in 8,760 h",
        )
        found["fuel_cell_efficiency_of_life"] = (
            _share(float(lifetime["energy_fuel_cell"].sum()), whole),
            "1",
            "its electricity over the lower heating value, over the life of the site",
        )
        found["fuel_cell_replacements"] = (
            float(lifetime["fuel_cell_replacements"].sum()),
            "count",
            "replacements of its stacks in the life of the site",
        )
    return found


def _battery(hydrogen: xr.Dataset, lifetime: xr.Dataset | None) -> dict[str, Entry]:
    """Return the figures of the battery."""
    discharged = _sum(hydrogen, "power_discharged")
    capacity = float(hydrogen.attrs["battery_capacity"])
    found: dict[str, Entry] = {
        "battery_energy": (discharged / GIGAWATT_HOUR, "GWh", "electricity out of the battery"),
        "battery_cycles": (discharged / capacity, "count", "electricity out of the battery over its capacity"),
        "battery_capacity_lost": (
            float(hydrogen["battery_capacity_lost"][-1]),
            "1",
            "share of its capacity lost at the end of the period",
        ),
    }
    if lifetime is not None:
        found["battery_replacements"] = (
            float(lifetime["battery_replacements"].sum()),
            "count",
            "replacements of its cells in the life of the site",
        )
    return found
