"""A farm lies where its scenario plays: its place and that of the location agree."""

import math

from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.geographic import distance_between
from testsite_sim.configuration.location import Location

# [m] from the location to the middle of a farm, and from there to a turbine. The Belgian zone is 40 km long, the
# largest of the North Sea (Dogger Bank) some 200 km across (rounded, an assumption): no turbulence, latitude and
# weather are those of a farm further off, while swapped columns or a lost sign lead thousands of kilometres away.
FARTHEST = 200e3


def far_away(farm: FarmConfiguration, location: Location, where: str = "farm") -> str:
    """Return the sentence that refuses a farm far from its location, or a turbine far from its farm; else empty.

    Parameters
    ----------
    farm : FarmConfiguration
        Only one whose middle is known by latitude and longitude is looked at.
    location : Location
        Of the scenario.
    where : str
        The key of the farm.
    """
    if farm.latitude is None or farm.longitude is None:
        return ""
    stated = (float(location.latitude), float(location.longitude))
    middle = (float(farm.latitude), float(farm.longitude))
    limit = f"expected within {FARTHEST / 1e3:g} km"
    for name, group in farm.groups.items():
        for turbine, x, y in zip(group.names, group.x, group.y, strict=True):
            if math.hypot(x, y) > FARTHEST:
                return (
                    f"{where}: the turbine {turbine} of {name} stands {math.hypot(x, y) / 1e3:,.0f} km from the middle "
                    f"of the farm; {limit}; check its longitude and latitude, which may be swapped"
                )
    away = distance_between(stated, middle)
    if away <= FARTHEST:
        return ""
    swapped = (
        "longitude and latitude look swapped: the other way round it lies "
        f"{distance_between(stated, middle[::-1]) / 1e3:,.0f} km away"
        if abs(middle[1]) <= 90.0 and distance_between(stated, middle[::-1]) <= FARTHEST
        else "state the `location` of the farm, or correct its longitude and latitude"
    )
    return (
        f"{where}: its middle, {middle[0]:.4g} N {middle[1]:.4g} E, lies {away / 1e3:,.0f} km from `location`, "
        f"{stated[0]:.4g} N {stated[1]:.4g} E; {limit}; {swapped}"
    )
