"""Wake steering through the step of wind: exact and tabulated flow, statistics, configurations, windIO."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.chain import prepare
from testsite_sim.chain.flow import tabulate
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import (
    Farm,
    Mechanisms,
    Turbine,
    annual_energy_production,
    farm_response,
    simulate,
    simulate_by_response,
    simulate_farm,
    tabulate_farm,
)
from testsite_sim.wind.windio.writing import write_windio

SPEEDS = np.arange(3.0, 26.0)
TURBINE = Turbine(
    "steered",
    150.0,
    110.0,
    SPEEDS,
    1e7 * np.clip((SPEEDS - 3.0) / 9.0, 0.0, 1.0) ** 2.5,
    np.clip(0.85 - 0.0016 * SPEEDS**2, 0.05, 0.85),
)
X, Y = (values.ravel() for values in np.meshgrid(np.arange(3) * 750.0, np.arange(3) * 600.0))
NAMES = [f"{column}{row}" for row in "123" for column in "ABC"]  # A stands in the west
FRONT = xr.Dataset(
    {
        "yaw": (("sector", "turbine"), [[20.0, 20.0, 20.0]]),
        "from_direction": ("sector", [255.0]),
        "to_direction": ("sector", [285.0]),
    },
    coords={"turbine": ["A1", "A2", "A3"]},
).reindex(turbine=NAMES, fill_value=0.0)
STRAIGHT = Farm(X, Y, TURBINE, names=NAMES)
FARM = replace(STRAIGHT, yaw=FRONT)


def inflow(hours: int = 400) -> xr.Dataset:
    generator = np.random.default_rng(3)
    time = np.datetime64("2024-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h")
    speed = generator.weibull(2.0, hours) * 10.0
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed[:, None]),
            "wind_direction": (("time", "height"), generator.uniform(180.0, 360.0, (hours, 1))),
            "air_density": (("time", "height"), np.full((hours, 1), 1.225)),
            "turbulence_intensity": ("time", np.full(hours, 0.07)),
        },
        coords={"time": time, "height": [110.0]},
    )


def test_the_table_of_a_yawed_farm_is_the_exact_flow_between_its_points() -> None:
    winds, acting = inflow(), Mechanisms(wakes="bastankhah")
    table = tabulate_farm(FARM, np.ones(9), "bastankhah", turbulence_intensities=[0.07])
    exact, read = simulate(FARM, winds, acting), simulate(FARM, winds, acting, table=table)
    np.testing.assert_array_equal(exact["yaw"], read["yaw"])
    assert set(np.unique(exact["yaw"])) == {0.0, 20.0}
    energy = [float(each["energy_after"].sel(mechanism="wakes")) for each in (exact, read)]
    assert energy[1] == pytest.approx(energy[0], rel=1e-3)
    # At points of the table themselves nothing is interpolated.
    steps = winds.assign(wind_speed=0.0 * winds["wind_speed"] + 9.25, wind_direction=np.round(winds["wind_direction"]))
    one, other = (simulate(FARM, steps, acting, table=each)["power"] for each in (None, table))
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_what_yaw_takes_is_lost_to_wakes_and_not_to_the_gross_energy() -> None:
    winds, acting = inflow(), Mechanisms(wakes="bastankhah", storms=3.0)
    steered, straight = (simulate(each, winds, acting)["energy_after"] for each in (FARM, STRAIGHT))
    np.testing.assert_array_equal(steered[:2], straight[:2])  # gross, storms
    alone = simulate(FARM, winds, Mechanisms(storms=3.0))["energy_after"]
    assert float(alone.sel(mechanism="wakes")) < float(alone.sel(mechanism="storms"))
    assert "yaw" not in simulate(STRAIGHT, winds, acting)


def test_yaw_by_hour_goes_to_the_exact_flow_by_label_and_is_refused_by_a_table() -> None:
    winds, acting = inflow(), Mechanisms(wakes="bastankhah")
    exact = simulate(FARM, winds, acting)
    stated = exact["yaw"].drop_vars([name for name in exact["yaw"].coords if name not in ("time", "turbine")])
    by_hour = winds.assign(yaw=stated.drop_attrs().assign_coords(turbine=NAMES).isel(turbine=slice(None, None, -1)))
    found = simulate(STRAIGHT, by_hour, acting)
    np.testing.assert_allclose(found["power"], exact["power"], rtol=1e-12)
    table = tabulate_farm(STRAIGHT, np.ones(9), "bastankhah", turbulence_intensities=[0.07])
    with pytest.raises(DataError, match="table of a farm knows no yaw by hour; state it by sectors"):
        simulate(STRAIGHT, by_hour, acting, table=table)
    with pytest.raises(ConfigurationError, match="table is that of another yaw"):
        simulate(FARM, winds, acting, table=table)
    with pytest.raises(DataError, match="along turbine, 'A1' and 8 more is missing"):
        simulate(STRAIGHT, by_hour.assign_coords(turbine=[f"T{k}" for k in range(9)]), acting)


def test_a_response_carries_the_yaw_that_it_was_made_with() -> None:
    response = farm_response(FARM)
    winds = inflow().isel(height=0).drop_vars(["height", "turbulence_intensity"])
    assert abs(simulate_by_response(FARM, winds, response).attrs["energy_error"]) < 1e-3
    np.testing.assert_array_equal(response["yaw"].sel(wind_direction=[254.0, 255.0], turbine="A2"), [0.0, 20.0])
    with pytest.raises(DataError, match="that of another yaw"):
        simulate_by_response(STRAIGHT, winds, response)
    with pytest.raises(DataError, match="knows no yaw by hour"):
        simulate_by_response(STRAIGHT, winds.assign(yaw=("turbine", np.full(9, 5.0))), farm_response(STRAIGHT))


def test_annual_energy_counts_yaw_in_a_series_and_refuses_it_with_statistics() -> None:
    winds = inflow().isel(height=0).drop_vars(["height", "time"])
    steered, straight = (annual_energy_production(each, winds) for each in (FARM, STRAIGHT))
    xr.testing.assert_equal(steered["annual_energy_without_wakes"], straight["annual_energy_without_wakes"])
    assert not np.allclose(steered["annual_energy_production"], straight["annual_energy_production"])
    rose = {"sector_frequency": [1.0], "weibull_scale": [9.0], "weibull_shape": [2.0]}
    statistics = xr.Dataset({name: ("sector", values) for name, values in rose.items()})
    with pytest.raises(ConfigurationError, match="farm: yaw is not supported with statistics"):
        annual_energy_production(FARM, statistics)


def test_blockage_and_power_limits_act_on_yawed_turbines() -> None:
    winds = inflow(50).isel(height=0).drop_vars("height").assign(power_limit=("turbine", [0.0, 5e6, *[np.inf] * 7]))
    found = simulate_farm(FARM, winds, "bastankhah", blockage="self-similar-2017")
    assert float(found["power"][:, 0].max()) == 0.0
    assert float(found["power"][:, 1].max()) <= 5e6
    plain = simulate_farm(FARM, winds, "bastankhah")
    assert float(plain["power"].sum()) > float(found["power"].sum())


YAW = {"turbines": {"berth 5": "20 degree"}, "from_direction": "200 degree", "to_direction": "280 degree"}
SHORT = {"weather.start": "2023-01-01", "weather.end": "2023-01-15", "weather.climate": None}
SHORT |= {"economics.scale_to_year": "by-repetition"}


def loaded(**changes: object):
    return ts.load("flanders-wind-farm/test-site", {**SHORT, **changes})


def test_a_configured_yaw_is_in_the_results_of_a_run_and_changes_its_wakes() -> None:
    run, plain = (loaded(**change).run() for change in ({"farm.groups.serial.yaw": [YAW]}, {}))
    yaw = run.results["wind"]["yaw"]
    assert set(np.unique(yaw.sel(turbine="berth 5"))) == {0.0, 20.0}
    assert float(abs(yaw.drop_sel(turbine="berth 5")).max()) == 0.0
    assert run.summary["wake_loss"].value != plain.summary["wake_loss"].value
    assert "yaw" not in plain.results["wind"]
    straight = loaded(**{"farm.groups.serial.yaw": [YAW], "wind.deflection": "none"}).run()
    assert straight.summary["wake_loss"].value != run.summary["wake_loss"].value


@pytest.mark.usefixtures("unprinted_figures")
def test_the_resolved_scenario_of_a_yawed_farm_runs_again_to_the_same(tmp_path: Path) -> None:
    every = {"turbines": {"berth 1": "-10 degree"}}
    case = loaded(**{"farm.groups.prototypes.yaw": [every], "wind.deflection": "gaussian-2016"})
    case.run(out=tmp_path / "run")
    again = ts.load(tmp_path / "run" / "scenario.yaml")
    assert again.scenario == case.scenario
    farm = prepare(again.scenario).farm
    np.testing.assert_array_equal(farm.yaw["yaw"], [[-10.0, 0.0, 0.0, 0.0, 0.0, 0.0]])


def test_the_table_of_an_ensemble_is_yawed_and_has_the_turbulence_that_its_deflection_needs() -> None:
    ours = {"wind.wake_model": "bastankhah", "wind.deflection": "gaussian-2016"}
    table = tabulate(prepare(loaded(**ours, **{"farm.groups.serial.yaw": [YAW]}).scenario), (0.05, 0.15))
    assert table.intensities.size > 1
    assert table.farm.yaw is not None
    straight = tabulate(prepare(loaded(**{"wind.wake_model": "bastankhah"}).scenario), (0.05, 0.15))
    assert straight.intensities.size == 1
    assert not np.array_equal(table.table[:, 230], straight.table[:, 230].repeat(table.intensities.size, 0))


@pytest.mark.parametrize(
    ("yaw", "message"),
    [
        ([{"turbines": {"berth 7": "20 degree"}}], "no turbine 'berth 7'"),
        ([{"turbines": {"berth 5": "80 degree"}}], "80 degree"),
        ([{"turbines": {"berth 5": "20 m"}}], "20 m"),
        ([{"turbines": {}}], "turbines"),
        ([{"turbines": {"berth 5": "20 degree"}, "from_direction": "10 degree"}], "want each other"),
        ([{**YAW, "to_direction": "200 degree"}], "are the same; leave both out"),
        ([{**YAW, "angle": "20 degree"}], "angle"),
        ([{"turbines": {"berth 5": True}}], "found True without a unit"),
        ([YAW, {"turbines": {"berth 5": "5 degree"}}], r"yaw\.1 turns 'berth 5', as yaw\.0 does, at 200 degrees"),
        ([YAW, {**YAW, "from_direction": "279 degree", "to_direction": "20 degree"}], "at 279 degrees"),
    ],
)
def test_a_wrong_yaw_in_a_farm_is_refused_by_its_place(yaw: list, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as refused:
        loaded(**{"farm.groups.serial.yaw": yaw})
    assert "serial" in str(refused.value)


def test_sectors_that_touch_or_turn_other_turbines_do_not_overlap() -> None:
    """Aims at the edge: the first direction of a sector lies in it, the last does not."""
    after = {**YAW, "from_direction": "280 degree", "to_direction": "200 degree"}  # all that YAW leaves
    unturned = {"turbines": {"berth 5": "0 degree"}}
    farm = prepare(loaded(**{"farm.groups.serial.yaw": [YAW, after, unturned]}).scenario).farm
    assert farm.yaw.sizes["sector"] == 3


SCENARIO = """\
extends: flanders-wind-farm/test-site
wind:
  blockage: none
  {}
  {}
