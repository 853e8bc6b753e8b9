"""How much of the fleet's power reaches the connection."""

from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.quantities import Fraction


class Operations(Configuration):
    """Constant availability of the turbines, and the electrical loss from the turbines to the connection."""

    availability: Fraction
    electrical_loss: Fraction
