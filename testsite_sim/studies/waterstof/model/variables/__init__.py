"""The variables of the study, with their dimensions, units and names; those over years join both horizons."""

from testsite_sim.studies.waterstof.model.variables.balancing import of_balancing
from testsite_sim.studies.waterstof.model.variables.cluster import of_cluster
from testsite_sim.studies.waterstof.model.variables.headlines import headlines
from testsite_sim.studies.waterstof.model.variables.horizons import of_horizons
from testsite_sim.studies.waterstof.model.variables.markets import of_markets
from testsite_sim.studies.waterstof.model.variables.money import of_money
from testsite_sim.studies.waterstof.model.variables.supply import of_supply
from testsite_sim.studies.waterstof.model.variables.symbiosis import of_symbiosis

__all__ = [
    "headlines",
    "of_balancing",
    "of_cluster",
    "of_horizons",
    "of_markets",
    "of_money",
    "of_supply",
    "of_symbiosis",
]
