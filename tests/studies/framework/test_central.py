"""What the tornado starts from, all assumptions at their medians, lies inside the band that the report states."""

from functools import partial

import numpy as np
import pytest

from testsite_sim.cases.study import read_study
from testsite_sim.studies.framework.members import draw_members
from testsite_sim.studies.framework.ranking import reference_scenario
from testsite_sim.studies.framework.uncertainty import study_assumptions


@pytest.mark.parametrize("name", ["waterstof/study", "flanders-wind-farm/study"])
def test_every_headline_with_all_assumptions_at_their_medians_lies_between_p10_and_p90(name: str) -> None:
    case = read_study(name)
    study, configuration = case.study, case.configuration
    simulate = partial(study.part("simulate"), configuration, study.part("prepare")(configuration))
    assumptions = study_assumptions(configuration)
    members = simulate(draw_members(assumptions, configuration.uncertainty.correlations, 300, 1))
    medians = simulate({each.path: np.array([each.median]) for each in assumptions})
    for headline in study.headlines:
        found = reference_scenario(members, headline.variable).to_numpy()
        low, high = np.quantile(found, [0.1, 0.9], method="inverted_cdf")
        assert low <= float(reference_scenario(medians, headline.variable).to_numpy()[0]) <= high, headline.variable
