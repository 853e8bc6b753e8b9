"""Campaigns of turbines by the usual vessel and by the single-lift vessel, on the sea of the test site."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import DAY
from testsite_sim.operations import SeaState, simulate_installation
from testsite_sim.studies.flanders_wind_farm.configuration.fund import SingleLift


@dataclass(frozen=True)
class Campaigns:
    """Vessel days of the phase of the turbines, by year of the sea."""

    conventional: Floats  # (year,) [day]
    single_lift: Floats  # (year,) [day]
    cut_off: int  # campaigns that the end of the record cuts off


def simulate_campaigns(vessel: SingleLift, sea: SeaState) -> Campaigns:
    """Return the vessel days of both ways to set turbines, from the same day of every year of the sea."""
    found = [
        simulate_installation(strategy, sea, vessel.turbines) for strategy in (vessel.conventional, vessel.single_lift)
    ]
    days = [each["vessel_time"].sel(phase=vessel.phase).to_numpy() / DAY for each in found]
    return Campaigns(np.sort(days[0]), np.sort(days[1]), sum(int(each.attrs["years_cut_off"]) for each in found))
