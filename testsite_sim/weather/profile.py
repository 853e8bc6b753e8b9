"""How the wind goes on beyond the levels of a record: the ratio of the speed at a hub to that at the nearest level."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import EARTH_ROTATION, STANDARD_GRAVITY, ZERO_CELSIUS
from testsite_kernels.weather.marine_profile import KARMAN, Layer, Measured, Spread, charnock, speed_ratios

from testsite_sim.common.errors import ConfigurationError, DataError, nearest
from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather.air_sea import AirSea, air_and_sea

LOWEST_SHEAR_LEVEL = 10.0  # [m] below it, the surface layer does not follow a power law of the levels above
LATITUDE = 52.0  # [degree] of the southern North Sea, where neither record nor climate state one
BOUNDARY_LAYER = 0.15  # C in z_i = C u*/f, Rossby and Montgomery (1935) by Peña, Gryning and Hasager (2008)
NODES = 7  # of the Gauss-Hermite quadrature over what is not known of the air's temperature
STEEPEST, FLATTEST = 0.6, -0.2  # hourly exponents beyond are those of calms (assumption)
WINDLESS = 1.0  # [m/s] below which two levels say nothing of the shear (assumption)


@dataclass(frozen=True)
class Profile:
    """A profile of the wind.

    Parameters
    ----------
    method : str
        One of `PROFILES`.
    shear_exponent : float, optional
        Of the power law; None: fitted to the record.
    air_sea : AirSeaClimate, optional
        Temperatures of air and sea that the record lacks.

    Raises
    ------
    ConfigurationError
        When there is no such method, or an exponent with another method than the power law.
    """

    method: str = "power-law"
    shear_exponent: float | None = None
    air_sea: AirSeaClimate | None = None

    def __post_init__(self) -> None:
        if self.method not in PROFILES:
            known = nearest(self.method, PROFILES)
            raise ConfigurationError(f"weather.profile: there is no profile {self.method!r}. {known}")
        if self.shear_exponent is not None and self.method != "power-law":
            raise ConfigurationError(
                f"weather.shear_exponent: it is that of profile power-law; leave it out of {self.method}."
            )


@dataclass(frozen=True)
class Beyond:
    """What a profile gives beyond a level: ratios of the speed (time, heights), how, and the stability where known.

    `inverse_length` [1/m] and `difference`, the potential temperature of air less that of sea [K], over (time,).
    """

    ratios: Floats
    method: str
    inverse_length: Floats | None = None
    difference: Floats | None = None


def profile_of(weather: Weather) -> Profile:
    """Return the profile that a scenario states."""
    exponent = None if weather.shear_exponent is None else float(weather.shear_exponent)
    return Profile(weather.profile, exponent, weather.air_sea)


def fitted_shear(record: xr.Dataset) -> float:
    """Return the exponent of the power law through the mean wind speeds of the levels from 10 m up.

    Raises
    ------
    DataError
        When the record has fewer than two such levels.
    """
    levels = record["height"].to_numpy()
    used = levels >= LOWEST_SHEAR_LEVEL
    if used.sum() < 2:
        has = ", ".join(f"{each:g}" for each in levels)
        raise DataError(
            f"weather: the record of {record.attrs.get('location', '?')} has wind at {has} m; its shear "
            "is fitted to two heights of 10 m or more: add one, give `weather: {shear_exponent: …}`, at sea about 0.08 "
            "to 0.11, or another `profile`."
        )
    means = record["wind_speed"].mean("time").to_numpy()[used]
    return float(np.polyfit(np.log(levels[used]), np.log(means), 1)[0])


def power_law(record: xr.Dataset, speed: Floats, level: float, heights: Floats, profile: Profile) -> Beyond:
    """Return (z / level)^exponent, one exponent for all times: given, or fitted to the record's means."""
    exponent = fitted_shear(record) if profile.shear_exponent is None else profile.shear_exponent
    once = np.array([(height / level) ** exponent for height in heights])
    ratios = np.broadcast_to(once, (speed.size, heights.size))
    return Beyond(ratios, f"power law with exponent {exponent:.4f}")


