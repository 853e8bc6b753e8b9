"""A refuelling station through time: hydrogen offered and vehicles in; what they get, levels and electricity out."""

import numpy as np
import xarray as xr
from testsite_kernels.plant.refuelling import FLOWS, Arrivals, Delivery, StationSeries, simulate_station
from testsite_kernels.storage.banks import Banks

from testsite_sim.common.balances import largest_residual
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.configuration.refuelling import RefuellingStation
from testsite_sim.configuration.storage import HydrogenPipeline, TubeTrailer
from testsite_sim.plant.delivery import (
    NO_PIPELINE,
    NO_TRAILER,
    initial_content,
    kernel_pipeline,
    kernel_trailer,
    new_trailer,
)
from testsite_sim.plant.station import check_reach, kernel_arrivals, kernel_station, new_state

DESCRIPTIONS = {
    "hydrogen_taken": ("kg s-1", "hydrogen taken from the supply"),
    "hydrogen_dispensed": ("kg s-1", "hydrogen dispensed to vehicles"),
    "power_compressor": ("W", "electricity of the compressor, buffer to cascade"),
    "power_booster": ("W", "electricity of the booster, supply to buffer"),
    "power_precooling": ("W", "electricity of pre-cooling, with its standing part"),
    "power_auxiliary": ("W", "electricity of controls, ventilation and light"),
    "hydrogen_requested": ("kg s-1", "hydrogen asked for by vehicles that arrived in the interval"),
    "hydrogen_unserved": ("kg s-1", "hydrogen that vehicles left without in the interval"),
    "hydrogen_pending": ("kg", "hydrogen that vehicles at the station still wait for at the end of the interval"),
    "waiting_time": ("s", "waiting before the hose, summed over vehicles that began to fill or left"),
    "queue": ("1", "vehicles waiting at the end of the interval"),
    "compressor_starts": ("1", "starts of the compressor"),
}
POWERS = ("power_compressor", "power_booster", "power_precooling", "power_auxiliary")


@finite_arguments("hydrogen: simulate_refuelling")
def simulate_refuelling(
    supply: xr.DataArray,
    arrivals: xr.Dataset,
    station: RefuellingStation,
    *,
    pipeline: HydrogenPipeline | None = None,
    trailer: TubeTrailer | None = None,
) -> xr.Dataset:
    """Run a refuelling station.

    Parameters
    ----------
    supply : xarray.DataArray, dims (time,)
        Hydrogen offered at the station's supply pressure [kg/s].
    arrivals : xarray.Dataset, dims (arrival, kind)
        Vehicles, as `vehicle_arrivals` gives them, within the time of the supply.
    station : RefuellingStation
        Buffer, compressors, cascade, pre-cooling, dispensers.
    pipeline : HydrogenPipeline, optional
        Through which the supply comes, and which stores some of it.
    trailer : TubeTrailer, optional
        Gives what the supply lacks; without a supply, all.

    Returns
    -------
    xarray.Dataset, dims (time, bank, arrival)
        By interval (time): hydrogen_taken, hydrogen_rejected, hydrogen_dispensed, hydrogen_requested,
        hydrogen_unserved [kg s-1], hydrogen_pending [kg], power_compressor, power_booster, power_precooling,
        power_auxiliary [W], waiting_time [s], queue, compressor_starts [1]. At the end of the interval: buffer_mass
        [kg], buffer_pressure [Pa] (time); bank_mass [kg], bank_pressure [Pa] (time, bank). Of the banks: bank_capacity,
        bank_minimum [kg], bank_rating [Pa]. Of the vehicles (arrival): arrival_time, requested_mass, served_mass [kg],
        fleet, vehicle_waiting_time and filling_time [s] (nan where none began). With a pipeline: pipeline_mass [kg],
        pipeline_pressure [Pa]; with trailers: hydrogen_from_trailer [kg s-1], trailer_mass, hydrogen_returned [kg],
        trailers [1], delivery_cost [EUR], as `simulate_pipeline` and `simulate_trailers` give them. Attributes: step,
        hydrogen_balance_residual and request_balance_residual (relative), electricity_per_mass [J kg-1].

    Raises
    ------
    ConfigurationError
        When the station cannot fill the vehicles.
    DataError
        When the supply has gaps or is negative, or vehicles come outside its time.
    """
    step, values = aligned_series("refuelling", {"supply": supply}, least=0.0)
    offered = values["supply"]
    stamps = supply["time"].to_numpy()
    vehicles = kernel_arrivals(arrivals, stamps[0])
    if vehicles.time.size and vehicles.time[-1] >= step * offered.size:
        raise DataError("refuelling: vehicles arrive after the end of the supply; cut them or lengthen it")
    check_reach(station, arrivals)
    for named, pressure in (
        ("pipeline", None if pipeline is None else pipeline.delivery_pressure),
        ("trailer", None if trailer is None else trailer.residual_pressure),
    ):
        if pressure is not None and pressure < station.supply_pressure:
            raise ConfigurationError(
                f"station {station.title!r}: the {named} gives {pressure / 1e5:g} bar at its lowest; the station wants "
                f"{station.supply_pressure / 1e5:g} bar"
            )
    numbers, state = kernel_station(station), new_state(station)
    pipe = NO_PIPELINE if pipeline is None else kernel_pipeline(pipeline)
    tubes = NO_TRAILER if trailer is None else kernel_trailer(trailer)
    pipe_mass = 0.0 if pipeline is None else initial_content(pipe, pipeline)
    before = float(state.buffer[0] + state.mass.sum()) + pipe_mass + tubes.full
    n = offered.size
    flows, buffer, delivery = np.empty((n, len(FLOWS))), np.empty((n, 2)), np.zeros((n, 8))
    masses, pressures = np.empty((n, state.mass.size)), np.empty((n, state.mass.size))
    by = Delivery(pipeline is not None, pipe, pipe_mass, trailer is not None, tubes, new_trailer(tubes))
    out = StationSeries(flows, buffer, masses, pressures, delivery)
    simulate_station(numbers, vehicles, state, step, offered, by, out)
    result = station_dataset(station, numbers.banks, arrivals, vehicles, supply["time"], step, out)
    columns = [
        ("hydrogen_rejected", np.maximum(offered - delivery[:, 0], 0.0), "kg s-1", "hydrogen offered and not taken"),
    ]
    if pipeline is not None:
        columns += [
            ("pipeline_mass", delivery[:, 2], "kg", "hydrogen in the pipeline"),
            ("pipeline_pressure", delivery[:, 3], "Pa", "mean pressure in the pipeline"),
            ("power_pipeline", delivery[:, 7], "W", "electricity of the compressor at the inlet of the pipeline"),
        ]
    if trailer is not None:
        cost = delivery[:, 5] * float(trailer.cost_per_delivery)
        columns += [
            ("hydrogen_from_trailer", delivery[:, 1], "kg s-1", "hydrogen from the trailer"),
            ("trailer_mass", delivery[:, 4], "kg", "hydrogen in the trailer"),
            ("trailers", delivery[:, 5], "1", "trailers that came"),
            ("hydrogen_returned", delivery[:, 6], "kg", "hydrogen in the trailers that went"),
            ("delivery_cost", cost, "EUR", "cost of the deliveries"),
        ]
    for name, values_, units, long_name in columns:
        result[name] = ("time", np.ascontiguousarray(values_), {"units": units, "long_name": long_name})
    content = buffer[:, 0] + masses.sum(axis=1) + delivery[:, 2] + delivery[:, 4]
    entered = delivery[:, 0] - flows[:, 1]
    net = before + np.cumsum(entered * step + delivery[:, 5] * tubes.full - delivery[:, 6])
    residual = largest_residual(net, content, float(content.max()), float(flows[:, 1].sum()) * step)
    return result.assign_attrs(hydrogen_balance_residual=residual)


