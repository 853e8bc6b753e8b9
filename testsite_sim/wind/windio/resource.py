"""The wind resource of a windIO plant, as in `annual_energy_production`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.wind.farm import Farm
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.windio.document import Part
from testsite_sim.wind.windio.selection import Selection
from testsite_sim.wind.windio.series import read_series
from testsite_sim.wind.windio.statistics import read_cases, read_sectors, refuse_what_differs_over_the_farm
from testsite_sim.wind.windio.variables import NEAR, coordinate, ignore_what_no_model_needs

NO_TURBULENCE = "no wake depends on the turbulence"


@dataclass(frozen=True)
class Heights:
    """Where a resource holds: at one height [m], or None: at the hubs; or over a profile of heights [m]."""

    reference: float | None
    profile: Floats | None
    shear_exponent: float | None


def read_resource(plant: Part, farm: Farm, has_names: bool, model: WakeModel, selection: Selection) -> xr.Dataset:
    """Return the wind resource: a series, sector statistics, or cases with their probability.

    Raises
    ------
    Unusable
        When it is none of the three, or not one that is modelled; why is among the problems of the document.
    """
    energy = plant.part("site").part("energy_resource")
    energy.ignore("name", "is a label")
    part = energy.part("wind_resource")
    ignore_what_no_model_needs(part)
    forms = [name for name in ("time", "weibull_a", "probability") if name in part]
    if len(forms) != 1:
        held = ", ".join(map(str, part))
        have = f"there are {held}" if held else "there is nothing"
        part.document.fail(
            part.path,
            "does not follow windIO's schema: expected one of time with wind_speed and wind_direction, probability, or "
            f"weibull_a with weibull_k and sector_probability; {have}.",
        )
    if not model.needs_turbulence and not _is_plain(part, forms[0]):
        part.ignore("turbulence_intensity", NO_TURBULENCE)
    elif model.needs_turbulence and "turbulence_intensity" not in part:
        part.document.fail(part.path, "states no turbulence_intensity, which the growth of the wakes depends on.")
    if forms[0] != "time":
        refuse_what_differs_over_the_farm(part)
    heights = _heights(part, farm)
    if forms[0] == "time":
        found = read_series(part, farm, has_names, heights.profile, selection)
    else:
        if heights.profile is not None:
            part.fail("height", "a profile is read with a series over time alone; state the resource at the hubs.")
        found = (read_sectors if forms[0] == "weibull_a" else read_cases)(part, selection)
    if "turbulence_intensity" in found and not model.needs_turbulence:
        part.ignore("turbulence_intensity", NO_TURBULENCE)
        if not 0.0 < float(found["turbulence_intensity"].min()) <= float(found["turbulence_intensity"].max()) <= 1.0:
            found = found.drop_vars("turbulence_intensity")
    elif model.needs_turbulence and not np.isfinite(found["turbulence_intensity"].to_numpy()).all():
        part.fail("turbulence_intensity", "has gaps, and the wakes depend on it; expected finite numbers.")
    if heights.shear_exponent is not None:
        found["shear_exponent"] = xr.DataArray(heights.shear_exponent)
        found["reference_height"] = xr.DataArray(heights.reference)
    return found


def _is_plain(part: Part, form: str) -> bool:
    """Return whether the turbulence intensity is over dimensions that a resource of this form is read with."""
    stated = part.data.get("turbulence_intensity")
    dims = set(stated.get("dims") or ()) if isinstance(stated, Mapping) else set()
    return (
        dims
        <= {
            "time": {"time", "height", "wind_turbine"},
            "weibull_a": {"wind_speed"},
            "probability": {"wind_speed", "wind_direction"},
        }[form]
    )


def _heights(part: Part, farm: Farm) -> Heights:
    """Return at which height, or over which, the resource is stated; one that is not at the hubs wants a shear."""
    hubs = farm.per_turbine("hub_height")
    stated: dict[str, float] = {}
    profile = None
    if "height" in part:
        values = coordinate(part, "height")
        if np.ptp(values) == 0.0:
            stated["height"] = float(values[0])
        elif np.any(np.diff(values) <= 0.0):
            part.fail("height", "the heights of a profile must rise.")
        else:
            profile = values
    if "reference_height" in part:
        stated["reference_height"] = part.number("reference_height")
    shear = part.part("shear")
    exponent = None
    if "shear" in part:
        exponent, stated["shear.h_ref"] = shear.number("alpha"), shear.number("h_ref")
        if stated["shear.h_ref"] <= 0.0:
            shear.fail("h_ref", "expected a height above 0 m.")
    if profile is not None:
        for name in stated:
            part.refuse(
                name.split(".")[0], "stands next to a profile of heights, which says the wind at the hubs itself."
            )
        if profile[0] > hubs.min() or profile[-1] < hubs.max():
            part.fail(
                "height",
                f"reaches from {profile[0]:g} to {profile[-1]:g} m, the hubs stand at {hubs.min():g} to "
                f"{hubs.max():g} m; expected a profile around them: nothing is extrapolated.",
            )
        return Heights(None, profile, None)
    if len({round(value / NEAR) for value in stated.values()}) > 1:
        of = ", ".join(f"{name} {value:g} m" for name, value in stated.items())
        part.fail(next(iter(stated)), f"the wind is stated at different heights: {of}.")
    reference = next(iter(stated.values()), None)
    if reference is not None and exponent is None and np.abs(hubs - reference).max() > NEAR:
        part.fail(
            next(iter(stated)),
            f"the wind is stated at {reference:g} m, the hubs stand at {hubs.min():g} to "
            f"{hubs.max():g} m; state the shear, or a profile of heights around the hubs.",
        )
    return Heights(reference, None, exponent)
