"""What a plant does not have is not compiled: the results are the same bits as those of the kernel that has it all."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import typeof
from testsite_kernels.dispatch.run import PlantOutput
from testsite_kernels.plant.fuel_cell import FuelCellPlant
from testsite_kernels.plant.machines import RATES, Reserve
from testsite_kernels.plant.refuelling import Arrivals
from testsite_kernels.plant.step import run_stacks

from tests.plant.halle import by_product, halle, traded
from tests.plant.random_plants import electrolysers, fuel_cells, tank
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch import Trade
from testsite_sim.dispatch.execution import BY_SCHEDULE, NO_RULE, Control, _running, execute
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.machines import PLACES, equipment_of, load_curves, machines_of, new_plant, nothing

MWH = 3.6e9
PARTS = [name for name in PlantOutput._fields if name != "equipment"]


@st.composite
def plain_plants(draw) -> PlantConfiguration:
    """Draw a plant of a store by mass with machines by their curves, and a fuel cell of either kind, each or none."""
    by_curve, users = electrolysers()[:2], fuel_cells()
    count = draw(st.sampled_from([(0, 1), (1, 0), (1, 1), (2, 1)]))
    return PlantConfiguration(
        electrolysers=tuple(draw(st.sampled_from(by_curve)) for _ in range(count[0])),
        fuel_cells=tuple(draw(st.sampled_from(users)) for _ in range(count[1])),
        store=tank(),
        by_product=by_product() if count[0] == 0 or draw(st.booleans()) else None,
    )


def in_market(plant: PlantConfiguration, seed: int, count: int) -> Trade:
    """Return a plant in a market of random hours with calms, and prices of either sign."""
    generator = np.random.default_rng(seed)
    wind = np.where(generator.random(count) < 0.2, -2e4, 8e5 * generator.random(count))
    grid = Grid.model_validate({"import_limit": "100 kW", "export_limit": "500 kW"})
    price, offered = generator.normal(50.0, 70.0, count) / MWH, 2e-3 * generator.random(count)
    return traded(plant, wind, price=price, by_product=offered if plant.by_product else 0.0, grid=grid)


def control_of(trade: Trade, number: int, seed: int) -> Control:
    """Return a rule by its number, or a schedule of random set-points."""
    price, count, generator = trade.around.price, trade.around.price.size, np.random.default_rng(seed)
    if number == BY_SCHEDULE.number:
        schedule = generator.random((count, 4)) * [3e5, 1.5e5, 2.0, 2e-3]
        schedule[:, 2] = np.floor(schedule[:, 2])
        return replace(trade.control(BY_SCHEDULE), schedule=schedule)
    rule = NO_RULE._replace(number=number, produce_below=30 / MWH, generate_above=90 / MWH, band=2e4, reserve_level=8.0)
    return replace(trade.control(rule), signal=price, promised=np.full(count, 2e5))


def assert_same_bits(found: PlantOutput, expected: PlantOutput) -> None:
    """Hold what a plant did to what it shall do; places without a machine, of which one may have more, do nothing."""
    for name in PARTS:
        one, other = getattr(found, name), getattr(expected, name)
        shared = other[tuple(map(slice, one.shape))]
        np.testing.assert_array_equal(one, shared, err_msg=name)
        assert np.count_nonzero(other) == np.count_nonzero(shared), name


@settings(max_examples=40)
@given(plain_plants(), st.integers(0, 6), st.integers(0, 2**32 - 1), st.integers(2, 70))
def test_a_plain_plant_is_the_same_with_equipment_that_it_does_not_have(plant, number, seed, count) -> None:
    trade = in_market(plant, seed, count)
    control = control_of(trade, number, seed)
    plain = trade.machines
    assert plain.equipment is None
    step = trade.around.step
    whole = plain._replace(
        curves=load_curves(plant.electrolysers, PLACES[0], step),
        fuel_cells=(*plain.fuel_cells, *[nothing(FuelCellPlant)] * (PLACES[1] - len(plain.fuel_cells))),
        equipment=equipment_of(plant, plant.electrolysers, step, Margins()),
    )
    found, expected = (
        execute(plant, trade.grid, trade.around, control, machines=each).output for each in (plain, whole)
    )
    assert_same_bits(found, expected)
    assert found.equipment is None
    assert expected.equipment is not None


@settings(max_examples=20)
@given(plain_plants(), st.integers(0, 6), st.integers(0, 2**32 - 1))
def test_reserves_that_the_grid_never_orders_change_nothing(plant, number, seed) -> None:
    trade = in_market(plant, seed, 40)
    control = control_of(trade, number, seed)
    held = replace(control, reserve=Reserve(1.0, 1.0), ordered=np.zeros((40, 2)))
    found, expected = (execute(plant, trade.grid, trade.around, each).output for each in (control, held))
    assert_same_bits(found, expected)


def test_with_equipment_one_kernel_serves_a_plant_with_reserves_and_without() -> None:
    """A first run of a plant of stacks or banks that offers reserves compiles nothing that another has not."""
    plant, grid = halle(), Grid.model_validate({})
    kept = Margins(electrolysers=0.1, fuel_cells=0.1)
    kinds = []
    for margins, reserve in itertools.product((Margins(), kept), (None, Reserve(1.0, 1.0))):
        machines = machines_of(plant, grid, 900.0, margins)
        kinds.append(typeof(_running(machines, new_plant(plant, machines, nothing(Arrivals)), reserve, 900.0)))
    assert kinds == kinds[:1] * 4


def test_machines_beyond_the_places_have_places_of_their_own() -> None:
    """Each of four electrolysers of stacks is the one of its place, and three fuel cells are as many."""
    found = []
    for makers in itertools.permutations(electrolysers()[2:]):
        plant = halle().model_copy(update={"electrolysers": makers * 2, "fuel_cells": fuel_cells() + fuel_cells()[:1]})
        machines = machines_of(plant, Grid.model_validate({}), 900.0)
        state = new_plant(plant, machines, nothing(Arrivals))
        assert machines.curves.rated.size == len(machines.equipment.electrolysers) == len(state.equipment.stacks) == 4
        assert len(machines.fuel_cells) == state.fuel_cells.shape[0] == 3
        found.append([run_stacks(machines.equipment, state.equipment, p, 2e4, 1.0) for p in range(4)])
    np.testing.assert_array_equal(found[0], found[1][::-1])
    assert found[0][0] == found[0][2] != found[0][1]
    assert found[0][0][0] > 0.0


@pytest.mark.parametrize("count", [2, 3, 4, 31, 32, 33, 36, 70])  # rows are added by fours within blocks of 32
def test_totals_are_added_interval_after_interval(count: int) -> None:
    """Of the plant at Halle, which has every kind of machine, at the edges of blocks and of the rows added at once."""
    trade = traded(halle(), 4e5 * (1.0 + np.sin(np.arange(count) / 9.0)), price=3e-8)
    rule = NO_RULE._replace(number=5, generate_above=2e-8)
    out = execute(trade.plant, trade.grid, trade.around, trade.control(rule)).output
    for k, name in enumerate(RATES):
        total = 0.0
        for value in out.rates[:, k]:
            total += value
        assert out.totals[0, k] == total * trade.around.step, name
    for p in range(out.electrolysers.shape[1]):
        for column in range(3):
            total = 0.0
            for value in out.electrolysers[:, p, column]:
                total += value * trade.around.step
            assert out.electrolyser_totals[0, p, column] == total
