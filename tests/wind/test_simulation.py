"""The step of wind: what each mechanism leaves multiplies up, whatever acts, and both flows keep one protocol."""

import dataclasses
import doctest

import numpy as np
import pytest
import xarray as xr

from tests.wind.test_inflow import NINE, V80
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import (
    MECHANISMS,
    ExactFlow,
    Farm,
    Flow,
    Mechanisms,
    TabulatedFlow,
    WakeModel,
    loss_budget,
    power_at_connection,
    simulate,
    simulate_farm,
    simulation,
    tabulate_farm,
)
from testsite_sim.wind.flow import at_hubs

HOURS = 400
HOUR = 3600.0


def weather(hours: int = HOURS, seed: int = 1) -> xr.Dataset:
    """Return wind at the one hub height of the farm, over (time, height)."""
    generator = np.random.default_rng(seed)
    speed = 9.5 * generator.weibull(2.1, hours)
    speed[:5] = [24.0, 26.0, 24.0, 21.0, 24.0][: speed.size]  # a storm
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed[:, None]),
            "wind_direction": (("time", "height"), generator.uniform(0.0, 360.0, (hours, 1))),
            "air_density": (("time", "height"), np.full((hours, 1), 1.225)),
            "turbulence_intensity": 0.08,
        },
        coords={
            "time": np.datetime64("2024-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h"),
            "height": [70.0],
        },
    )


def after(found: xr.Dataset) -> dict[str, float]:
    return dict(zip(found["mechanism"].to_numpy().tolist(), found["energy_after"].to_numpy().tolist(), strict=True))


def shares(seed: int = 2) -> xr.DataArray:
    generator = np.random.default_rng(seed)
    return xr.DataArray(generator.choice([0.0, 0.5, 1.0], (HOURS, 9), p=[0.1, 0.1, 0.8]), dims=("time", "turbine"))


def test_nothing_takes_where_nothing_acts() -> None:
    found = simulate(NINE, weather())
    energy = after(found)
    assert tuple(energy) == ("gross", *MECHANISMS)
    np.testing.assert_allclose(list(energy.values()), energy["gross"], rtol=1e-12)
    np.testing.assert_allclose(found["power_delivered"].sum() * HOUR, energy["gross"], rtol=1e-12)
    assert found.attrs["step"] == HOUR


@pytest.mark.parametrize("share", ["one", "of each turbine"])
def test_the_losses_multiply_up_to_the_energy_at_the_connection(share: str) -> None:
    acting = Mechanisms(
        storms=3.0,
        wakes="bastankhah",
        neighbours=Farm([-1500.0], [0.0], V80),
        neighbour_inflow=weather(),
        blockage="self-similar-2017",
        availability=0.94 if share == "one" else shares(),
        performance=0.02,
        environmental=0.01,
        regulatory_curtailment=0.005,
        cables=(0.004, 0.03),
    )
    found = simulate(NINE, weather(), acting, sensitivity=True)
    energy = after(found)
    assert (np.diff(list(energy.values())) < 0.0).all()
    budget = loss_budget(energy.pop("gross"), list(energy.items()))
    net = budget.attrs["gross"] * float(np.prod(1.0 - budget["loss"].to_numpy()))
    assert net == pytest.approx(float(found["power_delivered"].sum()) * HOUR, rel=1e-12)
    assert float(found["power"].sum()) * HOUR == pytest.approx(energy["blockage"], rel=1e-12)
    lost = dict(zip(budget["term"].to_numpy().tolist(), budget["loss"].to_numpy().tolist(), strict=True))
    assert 0.01 < lost["performance"] < 0.02  # at rated power it takes nothing
    assert lost["regulatory_curtailment"] == pytest.approx(0.005, abs=1e-12)
    assert 0.5 < float(found["energy_sensitivity"]) < 2.0
    if share == "one":
        assert lost["availability"] == pytest.approx(0.06, abs=1e-12)


def test_a_farm_in_a_calm_answers_to_no_wind() -> None:
    calm = weather().assign(wind_speed=lambda inflow: 0.0 * inflow["wind_speed"])
    found = simulate(NINE, calm, Mechanisms(wakes="bastankhah"), sensitivity=True)
    assert float(found["energy_sensitivity"]) == 0.0
    assert float(found["power_delivered"].sum()) == 0.0


