"""Where a scenario plays."""

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.geographic import Latitude, Longitude
from testsite_sim.configuration.quantities import Fraction


class Location(SourcedConfiguration):
    """Where the fleet stands, and the turbulence intensity of its wind where no climate brings one."""

    title: str = "location of the scenario"
    latitude: Latitude
    longitude: Longitude
    turbulence_intensity: Fraction | None = None
