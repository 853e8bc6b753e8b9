"""Capacity products of the grid operator: what is paid for power that is kept ready, and how it is called."""

from typing import Annotated, Literal

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, EnergyCost, Fraction, Power


class FrequencyActivation(Configuration):
    """Called in proportion to the grid's frequency: a share of the power, drawn with mean zero per quarter-hour.

    `deviation` is the standard deviation of that share, `persistence` its autocorrelation from quarter to quarter.
    """

    deviation: Fraction
    persistence: Fraction


class ImbalanceActivation(Configuration):
    """Called with the system's imbalance: none below `begins`, in full from `begins` plus `volume` on, linear between.

    `begins` is what other products take before it, `volume` how much of this product the system has.
    """

    begins: Power
    volume: Power


class CapacityProduct(SourcedConfiguration):
    """Power kept ready for the grid, paid by power and time, and by energy where it is called.

    Energy ordered by the frequency earns the day-ahead price, energy ordered by the system's imbalance the marginal
    price of regulation, and either `activation_premium` besides; `penalty` is due per energy that was ordered and not
    delivered. The tank must be able to answer a full order for the time of `endurance`.
    """

    direction: Literal["up", "down", "symmetric"]
    full_activation_time: Duration
    endurance: Duration
    availability_price: EnergyCost
    activation_premium: EnergyCost
    penalty: EnergyCost
    activation: FrequencyActivation | ImbalanceActivation


class CapacityOffer(Configuration):
    """How much power is offered as a product, in every quarter-hour of the run."""

    product: Annotated[CapacityProduct, Component("capacity-product")]
    power: Power