farm:
  groups:
    serial:
      yaw:
        - turbines: {{berth 5: 20 degree}}
        - from_direction: 10 degree
          to_direction: 20 degree
          turbines: {{berth 5: {} degree}}
"""


@pytest.mark.parametrize(
    ("model", "deflection", "angle", "line", "message"),
    [
        ("wake_model: jensenn", "wake_loss: 1", 0, 4, r"wind\.wake_model: there is no wake model 'jensenn'\. Nearest"),
        ("wake_model: noj", "deflection: jimenez", 0, 5, r"wind\.deflection: there is no deflection 'jimenez'\. Near"),
        ("wake_model: none", "deflection: jimenez-2010", 0, 5, "the wake model 'none' has no wakes to deflect"),
        ("wake_model: none", "deflection: none", 0, 5, "the wake model 'none' has no wakes to deflect"),
        ("wake_loss: 1", "deflection: none", 5, 11, r"serial: yaw\.1 turns 'berth 5'"),
    ],
)
def test_a_wrong_model_or_sector_is_refused_at_its_line_when_a_scenario_is_read(
    tmp_path: Path, model: str, deflection: str, angle: int, line: int, message: str
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO.format(model, deflection, angle))
    with pytest.raises(ConfigurationError, match=message) as refused:
        ts.load(file)
    assert [problem.startswith(f"{file}:{line}: ") for problem in refused.value.problems] == [True]


def test_all_wrong_models_are_named_at_once_and_a_scenario_of_python_is_refused_by_a_run() -> None:
    wrong = {"wind.wake_model": "jensenn", "wind.deflection": "jimenez", "wind.blockage": "rankine"}
    with pytest.raises(ConfigurationError) as refused:
        loaded(**wrong)
    assert [problem.split(": ")[:2] for problem in refused.value.problems] == [
        [f"override {key!r}", key] for key in wrong
    ]
    scenario = loaded().scenario
    wind = scenario.wind.model_copy(update={"blockage": "rankine"})
    with pytest.raises(ConfigurationError, match=r"^wind\.blockage: there is no blockage 'rankine'"):
        prepare(scenario.model_copy(update={"wind": wind}))


def test_a_truth_value_is_no_angle() -> None:
    turned = xr.Dataset({"yaw": ("turbine", np.arange(9) == 1)}, coords={"turbine": NAMES})
    with pytest.raises(DataError, match="yaw holds values of type bool; expected numbers"):
        replace(STRAIGHT, yaw=turned)
    with pytest.raises(ConfigurationError, match="yaw_power_exponent is True; expected a number from 0 to 10"):
        replace(TURBINE, yaw_power_exponent=True)
    with pytest.raises(ConfigurationError, match=r"yaw_thrust_exponent: found True; expected an exponent of a cosine"):
        loaded(**{"farm.groups.serial.turbine.yaw_thrust_exponent": True})


def test_a_windio_plant_takes_no_yaw(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"yawed, which windIO 2\.1 has no place for"):
        write_windio(tmp_path / "plant.yaml", "plant", FARM, {})
    assert not list(tmp_path.iterdir())


def test_exponents_of_a_turbine_come_from_its_configuration() -> None:
    stated = {"farm.groups.serial.turbine.yaw_power_exponent": 3.0, "farm.groups.serial.yaw": [YAW]}
    farm = prepare(loaded(**stated).scenario).farm
    assert farm.per_turbine("yaw_power_exponent").tolist() == [1.88, 1.88, 1.88, 1.88, 3.0, 1.88]
