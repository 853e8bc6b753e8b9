"""A study as a whole: its members drawn and simulated, its assumptions ranked."""

from functools import partial

import xarray as xr

from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.members import members_of, open_correlations
from testsite_sim.studies.framework.ranking import rank
from testsite_sim.studies.framework.registry import Study
from testsite_sim.studies.framework.uncertainty import study_assumptions


def simulate_study(study: Study, configuration: StudyConfiguration) -> xr.Dataset:
    """Return the members of a study with the ranking of its assumptions, see `rank`.

    What all members share is simulated once, before them.
    """
    uncertainty = configuration.uncertainty
    assumptions = study_assumptions(configuration)
    basis = study.part("prepare")(configuration)
    simulate = partial(study.part("simulate"), configuration, basis)
    members = simulate(members_of(configuration))
    ranking = rank(
        simulate if study.rank is None else partial(study.part("rank"), configuration, basis),
        assumptions,
        [headline.variable for headline in study.headlines],
        correlations=open_correlations(configuration),
        base_samples=uncertainty.ranking_samples,
        seed=uncertainty.seed,
    )
    merged: xr.Dataset = members.merge(ranking)
    return merged.assign_attrs(members.attrs)
