"""What can be written in the study Flanders Wind Farm."""

from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm, ValueChain

__all__ = ["FlandersWindFarm", "OffshoreJobs", "ValueChain"]
