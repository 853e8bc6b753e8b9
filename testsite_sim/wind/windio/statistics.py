"""Wind statistics: Weibull distributions by sector, or cases of direction and speed with their probability."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.wind.windio.document import Part, as_floats
from testsite_sim.wind.windio.selection import Selection
from testsite_sim.wind.windio.variables import coordinate, variable

DIRECTION, SPEED = "wind_direction", "wind_speed"
NAMES = {"sector_probability": "sector_frequency", "weibull_a": "weibull_scale", "weibull_k": "weibull_shape"}
ONE_WIND = "one wind alone is run, whose probability is 1"
ADDS_UP = 1e-2  # rounding of published roses


def read_sectors(part: Part, selection: Selection) -> xr.Dataset:
    """Return Weibull statistics by sector, over (sector) with the direction of their middles as coordinate.

    Where the plant chooses wind speeds or directions to run, they come back as cases with their probability.

    Raises
    ------
    Unusable
        When the sectors are not a rose, or the statistics differ over the farm; why is among the document's problems.
    """
    _refuse_times(selection)
    directions = coordinate(part, DIRECTION)
    speeds = coordinate(part, SPEED) if SPEED in part else np.empty(0)
    sizes = {DIRECTION: directions.size, SPEED: speeds.size}
    found: dict[str, xr.DataArray] = {}
    for theirs, ours in NAMES.items():
        values = variable(part, theirs, (DIRECTION,), (DIRECTION,), sizes)
        if values.ndim == 0:
            part.fail(theirs, "is one number; expected one value for each wind_direction.")
        found[ours] = values.rename(wind_direction="sector")
    rose = xr.Dataset(found).assign_coords(sector=directions % 360.0)
    closed = directions.size > 1 and directions[-1] - directions[0] == 360.0
    if closed:
        if any(float(values[0]) != float(values[-1]) for values in rose.data_vars.values()):
            part.fail(DIRECTION, "the first and the last are the same sector, with different values.")
        rose = rose.isel(sector=slice(0, -1))
    rose = rose.sortby("sector")
    middles = rose["sector"].to_numpy()
    if middles.size < 2 or np.abs(np.diff(np.append(middles, middles[0] + 360.0)) - 360.0 / middles.size).max() > 1e-6:
        part.fail(
            DIRECTION,
            f"has {middles.size} sectors from {middles[0]:g} to {middles[-1]:g} degrees; expected the middles of "
            "sectors of one width, all around.",
        )
    frequency = rose["sector_frequency"]
    if abs(float(frequency.sum()) - 1.0) > ADDS_UP:
        part.fail("sector_probability", f"adds up to {float(frequency.sum()):.6g}; expected 1.")
    rose["sector_frequency"] = frequency / frequency.sum()
    for theirs, ours in (("turbulence_intensity", "turbulence_intensity"), ("density", "air_density")):
        if theirs in part and (*part.path, theirs) not in part.document.read:
            dims = (SPEED,) if theirs == "turbulence_intensity" else ()
            values = variable(part, theirs, (SPEED,), dims, sizes)
            rose[ours] = values.rename(wind_speed="speed").assign_coords(speed=speeds) if values.ndim else values
    if SPEED in part and "speed" not in rose.dims and selection.speeds is None:
        part.ignore(SPEED, "no variable is over it; the Weibull distributions hold at every wind speed")
    _ignore_running(part)
    return rose if selection.is_whole else _chosen_of_rose(part, rose, speeds, selection)


def _chosen_of_rose(part: Part, rose: xr.Dataset, speeds: Floats, selection: Selection) -> xr.Dataset:
    """Return the wind speeds and directions that a plant chooses, each with its share by the statistics."""
    middles = rose["sector"].to_numpy()
    directions = middles if selection.directions is None else selection.directions
    chosen = selection.speeds
    if chosen is None:
        if speeds.size < 2:
            selection.part.part("directions_run").fail(
                "specific_values", "chooses directions of statistics without wind speeds; choose those as well."
            )
        chosen = speeds
    place = np.abs((directions[:, None] - middles[None, :] + 180.0) % 360.0 - 180.0).argmin(axis=1)
    density = np.stack([_weibull(rose, number, chosen) for number in place])
    density *= rose["sector_frequency"].to_numpy()[place, None] * _widths(chosen)[None, :]
    if np.unique(place).size == 1:
        part.ignore("sector_probability", "all winds that are run are of one sector, and share its probability")
    if density.size == 1:
        for name in ("weibull_a", "weibull_k"):
            part.ignore(name, ONE_WIND)
    direction, speed = np.meshgrid(directions, chosen, indexing="ij")
    cases = {
        "wind_speed": ("time", speed.ravel()),
        "wind_direction": ("time", direction.ravel() % 360.0),
        "probability": ("time", (density / density.sum()).ravel()),
    }
    found = xr.Dataset(cases)
    if "turbulence_intensity" in rose:
        table = rose["turbulence_intensity"]
        values = np.interp(speed.ravel(), table["speed"], table) if table.ndim else np.full(speed.size, float(table))
        found["turbulence_intensity"] = ("time", values)
    if "air_density" in rose:
        found["air_density"] = ("time", np.full(speed.size, float(rose["air_density"])))
    return found


def _weibull(rose: xr.Dataset, sector: int, speed: Floats) -> Floats:
    """Return the density of probability of a sector at wind speeds [s/m]."""
    scale, shape = (float(rose[name][sector]) for name in ("weibull_scale", "weibull_shape"))
    relative = speed / scale
    return np.asarray(shape / scale * relative ** (shape - 1.0) * np.exp(-(relative**shape)))


def _widths(speeds: Floats) -> Floats:
    """Return the width of the class of each wind speed, which reaches halfway to the next; of one alone it is 1."""
    return np.asarray(np.abs(np.gradient(speeds))) if speeds.size > 1 else np.ones(1)


def read_cases(part: Part, selection: Selection) -> xr.Dataset:
    """Return every direction and speed with its probability, as a series.

    Probabilities of the flow cases add up to 1. Where `sector_probability` is stated next to them, they may be those of
    the wind speeds within each direction, each adding up to 1.

    Raises
    ------
    Unusable
        When they add up to something else, or are over other dimensions; why is among the problems of the document.
    """
    _refuse_times(selection)
    axes = {name: coordinate(part, name) for name in (DIRECTION, SPEED)}
    sizes = {name: values.size for name, values in axes.items()}
    both = (DIRECTION, SPEED)
    probability = variable(part, "probability", both, both, sizes)
    for name in both:
        if name not in probability.dims and axes[name].size > 1:
            part.fail("probability", f"is not over {name}, but there are several {name.replace('_', ' ')}s.")
    share = _over(probability, sizes)
    share = _by_direction(part, share, sizes)
    if abs(share.sum() - 1.0) > ADDS_UP:
        part.fail("probability", f"adds up to {share.sum():.6g}; expected 1.")
    places = np.ix_(selection.chosen(DIRECTION, axes[DIRECTION]), selection.chosen(SPEED, axes[SPEED]))
    direction, speed = np.meshgrid(axes[DIRECTION], axes[SPEED], indexing="ij")
    there = share[places] > 0.0
    if not there.any():
        part.fail("probability", "is zero for all that is to be run.")
    if share[places].size == 1 and share.size > 1:
        part.ignore("probability", ONE_WIND)
    found = xr.Dataset(
        {
            "wind_speed": ("time", speed[places][there]),
            "wind_direction": ("time", direction[places][there]),
            "probability": ("time", share[places][there] / share[places][there].sum()),
        }
    )
    for theirs, ours in (("turbulence_intensity", "turbulence_intensity"), ("density", "air_density")):
        if theirs in part and (*part.path, theirs) not in part.document.read:
            values = _over(variable(part, theirs, (SPEED,), both, sizes), sizes)
            found[ours] = ("time", values[places][there])
    _ignore_running(part)
    return found


def _over(values: xr.DataArray, sizes: dict[str, int]) -> Floats:
    """Return a variable over (direction, speed)."""
    grid = xr.DataArray(np.zeros(tuple(sizes.values())), dims=tuple(sizes))
    return np.asarray((values + grid).transpose(DIRECTION, SPEED).to_numpy())


def _by_direction(part: Part, share: Floats, sizes: dict[str, int]) -> Floats:
    """Return probabilities of cases, where they are stated within each direction times that of the direction."""
    if "sector_probability" not in part:
        return share
    sector = variable(part, "sector_probability", (DIRECTION,), (DIRECTION,), sizes).to_numpy()
    if np.abs(share.sum(axis=1) - 1.0).max() <= ADDS_UP and share.shape[0] > 1:
        return np.asarray(share * sector[:, None])
    if np.abs(share.sum(axis=1) - sector).max() > ADDS_UP * max(float(sector.max()), 1e-12):
        part.fail(
            "sector_probability",
            "stands next to probabilities that neither add up to 1 within each direction nor to it.",
        )
    part.ignore("sector_probability", "is what the probabilities add up to in each direction")
    return share


def _refuse_times(selection: Selection) -> None:
    """Refuse a choice of times of a resource that has none."""
    if selection.times is not None:
        selection.part.part("times_run").fail("subset", "chooses times, but the resource is not a series over time.")


def refuse_what_differs_over_the_farm(part: Part) -> None:
    """Refuse statistics over turbines, places or heights."""
    for name in ("wind_turbine", "x", "y"):
        if name in part:
            part.take(name)
            part.fail(
                name,
                "statistics that differ over the farm are not modelled; state one rose, or a series over time and "
                "wind_turbine.",
            )


def _ignore_running(part: Part) -> None:
    """Take flags of turbines that all run; statistics have no times at which one could stand still."""
    if "operating" not in part:
        return
    stated = part.take("operating")
    flags = as_floats(stated.get("data") if isinstance(stated, dict) else stated)
    if flags is None or not np.all(flags == 1.0):
        part.fail("operating", "turbines that stand still are read with a series over time alone.")
    part.ignore("operating", "every turbine runs")
