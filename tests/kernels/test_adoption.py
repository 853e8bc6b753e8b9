"""Adoption follows Bass's closed form, the turnover of the fleet, orders and stations, as a plain reference does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from testsite_kernels.studies.adoption import Adoption, Fleets, Network, adopt

from tests.reference import adoption as reference

Floats = NDArray[np.float64]


def run(case: dict[str, Floats]) -> tuple[Floats, Floats, Floats, Floats]:
    stock, sales, ordered = (np.empty(case["attraction"].shape) for _ in range(3))
    stations = np.empty(case["lead_stations"].shape)
    fleets, network = (kind(*(case[name] for name in kind._fields)) for kind in (Fleets, Network))
    adopt(fleets, network, Adoption(stock, sales, ordered, stations))
    return stock, sales, ordered, stations


def case_of(
    seed: int, members: int = 3, scenarios: int = 2, applications: int = 3, years: int = 12
) -> dict[str, Floats]:
    random = np.random.default_rng(seed)
    fleet = random.uniform(10.0, 1000.0, (members, applications, 1)) * random.uniform(0.9, 1.2, years)
    return {
        "fleet": fleet,
        "attraction": random.uniform(0.0, 1.0, (members, scenarios, applications, years)),
        "ordered_share": random.uniform(0.0, 0.3, (members, scenarios, applications, years)),
        "life": random.uniform(2.0, 20.0, (members, applications)),
        "innovation": random.uniform(0.001, 0.05, members),
        "imitation": random.uniform(0.1, 0.6, members),
        "initial": random.uniform(0.0, 20.0, (members, applications)),
        "network": random.uniform(0.0, 20.0, (members, applications)) * np.array([0.0, 1.0, 1.0]),
        "station_demand": random.uniform(0.0, 0.1, (members, applications)),
        "lead_stations": np.cumsum(random.uniform(0.0, 1.0, (members, scenarios, years)), axis=2),
    }


def bass(innovation: float, imitation: float, years: int, life: float = 1e-3) -> Floats:
    one = np.ones((1, 1))
    case = {
        "fleet": np.full((1, 1, years), 1000.0),
        "attraction": np.ones((1, 1, 1, years)),
        "ordered_share": np.zeros((1, 1, 1, years)),
        "life": life * one,
        "innovation": np.array([innovation]),
        "imitation": np.array([imitation]),
        "initial": 0.0 * one,
        "network": 0.0 * one,
        "station_demand": 0.0 * one,
        "lead_stations": np.zeros((1, 1, years)),
    }
    return run(case)[0][0, 0, 0] / 1000.0


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**31))
def test_the_kernel_agrees_with_the_reference(seed: int) -> None:
    case = case_of(seed)
    for found, expected in zip(run(case), reference.adopt(*case.values()), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("innovation", "imitation"), [(0.03, 0.38), (0.002, 0.6), (0.2, 0.0)])
def test_without_a_bound_adoption_is_the_closed_form_of_bass(innovation: float, imitation: float) -> None:
    found = bass(innovation, imitation, 40)
    expected = reference.bass_closed_form(innovation, imitation, np.arange(1, 41))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_no_more_is_bought_than_leaves_the_fleet() -> None:
    found = bass(0.5, 2.0, 10, life=10.0)
    np.testing.assert_allclose(found, 1.0 - 0.9 ** np.arange(1, 11), rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**31))
def test_stocks_stay_within_the_fleet_and_stations_never_close(seed: int) -> None:
    case = case_of(seed)
    stock, sales, ordered, stations = run(case)
    assert (stock >= 0.0).all()
    assert (stock <= case["fleet"][:, None] * (1.0 + 1e-12)).all()
    assert (sales >= -1e-9).all()
    assert (ordered >= 0.0).all()
    assert (np.diff(stations, axis=2) >= 0.0).all()
    assert (stations >= case["lead_stations"]).all()


def test_an_empty_fleet_buys_nothing() -> None:
    case = case_of(1)
    case["fleet"] *= 0.0
    stock, sales, ordered, _ = run(case)
    assert stock.max() == sales.max() == ordered.max() == 0.0


def test_without_a_station_nobody_starts_who_needs_one_on_the_way() -> None:
    case = case_of(2)
    case["initial"] *= 0.0
    case["lead_stations"] *= 0.0
    case["ordered_share"] *= 0.0
    case["network"] += 5.0
    assert run(case)[0].max() == 0.0
    case["lead_stations"] += 1.0
    assert run(case)[0].max() > 0.0
