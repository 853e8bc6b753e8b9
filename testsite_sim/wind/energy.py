"""Annual energy production, from a series of winds or from their statistics."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.constants import SECONDS_PER_YEAR
from testsite_sim.errors import DataError
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.models import WakeModel

STATISTICS = ("sector_frequency", "weibull_scale", "weibull_shape")


def annual_energy_production(
    farm: Farm,
    resource: xr.Dataset,
    model: str | WakeModel = "bastankhah",
    *,
    direction_step: float = 1.0,
    speed_step: float = 0.5,
    highest_speed: float = 35.0,
    blockage: str = "none",
    neighbours: Farm | None = None,
) -> xr.Dataset:
    """Return the energy of every turbine in a year of 8,760 h.

    Parameters
    ----------
    farm : Farm
        The turbines.
    resource : xarray.Dataset
        A series of winds as `simulate_farm` takes it, each as likely as the others, or with a variable `probability`
        over (time) that adds up to 1; or Weibull statistics over (sector): sector_frequency, adding up to 1,
        weibull_scale [m/s] and weibull_shape [1], with turbulence_intensity and air_density as numbers where a model
        needs them, the former also over (speed), a table with that coordinate [m/s]. The coordinate `sector` holds the
        middles of the sectors [degree], rising by one width; without it the first is centred on north. With the numbers
        shear_exponent and reference_height [m] the winds are those at that height, and follow the power law to each
        hub.
    model : str or WakeModel
        The wake model.
    direction_step, speed_step, highest_speed : float
        How statistics are cut into cases: width of the classes [degree], [m/s], and their end [m/s].
    blockage, neighbours
        As `simulate_farm` takes them.

    Returns
    -------
    xarray.Dataset, dims (turbine,)
        annual_energy_production and annual_energy_without_wakes [J], wake_loss [1]; attribute `cases`.

    Raises
    ------
    DataError
        When probabilities or statistics are incomplete or do not add up to 1.
    """
    if all(name in resource for name in STATISTICS):
        inflow, probability = _cases(resource, direction_step, speed_step, highest_speed)
    else:
        inflow = resource
        count = resource.sizes.get("time", 0)
        if count == 0:
            missing = [name for name in STATISTICS if name not in resource]
            raise DataError(f"resource: wanted a series over time, or statistics over sector; {missing[0]} is missing.")
        probability = np.full(count, 1.0 / count)
        if "probability" in resource:
            probability = resource["probability"].to_numpy()
            inflow = resource.drop_vars("probability")
    inflow = _at_hubs(inflow, farm, resource)
    if np.any(probability < 0.0) or abs(float(probability.sum()) - 1.0) > 1e-3:
        raise DataError(f"resource: the probabilities add up to {float(probability.sum()):.6g}; wanted 1.")
    power = {
        "wakes": simulate_farm(farm, inflow, model, blockage=blockage, neighbours=neighbours)["power"],
        "alone": simulate_farm(farm, inflow, "none")["power"],
    }
    energy = {name: probability @ values.to_numpy() * SECONDS_PER_YEAR for name, values in power.items()}
    loss = loss_to_wakes(energy["wakes"], energy["alone"])
    like = power["wakes"]
    result = xr.Dataset(
        {
            "annual_energy_production": ("turbine", energy["wakes"], {"units": "J", "long_name": "energy in 8,760 h"}),
            "annual_energy_without_wakes": (
                "turbine", energy["alone"], {"units": "J", "long_name": "energy in 8,760 h, standing alone"},
            ),
            "wake_loss": ("turbine", loss, {"units": "1", "long_name": "energy lost to the wakes of others"}),
        },
        coords={name: value for name, value in like.coords.items() if value.dims == ("turbine",)},
    )  # fmt: skip
    return result.assign_attrs(cases=int(probability.size))


def _at_hubs(inflow: xr.Dataset, farm: Farm, resource: xr.Dataset) -> xr.Dataset:
    """Carry the wind from the height that the resource states to each hub, by its power law."""
    if "shear_exponent" not in resource:
        return inflow
    hubs = farm.per_turbine("hub_height")
    factor = (hubs / float(resource["reference_height"])) ** float(resource["shear_exponent"])
    inflow = inflow.drop_vars(["shear_exponent", "reference_height"], errors="ignore")
    if np.ptp(factor) == 0.0:
        return inflow.assign(wind_speed=inflow["wind_speed"] * factor[0])
    return inflow.assign(wind_speed=inflow["wind_speed"] * xr.DataArray(factor, dims="turbine"))


def loss_to_wakes(energy: NDArray[np.float64], alone: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of its energy that each turbine loses to the wakes of others, shape (turbines,).

    Parameters
    ----------
    energy, alone : ndarray, shape (turbines,)
        Energy with wakes and standing alone, in one unit; a turbine that gives none alone loses none.
    """
    return 1.0 - np.divide(energy, alone, out=np.ones_like(energy), where=alone > 0.0)


def _cases(
    resource: xr.Dataset, direction_step: float, speed_step: float, highest_speed: float
) -> tuple[xr.Dataset, NDArray[np.float64]]:
    """Cut Weibull statistics into cases of direction and speed, each with its probability.

    Within a sector every direction is as likely; a class of speed has the probability between its ends.
    """
    frequency, scale, shape = (np.asarray(resource[name].to_numpy(), dtype=np.float64) for name in STATISTICS)
    if frequency.ndim != 1 or np.any(frequency < 0.0) or np.any(scale <= 0.0) or np.any(shape <= 0.0):
        raise DataError("resource: sector_frequency, weibull_scale and weibull_shape must be positive, over (sector).")
    width = 360.0 / frequency.size
    north = np.arange(frequency.size) * width
    middles = np.asarray(resource["sector"], np.float64) if "sector" in resource.coords else north
    if np.abs(middles - middles[0] - north).max() > 1e-6:
        raise DataError("resource: the coordinate `sector` holds no middles of sectors of one width, rising.")
    turned = np.arange(0.0, 360.0, direction_step)
    directions = (middles[0] + turned) % 360.0
    sector = np.floor((turned + 0.5 * width) / width).astype(int) % frequency.size
    counts = np.bincount(sector, minlength=frequency.size)
    edges = np.arange(0.0, highest_speed + speed_step, speed_step)
    below = 1.0 - np.exp(-((edges[None, :] / scale[sector, None]) ** shape[sector, None]))
    share = frequency[sector, None] / counts[sector, None] * np.diff(below, axis=1)
    share *= frequency.sum() / share.sum()
    middle = 0.5 * (edges[:-1] + edges[1:])
    speed, direction = np.meshgrid(middle, directions)
    inflow = xr.Dataset({"wind_speed": ("time", speed.ravel()), "wind_direction": ("time", direction.ravel())})
    for name in ("turbulence_intensity", "air_density"):
        if name in resource and resource[name].ndim == 0:
            inflow[name] = ("time", np.full(speed.size, float(resource[name])))
        elif name in resource:
            table = resource[name]
            inflow[name] = ("time", np.interp(speed.ravel(), table["speed"].to_numpy(), table.to_numpy()))
    return inflow, share.ravel()