def station_dataset(
    station: RefuellingStation,
    banks: Banks,
    arrivals: xr.Dataset,
    vehicles: Arrivals,
    time: xr.DataArray,
    step: float,
    series: StationSeries,
) -> xr.Dataset:
    """Name what a kernel filled of a station; see `simulate_refuelling`.

    Parameters
    ----------
    station, banks : RefuellingStation, Banks
        The station, as it is configured, and its banks, for the kernels.
    arrivals, vehicles : xarray.Dataset, Arrivals
        The vehicles, as they come, and as the kernels leave them.
    time : xarray.DataArray, dims (time,)
        Stamps.
    step : float
        [s].
    series : StationSeries
        As `testsite_kernels.plant.refuelling.simulate_station` fills them; its delivery is not read.
    """
    flows, buffer, masses, pressures, _ = series
    data = {
        name: ("time", np.ascontiguousarray(flows[:, k]), {"units": units, "long_name": long_name})
        for k, (name, (units, long_name)) in enumerate(DESCRIPTIONS.items())
    }
    result = xr.Dataset(data, coords={"time": time})
    rating = np.array([float(bank.maximum_pressure) for bank in station.cascade.banks])
    for name, dims, array, units, long_name in (
        ("buffer_mass", ("time",), np.ascontiguousarray(buffer[:, 0]), "kg", "hydrogen in the buffer"),
        ("buffer_pressure", ("time",), np.ascontiguousarray(buffer[:, 1]), "Pa", "pressure in the buffer"),
        ("bank_mass", ("time", "bank"), masses, "kg", "hydrogen in the bank"),
        ("bank_pressure", ("time", "bank"), pressures, "Pa", "pressure in the bank"),
        ("bank_capacity", ("bank",), banks.capacity, "kg", "hydrogen in the full bank"),
        ("bank_minimum", ("bank",), banks.minimum, "kg", "cushion gas of the bank"),
        ("bank_rating", ("bank",), rating, "Pa", "rated pressure of the bank"),
        ("served_mass", ("arrival",), vehicles.served, "kg", "hydrogen that the vehicle got"),
        ("vehicle_waiting_time", ("arrival",), vehicles.begin - vehicles.time, "s", "waiting before the hose"),
        ("filling_time", ("arrival",), vehicles.end - vehicles.begin, "s", "connection and filling"),
    ):
        result[name] = (dims, array, {"units": units, "long_name": long_name})
    result = result.assign({name: arrivals[name] for name in ("arrival_time", "requested_mass", "fleet", "title")})
    asked = np.cumsum(flows[:, 6] - flows[:, 7] - flows[:, 1]) * step
    used, dispensed = float(flows[:, 2:6].sum()), float(flows[:, 1].sum())
    return result.assign_attrs(
        step=step,
        request_balance_residual=largest_residual(asked, flows[:, 8], float(flows[:, 6].sum()) * step),
        electricity_per_mass=used / dispensed if dispensed > 0.0 else float("nan"),
    )
