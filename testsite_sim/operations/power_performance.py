"""The power-performance test of IEC 61400-12-1: valid sectors, bins, annual energy and its uncertainty."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import DataError
from testsite_sim.common.units import SECONDS_PER_YEAR


def normalised_wind_speed(wind_speed: Floats, air_density: Floats) -> Floats:
    """Return the wind speed [m/s] at the reference density that carries the same power: V (rho / 1.225)^(1/3).

    IEC 61400-12-1, for machines with active power control: in denser air the same speed counts as more.
    """
    return np.asarray(wind_speed * (air_density / STANDARD_AIR_DENSITY) ** (1.0 / 3.0))


def disturbed_half_width(distance: float) -> float:
    """Return half the disturbed sector [degree] behind a turbine `distance` rotor diameters away.

    The sector is 1.3 arctan(2.5 / distance + 0.15) + 10 degrees wide: an assumption, taken to be that of annex A of
    IEC 61400-12-1:2005, whose text could not be read.
    """
    return float(1.3 * np.degrees(np.arctan(2.5 / distance + 0.15)) + 10.0) / 2.0


def valid_directions(neighbours: Sequence[tuple[float, float]], diameter: float) -> NDArray[np.bool_]:
    """Return which of the 360 whole degrees of wind direction are free of the wakes of neighbours.

    Parameters
    ----------
    neighbours : sequence of (x, y)
        Positions from the turbine or mast: x east, y north [m].
    diameter : float
        Rotor diameter of the neighbours [m].
    """
    degrees = np.arange(360.0)
    valid = np.ones(360, np.bool_)
    for x, y in neighbours:
        bearing = float(np.degrees(np.arctan2(x, y))) % 360.0
        away = np.abs((degrees - bearing + 180.0) % 360.0 - 180.0)
        valid &= away > disturbed_half_width(float(np.hypot(x, y)) / diameter)
    return valid


def power_curve_bins(wind_speed: Floats, power: Floats, *, bin_width: float = 0.5) -> xr.Dataset:
    """Average ten-minute means by the method of bins, centred on whole multiples of the width.

    Returns
    -------
    xarray.Dataset, dims (bin,)
        wind_speed [m s-1], power [W] (means of the bin), power_deviation [W] (standard deviation, one degree of
        freedom taken), count [1]; bins without data are left out.

    Raises
    ------
    DataError
        When the series differ in length or no pair is finite.
    """
    if wind_speed.shape != power.shape or wind_speed.ndim != 1:
        raise DataError(f"power curve: wind speed {wind_speed.shape} and power {power.shape} differ in shape.")
    there = np.isfinite(wind_speed) & np.isfinite(power) & (wind_speed >= 0.0)
    if not there.any():
        raise DataError("power curve: no interval has both wind speed and power.")
    speed, watts = wind_speed[there], power[there]
    number = np.floor(speed / bin_width + 0.5).astype(np.int64)
    count = np.bincount(number)
    used = np.flatnonzero(count)
    totals = np.maximum(count, 1)
    mean_speed = np.bincount(number, speed) / totals
    mean_power = np.bincount(number, watts) / totals
    spread = np.bincount(number, (watts - mean_power[number]) ** 2) / np.maximum(count - 1, 1)
    columns = {
        "wind_speed": (mean_speed, "m s-1"),
        "power": (mean_power, "W"),
        "power_deviation": (np.sqrt(spread), "W"),
        "count": (count.astype(np.float64), "1"),
    }
    return xr.Dataset(
        {name: ("bin", values[used], {"units": units}) for name, (values, units) in columns.items()},
        coords={"bin": ("bin", used * bin_width, {"units": "m s-1", "long_name": "centre of the bin"})},
    )


def annual_energy(
    curve: xr.Dataset,
    mean_wind_speeds: Sequence[float] = (4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0),
    *,
    power_uncertainty: Floats | float = 0.0,
    speed_uncertainty: Floats | float = 0.0,
    further: Mapping[str, Floats] | None = None,
    cut_out: float | None = None,
) -> xr.Dataset:
    """Return the annual energy of a measured power curve in Rayleigh climates, with its standard uncertainty.

    Parameters
    ----------
    curve : xarray.Dataset, dims (bin,)
        As `power_curve_bins` gives it.
    mean_wind_speeds : sequence of float
        Annual means at hub height [m/s].
    power_uncertainty : float or array (bin,)
        Category B of the power measurement [W].
    speed_uncertainty : float or array (bin,)
        Category B of the wind measurement [m/s]; its sensitivity is the slope of the curve.
    further : mapping, optional
        Other components of category B, each (bin,) [W].
    cut_out : float, optional
        The curve is extrapolated with its last power up to here [m/s].

    Returns
    -------
    xarray.Dataset, dims (mean_wind_speed,)
        energy_measured, energy_extrapolated, uncertainty_a, uncertainty_b, uncertainty [J]; complete: measured at least
        95 % of extrapolated.

    References
    ----------
    IEC 61400-12-1: AEP = N_h sum (F(V_i) - F(V_i-1)) (P_i-1 + P_i) / 2, F Rayleigh; category A adds by squares over the
    bins, each component of category B linearly over the bins and then by squares.
    """
    speed, power = curve["wind_speed"].to_numpy(), curve["power"].to_numpy()
    before_speed = np.concatenate([[max(speed[0] - 0.5, 0.0)], speed[:-1]])
    before_power = np.concatenate([[0.0], power[:-1]])
    slope = np.gradient(power, speed) if speed.size > 1 else np.zeros(1)
    statistical = curve["power_deviation"].to_numpy() / np.sqrt(curve["count"].to_numpy())
    components = [np.broadcast_to(power_uncertainty, power.shape), np.abs(slope) * speed_uncertainty]
    components += list((further or {}).values())
    rows = []
    for mean in mean_wind_speeds:
        weight = _rayleigh(speed, mean) - _rayleigh(before_speed, mean)
        measured = float((weight * (before_power + power) / 2.0).sum())
        rest = 0.0 if cut_out is None else float((_rayleigh(cut_out, mean) - _rayleigh(speed[-1], mean)) * power[-1])
        a = float(np.sqrt(((weight * statistical) ** 2).sum()))
        b = float(np.sqrt(sum(float((weight * item).sum()) ** 2 for item in components)))
        rows.append((measured, measured + max(rest, 0.0), a, b, float(np.hypot(a, b))))
    names = ("energy_measured", "energy_extrapolated", "uncertainty_a", "uncertainty_b", "uncertainty")
    table = np.array(rows) * SECONDS_PER_YEAR
    result = xr.Dataset(
        {name: ("mean_wind_speed", table[:, k], {"units": "J"}) for k, name in enumerate(names)},
        coords={"mean_wind_speed": ("mean_wind_speed", np.asarray(mean_wind_speeds, float), {"units": "m s-1"})},
    )
    return result.assign(complete=result["energy_measured"] >= 0.95 * result["energy_extrapolated"])


def _rayleigh(speed: Floats | float, mean: float) -> Floats:
    """Return the share of time below a wind speed in a Rayleigh climate."""
    return np.asarray(1.0 - np.exp(-np.pi / 4.0 * (np.asarray(speed) / mean) ** 2))
