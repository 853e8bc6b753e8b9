"""What all members share: the responses of the sea, the campaigns of the vessels, the accuracy of the method."""

from dataclasses import dataclass

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.at_sea import SeaSurfaces, simulate_sea
from testsite_sim.studies.flanders_wind_farm.model.campaigns import Campaigns
from testsite_sim.studies.flanders_wind_farm.model.hindcast import simulate_hindcast
from testsite_sim.studies.flanders_wind_farm.model.industry import account_years, simulate_industry
from testsite_sim.studies.framework.uncertainty import sampled


@dataclass(frozen=True)
class Basis:
    """What is simulated once."""

    sea: SeaSurfaces
    campaigns: Campaigns
    spread: float  # of the error of the method at the stated values, per square root of a year


def simulate_basis(study: FlandersWindFarm) -> Basis:
    """Return what the members of a study share."""
    sea, campaigns = simulate_sea(study)
    return Basis(sea, campaigns, accuracy(study))


def accuracy(study: FlandersWindFarm) -> float:
    """Return the spread of the error of the method at the stated values of the inputs, per square root of a year."""
    value = sampled(study, {})
    industry = simulate_industry(study, value, account_years(study))
    return float(simulate_hindcast(study, value, industry).spread[0])
