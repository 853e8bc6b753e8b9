"""Slow and plain: wakes of turbines that each have a wind of their own, in one hour, in NumPy.

The wake of a source is laid along the wind at that source, and every pair of turbines is looked at. Index i is a
source, t a target; shapes (i, t).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import ncx2

from testsite_sim.wind import Turbine, WakeModel

MADSEN = ("gaussian", "gaussian-madsen-overlap", "top-hat", "top-hat-overlap")
ABREAST = 1e-6  # [m] along the wind, up to which neither of two turbines stands in the wake of the other
CONE = 1.0  # growth of a wake's radius per distance within which a wake may matter, above that of every model


@dataclass
class Found:
    """What is found of every turbine, shape (turbines,)."""

    speed: np.ndarray
    thrust: np.ndarray
    intensity: np.ndarray


@dataclass
class Hour:
    """Turbines in their winds in one hour, each of shape (turbines,)."""

    x: np.ndarray
    y: np.ndarray
    types: list[Turbine]
    speed: np.ndarray
    direction: np.ndarray
    intensity: np.ndarray
    model: WakeModel

    def __post_init__(self) -> None:
        heading = np.radians(270.0 - self.direction)
        east, north = self.x[None, :] - self.x[:, None], self.y[None, :] - self.y[:, None]
        self.downwind = np.cos(heading)[:, None] * east + np.sin(heading)[:, None] * north
        self.across = np.cos(heading)[:, None] * north - np.sin(heading)[:, None] * east
        np.fill_diagonal(self.downwind, -1.0)
        self.radius = np.array([0.5 * each.rotor_diameter for each in self.types])
        self.hub = np.array([each.hub_height for each in self.types])

    def curve(self, speed: np.ndarray, name: str) -> np.ndarray:
        """Read the curve of each turbine."""
        pairs = zip(self.types, speed, strict=True)
        return np.array([np.interp(u, t.wind_speed, getattr(t, name), left=0.0, right=0.0) for t, u in pairs])

    def step(self, before: Found) -> Found:
        """Return what is found in the wakes of turbines of which this was found before."""
        wakes = _Wakes(self, before)
        model, taken = self.model, []
        for up in (self.hub[None, :] - self.hub[:, None], self.hub[None, :] + self.hub[:, None])[: 1 + model.mirrors]:
            deficit = np.where(self.downwind > ABREAST, wakes.deficit(up), 0.0)
            taken.append(deficit * before.speed[:, None] if model.refers_to_source else deficit)
        deficits = np.concatenate(taken)
        of = {"linear": deficits.sum(0), "squared": np.sqrt((deficits**2).sum(0)), "maximum": deficits.max(0)}
        total = of[model.superposition] * (1.0 if model.refers_to_source else self.speed)
        speed = np.maximum(self.speed - total, 0.0)
        return Found(speed, self.curve(speed, "thrust_coefficient"), wakes.intensity())

    def alone(self) -> Found:
        """Return what is found of turbines that stand alone."""
        return Found(self.speed, self.curve(self.speed, "thrust_coefficient"), self.intensity)

    def order(self) -> list[int] | None:
        """Return an order in which every turbine comes after all whose wakes may matter at it; None where none is."""
        reach = 10.0 * self.radius[:, None] + 2.0 * self.radius[None, :] + CONE * self.downwind
        before = (self.downwind > ABREAST) & (np.abs(self.across) < reach)
        order: list[int] = []
        while len(order) < self.x.size:
            free = [t for t in range(self.x.size) if t not in order and not before[:, t].any()]
            if not free:
                return None
            order += free
            before[free] = False
        return order

    def in_order(self) -> Found | None:
        """Return what is found turbine by turbine, from upstream to downstream; None where they stand in a circle."""
        order = self.order()
        if order is None:
            return None
        found = self.alone()
        found = Found(*(part.copy() for part in (found.speed, found.thrust, found.intensity)))
        for t in order:
            now = self.step(found)
            found.speed[t], found.thrust[t], found.intensity[t] = now.speed[t], now.thrust[t], now.intensity[t]
        return found


class _Wakes:
    """The wakes of all sources at all targets."""

    def __init__(self, hour: Hour, found: Found) -> None:
        self.hour, self.found, self.model = hour, found, hour.model
        model, self.x = hour.model, np.maximum(hour.downwind, 1e-9)
        self.thrust, radius = found.thrust[:, None], hour.radius[:, None]
        self.rate = model.expansion_rate_per_intensity * found.intensity[:, None] + model.expansion_rate
        root = np.sqrt(1.0 - np.minimum(model.largest_thrust, self.thrust))
        widening = 1.0 if model.width_is_fixed else np.sqrt(0.5 + 0.5 / root)
        self.start = model.width_factor * 2.0 * radius * widening
        self.sigma = self.start + self.rate * self.x
        self.reduced = self.thrust * radius**2

    def induction(self, c: np.ndarray) -> np.ndarray:
        """Return the axial induction of a thrust coefficient."""
        if self.model.deficit in MADSEN:
            return c * (0.2460 + c * (0.0586 + c * 0.0883))
        return 0.5 * (1.0 - np.sqrt(1.0 - np.minimum(1.0, c)))

    def overlap(self, wake: np.ndarray, up: np.ndarray) -> np.ndarray:
        """Return the share of each target's rotor within discs of a radius."""
        rotor, apart = np.broadcast_to(self.hour.radius[None, :], wake.shape), np.hypot(self.hour.across, up)
        large, small = np.maximum(wake, rotor), np.minimum(wake, rotor)
        safe = np.clip(apart, large - small + 1e-9, large + small - 1e-9)
        first = np.arccos(np.clip((safe**2 + wake**2 - rotor**2) / (2.0 * safe * wake), -1.0, 1.0))
        second = np.arccos(np.clip((safe**2 + rotor**2 - wake**2) / (2.0 * safe * rotor), -1.0, 1.0))
        area = wake**2 * (first - 0.5 * np.sin(2.0 * first)) + rotor**2 * (second - 0.5 * np.sin(2.0 * second))
        within = np.where(apart <= large - small, small**2 / rotor**2, area / (np.pi * rotor**2))
        return np.where(apart >= large + small, 0.0, within)

    def deficit(self, up: np.ndarray) -> np.ndarray:
        """Return the deficits [1] of targets downstream whose hubs stand so far above the sources'."""
        name, radius = self.model.deficit, self.hour.radius[:, None]
        if name.startswith("top-hat"):
            wake = radius + self.rate * self.x
            centre = 2.0 * self.induction(self.thrust) * (radius / wake) ** 2
            apart = self.hour.across**2 + up**2
            return centre * (self.overlap(wake, up) if name == "top-hat-overlap" else apart < wake**2)
        sigma = self.turbopark() if name == "turbopark" else self.sigma
        squared = (self.hour.across**2 + up**2) / sigma**2
        centre = np.minimum(1.0, 2.0 * self.induction(0.5 * self.reduced / sigma**2))
        if name in ("gaussian", "gaussian-momentum"):
            return centre * np.exp(-0.5 * squared)
        rotor = self.hour.radius[None, :] ** 2 / sigma**2
        within = np.sqrt(squared) < np.sqrt(rotor) + 9.0
        mean = np.where(within, ncx2.cdf(rotor, 2.0, np.where(within, np.maximum(squared, 1e-12), 1.0)), 0.0)
        return centre * mean / (0.5 * rotor)

    def turbopark(self) -> np.ndarray:
        """Return the widths of the wakes of TurbOPark."""
        ambient, radius = self.hour.intensity[:, None], self.hour.radius[:, None]
        grown = 0.4 * ambient / (np.sqrt(np.maximum(self.thrust, 1e-20)) * radius)

        def integral(u: np.ndarray) -> np.ndarray:
            return np.sqrt(u * u + 1.0) - np.arcsinh(1.0 / u)

        start = 1.5 * ambient
        return self.start + 0.04 * ambient / grown * (integral(start + grown * self.x) - integral(start))

    def intensity(self) -> np.ndarray:
        """Return the turbulence intensity with what the wakes add."""
        hour, ambient, x = self.hour, self.hour.intensity, self.x
        diameter, up = 2.0 * hour.radius[:, None], hour.hub[None, :] - hour.hub[:, None]
        if self.model.turbulence == "none":
            return ambient
        if self.model.turbulence == "crespo-hernandez":
            induced = np.maximum(self.induction(self.thrust), 1e-10) ** self.model.crespo_induction
            factor = self.model.crespo_factor * ambient[:, None] ** self.model.crespo_intensity
            added = induced * factor * (np.maximum(x, 1e-6 * diameter) / diameter) ** -0.32
            added = np.where(hour.downwind > ABREAST, added * self.overlap(2.0 * self.sigma, up), 0.0)
            return np.hypot(ambient, added.max(axis=0))
        x, off, root = np.maximum(x, 1e-6 * diameter), np.hypot(hour.across, up), np.sqrt(self.thrust)
        own = root / np.maximum(1.5 * root + 0.8 * np.hypot(x, off) / diameter, 1e-300)
        ratio = np.arctan(off / x) / (0.5 * np.arctan(diameter / x) + np.radians(5.0))
        added = np.exp(-(ratio**2)) * (np.sqrt(own**2 + ambient**2) - ambient)
        return ambient + np.where((ratio < 1.0) & (hour.downwind > ABREAST), added, 0.0).sum(axis=0)
