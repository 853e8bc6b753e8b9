"""Members of a study: correlated where it says so, without decisions, filling every stratum."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import quantities
from testsite_sim.ensemble.assumptions import Assumption, triangular_quantile
from testsite_sim.studies.framework.configuration import Correlation
from testsite_sim.studies.framework.members import correlated, draw_members, factors, members_of, open_correlations


def assumption(path: str, standing: str = "published") -> Assumption:
    return Assumption(path, 2.0, 1.0, 4.0, "1", "2", "1 – 4", ("1", "4"), "", standing)


THREE = [assumption("a"), assumption("b"), assumption("c")]
PAIR = {"pair": Correlation.model_validate({"of": ["a", "b"], "coefficient": 0.8})}


def test_what_is_correlated_has_the_coefficient_and_the_rest_has_none() -> None:
    drawn = draw_members(THREE, PAIR, 4000, 1)
    scores = np.array([norm.ppf((rankdata(drawn[name]) - 0.5) / 4000) for name in "abc"])
    found = np.corrcoef(scores)
    assert found[0, 1] == pytest.approx(0.8, abs=0.03)
    assert abs(found[0, 2]) < 0.05
    assert abs(found[1, 2]) < 0.05


def test_correlated_assumptions_still_fill_every_stratum_once() -> None:
    drawn = draw_members(THREE, PAIR, 200, 3)
    edges = triangular_quantile(np.linspace(0.0, 1.0, 201), 1.0, 2.0, 4.0)
    for name in "abc":
        values = np.sort(drawn[name])
        assert np.all((values >= edges[:-1]) & (values <= edges[1:]))


def test_a_decision_is_not_drawn() -> None:
    drawn = draw_members([*THREE, assumption("choice", "decision")], {}, 10, 1)
    assert sorted(drawn) == ["a", "b", "c"]


def test_the_same_seed_gives_the_same_bits_and_no_member_is_the_central_one() -> None:
    first, second = draw_members(THREE, PAIR, 50, 7), draw_members(THREE, PAIR, 50, 7)
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)
    assert not any((first[name] == 2.0).any() for name in first)


def test_probabilities_stay_uniform_and_factors_are_named() -> None:
    unit = np.random.default_rng(1).random((20_000, 3))
    found = correlated(unit, ["a", "b", "c"], PAIR)
    np.testing.assert_allclose(found.mean(axis=0), 0.5, atol=0.01)
    np.testing.assert_array_equal(found[:, 2], unit[:, 2])
    assert factors(["a", "b", "c"], PAIR) == ["pair", "pair", "c"]


@pytest.mark.parametrize(
    ("correlations", "words"),
    [
        ({"pair": {"of": ["a", "bb"], "coefficient": 0.5}}, "'bb' is not drawn"),
        ({"one": {"of": ["a", "b"], "coefficient": 0.5}, "two": {"of": ["b", "c"], "coefficient": 0.5}}, "two correl"),
    ],
)
def test_correlations_that_cannot_be_are_named(correlations: dict[str, object], words: str) -> None:
    known = {name: Correlation.model_validate(value) for name, value in correlations.items()}
    with pytest.raises(ConfigurationError, match=words):
        draw_members(THREE, known, 10, 1)


def test_a_coefficient_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        Correlation.model_validate({"of": ["a", "b"], "coefficient": 1.0})


def test_a_value_that_is_known_leaves_its_correlation_and_the_others_as_they_were() -> None:
    stated = read_study("waterstof/study", ["uncertainty.members=16"]).configuration
    name, correlation = next((name, each) for name, each in stated.uncertainty.correlations.items() if len(each.of) > 2)
    path = correlation.of[0]
    value = dict(quantities(stated))[path]
    known = read_study("waterstof/study", ["uncertainty.members=16", f"{path}={value.text}"]).configuration
    assert open_correlations(known)[name].of == correlation.of[1:]
    assert path not in members_of(known)
    free = next(
        each for each in members_of(stated) if all(each not in c.of for c in stated.uncertainty.correlations.values())
    )
    np.testing.assert_array_equal(members_of(known)[free], members_of(stated)[free])


def test_a_name_of_nothing_is_refused_next_to_what_is_known() -> None:
    stated = read_study("flanders-wind-farm/study", ["learning.investment=0.05"]).configuration
    wrong = Correlation.model_validate({"of": ["learning.investment", "learning.nothing"], "coefficient": 0.5})
    uncertainty = stated.uncertainty.model_copy(update={"correlations": {"pair": wrong}})
    with pytest.raises(ConfigurationError, match=r"'learning\.nothing' is not drawn"):
        members_of(stated.model_copy(update={"uncertainty": uncertainty}))
