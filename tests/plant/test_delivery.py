"""Pipeline and tube trailers: friction, what they hold, when they change, and a station that lives on them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tests.plant.plants import START, changed, fleet, hours, station
from tests.reference import hydrogen_delivery as reference
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.storage import HydrogenPipeline, TubeTrailer
from testsite_sim.plant.delivery import (
    VISCOSITY,
    kernel_pipeline,
    kernel_trailer,
    simulate_pipeline,
    simulate_trailers,
)
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.refuelling import simulate_refuelling

FLOWS = st.lists(st.floats(0.0, 3.0), min_size=2, max_size=20)


def pipeline(**changes):
    return changed(load_component("hydrogen-pipeline", "distribution-20km", HydrogenPipeline), changes)


def trailer(name="steel-200bar", **changes):
    return changed(load_component("tube-trailer", name, TubeTrailer), changes)


def test_the_largest_flow_is_that_of_the_integrated_equation_of_motion() -> None:
    exact = reference.steady_flow(40e5, 20e5, 20e3, 0.15, 0.02e-3, 283.15, VISCOSITY)
    found = simulate_pipeline(hours([10.0] * 2), hours([0.0] * 2), pipeline()).attrs["largest_flow"]
    assert found == pytest.approx(exact, rel=0.01)


def test_a_pipeline_carries_its_largest_flow_and_no_more() -> None:
    result = simulate_pipeline(hours([10.0] * 400), hours([10.0] * 400), pipeline())
    steady = float(result["hydrogen_delivered"][-1])
    assert steady == pytest.approx(result.attrs["largest_flow"], rel=0.01)
    assert float(result["hydrogen_taken"][-1]) == pytest.approx(steady, rel=1e-6)


def test_a_pipeline_holds_what_lies_between_its_pressures() -> None:
    pipe = kernel_pipeline(pipeline())
    filled = simulate_pipeline(hours([0.5] * 48), hours([0.0] * 48), pipeline())
    assert float(filled["pipeline_mass"][-1]) == pytest.approx(pipe.capacity, rel=1e-6)
    emptied = simulate_pipeline(hours([0.0] * 48), hours([0.5] * 48), pipeline())
    assert float(emptied["pipeline_mass"][-1]) == pytest.approx(pipe.minimum, rel=1e-3)
    assert pipe.volume == pytest.approx(353.4, rel=1e-3)


@given(FLOWS, FLOWS)
@settings(max_examples=40, deadline=None)
def test_a_pipeline_keeps_its_limits_and_loses_nothing(supply, demand) -> None:
    n = min(len(supply), len(demand))
    result = simulate_pipeline(hours(supply[:n]), hours(demand[:n]), pipeline())
    pipe = kernel_pipeline(pipeline())
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert float(result["pipeline_mass"].min()) >= pipe.minimum * (1 - 1e-12)
    assert float(result["pipeline_mass"].max()) <= pipe.capacity * (1 + 1e-12)
    assert float(result["pipeline_pressure"].max()) <= 40e5 * (1 + 1e-5)


@given(
    st.lists(st.floats(0.0, 0.1), min_size=4, max_size=24),
    st.sampled_from(["20 bar", "21 bar", "30 bar", "40 bar"]),
    st.sampled_from([600.0, 3600.0]),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_nothing_is_lost_between_pipeline_and_station(supply, pressure, step, with_trailer) -> None:
    time = START + np.timedelta64(int(step * len(supply)), "s")
    came = vehicle_arrivals([fleet("bus-depot-40")], START, time, seed=2)
    result = simulate_refuelling(
        hours(supply, step),
        came,
        station(),
        pipeline=pipeline(initial_pressure=pressure),
        trailer=trailer() if with_trailer else None,
    )
    pipe = kernel_pipeline(pipeline())
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert pipe.minimum * (1 - 1e-12) <= float(result["pipeline_mass"].min())
    assert float(result["pipeline_mass"].max()) <= pipe.capacity * (1 + 1e-12)


def test_trailers_follow_a_plain_reference() -> None:
    demand = 0.03 * np.random.default_rng(1).random(200)
    numbers = kernel_trailer(trailer())
    rows = np.array(
        reference.trailers(demand, 3600.0, numbers.full, numbers.residual, numbers.flow_limit, 0.5, 12 * 3600.0, 3600.0)
    )
    found = simulate_trailers(hours(demand), trailer())
    np.testing.assert_allclose(found["hydrogen_delivered"] * 3600.0, rows[:, 0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found["trailer_mass"], rows[:, 1], rtol=1e-9)
    np.testing.assert_array_equal(found["trailers"], rows[:, 2])
    assert rows[:, 2].sum() > 3


@given(FLOWS, st.sampled_from(["steel-200bar", "composite-500bar"]))
@settings(max_examples=40, deadline=None)
def test_trailers_stay_between_their_limits_and_lose_nothing(demand, name) -> None:
    result = simulate_trailers(hours(np.array(demand) * 0.03), trailer(name))
    numbers = kernel_trailer(trailer(name))
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert float(result["trailer_mass"].min()) >= numbers.residual * (1 - 1e-12)
    assert float(result["delivery_cost"].sum()) == 400.0 * float(result["trailers"].sum())


def test_payloads_are_those_that_are_usual() -> None:
    assert kernel_trailer(trailer()).full - kernel_trailer(trailer()).residual == pytest.approx(274, rel=0.1)
    large = kernel_trailer(trailer("composite-500bar"))
    assert large.full - large.residual == pytest.approx(950, rel=0.05)


def test_a_station_lives_on_trailers_where_there_is_no_supply() -> None:
    came = vehicle_arrivals([fleet()], START, START + np.timedelta64(14, "D"), seed=2)
    result = simulate_refuelling(
        hours([0.0] * 24 * 14), came, station(), trailer=trailer("steel-200bar", changeover_time="1 hour")
    )
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert float(result["hydrogen_unserved"].sum()) == 0.0
    assert float(result["trailers"].sum()) >= 3
    taken = float(result["hydrogen_taken"].sum())
    assert float(result["hydrogen_from_trailer"].sum()) == pytest.approx(taken, rel=1e-12)


def test_a_pipeline_carries_a_station_through_hours_without_supply() -> None:
    came = vehicle_arrivals([fleet("bus-depot-40", vehicles=10)], START, START + np.timedelta64(6, "D"), seed=2)
    supply = hours(np.where(np.arange(24 * 6) % 48 < 24, 0.02, 0.0))
    with_pipe = simulate_refuelling(supply, came, station(), pipeline=pipeline())
    without = simulate_refuelling(supply, came, station())
    assert with_pipe.attrs["hydrogen_balance_residual"] < 1e-9
    assert float(with_pipe["hydrogen_unserved"].sum()) == 0.0
    assert float(without["hydrogen_dispensed"].sum()) < float(with_pipe["hydrogen_dispensed"].sum())


def test_a_supply_below_the_pressure_of_the_station_is_refused() -> None:
    came = vehicle_arrivals([fleet()], START, START + np.timedelta64(1, "h"))
    with pytest.raises(ConfigurationError, match="the pipeline gives 10 bar at its lowest; the station wants 20 bar"):
        simulate_refuelling(hours([1.0] * 2), came, station(), pipeline=pipeline(delivery_pressure="10 bar"))
    with pytest.raises(ConfigurationError, match="the trailer gives 15 bar"):
        simulate_refuelling(hours([1.0] * 2), came, station(), trailer=trailer(residual_pressure="15 bar"))


def test_negative_flows_are_refused() -> None:
    with pytest.raises(DataError, match="trailers: demand is negative"):
        simulate_trailers(hours([1.0, -1.0]), trailer())
    with pytest.raises(DataError, match="pipeline: demand is negative"):
        simulate_pipeline(hours([1.0, 1.0]), hours([1.0, -1.0]), pipeline())


@pytest.mark.parametrize(
    ("make", "changes", "said"),
    [
        (pipeline, {"initial_pressure": "50 bar"}, "must lie from delivery_pressure"),
        (pipeline, {"diameter": "0 m"}, "above 0"),
        (pipeline, {"roughness": "100 mm"}, "below a tenth"),
        (pipeline, {"length": "20 bar"}, "dimension"),
        (trailer, {"residual_pressure": "300 bar"}, "does not lie below filling_pressure"),
        (trailer, {"maximum_flow": "0 kg/hour"}, "above 0"),
        (trailer, {"filling_pressure": "1500 bar"}, "1 to 1000 bar"),
    ],
)
def test_an_impossible_delivery_is_refused(make, changes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make(**changes)
