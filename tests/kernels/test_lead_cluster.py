"""The best of the enumerated clusters is the best of a brute force that solves every cluster as a linear programme."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from testsite_kernels.studies.lead_cluster import Demands, Supplies, enumerate_clusters

from tests.reference import lead_cluster as reference


def case_of(seed: int, members: int = 2, plants: int = 3) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    shares = random.uniform(0.0, 1.0, (4, 24))
    return {
        "value": random.uniform(-1.0, 12.0, (members, 4)),
        "demand": random.uniform(1e4, 4e5, (members, 4)),
        "mobile": np.array([True, True, True, False]),
        "hourly_share": shares / shares.sum(axis=1, keepdims=True),
        "production": random.uniform(1e4, 4e5, (members, plants)),
        "source": random.integers(-1, 2, plants),
        "by_product_limit": random.uniform(1e4, 4e5, members),
        "dispensing_peak": random.uniform(0.0, 120.0, (members, plants)),
        "fuel_cell_share": random.uniform(0.0, 1.0, (members, plants)),
        "fixed": random.uniform(0.0, 5e5, (members, plants)),
        "supply_cost": random.uniform(1.0, 6.0, (members, 2)),
        "store_cost": random.uniform(0.0, 60.0, members),
    }


def run(case: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    worth = np.empty((case["value"].shape[0], 16))
    plants = np.empty(worth.shape, dtype=np.int64)
    demands, supplies = (kind(*(case[name] for name in kind._fields)) for kind in (Demands, Supplies))
    enumerate_clusters(demands, supplies, worth, plants)
    return worth, plants


@pytest.mark.parametrize("seed", range(4))
def test_every_combination_is_worth_what_brute_force_finds(seed: int) -> None:
    case = case_of(seed)
    np.testing.assert_allclose(run(case)[0], reference.best_clusters(case), rtol=1e-9, atol=1e-3)


@pytest.mark.parametrize("seed", range(4, 8))
def test_the_plants_that_are_named_give_the_worth(seed: int) -> None:
    case = case_of(seed)
    worth, plants = run(case)
    for mask in range(16):
        built = [p for p in range(3) if (int(plants[0, mask]) >> p) & 1]
        chosen = [a for a in range(4) if (mask >> a) & 1]
        assert reference.worth(built, chosen, case, 0) == pytest.approx(worth[0, mask], rel=1e-9, abs=1e-3)


def test_no_application_and_no_plant_is_worth_nothing() -> None:
    worth, plants = run(case_of(9))
    np.testing.assert_array_equal(worth[:, 0], 0.0)
    np.testing.assert_array_equal(plants[:, 0], 0)


def test_one_plant_more_never_makes_the_best_worse() -> None:
    case = case_of(11, plants=4)
    of_plants = ("production", "source", "dispensing_peak", "fuel_cell_share", "fixed")
    fewer = case | {name: np.ascontiguousarray(case[name][..., :3]) for name in of_plants}
    assert (run(case)[0] >= run(fewer)[0] - 1e-9).all()


def test_fleets_that_refuel_at_other_hours_share_a_station() -> None:
    case = case_of(12, members=1, plants=1)
    day, night = np.zeros((2, 24))
    day[6:18] = 1.0 / 12.0
    night[:6] = night[18:] = 1.0 / 12.0
    case |= {
        "value": np.array([[10.0, 10.0, 0.0, 0.0]]),
        "demand": np.full((1, 4), 365.0 * 120.0),
        "hourly_share": np.array([day, night, day, day]),
        "production": np.full((1, 1), 1e6),
        "source": np.array([0]),
        "dispensing_peak": np.full((1, 1), 10.0),
        "fixed": np.full((1, 1), 3e5),
        "supply_cost": np.full((1, 2), 2.0),
        "store_cost": np.zeros(1),
    }
    worth = run(case)[0][0]
    assert worth[1] == pytest.approx(8.0 * 43_800 - 3e5)
    assert worth[3] == pytest.approx(2 * 8.0 * 43_800 - 3e5)  # the peak of both together is that of one