def test_each_mechanism_takes_what_the_flows_with_and_without_it_differ_by() -> None:
    others = Farm([-1500.0, -1500.0], [0.0, 600.0], V80)
    acting = Mechanisms(wakes="bastankhah", neighbours=others, blockage="self-similar-2017")
    plain = weather().isel(height=0, drop=True)
    energy = after(simulate(NINE, plain, acting))

    def whole(model: str, **more: object) -> float:
        return float(simulate_farm(NINE, plain, model, **more)["power"].sum()) * HOUR

    assert energy["gross"] == energy["storms"] == pytest.approx(whole("none"), rel=1e-12)
    assert energy["wakes"] == pytest.approx(whole("bastankhah"), rel=1e-12)
    assert energy["neighbours"] == pytest.approx(whole("bastankhah", neighbours=others), rel=1e-12)
    both = whole("bastankhah", neighbours=others, blockage="self-similar-2017")
    assert energy["blockage"] == pytest.approx(both, rel=1e-12)


def test_a_turbine_that_stands_still_gives_nothing_and_casts_no_wake() -> None:
    row = Farm([0.0, 500.0], [0.0, 0.0], V80)
    west = weather(2).assign(wind_direction=(("time", "height"), [[270.0], [270.0]]))
    west = west.assign(wind_speed=(("time", "height"), [[9.0], [9.0]]))
    stops = xr.DataArray([[0.0, 1.0], [1.0, 1.0]], dims=("time", "turbine"))
    found = simulate(row, west, Mechanisms(wakes="bastankhah", availability=stops))["power_delivered"].to_numpy()
    alone = float(simulate(row, west)["power"][0, 1])
    waked = simulate(row, west, Mechanisms(wakes="bastankhah"))["power"].to_numpy()
    np.testing.assert_allclose(found, [alone, waked[1].sum()], rtol=1e-12)
    assert alone > 1.1 * waked[1, 1]


def test_the_table_is_near_the_exact_flow_and_keeps_its_protocol() -> None:
    table = tabulate_farm(NINE, np.ones(9), "bastankhah", turbulence_intensities=[0.08])
    acting = Mechanisms(storms=3.0, wakes="bastankhah", availability=shares(), electrical=0.02)
    exact = simulate(NINE, weather(), acting, sensitivity=True)
    found = simulate(NINE, weather(), acting, sensitivity=True, table=table)
    assert set(found.variables) == set(exact.variables)
    for name in ("gross", "storms"):
        assert after(found)[name] == pytest.approx(after(exact)[name], rel=1e-9)
    for name, value in after(exact).items():
        assert after(found)[name] == pytest.approx(value, rel=5e-3), name
    assert float(found["energy_sensitivity"]) == pytest.approx(float(exact["energy_sensitivity"]), rel=0.05)
    flows: list[Flow] = [
        ExactFlow(NINE, weather(), acting, HOUR),
        TabulatedFlow(NINE, weather(), acting, HOUR, table),
    ]
    for flow in flows:
        assert flow.power.dims == ("time", "turbine")
        assert flow.energy_alone.shape == (9,)
        assert flow.total_power == pytest.approx(float(flow.power.sum()), rel=1e-12)
        assert flow.operating.total.shape == (flow.power.sizes["time"], 3)
        assert flow.operating.by_group.shape == (flow.power.sizes["time"], 1)


