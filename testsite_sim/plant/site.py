"""A hydrogen site through its life: one record of weather and prices, used again year after year, machines that age."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import OXYGEN_PER_HYDROGEN
from testsite_kernels.plant.refuelling import FLOWS as STATION_FLOWS
from testsite_kernels.plant.site import (
    EVENTS,
    LEVELS,
    PLANTS,
    RATES,
    Site,
    SiteOutput,
    SiteSeries,
    hydrogen_site,
)

from testsite_sim.common.balances import carried_on, largest_residual
from testsite_sim.common.errors import DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.balancing import Grid
from testsite_sim.configuration.hydrogen_site import ByProduct, HydrogenSite
from testsite_sim.plant.daily_demand import daily_demand
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.refuelling import station_dataset
from testsite_sim.plant.site_parts import empty_tallies, first_vehicles, kernel_site, new_site, site_arrivals
from testsite_sim.plant.station import check_reach

BY_PRODUCT = "by_product_hydrogen"
_DESCRIPTIONS: dict[str, tuple[str, str]] = {
    "power_wind": ("W", "wind power at the connection of the site"),
    "power_photovoltaics": ("W", "power of the photovoltaic panels"),
    "power_fuel_cell": ("W", "net power of the fuel cell"),
    "power_discharged": ("W", "power out of the battery"),
    "power_imported": ("W", "power bought from the grid"),
    "power_missing": ("W", "power that the site lacked: beyond wind, panels, battery and the limit of import"),
    "power_electrolysers": ("W", "electricity of the electrolysers, with auxiliaries, starts and standby"),
    "power_compressor": ("W", "electricity of the compressor of the store"),
    "power_station": ("W", "electricity of the refuelling station"),
    "power_charged": ("W", "power into the battery"),
    "power_exported": ("W", "power sold to the grid"),
    "power_curtailed": ("W", "power of wind and panels not used"),
    "heat_electrolysers": ("W", "heat of the electrolysers to their cooling"),
    "heat_fuel_cell": ("W", "usable heat of the fuel cell"),
    "hydrogen_produced": ("kg s-1", "hydrogen of the electrolysers"),
    "hydrogen_by_product": ("kg s-1", "by-product hydrogen taken"),
    "hydrogen_to_station": ("kg s-1", "hydrogen taken by the refuelling station"),
    "hydrogen_delivered": ("kg s-1", "hydrogen delivered to the demand"),
    "hydrogen_to_fuel_cell": ("kg s-1", "hydrogen taken by the fuel cell"),
    "hydrogen_vented": ("kg s-1", "hydrogen produced that nothing had room for"),
    "hydrogen_dispensed": ("kg s-1", "hydrogen dispensed to vehicles"),
    "hydrogen_requested": ("kg s-1", "hydrogen asked for by vehicles that arrived"),
    "hydrogen_unserved": ("kg s-1", "hydrogen that vehicles left without"),
    "hydrogen_unmet": ("kg s-1", "hydrogen demand not met"),
    "hydrogen_stored": ("kg", "hydrogen in the store at the end of the interval"),
    "hydrogen_in_station": ("kg", "hydrogen in buffer and banks of the station at the end of the interval"),
    "hydrogen_pending": ("kg", "hydrogen that vehicles at the station still wait for at the end of the interval"),
    "battery_content": ("J", "energy in the cells of the battery at the end of the interval"),
    "battery_capacity_lost": ("1", "share of the battery's capacity that is lost"),
    "fuel_cell_voltage_lost": ("V", "voltage that a cell of the fuel cell has lost by ageing"),
    "waiting_time": ("s", "waiting before the hose, summed over vehicles that began to fill or left"),
    "queue": ("1", "vehicles waiting at the end of the interval"),
}  # fmt: skip
_OF_PLANTS = (
    ("electrolyser_power", "W", "electricity of an electrolysis plant"),
    ("electrolyser_hydrogen", "kg s-1", "hydrogen of an electrolysis plant"),
    ("electrolyser_heat", "W", "heat of an electrolysis plant to its cooling"),
)


_STREAMS = (
    ("oxygen_produced", "oxygen", "kg s-1", "oxygen of the electrolysers"),
    ("water_consumed", "water", "kg s-1", "water that the electrolysers take"),
    ("heat_sold", "heat", "W", "usable heat that finds a buyer"),
)


def by_product_series(by_product: ByProduct | None, record: xr.Dataset) -> xr.DataArray:
    """Return the by-product hydrogen on offer over a weather record [kg/s], dims (time,).

    Raises
    ------
    DataError
        When the record should carry it and does not, or carries a negative value.
    """
    time = record["time"]
    if by_product is None:
        flow = np.zeros(time.size)
    elif by_product.from_record:
        if BY_PRODUCT not in record:
            raise DataError(
                f"by-product hydrogen: the weather record carries no {BY_PRODUCT}; add the column, or state a `rate`."
            )
        aligned_series("by-product hydrogen", {BY_PRODUCT: record[BY_PRODUCT]}, least=0.0)
        flow = np.asarray(record[BY_PRODUCT].to_numpy(), np.float64)
    else:
        factor = np.ones(24) if by_product.hourly_factor is None else np.array(by_product.hourly_factor, np.float64)
        flow = float(by_product.rate or 0.0) * factor[time.dt.hour.to_numpy()]
    attributes = {"units": "kg s-1", "long_name": "by-product hydrogen on offer"}
    return xr.DataArray(flow, coords={"time": time}, dims="time", attrs=attributes)


@finite_arguments("hydrogen: simulate_hydrogen_site")
def simulate_hydrogen_site(
    site: HydrogenSite,
    grid: Grid,
    wind_power: xr.DataArray,
    photovoltaic_power: xr.DataArray,
    price: xr.DataArray,
    by_product: xr.DataArray,
    *,
    support: float | Floats = 0.0,
    purchase_fee: float = 0.0,
    years: int = 1,
) -> dict[str, xr.Dataset]:
    """Run a hydrogen site for years, with its wear carried on.

    Parameters
    ----------
    site : HydrogenSite
        The machines and how they are run.
    grid : Grid
        The limits of the connection; no import where it states none.
    wind_power, photovoltaic_power : xarray.DataArray, dims (time,)
        [W], of the record; the panels lose their yearly share in the years after the first.
    price : xarray.DataArray, dims (time,)
        Market price [EUR/J].
    by_product : xarray.DataArray, dims (time,)
        By-product hydrogen on offer [kg/s].
    support : float or ndarray, shape (intervals,)
        Paid per energy sold on top of the price [EUR/J].
    purchase_fee : float
        Paid per energy bought on top of the price [EUR/J].
    years : int
        Of 8,760 h; the record is used again until they are full. 0: the record once, as if it were a year.

    Returns
    -------
    dict of str to xarray.Dataset
        `hydrogen`, the first passage through the record, dims (time, electrolyser, bank), with the attributes
        `energy_balance_residual` and `hydrogen_balance_residual` (relative); `lifetime`, every year, dims (year,
        electrolyser); with a station `refuelling`, the first passage as `simulate_refuelling` gives it.

    Raises
    ------
    ConfigurationError
        When machines cannot be, or do not fit together.
    DataError
        When series do not fit together, have gaps, or power or hydrogen is negative.
    """
    demand = daily_demand(site.demand, wind_power["time"])
    step, values = aligned_series(
        "hydrogen site",
        {
            "wind_power": wind_power,
            "photovoltaic_power": photovoltaic_power,
            "by_product": by_product,
            "demand": demand,
        },
        least=0.0,
    )
    market = np.ascontiguousarray(price.to_numpy(), np.float64)
    if market.size != values["demand"].size or not np.all(np.isfinite(market)):
        raise DataError("hydrogen site: the price has gaps or another length than the power; fill or cut it first.")
    n = market.size
    per_year = n if years == 0 else max(round(SECONDS_PER_YEAR / step), 1)
    years = max(years, 1)
    # Copies: an array that may not be written to is another type, for which the kernel would be compiled again.
    sale = np.array(np.broadcast_to(market + support, n), np.float64)
    wind, panels, residue, asked = (
        np.array(values[name]) for name in ("wind_power", "photovoltaic_power", "by_product", "demand")
    )
    series = SiteSeries(wind, panels, residue, asked, sale, market + purchase_fee)
    start = wind_power["time"].to_numpy()[0]
    vehicles: xr.Dataset | None = None
    if site.refuelling is not None:
        end = start + np.timedelta64(round(years * per_year * step), "s")
        vehicles = vehicle_arrivals(site.refuelling.fleets, start, end, seed=site.refuelling.seed)
        check_reach(site.refuelling.station, vehicles)
    arrivals = site_arrivals(vehicles, start)
    state = new_site(site)
    initial = (float(state.mass.sum()), float(state.station.buffer[0] + state.station.mass.sum()))
    banks, station_banks = state.mass.size, state.station.mass.size
    out = SiteOutput(
        rates=np.zeros((n, len(RATES))), levels=np.zeros((n, len(LEVELS))), plants=np.zeros((n, PLANTS, 3)),
        mass=np.zeros((n, banks)), pressure=np.zeros((n, banks)), station_mass=np.zeros((n, station_banks)),
        station_pressure=np.zeros((n, station_banks)), station_flows=np.zeros((n, len(STATION_FLOWS))),
        station_buffer=np.zeros((n, 2)), totals=np.zeros((years, len(RATES))),
        plant_totals=np.zeros((years, PLANTS, 3)), events=np.zeros((years, len(EVENTS))),
        last_levels=np.zeros((years, len(LEVELS))), tallies=empty_tallies(state, years),
    )  # fmt: skip
    solar = site.photovoltaics
    numbers = kernel_site(site, grid, step)
    hydrogen_site(
        numbers, state, series, arrivals, step, per_year,
        0.0 if solar is None else float(solar.degradation), out,
    )  # fmt: skip
    hours = _passage(site, numbers, out, wind_power["time"], price, support, step)
    done = min(n, years * per_year)
    hours = hours.isel(time=slice(0, done))
    hours.attrs.update(step=step, purchase_fee=purchase_fee, **_residuals(out, done, initial, step))
    lifetime = _years(site, out, arrivals.time.size).assign_attrs(first_filling=sum(initial))
    found = {"hydrogen": hours, "lifetime": lifetime}
    if site.refuelling is not None and vehicles is not None:
        end = hours["time"].to_numpy()[-1] + np.timedelta64(round(step), "s")
        came = int(np.searchsorted(vehicles["arrival_time"].to_numpy(), end))
        found["refuelling"] = station_dataset(
            site.refuelling.station, numbers.station.banks, vehicles.isel(arrival=slice(0, came)),
            first_vehicles(arrivals, came), hours["time"], step, out.station_flows[:done], out.station_buffer[:done],
            out.station_mass[:done], out.station_pressure[:done],
        )  # fmt: skip
    return found


def _passage(
    site: HydrogenSite,
    numbers: Site,
    out: SiteOutput,
    time: xr.DataArray,
    price: xr.DataArray,
    support: float | Floats,
    step: float,
) -> xr.Dataset:
    """Name what the kernel filled over the record, and add what follows from it."""
    columns = {name: out.rates[:, k] for k, name in enumerate(RATES)} | {
        name: out.levels[:, k] for k, name in enumerate(LEVELS)
    }
    result = xr.Dataset(coords={"time": time})
    for name, (units, text) in _DESCRIPTIONS.items():
        result[name] = ("time", np.ascontiguousarray(columns[name]), {"units": units, "long_name": text})
    count = len(site.electrolysers)
    names = [machine.title for machine in site.electrolysers]
    for k, (name, units, text) in enumerate(_OF_PLANTS):
        values = np.ascontiguousarray(out.plants[:, :count, k])
        result[name] = (("time", "electrolyser"), values, {"units": units, "long_name": text})
    result = result.assign_coords(electrolyser=("electrolyser", np.array(names, dtype=np.str_)))
    streams = _side_streams(site, out.plants[:, :count, 1], out.plants[:, :count, 2], columns["heat_fuel_cell"])
    for name, stream, units, text in _STREAMS:
        result[name] = ("time", np.ascontiguousarray(streams[stream]), {"units": units, "long_name": text})
    vessels = () if site.store is None else site.store.cascade.banks
    rating = np.array([float(bank.maximum_pressure) for bank in vessels])
    for name, dims, values, units, text in (
        ("bank_mass", ("time", "bank"), out.mass, "kg", "hydrogen in a bank of the store"),
        ("bank_pressure", ("time", "bank"), out.pressure, "Pa", "pressure in a bank of the store"),
        ("bank_capacity", ("bank",), numbers.banks.capacity, "kg", "hydrogen in the full bank of the store"),
        ("bank_minimum", ("bank",), numbers.banks.minimum, "kg", "cushion gas of the bank of the store"),
        ("bank_rating", ("bank",), rating, "Pa", "rated pressure of the bank of the store"),
    ):
        result[name] = (dims, np.ascontiguousarray(values), {"units": units, "long_name": text})
    result["price"] = ("time", price.to_numpy(), {"units": "EUR J-1", "long_name": "market price of electricity"})
    result["support"] = (
        "time", np.array(np.broadcast_to(support, time.shape), np.float64),
        {"units": "EUR J-1", "long_name": "support per energy sold"},
    )  # fmt: skip
    revenue = (columns["sales"] - columns["purchases"]) * step
    text = "electricity sold minus electricity bought in the interval"
    result["revenue"] = ("time", revenue, {"units": "EUR", "long_name": text})
    return result


def _side_streams(site: HydrogenSite, made: Floats, warmth: Floats, of_fuel_cell: Floats) -> dict[str, Floats]:
    """Return oxygen made and water taken [kg], and heat that is usable and finds a buyer [J], or all of it per time.

    `made` and `warmth` (…, electrolyser): hydrogen and heat of the cooling of each plant; `of_fuel_cell`: usable heat.
    """
    water = np.array([0.0 if m.stacks is None else float(m.stacks.auxiliaries.water) for m in site.electrolysers])
    heat = None if site.side_streams is None else site.side_streams.heat
    sold = np.zeros_like(of_fuel_cell)
    if heat is not None:
        least = float(heat.least_temperature)
        warm = np.array(
            [m.stacks is not None and m.stacks.cell.operating_temperature >= least for m in site.electrolysers], float
        )
        sold = sold + warmth @ warm * float(heat.electrolyser_usable)
        cell = site.fuel_cell
        if cell is not None and cell.stacks is not None and cell.stacks.heat_temperature >= least:
            sold = sold + of_fuel_cell
        sold = sold * float(heat.sold)
    return {"oxygen": OXYGEN_PER_HYDROGEN * made.sum(axis=-1), "water": made @ water, "heat": sold}


def _years(site: HydrogenSite, out: SiteOutput, vehicles: int) -> xr.Dataset:
    """Name what the kernel summed up by year."""
    years = out.totals.shape[0]
    result = xr.Dataset(
        coords={"year": ("year", np.arange(1, years + 1), {"long_name": "year of operation"})},
        attrs={"vehicles": vehicles},
    )
    units = {"power": ("energy", "J"), "heat": ("heat", "J"), "hydrogen": ("hydrogen", "kg")}
    for k, name in enumerate(RATES):
        kind, _, rest = name.partition("_")
        if kind not in units:
            continue
        text = _DESCRIPTIONS[name][1] + ", in the year"
        result[f"{units[kind][0]}_{rest}"] = (
            "year", np.ascontiguousarray(out.totals[:, k]), {"units": units[kind][1], "long_name": text},
        )  # fmt: skip
    revenue = out.totals[:, RATES.index("sales")] - out.totals[:, RATES.index("purchases")]
    result["electricity_revenue"] = (
        "year", revenue, {"units": "EUR", "long_name": "electricity sold minus electricity bought"},
    )  # fmt: skip
    count = len(site.electrolysers)
    names = np.array([machine.title for machine in site.electrolysers], dtype=np.str_)
    result = result.assign_coords(electrolyser=("electrolyser", names))
    for k, (name, unit, text) in enumerate(
        (("electrolyser_energy", "J", "electricity"), ("electrolyser_mass", "kg", "hydrogen"),
         ("electrolyser_heat", "J", "heat to the cooling"))
    ):  # fmt: skip
        values = np.ascontiguousarray(out.plant_totals[:, :count, k])
        attributes = {"units": unit, "long_name": f"{text} of an electrolysis plant, in the year"}
        result[name] = (("year", "electrolyser"), values, attributes)
    heat = out.totals[:, RATES.index("heat_fuel_cell")]
    streams = _side_streams(site, out.plant_totals[:, :count, 1], out.plant_totals[:, :count, 2], heat)
    for name, stream, units_of_rate, text in _STREAMS:
        unit = "J" if units_of_rate == "W" else "kg"
        values = np.ascontiguousarray(streams[stream])
        result[name] = ("year", values, {"units": unit, "long_name": f"{text}, in the year"})
    for name, column, unit, text in (
        ("stacks_replaced", 4, "1", "stacks replaced in the year"),
        ("stack_starts", 3, "1", "starts of stacks in the year"),
        ("stack_running_time", 2, "s", "time that a stack produced in the year, mean"),
        ("stack_voltage_rise", 5, "V", "rise of a cell's voltage by ageing at the end of the year, mean of the stacks"),
    ):
        whole = column in (3, 4)
        values = np.stack(
            [(tally[:, :, column].sum(axis=1) if whole else tally[:, :, column].mean(axis=1))
             for tally in out.tallies[:count]], axis=1,
        ) if count else np.zeros((years, 0))  # fmt: skip
        result[name] = (("year", "electrolyser"), values, {"units": unit, "long_name": text})
    for k, (name, unit, text) in enumerate(
        (("fuel_cell_running_time", "s", "time that the fuel cell ran in the year"),
         ("fuel_cell_starts", "1", "starts of the fuel cell in the year"),
         ("fuel_cell_replacements", "1", "replacements of the fuel cell's stacks in the year"),
         ("battery_replacements", "1", "replacements of the battery's cells in the year"))
    ):  # fmt: skip
        result[name] = ("year", np.ascontiguousarray(out.events[:, k]), {"units": unit, "long_name": text})
    for name in ("hydrogen_stored", "hydrogen_in_station", "fuel_cell_voltage_lost", "battery_capacity_lost"):
        values = np.ascontiguousarray(out.last_levels[:, LEVELS.index(name)])
        result[name] = (
            "year",
            values,
            {"units": _DESCRIPTIONS[name][0], "long_name": _DESCRIPTIONS[name][1] + ", at its end"},
        )
    return result


def _residuals(out: SiteOutput, done: int, initial: tuple[float, float], step: float) -> dict[str, float]:
    """Return the largest mismatch of energy and of hydrogen in an interval, relative."""
    rate = {name: out.rates[:done, k] for k, name in enumerate(RATES)}
    sources = np.asarray(
        sum(rate[f"power_{n}"] for n in ("wind", "photovoltaics", "fuel_cell", "discharged", "imported", "missing"))
    )
    uses = np.asarray(
        sum(rate[f"power_{n}"] for n in ("electrolysers", "compressor", "station", "charged", "exported", "curtailed"))
    )
    energy = largest_residual(sources, uses, float(np.mean(sources)))
    gained = rate["hydrogen_produced"] + rate["hydrogen_by_product"]
    spent = sum(rate[f"hydrogen_{n}"] for n in ("to_station", "delivered", "to_fuel_cell", "vented"))
    store, station = out.levels[:done, 0], out.levels[:done, 1]
    scales = float(store.max()), float(station.max()), float(gained.max()) * step
    hydrogen = max(
        largest_residual(carried_on(begin, net * step, level), level, *scales)
        for level, begin, net in (
            (store, initial[0], gained - spent),
            (station, initial[1], rate["hydrogen_to_station"] - rate["hydrogen_dispensed"]),
        )
    )
    return {"energy_balance_residual": energy, "hydrogen_balance_residual": hydrogen}
