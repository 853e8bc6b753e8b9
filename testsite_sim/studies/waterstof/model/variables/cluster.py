"""Variables of the lead cluster and of the score of each market."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.horizon import Period
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, by_horizon


def of_cluster(study: Waterstof, periods: Periods) -> dict[str, Variable]:
    """Return the worth of every combination, the ideal cluster, and the score of each market."""
    plants = len(study.cluster.plants)
    return {
        "cluster_worth": by_horizon(
            periods,
            lambda p: p.clusters.worth,
            "member combination",
            "EUR year-1",
            "worth of a combination with its best plants",
        ),
        "cluster_is_best": by_horizon(
            periods,
            lambda p: (p.clusters.best[:, None] == np.arange(p.clusters.worth.shape[1])).astype(np.float64),
            "member combination",
            "1",
            "1 where a combination is worth most",
        ),
        "cluster_plants": by_horizon(
            periods,
            lambda p: ((p.clusters.plants[..., None] >> np.arange(plants)) & 1).astype(np.float64),
            "member combination plant",
            "1",
            "1 where a plant belongs to the best plants of a combination",
        ),
        "ideal_cluster_worth": by_horizon(
            periods, lambda p: p.clusters.worth_of_best, "member", "EUR year-1", "worth of the ideal cluster"
        ),
        "ideal_cluster_plants": by_horizon(
            periods, lambda p: p.clusters.has_plant(plants), "member plant", "1", "1 where it has a plant"
        ),
        "plant_opening_year": by_horizon(
            periods,
            lambda p: _opening(p, plants),
            "member plant",
            "1",
            "year in which a plant of the ideal cluster opens; infinite for a plant that it does without",
        ),
        "ideal_cluster_applications": by_horizon(
            periods, lambda p: p.clusters.has_application(), "member application", "1", "1 where it has an application"
        ),
        "advantage_score": by_horizon(
            periods, lambda p: p.advantages, "member market advantage", "1", "advantage of a lead market, 0 to 1"
        ),
        "market_score": by_horizon(periods, lambda p: p.score, "member market", "1", "score of a lead market, 0 to 1"),
    }


def _opening(period: Period, plants: int) -> Floats:
    """Return when the plants of the ideal cluster open, infinite for the others, (member, plant)."""
    chosen = period.clusters.has_plant(plants) > 0.0
    return np.where(chosen, period.levers.opening[:, None], np.inf)
