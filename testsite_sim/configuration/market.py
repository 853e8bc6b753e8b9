"""The market that the fleet sells to."""

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import EnergyPrice


class Market(SourcedConfiguration):
    """Sale at the day-ahead price of the weather record, with a support per exported energy.

    Exporting pays while price plus support is above zero; below that the fleet is curtailed.
    """

    support: EnergyPrice
