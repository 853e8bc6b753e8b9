"""Annual energy production, from a series of winds or from their statistics."""

from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import Aligned, Variable, aligned_inputs, checked_number
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.inflow import INFLOW, OF_TURBINES, TIME, farm_coordinates
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.weibull import direction_classes, mean_power, mean_power_taken, weibull_weights, winds_of_wakes

SHEAR = {
    "shear_exponent": Variable("1", ((),), -1.0, 2.0),
    "reference_height": Variable("m", ((),), 0.0, 1000.0, above=True),
}
SERIES = {**INFLOW, **SHEAR, "probability": Variable("1", (TIME,), 0.0)}
STATISTICS = {
    "sector_frequency": Variable("1", (("sector",),), 0.0, required=True),
    "weibull_scale": Variable("m s-1", (("sector",),), 0.0, 100.0, above=True, required=True),
    "weibull_shape": Variable("1", (("sector",),), 0.0, 50.0, above=True, required=True),
    "turbulence_intensity": Variable("1", ((), ("speed",)), 0.0),
    "air_density": Variable("kg m-3", ((),), 0.0, 3.0, above=True),
    **SHEAR,
}
ALONE = ("sector_frequency", "weibull_scale", "weibull_shape")
NO_MAP = "Statistics of each turbine or over a map are not supported; give a series at the turbines instead."


def annual_energy_production(
    farm: Farm,
    resource: xr.Dataset,
    model: str | WakeModel = "bastankhah",
    *,
    direction_step: float = 1.0,
    speed_step: float = 0.5,
    highest_speed: float | None = None,
    blockage: str = "none",
    neighbours: Farm | None = None,
) -> xr.Dataset:
    """Return the energy of every turbine in a year of 8,760 h.

    Parameters
    ----------
    farm : Farm
        The turbines.
    resource : xarray.Dataset
        A series of winds as in `simulate_farm`, each as likely as the others, or with a variable `probability`
        over (time) that adds up to 1; or Weibull statistics over (sector): sector_frequency, adding up to 1,
        weibull_scale [m/s] and weibull_shape [1], with turbulence_intensity, a number or a table over (speed) with that
        coordinate [m/s], and air_density, a number [kg/m³], where they are known. The coordinate `sector` holds the
        middles of the sectors, of one width [degree]; without it the first is centred on north. With the numbers
        shear_exponent and reference_height [m] the winds are those at that height, and follow the power law to each
        hub.
    model : str or WakeModel
        The wake model.
    direction_step, speed_step, highest_speed : float
        How the wakes are simulated for statistics: width of the classes of direction, a divisor of 360 [degree], and of
        wind speed [m/s]; winds above the last give no energy (None: the end of the curves). Turbines standing alone are
        integrated in closed form, whatever the classes are.
    blockage, neighbours
        As in `simulate_farm`.

    Returns
    -------
    xarray.Dataset, dims (turbine,)
        annual_energy_production and annual_energy_without_wakes [J], flow_loss [1]; attribute `cases`.

    Raises
    ------
    DataError
        When the resource is neither, incomplete, or holds what is not listed above; when probabilities do not add up
        to 1.
    ConfigurationError
        When a step is not above zero, or direction_step does not divide 360; when the farm is yawed and the resource
        is statistics.
    """
    if not isinstance(resource, xr.Dataset):
        raise DataError(f"resource: is a {type(resource).__name__}; expected an xarray.Dataset.")
    direction_step = checked_number(
        "direction_step", direction_step, ConfigurationError, least=0.0, most=360.0, above=True
    )
    speed_step = checked_number("speed_step", speed_step, ConfigurationError, least=0.0, above=True)
    if highest_speed is not None:
        highest_speed = checked_number("highest_speed", highest_speed, ConfigurationError, least=0.0, above=True)
    if any(name in resource for name in ALONE):
        energy, like, cases = _of_statistics(
            farm, resource, model, (direction_step, speed_step, highest_speed), blockage, neighbours
        )
    else:
        energy, like, cases = _of_series(farm, resource, model, blockage, neighbours)
    loss = loss_to_wakes(energy["wakes"], energy["alone"])
    result = xr.Dataset(
        {
            "annual_energy_production": ("turbine", energy["wakes"], {"units": "J", "long_name": "energy in 8,760 h"}),
            "annual_energy_without_wakes": (
                "turbine",
                energy["alone"],
                {"units": "J", "long_name": "energy in 8,760 h, standing alone"},
            ),
            "flow_loss": ("turbine", loss, {"units": "1", "long_name": "energy lost to all wakes and blockage"}),
        },
        coords={name: value for name, value in like.coords.items() if value.dims == ("turbine",)},
    )
    return result.assign_attrs(cases=cases)