def test_what_is_no_mechanism_or_no_inflow_is_refused() -> None:
    for wrong, message in (
        ({"wakes": "bastanka"}, "no wake model 'bastanka'"),
        ({"blockage": "selfsimilar-2017"}, "no blockage"),
        ({"availability": 1.2}, "availability is 1.2; expected a share from 0 to 1"),
        ({"availability": shares() * 2.0}, "availability has values outside 0 to 1"),
        ({"electrical": 0.02, "cables": (0.0, 0.03)}, "give one of them"),
        ({"neighbour_inflow": weather()}, "without neighbours"),
        ({"performance": True}, "performance is True"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            Mechanisms(**wrong)
    with pytest.raises(DataError, match="power_limit is none of the mechanisms"):
        simulate(NINE, weather().assign(power_limit=("turbine", np.zeros(9))))
    with pytest.raises(DataError, match="has no coordinate time"):
        simulate(NINE, weather().drop_vars("time"))
    with pytest.raises(DataError, match="wind: the step of the inflow changes or runs back"):
        simulate(NINE, weather().isel(time=[0, 1, 3]))
    table = tabulate_farm(Farm([0.0], [0.0], V80), np.ones(1), "none", turbulence_intensities=[0.08])
    with pytest.raises(ConfigurationError, match="the table is that of another farm"):
        simulate(NINE, weather(), table=table)


def test_the_example_of_the_docstring_is_what_it_says() -> None:
    assert doctest.testmod(simulation).failed == 0


def test_what_is_no_mechanisms_is_refused_before_anything_is_simulated() -> None:
    farm = Farm([0.0], [0.0], V80)
    with pytest.raises(ConfigurationError, match="found a WakeModel; expected Mechanisms, for example"):
        simulate(farm, weather(2), WakeModel("no wakes", "none"))
    with pytest.raises(ConfigurationError, match="found None; expected a Farm"):
        simulate(None, weather(2))
    with pytest.raises(ConfigurationError, match="there is no wake model 3"):
        Mechanisms(wakes=3)


@pytest.mark.parametrize("share", ["one", "of each turbine", "of each turbine, all running"])
@pytest.mark.parametrize("wake_loss", [1.0, 0.8])
def test_the_power_at_the_connection_alone_is_that_of_the_whole_and_spares_it_a_flow(
    share: str, wake_loss: float
) -> None:
    groups = ("north", "south")
    farm = Farm(NINE.x, NINE.y, V80, farms=[groups[k % 2] for k in range(9)])
    running = xr.ones_like(shares()) if share.endswith("all running") else shares()
    acting = Mechanisms(
        storms=3.0,
        wakes="bastankhah",
        neighbours=Farm([-1500.0], [0.0], V80),
        wake_loss=wake_loss,
        availability=0.94 if share == "one" else running,
        performance=0.02,
        cables=(0.004, 0.03),
    )
    plain = weather().isel(height=0, drop=True)
    found = power_at_connection(farm, plain, acting, groups=groups)
    whole = simulate(farm, plain, acting, groups=groups)
    for name in ("power_delivered", "power_delivered_of_farm"):
        xr.testing.assert_identical(found[name], whole[name])
    xr.testing.assert_identical(simulate(farm, plain, acting, groups=groups, running=found), whole)


def test_a_running_power_of_another_farm_is_refused() -> None:
    found = power_at_connection(Farm([0.0], [0.0], V80), weather(), Mechanisms())
    with pytest.raises(DataError, match="running is not what"):
        simulate(NINE, weather(), Mechanisms(), running=found)


def test_turbines_of_a_type_share_their_wind_and_find_what_they_find_with_winds_of_their_own() -> None:
    low, high = V80, dataclasses.replace(V80, name="high", hub_height=95.0)
    higher = dataclasses.replace(high, name="higher")  # the mean hub of the types is another than that of the turbines
    farm = Farm(np.arange(6) * 400.0, np.arange(6) % 2 * 300.0, [low, high, low, low, higher, low])
    neighbours = Farm([-900.0, -900.0, -900.0], [0.0, 300.0, 600.0], [high, high, low])
    one = weather(200)
    speed, direction = one["wind_speed"].to_numpy() * [1.0, 1.04], np.add(one["wind_direction"].to_numpy(), [0.0, 7.0])
    levels = one.isel(height=[0, 0]).assign(
        wind_speed=(("time", "height"), speed), wind_direction=(("time", "height"), direction % 360.0)
    )
    levels = levels.assign_coords(height=[low.hub_height, 95.0])
    share = np.random.default_rng(3).choice([0.0, 1.0], (200, 6), p=[0.1, 0.9])
    acting = {"wakes": "nygaard-2022", "storms": 3.0, "availability": xr.DataArray(share, dims=("time", "turbine"))}
    own = at_hubs(farm, levels).drop_vars("height")
    for around, of_each in ((None, None), (levels, at_hubs(neighbours, levels).drop_vars("height"))):
        nearby = None if around is None else neighbours
        shared = Mechanisms(neighbours=nearby, neighbour_inflow=around, **acting)
        apart = Mechanisms(neighbours=nearby, neighbour_inflow=of_each, **acting)
        found = simulate(farm, levels, shared, sensitivity=True)
        expected = simulate(farm, own, apart, sensitivity=True)
        for name in ("power", "power_delivered", "energy_after", "energy_without_wakes", "energy_sensitivity"):
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-6)
