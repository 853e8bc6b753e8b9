"""A farm and its neighbours in one system of coordinates, so that the wakes of one reach the other where it stands."""

import math

from testsite_sim.configuration.far_away import FARTHEST
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.layout_file import transverse_mercator


def counted_from(others: FarmConfiguration, farm: FarmConfiguration) -> FarmConfiguration:
    """Return a farm with positions [m] that are counted from where those of another are counted.

    Each farm by latitude and longitude is projected about its own middle. The middle of one is projected with the
    other, and its turbines are turned about it by the convergence of the meridians, atan(tan Δλ sin φ) (Snyder 1987,
    *Map Projections*, USGS Professional Paper 1395, eq. 8-15 on a sphere): right to 1e-4 of the size of the farm within
    100 km.

    Parameters
    ----------
    others : FarmConfiguration
        Whose positions are returned.
    farm : FarmConfiguration
        The other one; where one of both does not say where its point lies, both have the same.
    """
    place, point = _place(others), _place(farm)
    if place is None or point is None or place == point:
        return others
    away = math.radians(place[1] - point[1])
    east, north = transverse_mercator(away, math.radians(place[0]))
    north -= transverse_mercator(0.0, math.radians(point[0]))[1]
    turn = math.atan(math.tan(away) * math.sin(math.radians(place[0])))
    cosine, sine = math.cos(turn), math.sin(turn)
    groups = {}
    for name, group in others.groups.items():
        pairs = list(zip(group.x, group.y, strict=True))
        x = tuple(east + cosine * x - sine * y for x, y in pairs)
        y = tuple(north + sine * x + cosine * y for x, y in pairs)
        groups[name] = group.model_copy(update={"x": x, "y": y})
    return others.model_copy(update={"latitude": farm.latitude, "longitude": farm.longitude, "groups": groups})


def far_apart(farm: FarmConfiguration, neighbours: FarmConfiguration | None) -> str:
    """Return the sentence that refuses turbines that cannot stand with each other by their x and y; else empty.

    Parameters
    ----------
    farm : FarmConfiguration
        The turbines of a scenario.
    neighbours : FarmConfiguration, optional
        Those next to it.
    """
    for where, each in (("farm", farm), ("wind.neighbours", neighbours)):
        if each is not None and each.latitude is None and (found := _astray(each, where)):
            return found
    if neighbours is None:
        return ""
    stated = [_place(each) is not None for each in (farm, neighbours)]
    if stated[0] != stated[1]:
        known, unknown = ("farm", "wind.neighbours") if stated[0] else ("wind.neighbours", "farm")
        return (
            f"wind.neighbours: the turbines of `{known}` are placed by latitude and longitude, and those of "
            f"`{unknown}` by x and y from a point that is not stated, so that nobody knows how far apart they stand; "
            "place both by latitude and longitude, both by x and y from one point, or state "
            f"`{unknown}.latitude` and `{unknown}.longitude` of that point"
        )
    (x, y), (east, north) = (_middle(each) for each in (farm, counted_from(neighbours, farm)))
    away = math.hypot(x - east, y - north)
    if away <= FARTHEST:
        return ""
    return (
        f"wind.neighbours: their middle lies {away / 1e3:,.0f} km from that of the farm; expected within "
        f"{FARTHEST / 1e3:g} km; count x and y of both from one point, in m"
    )


def _place(farm: FarmConfiguration) -> tuple[float, float] | None:
    """Return latitude and longitude [degree] of the point from which x and y are counted; None: not stated."""
    if farm.latitude is None or farm.longitude is None:
        return None
    return float(farm.latitude), float(farm.longitude)


def _middle(farm: FarmConfiguration) -> tuple[float, float]:
    """Return the mean position of the turbines [m]."""
    x, y = ([each for group in farm.groups.values() for each in getattr(group, axis)] for axis in ("x", "y"))
    return sum(x) / len(x), sum(y) / len(y)


def _astray(farm: FarmConfiguration, where: str) -> str:
    """Return the sentence that refuses a turbine far from the one of its farm that is the median in x and y."""
    placed = {
        f"{turbine} of {name}": (x, y)
        for name, group in farm.groups.items()
        for turbine, x, y in zip(group.names, group.x, group.y, strict=True)
    }
    east, north = (sorted(each[axis] for each in placed.values())[len(placed) // 2] for axis in (0, 1))
    distances = {turbine: math.hypot(x - east, y - north) for turbine, (x, y) in placed.items()}
    furthest = max(distances, key=lambda turbine: distances[turbine])
    away = distances[furthest]
    if away <= FARTHEST:
        return ""
    return (
        f"{where}: the turbine {furthest} stands {away / 1e3:,.0f} km from the middle of the farm; expected "
        f"within {FARTHEST / 1e3:g} km; check its x and y, in m"
    )
