"""Photovoltaic power from the irradiance of a weather record, by pvlib."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.common.errors import DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.inputs import Variable, aligned_inputs
from testsite_sim.common.remembering import Remembered, digest_of
from testsite_sim.configuration.photovoltaics import Photovoltaics

SOURCE = "global_horizontal_irradiance"
# The bounds only catch other units and marks of missing values; sensors err below zero at night.
USED = {
    **{
        name: Variable("W m-2", (("time",),), -100.0, 3000.0)
        for name in (SOURCE, "direct_normal_irradiance", "diffuse_horizontal_irradiance")
    },
    "air_temperature": Variable("K", (("time",), ("time", "height")), 150.0, 350.0),
    "wind_speed": Variable("m s-1", (("time",), ("time", "height")), 0.0, 500.0),
}
CALM = 1.0  # wind at the panels where the record has none below 15 m [m/s]
HIGHEST = 15.0  # of a level that stands for the wind at the panels [m]
MEAN_TEMPERATURE = 283.15  # [K] where the record has none
_POWERS: Remembered[xr.DataArray] = Remembered(4)  # a page asks again after each change of the plant
CLOSURE = 0.05  # of the mean global irradiance, up to which direct and diffuse irradiance are taken as they are


@finite_arguments("hydrogen: photovoltaic_power")
def photovoltaic_power(
    record: xr.Dataset, panels: Photovoltaics, *, latitude: float | None = None, longitude: float | None = None
) -> xr.DataArray:
    """Return the AC power of panels over a weather record.

    Position of the sun by NREL's algorithm; irradiance in the plane by Hay and Davies (1980); reflection of the glass
    (De Soto et al. 2006); temperature of the cells by Faiman (2008); DC power, inverter and losses by PVWatts (Dobos
    2014, NREL/TP-6A20-62641). Direct and diffuse irradiance are the record's where they make up its global irradiance
    with the sun in the middle of the interval, else they follow from it by Erbs, Klein and Duffie (1982).

    Parameters
    ----------
    record : xarray.Dataset, dims (time[, height])
        global_horizontal_irradiance [W/m2], and where it has them direct_normal_irradiance,
        diffuse_horizontal_irradiance, air_temperature [K], wind_speed [m/s]; attributes latitude and longitude.
    panels : Photovoltaics
        The panels.
    latitude, longitude : float, optional
        Where the record does not say its place [degree].

    Returns
    -------
    xarray.DataArray, dims (time,)
        [W], of new panels, in the intervals of the record; the attribute `irradiance_offset` [s] is that of the sun
        against the stamps that fits the irradiance best: minus half a step where the irradiance is stamped at the end
        of its interval (its power is then put into the interval itself), zero, or half a step.

    Raises
    ------
    DataError
        When the record has no irradiance or no place, or one of its series a gap, other units or impossible values.
    """
    north, east = (record.attrs.get(n, given) for n, given in (("latitude", latitude), ("longitude", longitude)))
    if SOURCE not in record or north is None or east is None:
        missing = SOURCE if SOURCE not in record else "place (latitude, longitude)"
        raise DataError(
            f"photovoltaics: the weather record carries no {missing}; take hollandse-kust-noord-2023 or one that has "
            "both, or leave the panels out."
        )
    used = record[[name for name in USED if name in record]]
    aligned_inputs(used.drop_vars(set(used.coords) - {"time", "height"}).drop_attrs(deep=False), "photovoltaics", USED)
    inputs = (digest_of(used), panels, float(north), float(east))
    return _POWERS.get(inputs, lambda: _power(used, panels, float(north), float(east))).copy()


def _power(record: xr.Dataset, panels: Photovoltaics, north: float, east: float) -> xr.DataArray:
    """Return the AC power of panels over a record that is checked [W]."""
    import pvlib

    stamps = pd.DatetimeIndex(record["time"].to_numpy()).tz_localize("UTC")
    step = (stamps[1] - stamps[0]).total_seconds()
    total = np.maximum(record[SOURCE].to_numpy(), 0.0)
    offset, sun = _sun(stamps, total, north, east, step)
    zenith, azimuth = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
    direct, diffuse = _components(record, total, zenith, stamps)
    extra = pvlib.irradiance.get_extra_radiation(_day_of_year(stamps))
    plane = pvlib.irradiance.get_total_irradiance(
        float(panels.tilt),
        float(panels.azimuth) % 360.0,
        zenith,
        azimuth,
        direct,
        total,
        diffuse,
        dni_extra=extra,
        albedo=float(panels.albedo),
        model="haydavies",
    )
    incidence = pvlib.irradiance.aoi(float(panels.tilt), float(panels.azimuth) % 360.0, zenith, azimuth)
    effective = np.nan_to_num(plane["poa_direct"] * pvlib.iam.physical(incidence) + plane["poa_diffuse"])
    air, wind = _surroundings(record)
    cell_temperature = pvlib.temperature.faiman(np.nan_to_num(plane["poa_global"]), air - ZERO_CELSIUS, wind)
    dc = pvlib.pvsystem.pvwatts_dc(
        effective, cell_temperature, float(panels.capacity), float(panels.temperature_coefficient)
    ) * (1.0 - float(panels.losses))
    limit = float(panels.inverter_power) / float(panels.inverter_efficiency)
    power = np.nan_to_num(pvlib.inverter.pvwatts(np.maximum(dc, 0.0), limit, float(panels.inverter_efficiency)))
    if offset < 0.0:  # stamped at the end: into the interval that it was measured in
        power = np.append(power[1:], power[-1])
    attributes = {"units": "W", "long_name": "power of the photovoltaic panels", "irradiance_offset": offset}
    return xr.DataArray(np.maximum(power, 0.0), coords={"time": record["time"]}, dims="time", attrs=attributes)


def _sun(
    stamps: pd.DatetimeIndex, total: NDArray[np.float64], north: float, east: float, step: float
) -> tuple[float, pd.DataFrame]:
    """Return the offset [s] at which the height of the sun fits the irradiance best, and the sun there."""
    import pvlib

    best: tuple[float, float, pd.DataFrame] | None = None
    for offset in (step / 2.0, 0.0, -step / 2.0):
        sun = pvlib.solarposition.get_solarposition(stamps + pd.Timedelta(seconds=offset), north, east)
        height = np.maximum(np.cos(np.radians(sun["apparent_zenith"].to_numpy())), 0.0)
        product = float(np.sum(height * total) / np.sqrt(max(np.sum(height**2) * np.sum(total**2), 1e-300)))
        if best is None or product > best[0]:
            best = product, offset, sun
    assert best is not None
    return best[1], best[2]


def _components(
    record: xr.Dataset, total: NDArray[np.float64], zenith: NDArray[np.float64], stamps: pd.DatetimeIndex
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return direct normal and diffuse horizontal irradiance [W/m2]."""
    import pvlib

    names = ("direct_normal_irradiance", "diffuse_horizontal_irradiance")
    if all(name in record for name in names):
        direct, diffuse = (np.maximum(record[name].to_numpy(), 0.0) for name in names)
        made_up = direct * np.maximum(np.cos(np.radians(zenith)), 0.0) + diffuse
        if np.mean(np.abs(made_up - total)) <= CLOSURE * max(float(total.mean()), 1e-300):
            return direct, diffuse
    found = pvlib.irradiance.erbs(total, zenith, _day_of_year(stamps))
    return np.asarray(found["dni"]), np.asarray(found["dhi"])


def _day_of_year(stamps: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return the days of the year, as numbers: pvlib 0.16 takes them from stamps by a name that pandas gives up."""
    return np.asarray(stamps.day_of_year, np.int64)


def _surroundings(record: xr.Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return air temperature [K] and wind speed [m/s] at the panels, from the lowest level of the record."""
    n = record.sizes["time"]
    air = record["air_temperature"] if "air_temperature" in record else xr.DataArray(np.full(n, MEAN_TEMPERATURE))
    if "height" in air.dims:
        air = air.isel(height=0)
    wind = np.full(n, CALM)
    if "wind_speed" in record and "height" in record["wind_speed"].dims and float(record["height"][0]) <= HIGHEST:
        wind = record["wind_speed"].isel(height=0).to_numpy()
    return np.asarray(air.to_numpy(), np.float64), np.asarray(wind, np.float64)
