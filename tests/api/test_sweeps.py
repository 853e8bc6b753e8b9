"""Sweeps: a grid of the keys in their order, and which values of Python can be swept."""

import numpy as np
import pandas as pd
import pytest

import testsite_sim as ts
from tests.api.short import NAME, ROWS, SHORT


def test_a_sweep_stands_on_the_grid_of_its_keys_in_the_order_that_was_stated(run: ts.Run) -> None:
    # Texts that sort otherwise than they are stated: 15 t before 5 t.
    keys = {"plant.store.capacity": ["5 t", "15 t"], "plant.electrolysers.0.capacity": ["10 MW", "2 MW", "4 MW"]}
    swept = ts.load(NAME, SHORT).sweep(keys).run()
    grid = swept.grid()
    assert {name: grid[name].to_numpy().tolist() for name in keys} == keys
    assert grid["hydrogen_produced"].dims == tuple(keys)
    members = swept.results["members"].to_dataset().isel(member=0)
    for point in range(6):
        at = {name: str(members[name][point].item()) for name in keys}
        for figure in ("hydrogen_produced", "levelised_cost_of_hydrogen"):
            assert grid[figure].sel(at).item() == members[figure][point].item()
    assert len(set(grid["levelised_cost_of_hydrogen"].to_numpy().ravel())) == 6
    with pytest.raises(ts.ConfigurationError, match="grid: the run is no sweep"):
        run.grid()


def test_an_ensemble_of_a_sweep_keeps_its_members_on_the_grid() -> None:
    models = np.array(["noj", "bastankhah"])
    grid = ts.load(NAME, SHORT).sweep({"wind.wake_model": models}, members=2).run().grid()
    assert dict(grid.sizes) == {"wind.wake_model": 2, "member": 3}


def test_a_value_that_stands_twice_in_a_sweep_is_refused() -> None:
    with pytest.raises(ts.ConfigurationError, match="has 'noj' twice; expected each value once"):
        ts.load(NAME, SHORT).sweep({"wind.wake_model": ["noj", "bastankhah", "noj"]})


def test_layouts_in_tables_and_lists_of_arrays_are_swept() -> None:
    case, table = ts.load(NAME, SHORT), pd.DataFrame(ROWS)
    wider = table.assign(x=[0.0, 3e3])
    swept = case.sweep({"farm": [table, wider], "economics.discount_rate": ["5 %", "8 %"]})
    grid = swept.run().grid()
    assert list(grid["farm"].to_numpy()) == ["table 1", "table 2"]
    assert grid["wake_loss"].dims == ("farm", "economics.discount_rate")
    assert [each.farm.groups["B"].x for each in swept.plan.scenarios] == [(2e3,), (2e3,), (3e3,), (3e3,)]
    with pytest.raises(ts.ConfigurationError, match="twice; expected each value once"):
        case.sweep({"farm": [table, wider, table.copy()]})
    arrays = ts.load(NAME, {**SHORT, "farm": table}).sweep({"farm.groups.A.x": [np.array([0.0]), np.array([500.0])]})
    assert [each.farm.groups["A"].x for each in arrays.plan.scenarios] == [(0.0,), (500.0,)]


def test_moments_of_an_array_are_swept() -> None:
    ends = np.array(["2023-01-03", "2023-01-04"], "datetime64[ns]")
    swept = ts.load(NAME, SHORT).sweep({"weather.end": ends})
    assert [each.weather.end[:10] for each in swept.plan.scenarios] == ["2023-01-03", "2023-01-04"]
