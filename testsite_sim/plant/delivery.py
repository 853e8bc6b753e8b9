"""Hydrogen from elsewhere: a pipeline with what it stores, tube trailers that are changed when they are empty."""

import math

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.delivery import NO_ORDER, Pipeline, Trailer, simulate_pipe, simulate_trailer
from testsite_kernels.storage.properties import Isotherms

from testsite_sim.common.balances import relative_residual
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.configuration.storage import HydrogenPipeline, TubeTrailer
from testsite_sim.plant.compression import compressor_cost, electricity_table, no_work
from testsite_sim.plant.properties import hydrogen, hydrogen_density, isotherms_at

NO_PIPELINE = Pipeline(
    Isotherms(np.ones((1, 2, 2)), np.ones(1), 1.0), 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, no_work(), UNLIMITED, 1e5
)
NO_TRAILER = Trailer(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
VISCOSITY = 8.8e-6  # of hydrogen near 288 K, nearly independent of pressure [Pa s]


def kernel_pipeline(pipeline: HydrogenPipeline) -> Pipeline:
    """Return a pipeline for the kernels; the friction factor is that at its largest flow (Colebrook 1939)."""
    diameter, temperature = float(pipeline.diameter), float(pipeline.temperature)
    area = 0.25 * math.pi * diameter**2
    high, low = float(pipeline.maximum_pressure), float(pipeline.delivery_pressure)
    volume = area * float(pipeline.length)
    densities = hydrogen_density([high, low], temperature)
    gas_constant = hydrogen().gas_constant
    z = float(np.mean(np.array([high, low]) / (densities * gas_constant * temperature)))
    root = -2.0 * math.log10(float(pipeline.roughness) / (3.7 * diameter))  # 1 / sqrt(f), fully rough
    conductance = 0.0
    for _ in range(50):
        conductance = area * root * math.sqrt(diameter / (0.5 * float(pipeline.length) * gas_constant * temperature))
        flow = conductance * math.sqrt(max(0.5 * (high**2 - low**2), 1.0) / z)
        reynolds = 4.0 * flow / (math.pi * diameter * VISCOSITY)
        after = -2.0 * math.log10(float(pipeline.roughness) / (3.7 * diameter) + 2.51 * root / reynolds)
        if abs(after - root) < 1e-12 * root:
            break
        root = after
    return Pipeline(
        isotherm=isotherms_at(temperature),
        volume=volume,
        conductance=conductance,
        maximum_pressure=high,
        delivery_pressure=low,
        minimum=volume * float(densities[1]),
        capacity=volume * float(densities[0]),
        work=no_work() if pipeline.compressor is None else electricity_table(pipeline.compressor),
        compressor_capacity=UNLIMITED if pipeline.compressor is None else float(pipeline.compressor.capacity),
        supply_pressure=float(pipeline.supply_pressure),
    )


def pipeline_cost(pipeline: HydrogenPipeline) -> list[tuple[float, float]]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of the line and of its compressor."""
    line = float(pipeline.cost.capital * pipeline.length)
    parts = [(line, line * float(pipeline.cost.operating))]
    return parts if pipeline.compressor is None else [*parts, compressor_cost(pipeline.compressor)]


def kernel_trailer(trailer: TubeTrailer) -> Trailer:
    """Return a trailer for the kernels."""
    densities = hydrogen_density(
        [float(trailer.filling_pressure), float(trailer.residual_pressure)], trailer.temperature
    )
    return Trailer(
        full=float(trailer.volume) * float(densities[0]),
        residual=float(trailer.volume) * float(densities[1]),
        flow_limit=float(trailer.maximum_flow),
        order_level=float(trailer.order_level),
        lead_time=float(trailer.lead_time),
        changeover_time=float(trailer.changeover_time),
    )


def initial_content(pipe: Pipeline, pipeline: HydrogenPipeline) -> float:
    """Return the mass [kg] in a pipeline at the start."""
    return pipe.volume * float(hydrogen_density(pipeline.initial_pressure, pipeline.temperature))


def new_trailer(trailer: Trailer) -> Floats:
    """Return the state of the first trailer: full, none ordered, connected."""
    return np.array([trailer.full, NO_ORDER, 0.0])


@finite_arguments("hydrogen: simulate_pipeline")
def simulate_pipeline(supply: xr.DataArray, demand: xr.DataArray, pipeline: HydrogenPipeline) -> xr.Dataset:
    """Send hydrogen through a pipeline that stores what it holds between its pressures.

    Parameters
    ----------
    supply, demand : xarray.DataArray, dims (time,)
        Hydrogen offered at one end and asked for at the other [kg/s].
    pipeline : HydrogenPipeline
        Length, diameter, roughness, pressures; the compressor at its inlet.

    Returns
    -------
    xarray.Dataset, dims (time,)
        hydrogen_taken, hydrogen_rejected, hydrogen_delivered, hydrogen_unmet [kg s-1], pipeline_mass [kg] and
        pipeline_pressure [Pa] (the mean one) at the end of the interval, power_pipeline [W]. Attributes `step`,
        `hydrogen_balance_residual` (relative) and `largest_flow` [kg s-1], that of steady flow between the pressures.

    Raises
    ------
    DataError
        When the series do not fit together, have gaps or are negative.

    References
    ----------
    Isothermal flow: Menon (2005), Gas Pipeline Hydraulics, eq. 2.2; friction: Colebrook (1939), J. Inst. Civ. Eng. 11.
    """
    step, values = aligned_series("pipeline", {"supply": supply, "demand": demand}, least=0.0)
    pipe = kernel_pipeline(pipeline)
    initial = initial_content(pipe, pipeline)
    flows = np.empty((values["supply"].size, 5))
    simulate_pipe(pipe, initial, values["supply"], values["demand"], step, flows)
    data = {
        "hydrogen_taken": (flows[:, 0], "kg s-1", "hydrogen taken from the supply"),
        "hydrogen_rejected": (np.maximum(values["supply"] - flows[:, 0], 0.0), "kg s-1", "hydrogen offered, not taken"),
        "hydrogen_delivered": (flows[:, 1], "kg s-1", "hydrogen delivered to the demand"),
        "hydrogen_unmet": (np.maximum(values["demand"] - flows[:, 1], 0.0), "kg s-1", "hydrogen demand not met"),
        "pipeline_mass": (flows[:, 2], "kg", "hydrogen in the pipeline"),
        "pipeline_pressure": (flows[:, 3], "Pa", "mean pressure in the pipeline"),
        "power_pipeline": (flows[:, 4], "W", "electricity of the compressor at the inlet of the pipeline"),
    }
    result = _dataset(data, supply, step)
    net = float((flows[:, 0] - flows[:, 1]).sum()) * step
    result.attrs["hydrogen_balance_residual"] = relative_residual(initial + net, float(flows[-1, 2]), initial)
    result.attrs["largest_flow"] = largest_flow(pipe)
    return result


def largest_flow(pipe: Pipeline) -> float:
    """Return the steady flow [kg/s] between the highest and the delivery pressure."""
    middle = math.sqrt(0.5 * (pipe.maximum_pressure**2 + pipe.delivery_pressure**2))
    temperature = float(pipe.isotherm.gas_constant_temperature[0]) / hydrogen().gas_constant
    z = middle / (float(hydrogen_density(middle, temperature)) * float(pipe.isotherm.gas_constant_temperature[0]))
    return pipe.conductance * math.sqrt((middle**2 - pipe.delivery_pressure**2) / z)


@finite_arguments("hydrogen: simulate_trailers")
def simulate_trailers(demand: xr.DataArray, trailer: TubeTrailer) -> xr.Dataset:
    """Serve a demand from tube trailers; the first stands full at the start.

    Parameters
    ----------
    demand : xarray.DataArray, dims (time,)
        Hydrogen asked for [kg/s].
    trailer : TubeTrailer
        Payload, pressures, when to order, how long it takes.

    Returns
    -------
    xarray.Dataset, dims (time,)
        hydrogen_delivered, hydrogen_unmet [kg s-1], trailer_mass [kg] at the end of the interval, trailers (that came)
        [1], hydrogen_returned (in the trailers that went) [kg], delivery_cost [EUR]. Attributes `step` and
        `hydrogen_balance_residual` (relative).

    Raises
    ------
    DataError
        When the series has gaps or is negative.
    """
    step, values = aligned_series("trailers", {"demand": demand}, least=0.0)
    numbers = kernel_trailer(trailer)
    flows = np.empty((values["demand"].size, 4))
    simulate_trailer(numbers, new_trailer(numbers), values["demand"], step, flows)
    data = {
        "hydrogen_delivered": (flows[:, 0], "kg s-1", "hydrogen delivered to the demand"),
        "hydrogen_unmet": (np.maximum(values["demand"] - flows[:, 0], 0.0), "kg s-1", "hydrogen demand not met"),
        "trailer_mass": (flows[:, 1], "kg", "hydrogen in the trailer"),
        "trailers": (flows[:, 2], "1", "trailers that came"),
        "hydrogen_returned": (flows[:, 3], "kg", "hydrogen in the trailers that went"),
        "delivery_cost": (flows[:, 2] * float(trailer.cost_per_delivery), "EUR", "cost of the deliveries"),
    }
    result = _dataset(data, demand, step)
    came = numbers.full * (1.0 + float(flows[:, 2].sum()))
    went = float(flows[:, 0].sum()) * step + float(flows[:, 3].sum())
    result.attrs["hydrogen_balance_residual"] = relative_residual(came - went, float(flows[-1, 1]), came)
    return result


def _dataset(data: dict[str, tuple[Floats, str, str]], like: xr.DataArray, step: float) -> xr.Dataset:
    """Return named columns over time."""
    variables = {
        name: ("time", np.ascontiguousarray(values), {"units": units, "long_name": long_name})
        for name, (values, units, long_name) in data.items()
    }
    return xr.Dataset(variables, coords={"time": like["time"]}, attrs={"step": step})