def _of_series(
    farm: Farm, resource: xr.Dataset, model: str | WakeModel, blockage: str, neighbours: Farm | None
) -> tuple[dict[str, Floats], xr.DataArray, int]:
    """Return the energy of each turbine with wakes and alone, from a series; the power in it, and how many winds."""
    if "wind_speed" not in resource and "wind_direction" not in resource:
        raise DataError(
            f"resource: expected a series over time, or statistics over sector; {ALONE[0]} is missing, and wind_speed."
        )
    labels = {"turbine": list(farm.names or ())}
    found = aligned_inputs(resource, "resource", SERIES, labels=labels, coordinates=farm_coordinates(farm))
    count = resource.sizes["time"]
    probability = found.pop("probability").values if "probability" in found else np.full(count, 1.0 / count)
    _adds_up("probabilities", probability)
    shear = _shear(found)
    inflow = xr.Dataset({name: (part.dims, part.values) for name, part in found.items()})
    own = _at_hubs(inflow, _ratios(farm, shear))
    power = {
        "wakes": _with_wakes(farm, inflow, shear, model, blockage, neighbours)["power"],
        "alone": simulate_farm(replace(farm, yaw=None), own.drop_vars("yaw", errors="ignore"), "none")["power"],
    }
    energy = {name: probability @ values.to_numpy() * SECONDS_PER_YEAR for name, values in power.items()}
    return energy, power["wakes"], count


def _of_statistics(
    farm: Farm,
    resource: xr.Dataset,
    model: str | WakeModel,
    steps: tuple[float, float, float | None],
    blockage: str,
    neighbours: Farm | None,
) -> tuple[dict[str, Floats], xr.DataArray, int]:
    """Return the same from Weibull statistics.

    A turbine alone is integrated in closed form. The wakes are simulated at the ends of the classes of wind speed; in
    them, the effective wind speed is a cubic, and what the wakes take is linear between the points at which it is read.
    """
    if farm.yaw is not None:
        raise ConfigurationError(
            "farm: yaw is not supported with statistics, whose turbines are integrated in closed form; give the winds "
            "as a series with probabilities."
        )
    hints = dict.fromkeys(ALONE, NO_MAP)
    found = aligned_inputs(resource, "resource", STATISTICS, hints=hints)
    first, order = _sectors(resource)
    frequency, scale, shape = (found.pop(name).values[order] for name in ALONE)
    _adds_up("frequencies of the sectors", frequency)
    shear = _shear(found)
    direction_step, speed_step, stated = steps
    highest = np.inf if stated is None else stated
    ratios = _ratios(farm, shear)
    density = float(found["air_density"].values) if "air_density" in found else STANDARD_AIR_DENSITY
    factor = float(np.cbrt(density / STANDARD_AIR_DENSITY))
    kinds = list(zip(farm.turbines, ratios.tolist(), strict=True))
    mean = {
        (turbine, ratio): frequency @ mean_power(turbine, factor, highest * ratio, scale * ratio, shape)
        for turbine, ratio in dict.fromkeys(kinds)
    }
    alone = np.array([mean[kind] for kind in kinds])
    both = [(farm, ratios)] if neighbours is None else [(farm, ratios), (neighbours, _ratios(neighbours, shear))]
    winds = winds_of_wakes(both, speed_step, highest)
    directions, shares = direction_classes(first, frequency.size, direction_step)
    speed, direction = np.meshgrid(winds, directions)
    inflow = xr.Dataset({"wind_speed": ("time", speed.ravel()), "wind_direction": ("time", direction.ravel())})
    for name, part in found.items():
        inflow[name] = ((), part.values) if not part.dims else ("time", _of_table(part, resource, speed.ravel()))
    flow = _with_wakes(farm, inflow, shear, model, blockage, neighbours)
    taken = mean_power_taken(
        farm,
        ratios,
        winds,
        flow["wind_speed_effective"].to_numpy(),
        factor,
        lambda points: (shares * frequency) @ weibull_weights(points, scale, shape),
    )
    energy = {"wakes": (alone - taken) * SECONDS_PER_YEAR, "alone": alone * SECONDS_PER_YEAR}
    return energy, flow["power"], speed.size


