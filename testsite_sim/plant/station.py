"""A refuelling station for the kernels: numbers and tables of its parts, vehicles, the state at the start."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.refuelling import FIRST_DISPENSER, FREE, Arrivals, State, Station

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.refuelling import RefuellingStation
from testsite_sim.plant.banks import bank_cost, filling_limit, held_mass, initial_mass, kernel_banks, withdrawal_limit
from testsite_sim.plant.compression import compressor_cost, electricity_table, no_work
from testsite_sim.plant.properties import hydrogen_density, hydrogen_pressure, hydrogen_properties, isotherms_at

REFERENCE_TEMPERATURE = 288.15  # of a vehicle's full tank, SAE J2601 [K]
COARSE = 10.0  # steps of a station without vehicles are this many times longer


def kernel_station(station: RefuellingStation) -> Station:
    """Return a station for the kernels."""
    buffer, compressor, booster = station.buffer, station.compressor, station.booster
    filled_to = min(buffer.maximum_pressure, UNLIMITED if booster is not None else station.supply_pressure)
    least = max(float(buffer.minimum_pressure), float(compressor.minimum_suction_pressure))
    cooling = station.precooling
    return Station(
        supply_pressure=float(station.supply_pressure),
        buffer_isotherm=isotherms_at(float(buffer.temperature)),
        buffer_volume=float(buffer.volume),
        buffer_minimum=held_mass(buffer, least),
        buffer_capacity=held_mass(buffer, filled_to),
        buffer_fill_limit=filling_limit(buffer),
        has_booster=booster is not None,
        booster=no_work() if booster is None else electricity_table(booster),
        booster_capacity=UNLIMITED if booster is None else float(booster.capacity),
        compressor=electricity_table(compressor),
        compressor_capacity=min(float(compressor.capacity), withdrawal_limit(buffer)),
        rated_suction_density=float(hydrogen_density(compressor.rated_suction_pressure, buffer.temperature)),
        banks=kernel_banks(station.cascade, float(compressor.maximum_discharge_pressure)),
        margin=float(station.pressure_margin),
        restart_level=float(station.restart_level),
        dispenser_flow=float(station.dispensers.maximum_flow),
        connection_time=float(station.dispensers.connection_time),
        precooling_energy=precooling_energy(station),
        precooling_standing=0.0 if cooling is None else float(cooling.standing_power),
        auxiliary_power=float(station.auxiliary_power),
        inner_step=float(station.inner_step),
        coarse_step=COARSE * float(station.inner_step),
    )


def precooling_energy(station: RefuellingStation) -> float:
    """Return the electricity of pre-cooling per mass [J/kg]: enthalpy between cascade and hose over the coefficient."""
    if station.precooling is None:
        return 0.0
    warm = max(float(bank.temperature) for bank in station.cascade.banks)
    cold = float(station.precooling.temperature)
    _, enthalpy, _ = hydrogen_properties(float(station.nominal_pressure), [warm, min(cold, warm)])
    return float(enthalpy[0] - enthalpy[1]) / float(station.precooling.coefficient_of_performance)


def kernel_arrivals(arrivals: xr.Dataset, start: np.datetime64) -> Arrivals:
    """Return vehicles for the kernels, with times in s from `start`; see `vehicle_arrivals` for the Dataset.

    Raises
    ------
    DataError
        When a mass is negative, above what the vehicle's tank holds, or the times fall.
    """
    time = (arrivals["arrival_time"].to_numpy() - start) / np.timedelta64(1, "s")
    mass = np.ascontiguousarray(arrivals["requested_mass"].to_numpy(), np.float64)
    fleet = np.ascontiguousarray(arrivals["fleet"].to_numpy(), np.int64)
    if not np.all(np.isfinite(mass)) or np.any(mass < 0.0):
        raise DataError("refuelling: a vehicle asks for a mass that is negative or not a number; expected zero or more")
    if fleet.size and (fleet.min() < 0 or fleet.max() >= arrivals.sizes["kind"]):
        raise DataError(f"refuelling: a fleet number lies outside 0 to {arrivals.sizes['kind'] - 1}")
    tank = np.ascontiguousarray(arrivals["tank_mass"].to_numpy(), np.float64)
    if np.any(mass > tank[fleet] * (1.0 + 1e-9)):
        raise DataError("refuelling: a vehicle asks for more than its tank holds")
    if np.any(np.diff(time) < 0.0) or (time.size and time[0] < 0.0):
        raise DataError("refuelling: arrival times must rise, from the start of the supply series")
    patience = arrivals["patience"].to_numpy()
    empty = np.full(time.size, np.nan)
    return Arrivals(
        time=np.ascontiguousarray(time, np.float64),
        deadline=np.ascontiguousarray(time + patience[fleet], np.float64),
        mass=mass,
        fleet=fleet,
        tank_volume=np.ascontiguousarray(arrivals["tank_volume"].to_numpy(), np.float64),
        tank_mass=tank,
        isotherms=isotherms_at(arrivals["gas_temperature"].to_numpy()),
        flow_limit=np.ascontiguousarray(arrivals["maximum_flow"].to_numpy(), np.float64),
        served=np.zeros(time.size),
        begin=empty,
        end=empty.copy(),
    )


def check_reach(station: RefuellingStation, arrivals: xr.Dataset) -> None:
    """Refuse a station whose highest bank does not fill the vehicles.

    Raises
    ------
    ConfigurationError
        When a full vehicle, at the temperature of its gas, stands above the highest bank less the margin.
    """
    highest = max(float(bank.maximum_pressure) for bank in station.cascade.banks)
    full = hydrogen_pressure(arrivals["tank_mass"] / arrivals["tank_volume"], arrivals["gas_temperature"])
    for title, pressure in zip(arrivals["title"].to_numpy(), full + float(station.pressure_margin), strict=True):
        if pressure > highest:
            raise ConfigurationError(
                f"station {station.title!r}: a full vehicle of {str(title)!r} wants {pressure / 1e5:.0f} bar with the "
                f"margin; the highest bank holds {highest / 1e5:.0f} bar"
            )


def new_state(station: RefuellingStation) -> State:
    """Return the state of a station at the start: initial pressures, no vehicle, compressor off."""
    mass = initial_mass(station.cascade)
    integers = np.full(FIRST_DISPENSER + station.dispensers.number, FREE, np.int64)
    integers[:FIRST_DISPENSER] = 0
    held_up = np.zeros(station.dispensers.number, np.bool_)
    initial = held_mass(station.buffer, station.buffer.initial_pressure)
    return State(
        buffer=np.array([initial]), mass=mass, pressure=np.zeros(mass.size), integers=integers, held_up=held_up
    )


def station_cost(station: RefuellingStation) -> dict[str, tuple[float, float]]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of the parts of a station.

    Compressors and vessels bring their own operating cost; that of dispensers and the rest is a share of theirs.
    """
    parts = {"buffer": bank_cost(station.buffer), "compressor": compressor_cost(station.compressor)}
    if station.booster is not None:
        parts["booster"] = compressor_cost(station.booster)
    for number, bank in enumerate(station.cascade.banks, start=1):
        parts[f"bank_{number}"] = bank_cost(bank)
    share = float(station.cost.operating)
    for name, capital in (
        ("dispensers", station.dispensers.number * float(station.dispensers.cost)),
        ("other", float(station.cost.other_capital)),
    ):
        parts[name] = (capital, capital * share)
    return parts
