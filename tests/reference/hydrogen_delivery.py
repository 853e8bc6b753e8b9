"""Pipeline and tube trailers, slow and plain, with properties from the equation of state."""

import math

from tests.reference import compression as gas

R = 8.314462618 / 2.01588e-3


def friction(roughness, diameter, reynolds):
    """Return Darcy's friction factor of Colebrook (1939), by bisection."""

    def wrong(f):
        return 1 / math.sqrt(f) + 2 * math.log10(roughness / (3.7 * diameter) + 2.51 / (reynolds * math.sqrt(f)))

    low, high = 1e-3, 1.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if wrong(middle) > 0 else (low, middle)
    return low


def steady_flow(p1, p2, length, diameter, roughness, temperature, viscosity, steps=300):
    """Return the flow [kg/s] that falls from p1 to p2: dp/dx = -f m^2 / (2 D A^2 rho), integrated along the pipe."""
    area = math.pi * diameter**2 / 4

    def outlet(flow):
        f = friction(roughness, diameter, flow * diameter / (area * viscosity))
        square = p1**2
        for _ in range(steps):
            z = math.sqrt(square) / (gas.density(math.sqrt(square), temperature) * R * temperature)
            square -= f * z * R * temperature * flow**2 / (diameter * area**2) * length / steps
            if square <= p2**2:
                return -1.0
        return math.sqrt(square) - p2

    low, high = 1e-2, 1e2
    for _ in range(25):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if outlet(middle) > 0 else (low, middle)
    return low


class Line:
    """A pipeline whose pressure is found by bisection in the equation of state, and its mass by bisection in time."""

    def __init__(self, stated, conductance):
        self.stated, self.conductance = stated, conductance
        self.volume = math.pi * stated.diameter**2 / 4 * stated.length
        self.least = self.volume * gas.density(stated.delivery_pressure, stated.temperature)
        self.most = self.volume * gas.density(stated.maximum_pressure, stated.temperature)
        self.mass = self.volume * gas.density(stated.initial_pressure, stated.temperature)

    def pressure(self, mass):
        return gas.pressure(mass / self.volume, self.stated.temperature)

    def flow(self, mass, high, low):
        """Return what half the length lets through between two pressures, at the compressibility in the middle."""
        p = self.pressure(mass)
        z = p * self.volume / (mass * R * self.stated.temperature)
        return self.conductance * math.sqrt(max(high * high - low * low, 0.0) / z)

    def step(self, offered, expected, seconds):
        """Return what enters and leaves [kg/s]."""
        reached = math.inf if self.stated.compressor is None else self.stated.compressor.capacity

        def flows(mass):
            p = self.pressure(mass)
            within = min(offered, reached, self.flow(mass, self.stated.maximum_pressure, p))
            return within, min(expected, self.flow(mass, p, self.stated.delivery_pressure))

        low, high = self.least, self.most
        for _ in range(60):
            middle = 0.5 * (low + high)
            entering, leaving = flows(middle)
            low, high = (middle, high) if self.mass + (entering - leaving) * seconds > middle else (low, middle)
        entering, leaving = flows(0.5 * (low + high))
        self.mass = 0.5 * (low + high)
        return entering, leaving


def trailers(demand, step, full, residual, limit, level, lead, change):
    """Return rows of delivered [kg], mass [kg] and trailers that came."""
    mass, due, blocked, rows = full, None, 0.0, []
    for expected in demand:
        usable = 0.0 if blocked > 0 else min(limit * step, max(mass - residual, 0.0))
        given = min(expected * step, usable)
        mass -= given
        blocked = max(blocked - step, 0.0)
        came = 0
        if due is not None:
            due = max(due - step, 0.0)
        elif mass - residual <= level * (full - residual):
            due = lead
        if due == 0.0 and mass - residual <= 0.01 * (full - residual):
            mass, due, blocked, came = full, None, change, 1
        rows.append((given, mass, came))
    return rows
