"""Compression of hydrogen in stages with cooling between them: work, heat, temperatures, power."""

import functools

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.storage.compression import WorkTable, fill_compression, fill_table_work, fill_work_table

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.configuration.storage import Compressor
from testsite_sim.plant.properties import HIGHEST_PRESSURE, LOWEST_PRESSURE, hydrogen

POINTS = 97  # of the work table on either axis: within 1e-3 of the work
LARGEST_RATIO = HIGHEST_PRESSURE / LOWEST_PRESSURE


@finite_arguments("hydrogen: compression_work")
def compression_work(
    suction_pressure: ArrayLike,
    discharge_pressure: ArrayLike,
    *,
    stages: int,
    inlet_temperature: float = 298.15,
    isentropic_efficiency: float = 1.0,
) -> xr.Dataset:
    """Return what it takes to compress hydrogen as a real gas.

    Parameters
    ----------
    suction_pressure, discharge_pressure : array_like
        Absolute pressures [Pa], 1 to 1000 bar; broadcast against each other, of at most one dimension.
    stages : int
        Stages of equal pressure ratio, each beginning at the inlet temperature.
    inlet_temperature : float
        Temperature before every stage [K].
    isentropic_efficiency : float
        Of every stage, above 0 and at most 1.

    Returns
    -------
    xarray.Dataset, dims (point,)
        work, heat (of the coolers after every stage, the last included) [J kg-1]; isentropic_outlet_temperature and
        outlet_temperature [K], of the hottest stage.

    Raises
    ------
    ConfigurationError
        When a pressure lies outside the table or falls, or stages, temperature or efficiency are impossible.

    Notes
    -----
    Per stage w = (h(p2, s1) - h1) / efficiency; enthalpy and entropy after Leachman et al. (2009), see
    `hydrogen_properties`.
    """
    p1, p2 = np.broadcast_arrays(
        np.atleast_1d(np.asarray(suction_pressure, np.float64)), np.asarray(discharge_pressure, np.float64)
    )
    if stages < 1:
        raise ConfigurationError(f"compression: {stages} stages; expected at least one")
    if not 0.0 < isentropic_efficiency <= 1.0:
        raise ConfigurationError(
            f"compression: isentropic_efficiency is {isentropic_efficiency:g}; expected above 0 and at most 1"
        )
    if not 230.0 <= inlet_temperature <= 400.0:
        raise ConfigurationError(f"compression: inlet_temperature is {inlet_temperature:g} K; expected 230 to 400 K")
    for name, pressure in (("suction_pressure", p1), ("discharge_pressure", p2)):
        if not np.all((pressure >= LOWEST_PRESSURE) & (pressure <= HIGHEST_PRESSURE)):
            raise ConfigurationError(f"compression: {name} must lie within 1 to 1000 bar, given in Pa")
    if np.any(p2 < p1):
        raise ConfigurationError("compression: the discharge pressure lies below the suction pressure")
    values = np.empty((p1.size, 4))
    fill_compression(
        hydrogen(),
        p1.flatten(),
        p2.flatten(),
        int(stages),
        float(inlet_temperature),
        float(isentropic_efficiency),
        values,
    )
    described = (
        ("work", "J kg-1", "work of compression"),
        ("heat", "J kg-1", "heat of the coolers after every stage"),
        ("isentropic_outlet_temperature", "K", "temperature after the hottest stage without losses"),
        ("outlet_temperature", "K", "temperature after the hottest stage"),
    )
    return xr.Dataset(
        {
            name: ("point", values[:, k], {"units": units, "long_name": long_name})
            for k, (name, units, long_name) in enumerate(described)
        }
    )


def electricity_table(compressor: Compressor) -> WorkTable:
    """Return the electricity per mass of a compressor over its suction pressure and pressure ratio, for kernels."""
    efficiency = float(compressor.isentropic_efficiency) * float(compressor.drive_efficiency)
    return _table(int(compressor.stages), float(compressor.inlet_temperature), efficiency)


@functools.cache
def _table(stages: int, inlet_temperature: float, efficiency: float) -> WorkTable:
    """Return the table of a kind of compressor."""
    first, step = table_axes()
    table = WorkTable(np.empty((POINTS, POINTS)), first, step, step)
    fill_work_table(hydrogen(), table, stages, inlet_temperature, efficiency, HIGHEST_PRESSURE)
    return table


def table_axes() -> tuple[float, float]:
    """Return the first logarithm of the suction pressure of every work table, and the spacing of both its axes."""
    return float(np.log(LOWEST_PRESSURE)), float(np.log(LARGEST_RATIO)) / (POINTS - 1)


def no_work() -> WorkTable:
    """Return the table of a compressor that is not there."""
    return WorkTable(np.zeros((2, 2)), float(np.log(LOWEST_PRESSURE)), 1.0, 1.0)


@finite_arguments("hydrogen: specific_electricity")
def specific_electricity(compressor: Compressor, suction_pressure: ArrayLike, discharge_pressure: ArrayLike) -> Floats:
    """Return the electricity per mass [J/kg] of a compressor, from the table that the kernels use.

    Parameters
    ----------
    compressor : Compressor
        Stages, inlet temperature, efficiencies.
    suction_pressure, discharge_pressure : array_like
        [Pa]; zero where the pressure need not rise.

    Raises
    ------
    ConfigurationError
        When the discharge pressure lies above the rating.
    """
    p1, p2 = np.broadcast_arrays(np.asarray(suction_pressure, np.float64), np.asarray(discharge_pressure, np.float64))
    if np.any(p2 > compressor.maximum_discharge_pressure * (1.0 + 1e-9)):
        raise ConfigurationError(
            f"compressor {compressor.title!r}: a discharge pressure of {p2.max() / 1e5:g} bar lies above its rating of "
            f"{compressor.maximum_discharge_pressure / 1e5:g} bar"
        )
    values = np.empty(p1.size)
    fill_table_work(electricity_table(compressor), p1.flatten(), p2.flatten(), values)
    return values.reshape(p1.shape)


def rated_power(compressor: Compressor) -> float:
    """Return the electric power [W] at capacity, rated suction and maximum discharge pressure."""
    electricity = specific_electricity(
        compressor, compressor.rated_suction_pressure, compressor.maximum_discharge_pressure
    )
    return float(compressor.capacity) * float(electricity)


def compressor_cost(compressor: Compressor) -> tuple[float, float]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of a compressor."""
    capital = float(compressor.cost.capital) * rated_power(compressor)
    return capital, capital * float(compressor.cost.operating)
