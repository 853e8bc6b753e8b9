"""Where a scenario plays."""

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.geographic import Latitude, Longitude
from testsite_sim.configuration.quantities import Fraction


class Location(SourcedConfiguration):
    """Where the fleet stands and the inflow properties that the weather record does not carry."""

    title: str = "location of the scenario"
    latitude: Latitude
    longitude: Longitude
    turbulence_intensity: Fraction
