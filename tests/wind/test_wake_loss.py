"""The factor on what wakes take: it acts on both flows alike, on nothing else, and members of an ensemble draw it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wind.test_inflow import NINE
from tests.wind.test_simulation import HOURS, after, weather
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.wind import Farm, Mechanisms, simulate, tabulate_farm

NEXT_DOOR = Farm(np.asarray(NINE.x) + 4000.0, np.asarray(NINE.y), NINE.turbines)


def acting(hours: int = HOURS) -> Mechanisms:
    return Mechanisms(storms=3.0, wakes="bastankhah", neighbours=NEXT_DOOR, neighbour_inflow=weather(hours))


ACTING = acting()


@pytest.fixture(scope="module")
def table():
    return tabulate_farm(
        NINE,
        np.ones(9),
        "bastankhah",
        turbulence_intensities=[0.08],
        neighbours=NEXT_DOOR,
        neighbour_share=np.ones(9),
    )


@settings(deadline=None, max_examples=12)
@given(st.floats(0.0, 2.0))
def test_the_power_of_each_turbine_is_that_alone_less_the_factor_times_its_loss(factor):
    hours, models = weather(30), acting(30)
    alone = simulate(NINE, hours, Mechanisms(storms=3.0))["power"].to_numpy()
    waked = simulate(NINE, hours, models)["power"].to_numpy()
    found = simulate(NINE, hours, replace(models, wake_loss=factor))["power"].to_numpy()
    np.testing.assert_allclose(found, np.maximum(alone - factor * (alone - waked), 0.0), rtol=1e-12, atol=1e-6)


@pytest.mark.parametrize("factor", [0.0, 0.6, 1.3])
def test_losses_to_wakes_and_neighbours_grow_by_the_factor_and_storms_stay(table, factor):
    for flow in (None, table):
        plain = after(simulate(NINE, weather(), ACTING, table=flow))
        found = after(simulate(NINE, weather(), replace(ACTING, wake_loss=factor), table=flow))
        assert found["gross"] == plain["gross"]
        assert found["storms"] == plain["storms"]
        for name in ("wakes", "neighbours"):
            lost, expected = plain["storms"] - found[name], factor * (plain["storms"] - plain[name])
            assert lost == pytest.approx(expected, rel=0.01, abs=1e-9 * plain["gross"])


def test_the_table_answers_to_the_factor_as_the_exact_flow_does(table):
    stopped = replace(ACTING, wake_loss=0.7, electrical=0.02)
    exact = simulate(NINE, weather(), stopped, sensitivity=True)
    found = simulate(NINE, weather(), stopped, sensitivity=True, table=table)
    for name, value in after(exact).items():
        assert after(found)[name] == pytest.approx(value, rel=5e-3), name
    assert float(found["energy_sensitivity"]) == pytest.approx(float(exact["energy_sensitivity"]), rel=0.05)


def test_a_factor_of_one_leaves_every_bit(table):
    for flow in (None, table):
        plain = simulate(NINE, weather(), ACTING, table=flow)
        assert plain.identical(simulate(NINE, weather(), replace(ACTING, wake_loss=1.0), table=flow))


@pytest.mark.parametrize("factor", [-0.1, 2.1, True])
def test_what_is_no_factor_is_refused(factor):
    with pytest.raises(ConfigurationError, match="wake_loss"):
        Mechanisms(wake_loss=factor)


def test_members_draw_the_factor_of_the_zone_and_member_zero_has_that_of_the_models():
    short = ["weather.start=2023-03-30", "weather.end=2023-04-03", "ensemble={weather: {kind: record}}"]
    runner = MemberRunner(plan_members(load_scenario("flanders-wind-farm/belgian-zone", short), members=4))
    path = "wind.wake_loss"
    assert path in {each.path for each in runner.plan.assumptions}
    drawn = [runner.plan.draws().values(number)[path] for number in range(1, 5)]
    low, high = load_scenario("flanders-wind-farm/belgian-zone").wind.wake_loss.range
    assert low < min(drawn) < max(drawn) < high
    assert float(runner.member(0).scenario.wind_farm.wind.wake_loss) == 1.0