def _with_wakes(
    farm: Farm,
    inflow: xr.Dataset,
    shear: tuple[float, float] | None,
    model: str | WakeModel,
    blockage: str,
    neighbours: Farm | None,
) -> xr.Dataset:
    """Simulate the farm in the wind at its hubs, and its neighbours in that at theirs."""
    ratios, others = _ratios(farm, shear), None
    theirs = ratios if neighbours is None else _ratios(neighbours, shear)
    differ = neighbours is not None and np.ptp(np.concatenate([ratios, theirs])) > 0.0
    own = _at_hubs(inflow, ratios, spread=differ)
    if differ and not any("turbine" in variable.dims for name, variable in inflow.items() if name not in OF_TURBINES):
        others = _at_hubs(inflow.drop_vars(OF_TURBINES, errors="ignore"), theirs, spread=True)
    return simulate_farm(farm, own, model, blockage=blockage, neighbours=neighbours, neighbour_inflow=others)


def _adds_up(what: str, probability: Floats) -> None:
    """Refuse probabilities that do not add up to 1."""
    if abs(float(probability.sum()) - 1.0) > 1e-3:
        raise DataError(f"resource: the {what} add up to {float(probability.sum()):.6g}; expected 1.")


def _sectors(resource: xr.Dataset) -> tuple[float, NDArray[np.intp]]:
    """Return the middle of the first sector [degree], and the order in which the sectors follow each other."""
    count = resource.sizes["sector"]
    if "sector" not in resource.coords:
        return 0.0, np.arange(count)
    middles = resource["sector"].to_numpy()
    if middles.dtype.kind in "iuf":
        middles = np.asarray(middles, np.float64) % 360.0
        order = np.argsort(middles, kind="stable")
        even = middles[order][0] + np.arange(count) * 360.0 / count
        if np.all(np.abs(middles[order] - even) <= 1e-6):
            return float(middles[order][0]), order
    raise DataError(
        f"resource: the coordinate sector holds {', '.join(map(str, resource['sector'].to_numpy()[:4]))}…; expected "
        "the middles of sectors of one width, all around, in degrees."
    )


def _of_table(part: Aligned, resource: xr.Dataset, speed: Floats) -> Floats:
    """Return a variable over (speed) at wind speeds: linear between its points, and constant beyond them."""
    if "speed" not in resource.coords:
        raise DataError("resource: turbulence_intensity is over (speed), which has no coordinate [m/s].")
    at = np.asarray(resource["speed"].to_numpy(), np.float64)
    order = np.argsort(at, kind="stable")
    if not np.all(np.isfinite(at)) or at.min() < 0.0 or np.any(np.diff(at[order]) == 0.0):
        raise DataError("resource: the coordinate speed holds a wind speed twice, or one that is none.")
    return np.interp(speed, at[order], part.values[order])


def _shear(found: dict[str, Aligned]) -> tuple[float, float] | None:
    """Take exponent and height of reference [m] of the power law from the variables; None where none is stated."""
    stated = {name: float(found.pop(name).values) for name in SHEAR if name in found}
    if len(stated) == 1:
        there, missing = next(iter(stated)), next(name for name in SHEAR if name not in stated)
        raise DataError(f"resource: {there} is stated without {missing}; expected both, or none.")
    return (stated["shear_exponent"], stated["reference_height"]) if stated else None


def _ratios(farm: Farm, shear: tuple[float, float] | None) -> Floats:
    """Return the wind at each hub over the stated one [1], by the power law."""
    if shear is None:
        return np.ones(len(farm.turbines))
    return np.asarray((farm.per_turbine("hub_height") / shear[1]) ** shear[0])


def _at_hubs(inflow: xr.Dataset, ratios: Floats, spread: bool = False) -> xr.Dataset:
    """Carry the stated wind to each hub; `spread`: over (time, turbine) also where it is the same at all."""
    if np.ptp(ratios) == 0.0 and not spread:
        return inflow if ratios[0] == 1.0 else inflow.assign(wind_speed=inflow["wind_speed"] * ratios[0])
    return inflow.assign(wind_speed=inflow["wind_speed"] * xr.DataArray(ratios, dims="turbine"))


def loss_to_wakes(energy: NDArray[np.float64], alone: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of its energy that each turbine loses to the wakes of others, shape (turbines,).

    Parameters
    ----------
    energy, alone : ndarray, shape (turbines,)
        Energy with wakes and standing alone, in one unit; a turbine that gives none alone loses none.
    """
    return 1.0 - np.divide(energy, alone, out=np.ones_like(energy), where=alone > 0.0)
