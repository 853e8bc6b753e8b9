"""A study with some assumptions known answers as the study written with them does."""

import numpy as np
import pytest

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.explore.study_answers import answer_study, basis_of, study_controls

NAME = "flanders-wind-farm/study"
SMALL = ("uncertainty.members=20", "certification.members=5", "certification.fleet.members=2")
GROWTH = "jobs.productivity_growth"


@pytest.fixture(scope="module")
def basis():
    return basis_of(NAME, read_study(NAME, SMALL), overrides=SMALL)


def test_a_known_assumption_is_the_same_in_all_members_and_the_others_as_they_were(basis):
    before, after = answer_study(basis, {}), answer_study(basis, {GROWTH: "0 %/year"})
    assert {each.path for each in before.varied} - {each.path for each in after.varied} == {GROWTH}
    assert after.summary["jobs_target_keep"]["value"] > before.summary["jobs_target_keep"]["value"]
    assert set(after.summary) == set(before.summary)


def test_the_summary_is_that_of_the_study_written_with_what_is_known(basis):
    found = answer_study(basis, {GROWTH: "0.5 %/year"})
    written = read_study(NAME, [*SMALL, f"{GROWTH}=0.5 %/year"])
    members = written.study.part("simulate")
    from testsite_sim.studies.framework.members import members_of

    draws = members_of(written.configuration)
    shared = written.study.part("prepare")(written.configuration)
    assert found.summary == written.summarise({"study": members(written.configuration, shared, draws)})


def test_the_sliders_are_those_that_move_the_headline_most_first(basis):
    found = answer_study(basis, {})
    headline = found.case.study.headlines[0].variable
    controls = study_controls(found, headline)
    swing = np.abs(found.swings[0, 2::2] - found.swings[0, 1::2])
    paths = [each.path for each in found.varied]
    sizes = [swing[paths.index(control.path)] for control in controls]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == swing.max()
    assert all(control.slides for control in controls)


@pytest.mark.parametrize("text", ["2 kg", "much", "-2000 %/hour x"])
def test_a_wrong_value_is_refused_in_the_sentences_of_the_command_line(basis, text):
    with pytest.raises(ConfigurationError) as here:
        answer_study(basis, {GROWTH: text})
    with pytest.raises(ConfigurationError) as there:
        read_study(NAME, [*SMALL, f"{GROWTH}={text}"])
    assert here.value.problems == there.value.problems
