"""What can be written in the study Waterstof."""

from testsite_sim.studies.waterstof.configuration.study import Waterstof

__all__ = ["Waterstof"]
