"""A place at sea."""

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import Direction, Fraction


class Site(SourcedConfiguration):
    """Where the fleet stands and the inflow properties that the weather record does not carry."""

    latitude: Direction
    longitude: Direction
    turbulence_intensity: Fraction
