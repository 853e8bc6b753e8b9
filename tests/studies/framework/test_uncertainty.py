"""Members follow their ranges, quantiles keep what never happens, values keep their units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.framework.sums import TOY, Toy, simulate
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.assumptions import draw, triangular_quantile
from testsite_sim.studies.framework.uncertainty import in_written_units, percentiles, sampled, study_assumptions


def test_assumptions_have_path_si_value_range_source_and_standing() -> None:
    strong, weak, idle, power = study_assumptions(TOY)
    assert (strong.path, strong.value, strong.low, strong.high, strong.units) == ("strong", 2.0, 1.0, 3.0, "1")
    assert (strong.standing, strong.source) == ("verified", "a paper")
    assert (weak.standing, weak.source) == ("assumption", "ours")
    assert idle.standing == "assumption"
    assert (power.path, power.value, power.low, power.units) == ("parts.one.power", 5e6, 4e6, "W")
    assert (power.text, power.range_text) == ("5 MW", "4 – 6 MW")


@settings(deadline=None, max_examples=30)
@given(members=st.integers(1, 300), seed=st.integers(0, 2**31))
def test_members_lie_within_their_ranges_and_member_0_is_central(members: int, seed: int) -> None:
    assumptions = study_assumptions(TOY)
    drawn = draw(assumptions, members, seed)
    for assumption in assumptions:
        values = drawn[assumption.path]
        assert values.shape == (members,)
        assert values[0] == assumption.value
        assert np.all((values >= assumption.low) & (values <= assumption.high))
    again = draw(assumptions, members, seed)
    assert all(drawn[name].tobytes() == again[name].tobytes() for name in drawn)


def test_a_latin_hypercube_fills_every_stratum_once() -> None:
    assumptions = study_assumptions(TOY)[:1]
    values = np.sort(draw(assumptions, 101, 3)["strong"][1:])
    edges = triangular_quantile(np.linspace(0.0, 1.0, 101), 1.0, 2.0, 3.0)
    assert np.all((values >= edges[:-1]) & (values <= edges[1:]))


def test_an_assumption_is_drawn_alike_whatever_else_is_sampled() -> None:
    assumptions = study_assumptions(TOY)
    alone, together = draw(assumptions[:1], 50, 4)["strong"], draw(assumptions, 50, 4)
    np.testing.assert_array_equal(alone, together["strong"])
    assert abs(np.corrcoef(together["strong"], together["weak"])[0, 1]) < 0.4


def test_a_triangle_has_the_mean_of_its_corners() -> None:
    values = triangular_quantile((np.arange(20_000) + 0.5) / 20_000, 1.0, 5.0, 6.0)
    assert values.mean() == pytest.approx(4.0, rel=1e-6)
    np.testing.assert_array_equal(triangular_quantile(np.array([0.1]), 2.0, 2.0, 2.0), [2.0])


def test_percentiles_are_of_members_and_keep_what_never_happens() -> None:
    found = percentiles(simulate(draw(study_assumptions(TOY), 200, 1)))
    assert found["twice"].dims == ("percentile", "scenario")
    assert float(found["total"].sel(percentile=50)) == pytest.approx(9.25, abs=0.2)
    assert np.isinf(found["never"]).all()
    assert (np.diff(found["total"]) > 0.0).all()


def test_values_are_shown_in_the_unit_of_the_range() -> None:
    power = next(each for each in study_assumptions(TOY) if each.path == "parts.one.power")
    assert in_written_units(power, 4.5e6) == (pytest.approx(4.5), "MW")
    percent = Toy.model_validate(
        {**TOY.model_dump(), "parts": {"one": {"share": {"value": "25 %", "range": ["20 %", "30 %"]}, "power": "5 MW"}}}
    )
    share = next(each for each in study_assumptions(percent) if each.path == "parts.one.share")
    assert in_written_units(share, 0.22) == (pytest.approx(22.0), "%")


def test_wrong_paths_and_numbers_are_named() -> None:
    with pytest.raises(ConfigurationError, match="Nearest: strong"):
        sampled(TOY, {})("stronk")
    with pytest.raises(ConfigurationError, match="expected at least 1"):
        draw(study_assumptions(TOY), 0, 1)
