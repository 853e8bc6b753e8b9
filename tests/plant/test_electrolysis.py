"""The plant of stacks as the library runs it: lifetimes, members, consumption, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.kernels.test_electrolysis import wave
from tests.plant.electrolysers import plant, stated
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.units import HOUR, KILOWATT_HOUR
from testsite_sim.configuration.electrolysis import ElectrolysisStacks
from testsite_sim.configuration.hydrogen import Electrolyser
from testsite_sim.configuration.loading import load_component
from testsite_sim.plant.electrolysis import (
    consumption_curve,
    dispatch_curve,
    simulate_electrolysis,
    simulate_electrolysis_lifetime,
    simulate_electrolysis_members,
)
from testsite_sim.plant.electrolysis_plant import StackPlant

PEM = plant()
ALKALINE = plant("alkaline-9mw")


def power_of(one, n=2000, seed=3):
    stamps = pd.date_range("2023-01-01", periods=n, freq="h")
    return xr.DataArray(wave(n, seed) * one.capacity, coords={"time": stamps}, dims="time")


@pytest.mark.parametrize("one", [PEM, ALKALINE], ids=["pem", "alkaline"])
def test_the_first_year_of_a_lifetime_is_the_series_summed_up(one):
    power = power_of(one)
    series = simulate_electrolysis(power, one)
    years = simulate_electrolysis_lifetime(power, one, 3)
    first = years.isel(year=0)
    assert first["hydrogen"].item() == pytest.approx(series["hydrogen"].sum().item() * HOUR, rel=1e-12)
    assert first["energy"].item() == pytest.approx(series["power"].sum().item() * HOUR, rel=1e-12)
    np.testing.assert_allclose(first["stack_energy"], series["stack_power"].sum("time") * HOUR, rtol=1e-12)
    np.testing.assert_allclose(first["voltage_rise"], series["voltage_rise"][-1], rtol=1e-12)
    np.testing.assert_allclose(years["stack_hydrogen"].sum("stack"), years["hydrogen"], rtol=1e-12)
    for found in (series, years):
        assert found.attrs["energy_balance_residual"] < 1e-9


@pytest.mark.parametrize("name", ["pem-10mw", "alkaline-9mw"])
def test_a_stack_that_starts_every_six_hours_lives_as_long_as_stacks_of_the_field(name):
    """Six hours at rated load and eighteen off, every day: 40,000 to 80,000 operating hours (IRENA)."""
    one = plant(name, sharing="equal", rotation_period=None)
    day = np.where(np.arange(24) < 6, one.capacity, 0.0)
    stamps = pd.date_range("2023-01-01", periods=8760, freq="h")
    power = xr.DataArray(np.tile(day, 365), coords={"time": stamps}, dims="time")
    years = simulate_electrolysis_lifetime(power, one, 40)
    first_replacement = int(np.argmax(years["replacements"].sum("stack").to_numpy() > 0))
    hours = years["stack_time"].isel(stack=0).to_numpy()[: first_replacement + 1].sum() / HOUR
    assert years["starts"].isel(year=1, stack=0).item() == 365
    assert 40_000.0 < hours < 80_000.0


def test_wear_is_carried_from_year_to_year_and_costs_hydrogen_until_a_stack_is_replaced():
    one = plant(ageing={"steady": "3.4713e-10 1/s", "switching": "1e-6 V"})
    years = simulate_electrolysis_lifetime(power_of(one, 8760), one, 25)
    assert np.all(np.diff(years["hydrogen"][:5]) < 0.0)
    assert years["replacements"].sum("year").min() >= 1
    renewed = years["replacements"].to_numpy() > 0
    rise = years["voltage_rise"].to_numpy()
    assert np.all(np.diff(rise, axis=0)[~renewed[1:]] > 0.0)
    assert np.all(rise < years.attrs["end_of_life"])
    after = years["hydrogen"].to_numpy()[1:] > years["hydrogen"].to_numpy()[:-1]
    assert np.any(after)
    assert np.all(renewed.any(axis=1)[1:][after] | renewed.any(axis=1)[:-1][after])


def test_rows_of_weather_come_round():
    two = xr.concat([power_of(PEM, 500, 1), power_of(PEM, 500, 2)], "row", join="override")
    found = simulate_electrolysis_lifetime(two, plant(ageing=None), 4)
    assert found["hydrogen"][0].item() != pytest.approx(found["hydrogen"][1].item(), rel=1e-3)
    assert found["hydrogen"][2].item() == pytest.approx(found["hydrogen"][0].item(), rel=1e-2)


def test_members_are_the_same_for_any_number_of_threads():
    power = np.stack([wave(300, seed) * PEM.capacity for seed in range(5)])
    one, two = (simulate_electrolysis_members(power, HOUR, [PEM], 2, workers=n) for n in (1, 2))
    np.testing.assert_array_equal(one, two)
    alone = simulate_electrolysis_lifetime(xr.DataArray(power[3], dims="time"), PEM, 2, step=HOUR)
    assert one[3, 0] == pytest.approx(alone["hydrogen"].sum().item(), rel=1e-12)
    mixed = simulate_electrolysis_members(power[:2], HOUR, [PEM, ALKALINE])
    assert mixed[1, 0] != one[1, 0]


@pytest.mark.parametrize(("one", "bound"), [(PEM, 1e-3), (ALKALINE, 4e-3)], ids=["pem", "alkaline"])
def test_half_the_step_changes_the_totals_little(one, bound):
    power = power_of(one, 8760)
    hourly = simulate_electrolysis_lifetime(power, one, 1)
    halves = xr.DataArray(np.repeat(power.to_numpy(), 2), dims="time")
    finer = simulate_electrolysis_lifetime(halves, one, 1, step=HOUR / 2)
    assert finer["hydrogen"].item() == pytest.approx(hourly["hydrogen"].item(), rel=bound)
    assert finer["energy"].item() == pytest.approx(hourly["energy"].item(), rel=bound)


def test_consumption_at_the_ac_terminals_of_new_plants():
    """Against the Clean Hydrogen indicators: PEM 55 (2020) and 52 (2024), alkaline 50 (2020) kWh/kg at rated load."""
    pem = consumption_curve(PEM, np.array([0.2, 1.0]))["specific_consumption"] / KILOWATT_HOUR
    np.testing.assert_allclose(pem, [54.4, 54.4], atol=0.1)  # one stack after the other: always rated
    equal = plant(sharing="equal", rotation_period=None)
    together = consumption_curve(equal, np.array([0.2, 1.0]))["specific_consumption"] / KILOWATT_HOUR
    np.testing.assert_allclose(together, [52.05, 54.4], atol=0.1)
    alkaline = consumption_curve(ALKALINE, np.array([0.2, 1.0]))["specific_consumption"] / KILOWATT_HOUR
    np.testing.assert_allclose(alkaline, [52.9, 55.6], atol=0.1)


def test_the_gas_of_an_alkaline_stack_stays_pure():
    found = simulate_electrolysis(power_of(ALKALINE), ALKALINE)
    share = found["hydrogen_in_oxygen"]
    assert share.max() <= 0.02 * (1 + 1e-3)
    running = found["current_density"].where(found["current_density"] > 0)
    assert running.min() >= ALKALINE.least_current_density * (1 - 1e-3)
    assert share.where(running >= 0.999 * ALKALINE.cell.rated_current_density).min() == pytest.approx(0.004, rel=1e-2)


def test_a_constant_temperature_on_request():
    found = simulate_electrolysis(power_of(PEM, 100), plant(thermal=None))
    assert np.all(found["temperature"] == PEM.cell.operating_temperature)
    assert float(np.abs(found["heat_stored"]).max()) == 0.0
    assert float(found["heat_lost"].max()) == 0.0


def test_a_new_stack_draws_its_capacity_at_the_rated_current():
    found = simulate_electrolysis(xr.full_like(power_of(PEM, 48), PEM.capacity), PEM)
    assert found["current_density"][-1].to_numpy() == pytest.approx(PEM.cell.rated_current_density, rel=1e-4)
    assert found["power"][-1].item() == pytest.approx(PEM.capacity, rel=1e-12)
    water, oxygen, hydrogen = (found[name][-1].item() for name in ("water", "oxygen", "hydrogen"))
    assert oxygen / hydrogen == pytest.approx(7.9367, rel=1e-4)
    assert water == pytest.approx(10.0 * hydrogen)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"maximum_load": 0.9}, "between 1 .no overload. and 3, found 0.9"),
        ({"minimum_load": 1.0}, "minimum_load must lie between 0 and 1"),
        ({"start": {"power": 0.5}}, "lies above minimum_load 0.05"),
        ({"standby": {"power": 0.06}}, "standby.power 0.06 lies above minimum_load"),
        ({"rotation_period": None}, "wants a `rotation_period`"),
        ({"sharing": "equal"}, "takes no `rotation_period`"),
        ({"stacks": 0}, "greater than or equal to 1"),
        ({"stack_capacity": "5 kWh"}, "expected a power"),
        ({"auxiliaries": {"water": 8}}, "the reaction alone takes 8.937"),
        ({"auxiliaries": {"drying": "-1 kWh/kg"}}, "out of bounds"),
        ({"thermal": {"ambient": "90 degC"}}, "between 0 degC and the cell's operating_temperature"),
        ({"gas_purity": {"at_rated": 0.03, "highest": 0.02}}, "0 < at_rated < highest < 0.04"),
        ({"ageing": {"end_of_life": {}}}, "expected one of `voltage_rise` and `efficiency_loss`"),
        ({"ramp_up": "0 1/s"}, "leave it out for no limit"),
        ({"maximum_load": 4}, "and 3, found 4"),
    ],
)
def test_an_impossible_plant_is_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words):
        stated(**changes)


def test_auxiliaries_that_leave_nothing_are_refused():
    with pytest.raises(ConfigurationError, match="a stack cannot run between"):
        _ = plant(auxiliaries={"circulation": 0.2}).tables


@pytest.mark.parametrize(
    ("power", "most", "words"),
    [
        ([1e6, -1.0], None, "1 value.s. that are negative or not a number"),
        ([1e6, np.nan], None, "negative or not a number"),
        ([1e6, 1e6], [1.0, -1.0], "most has 1 value.s. that are negative"),
        ([1e6, 1e6], [1.0], "most has shape"),
        ([], None, "not empty"),
    ],
)
def test_a_series_that_cannot_be_is_refused(power, most, words):
    limit = None if most is None else xr.DataArray(most, dims="time")
    with pytest.raises(DataError, match=words):
        simulate_electrolysis(xr.DataArray(np.array(power, float), dims="time"), PEM, most=limit, step=HOUR)


def test_a_series_without_stamps_wants_a_step():
    with pytest.raises(DataError, match="give `step`"):
        simulate_electrolysis(xr.DataArray([1e6, 1e6], dims="time"), PEM)
    with pytest.raises(DataError, match="years is 0"):
        simulate_electrolysis_lifetime(power_of(PEM, 10), PEM, 0)


@pytest.mark.parametrize("name", ["pem-10mw", "alkaline-9mw"])
def test_every_figure_of_a_shipped_plant_says_where_it_comes_from(name):
    one = load_component("electrolysis-plant", name, ElectrolysisStacks)
    assert one.source
    assert one.cell.source


def machine(**changes):
    data = load_component("electrolyser", "pem-10mw-stacks", Electrolyser).model_dump(exclude_none=True)
    return Electrolyser.model_validate({**data, **changes})


def test_dispatch_takes_the_curve_of_the_stacks():
    one = machine()
    curve = dispatch_curve(one)
    assert curve.minimum_load == pytest.approx(0.005)  # one of ten stacks at 5 %
    assert curve.load[-1] == 1.0
    consumption = 1.0 / curve.production / KILOWATT_HOUR
    assert consumption[-1] == pytest.approx(54.4, abs=0.1)
    assert np.all(np.diff(curve.load * curve.production) >= 0.0)
    together = machine(stacks=stated(sharing="equal", rotation_period=None))
    assert dispatch_curve(together).minimum_load == pytest.approx(0.05)


def test_a_typed_curve_stays_what_it_is():
    typed = load_component("electrolyser", "pem-10mw", Electrolyser)
    curve = dispatch_curve(typed)
    np.testing.assert_allclose(1.0 / curve.production / KILOWATT_HOUR, typed.consumption.specific_consumption.values)
    assert curve.minimum_load == typed.minimum_load
    assert curve.start_energy == pytest.approx(typed.start_energy_per_capacity * typed.capacity, rel=1e-15)
    half = dispatch_curve(typed.model_copy(update={"capacity": 0.5 * typed.capacity}))
    assert half.start_energy == pytest.approx(0.5 * curve.start_energy, rel=1e-15)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stacks": None}, "either `consumption`, a curve, or `stacks`"),
        ({"minimum_load": 0.1}, "minimum_load is that of the `stacks`; leave it out"),
        ({"capacity": "9 MW"}, "capacity is 9 MW, and 10 stacks of 1 MW make 10 MW"),
    ],
)
def test_an_electrolyser_is_described_once(changes, words):
    with pytest.raises(ValueError, match=words):
        machine(**changes)


def test_a_curve_wants_its_minimum_load():
    data = load_component("electrolyser", "pem-10mw", Electrolyser).model_dump(exclude_none=True)
    del data["minimum_load"]
    with pytest.raises(ValueError, match="minimum_load is missing next to `consumption`"):
        Electrolyser.model_validate(data)


def test_a_resized_plant_does_the_same_at_its_size():
    big = ElectrolysisStacks.model_validate(stated()).resized(20e6)
    small, large = (consumption_curve(p, np.array([0.3, 1.0])) for p in (PEM, StackPlant(big)))
    np.testing.assert_allclose(small["specific_consumption"], large["specific_consumption"], rtol=1e-12)
    np.testing.assert_allclose(2.0 * small["hydrogen"], large["hydrogen"], rtol=1e-12)