def hourly_power_law(record: xr.Dataset, speed: Floats, level: float, heights: Floats, profile: Profile) -> Beyond:
    """Return (z / level)^exponent, an exponent each time: the record's own, or that of its two nearest levels."""
    if "shear_exponent" in record:
        exponent = np.asarray(record["shear_exponent"].to_numpy(), np.float64)
        what = "the record's shear_exponent"
    else:
        levels = record["height"].to_numpy().astype(np.float64)
        usable = np.flatnonzero(levels >= LOWEST_SHEAR_LEVEL)
        if usable.size < 2:
            raise DataError(
                "weather.profile: hourly-power-law wants a series shear_exponent, or two levels from 10 m up; the "
                f"record of {record.attrs.get('location', '?')} has {usable.size}."
            )
        pair = usable[-2:] if heights.min() > level else usable[:2]
        low, high = (record["wind_speed"].transpose("time", "height").to_numpy()[:, k] for k in pair)
        blows = np.minimum(low, high) >= WINDLESS
        steep = np.log(np.where(blows, high / np.maximum(low, WINDLESS), 1.0)) / np.log(
            levels[pair[1]] / levels[pair[0]]
        )
        exponent = np.clip(np.where(blows, steep, fitted_shear(record)), FLATTEST, STEEPEST)
        what = f"that of {levels[pair[0]]:g} and {levels[pair[1]]:g} m"
    ratios = (heights / level) ** exponent[:, None]
    return Beyond(ratios, f"power law with an exponent for each time, {what} (mean {exponent.mean():.4f})")


def logarithmic(record: xr.Dataset, speed: Floats, level: float, heights: Floats, profile: Profile) -> Beyond:
    """Return ln(z/z0) / ln(level/z0), the neutral profile over a sea of Charnock's roughness by Edson et al. (2013)."""
    factor = 1.0 if profile.air_sea is None else float(profile.air_sea.roughness_factor)
    wind = np.maximum(speed, 0.1)
    friction, viscosity = 0.035 * wind, 1.4e-5  # air at 10 °C
    parameter = np.vectorize(charnock, otypes=[np.float64])
    neutral = wind
    roughness = np.full_like(wind, 1e-4)
    for _ in range(20):
        rough = factor * parameter(neutral) * friction**2 / STANDARD_GRAVITY
        roughness = np.maximum(rough + 0.11 * viscosity / friction, 1e-6)
        friction = KARMAN * wind / np.log(level / roughness)
        neutral = friction / KARMAN * np.log(10.0 / roughness)
    ratios = np.log(heights / roughness[:, None]) / np.log(level / roughness)[:, None]
    return Beyond(ratios, "neutral logarithmic profile over Charnock's roughness (Edson et al. 2013)")


def monin_obukhov(record: xr.Dataset, speed: Floats, level: float, heights: Floats, profile: Profile) -> Beyond:
    """Return the ratios of the marine profile by stability; see `testsite_kernels.weather.marine_profile`."""
    climate = profile.air_sea
    state = air_and_sea(record, climate)
    offsets, weights = _nodes(state.spread)
    where = _latitude(record, climate)
    ratios, inverse = np.empty((speed.size, heights.size)), np.empty(speed.size)
    measured = Measured(
        np.ascontiguousarray(speed),
        level,
        state.air - ZERO_CELSIUS,
        state.height,
        state.humidity,
        state.sea - ZERO_CELSIUS,
        state.pressure / 100.0,
    )
    layer = Layer(
        2.0 * EARTH_ROTATION * abs(float(np.sin(np.radians(where)))),
        BOUNDARY_LAYER if climate is None else float(climate.boundary_layer),
        1.0 if climate is None else float(climate.roughness_factor),
    )
    speed_ratios(measured, layer, Spread(offsets, weights), heights, ratios, inverse)
    about = f", mean of profiles with the air {state.spread:g} K about it" if state.spread else ""
    method = f"Monin-Obukhov profile by COARE 3.5, a boundary layer at {where:g} N, {state.method}{about}"
    return Beyond(ratios, method, inverse, _potential_difference(state))


Method = Callable[[xr.Dataset, Floats, float, Floats, Profile], Beyond]
PROFILES: dict[str, Method] = {
    "power-law": power_law,
    "hourly-power-law": hourly_power_law,
    "logarithmic": logarithmic,
    "monin-obukhov": monin_obukhov,
}


def _potential_difference(state: AirSea) -> Floats:
    """Return the potential temperature of the air less the temperature of the sea [K]."""
    return np.asarray(state.air + 0.0098 * state.height - state.sea)


def _nodes(spread: float) -> tuple[Floats, Floats]:
    """Return offsets [K] and weights of a normal distribution about zero."""
    if spread == 0.0:
        return np.zeros(1), np.ones(1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes * spread, weights / weights.sum()


def _latitude(record: xr.Dataset, climate: AirSeaClimate | None) -> float:
    """Return the latitude of the record, else of the climate, else of the southern North Sea [degree]."""
    stated = record.attrs.get("latitude")
    if isinstance(stated, int | float | np.number) and 20.0 <= abs(float(stated)) <= 89.0:
        return float(stated)
    return LATITUDE if climate is None else float(climate.latitude)
