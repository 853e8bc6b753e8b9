"""What a user states is used, aligned by its labels, or refused by name: every public function of the wind step."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import typeof
from testsite_kernels.wind.sweep import sweep

from testsite_sim.common.errors import ConfigurationError, DataError, TestsiteError
from testsite_sim.wind import (
    Farm,
    Turbine,
    WakeModel,
    annual_energy_production,
    farm_response,
    flow_map,
    inflow_at_turbines,
    simulate_by_response,
    simulate_farm,
    simulate_farm_averaged,
    storm_limits,
)

SPEEDS = np.arange(3.0, 26.0)
TURBINE = Turbine(
    "t",
    80.0,
    70.0,
    SPEEDS,
    2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2,
    np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85),
)
FARM = Farm([0.0, 500.0, 900.0], [0.0, 40.0, 500.0], TURBINE, names=["A", "B", "C"])
OTHERS = Farm([-700.0, -650.0], [0.0, 600.0], TURBINE, names=["N1", "N2"])


@cache
def response() -> xr.Dataset:
    """Return a coarse table of the farm."""
    return farm_response(FARM, direction_step=10.0, speed_step=1.0)


def varied(hours: int = 3, seed: int = 4, turbines: tuple[str, ...] = ("A", "B", "C")) -> xr.Dataset:
    """Return an inflow that differs everywhere, with all its labels."""
    generator = np.random.default_rng(seed)
    shape = (hours, len(turbines))
    return xr.Dataset(
        {
            "wind_speed": (("time", "turbine"), generator.uniform(6.0, 11.0, shape)),
            "wind_direction": (("time", "turbine"), 270.0 + generator.uniform(-5.0, 5.0, shape)),
            "air_density": (("time", "turbine"), generator.uniform(1.1, 1.3, shape)),
            "turbulence_intensity": (("time", "turbine"), generator.uniform(0.05, 0.15, shape)),
            "power_limit": (("time", "turbine"), generator.uniform(2e5, 2e6, shape)),
        },
        coords={
            "time": np.datetime64("2024-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h"),
            "turbine": list(turbines),
        },
    )


def plain(hours: int = 3, seed: int = 4) -> xr.Dataset:
    """Return an inflow that is the same at all turbines."""
    generator = np.random.default_rng(seed)
    return xr.Dataset(
        {
            "wind_speed": ("time", generator.uniform(6.0, 11.0, hours)),
            "wind_direction": ("time", generator.uniform(0.0, 360.0, hours)),
        },
        coords={"time": np.datetime64("2024-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h")},
    )


def rose() -> xr.Dataset:
    """Return Weibull statistics with their labels."""
    return xr.Dataset(
        {
            "sector_frequency": ("sector", [0.1, 0.4, 0.3, 0.2]),
            "weibull_scale": ("sector", [9.0, 11.0, 8.0, 10.0]),
            "weibull_shape": ("sector", [2.0, 2.2, 1.9, 2.4]),
            "turbulence_intensity": ("speed", [0.2, 0.1, 0.08]),
        },
        coords={"sector": [20.0, 110.0, 200.0, 290.0], "speed": [4.0, 10.0, 20.0]},
    )


def field() -> xr.Dataset:
    """Return a wind on a grid."""
    grid = np.arange(6.0).reshape(1, 2, 3)
    return xr.Dataset(
        {"wind_speed": (("time", "y", "x"), 8.0 + 0.1 * grid), "wind_direction": (("time", "y", "x"), 200.0 + grid)},
        coords={"x": [-100.0, 400.0, 1000.0], "y": [-100.0, 600.0]},
    )


FUNCTIONS: dict[str, tuple[Callable[[xr.Dataset], xr.Dataset], Callable[[], xr.Dataset]]] = {
    "simulate_farm": (lambda data: simulate_farm(FARM, data, "niayifar_crespo"), varied),
    "simulate_farm_neighbours": (
        lambda data: simulate_farm(
            FARM, varied(), "niayifar_crespo", neighbours=OTHERS, neighbour_inflow=data
        ),
        lambda: varied(seed=9, turbines=("N1", "N2")).drop_vars("power_limit"),
    ),
    "simulate_farm_averaged": (lambda data: simulate_farm_averaged(FARM, data, half_width=2.0, step=1.0), varied),
    "flow_map": (lambda data: flow_map(FARM, data, [100.0, 600.0], [0.0], 70.0), plain),
    "inflow_at_turbines": (lambda data: inflow_at_turbines(FARM, data), field),
    "simulate_by_response": (lambda data: simulate_by_response(FARM, data, response()), plain),
    "simulate_by_response_table": (lambda data: simulate_by_response(FARM, plain(), data), response),
    "annual_energy_of_a_series": (
        lambda data: annual_energy_production(FARM, data, "niayifar_crespo"),
        lambda: varied().assign(probability=("time", [0.2, 0.5, 0.3])),
    ),
    "annual_energy_of_statistics": (
        lambda data: annual_energy_production(FARM, data, "niayifar_crespo", direction_step=30.0, speed_step=2.0), rose,
    ),
    "storm_limits": (
        lambda data: storm_limits(FARM, data["wind_speed"], 3.0).to_dataset(name="power_limit"),
        lambda: varied().assign(wind_speed=varied()["wind_speed"] * 2.4)[["wind_speed"]],
    ),
}  # fmt: skip
IN_ORDER = {"storm_limits": {"time"}}  # dimensions whose order means something


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.data())
def test_the_order_of_labels_never_changes_a_result(name: str, data: st.DataObject) -> None:
    """The result is taken by label: a function may give the order of the input or that of the farm."""
    call, inputs = FUNCTIONS[name]
    given_input = inputs()
    dims = [dim for dim in given_input.dims if dim in given_input.coords and dim not in IN_ORDER.get(name, ())]
    order = {dim: data.draw(st.permutations(range(given_input.sizes[dim])), label=str(dim)) for dim in dims}
    shuffled = given_input.isel(order)
    expected, found = call(given_input), call(shuffled)
    if "time" in expected.coords and "time" in found.coords:
        found = found.sel(time=expected["time"])
    for variable in expected.data_vars:
        np.testing.assert_allclose(found[variable], expected[variable], rtol=1e-9, err_msg=str(variable))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "storm_limits"])
def test_every_variable_with_a_slip_in_its_name_is_refused_with_the_nearest_name(name: str) -> None:
    call, inputs = FUNCTIONS[name]
    for variable in inputs().data_vars:
        slip = str(variable)[:-2] + str(variable)[-1]
        with pytest.raises(DataError, match=rf"{slip}'.*Nearest: .*{variable}"):
            call(inputs().rename({variable: slip}))
        with pytest.raises(DataError, match="yaw"):
            call(inputs().assign(yaw=3.0))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_unknown_dimensions_coordinates_units_and_values_are_refused_by_name(name: str) -> None:
    call, inputs = FUNCTIONS[name]
    for variable in map(str, inputs().data_vars):
        if variable == "cut_out":  # a table of ours, holds NaN where no curve ends
            continue
        data = inputs()
        with pytest.raises(DataError, match=rf"{variable}.*over.*member"):
            call(data.assign({variable: data[variable].expand_dims(member=2)}))
        with pytest.raises(DataError, match=rf"{variable}.*furlong"):
            call(data.assign({variable: data[variable].assign_attrs(units="furlong")}))
        with pytest.raises(DataError, match=rf"{variable}.*'unit'.*Nearest: units"):
            call(data.assign({variable: data[variable].assign_attrs(unit="knot")}))
        with pytest.raises(DataError, match=rf"{variable}.*scale_factor"):
            call(data.assign({variable: data[variable].assign_attrs(scale_factor=0.01)}))
        if name == "simulate_by_response_table":  # what is not read of a table is not looked at
            continue
        broken = data[variable].astype(float).copy(deep=True)
        broken.to_numpy().ravel()[-1] = np.nan
        with pytest.raises(DataError, match=rf"{variable} holds 1 value\(s\) that are not finite"):
            call(data.assign({variable: broken}))
    with pytest.raises(DataError, match="'direction'"):
        call(inputs().assign_coords(direction=3.0))


OVER_TURBINES = [
    name
    for name, (_, inputs) in FUNCTIONS.items()
    if inputs is response or "turbine" in inputs().dims  # a table has turbines, and is made when it is read
]


@pytest.mark.parametrize("name", OVER_TURBINES)
def test_missing_and_surplus_labels_are_refused_by_name(name: str) -> None:
    call, inputs = FUNCTIONS[name]
    last = inputs()["turbine"].to_numpy()[-1]
    with pytest.raises(DataError, match=rf"'{last}' is missing"):
        call(inputs().isel(turbine=slice(0, -1)))
    stranger = [*inputs()["turbine"].to_numpy()[:-1], "Z"]
    with pytest.raises(DataError, match=rf"'{last}' is missing.*'Z' is none"):
        call(inputs().assign_coords(turbine=stranger))


def test_neighbours_are_aligned_with_the_farm_by_time() -> None:
    own, theirs = varied(), varied(seed=9, turbines=("N1", "N2")).drop_vars("power_limit")
    late = theirs.assign_coords(time=theirs["time"] + np.timedelta64(1, "h"))
    with pytest.raises(DataError, match=r"neighbour_inflow: along time"):
        simulate_farm(FARM, own, neighbours=OTHERS, neighbour_inflow=late)
    with pytest.raises(DataError, match="air_density is in one of"):
        simulate_farm(FARM, own, neighbours=OTHERS, neighbour_inflow=theirs.drop_vars("air_density"))
    with pytest.raises(DataError, match="power_limit, but neighbours are never held down"):
        simulate_farm(FARM, own, neighbours=OTHERS, neighbour_inflow=theirs.assign(power_limit=("turbine", [1.0, 1.0])))
    with pytest.raises(ConfigurationError, match="without neighbours"):
        simulate_farm(FARM, own, neighbour_inflow=theirs)


def test_the_wind_of_neighbours_counts_where_it_is_the_same_at_all_of_them() -> None:
    own = plain().assign(wind_direction=("time", [270.0, 270.0, 270.0]))
    calm = own.assign(wind_speed=("time", [1.0, 1.0, 1.0]))
    found = simulate_farm(FARM, own, neighbours=OTHERS, neighbour_inflow=calm)["power"]
    np.testing.assert_allclose(found, simulate_farm(FARM, own)["power"], rtol=1e-12)


@pytest.mark.parametrize("model", ["bastankhah", "niayifar_crespo"])
@pytest.mark.parametrize("name", ["air_density", "turbulence_intensity", "power_limit", "wind_speed"])
def test_one_hour_alone_is_that_hour_of_a_series(name: str, model: str) -> None:
    """The edge: an array of one hour, or of one hour and one turbine, has size 1 and is not a scalar."""
    base = plain(3).assign(turbulence_intensity=0.08)
    data = base if name == "wind_speed" else base.assign({name: varied()[name].drop_vars("turbine")})
    for farm in (FARM, Farm([0.0], [0.0], TURBINE)):
        cut = data if "turbine" not in data.dims else data.isel(turbine=slice(0, len(farm.turbines)))
        for inflow in (cut, cut.mean("turbine") if "turbine" in cut.dims and name != "power_limit" else cut):
            whole = simulate_farm(farm, inflow, model)
            for hour in range(3):
                alone = simulate_farm(farm, inflow.isel(time=[hour]), model)
                for variable in whole.data_vars:
                    np.testing.assert_allclose(alone[variable][0], whole[variable][hour], rtol=1e-9)


def test_one_hour_of_air_density_shifts_the_power_curve() -> None:
    """2 MW turbine of the peer's test set at 8 m/s and 1.1 kg/m³: the curve at 8 × cbrt(1.1 / 1.225)."""
    hour = xr.Dataset(
        {"wind_speed": ("time", [8.0]), "wind_direction": ("time", [270.0]), "air_density": ("time", [1.1])}
    )
    expected = np.interp(8.0 * np.cbrt(1.1 / 1.225), SPEEDS, TURBINE.power)
    found = simulate_farm(Farm([0.0], [0.0], TURBINE), hour)["power"]
    assert float(found[0, 0]) == pytest.approx(expected, rel=1e-12)
    number = hour.assign(air_density=1.1)
    assert float(simulate_farm(Farm([0.0], [0.0], TURBINE), number)["power"][0, 0]) == pytest.approx(
        expected, rel=1e-12
    )


def test_a_wind_over_turbines_is_no_series_even_of_that_many_hours() -> None:
    hours = plain(3).drop_vars(["time", "wind_speed"]).assign(wind_speed=("turbine", [8.0, 9.0, 10.0]))
    with pytest.raises(DataError, match=r"wind_speed is over \(turbine\); expected \(time\) or \(time, turbine\)"):
        simulate_farm(FARM, hours)


def test_limits_are_those_of_the_turbines_that_they_name() -> None:
    limit = xr.DataArray([0.0, np.inf, np.inf], dims="turbine", coords={"turbine": ["C", "B", "A"]})
    power = simulate_farm(FARM, plain().assign(power_limit=limit))["power"]
    assert float(power.sel(turbine="C").max()) == 0.0
    assert float(power.sel(turbine="A").min()) > 0.0


def test_coordinates_that_describe_the_turbines_must_be_theirs() -> None:
    result = simulate_farm(FARM, plain())
    again = plain().assign_coords({name: result[name] for name in ("x", "hub_height", "turbine", "turbine_type")})
    np.testing.assert_array_equal(simulate_farm(FARM, again)["power"], result["power"])
    simulate_farm(FARM, plain().assign_coords(height=70.0, latitude=51.5))
    with pytest.raises(DataError, match=r"coordinate 'height' is 100\.0, but that of the turbine is 70\.0"):
        simulate_farm(FARM, plain().assign_coords(height=100.0))


def test_a_response_with_gaps_is_refused_where_it_is_read() -> None:
    with pytest.raises(DataError, match="response: power holds values that are not finite"):
        simulate_by_response(FARM, plain(), response().assign(power=response()["power"] * np.nan))


def test_wrong_attributes_and_directions_of_where_to_are_refused() -> None:
    towards = plain()
    towards["wind_direction"].attrs["standard_name"] = "wind_to_direction"
    with pytest.raises(DataError, match="'wind_to_direction'; expected 'wind_from_direction'"):
        simulate_farm(FARM, towards)
    with pytest.raises(DataError, match="turbulence_intensity is an attribute"):
        simulate_farm(FARM, plain().assign_attrs(turbulence_intensity=0.1))


def test_a_series_without_hours_is_refused_in_one_sentence() -> None:
    for call in (simulate_farm, annual_energy_production):
        with pytest.raises(DataError, match="wind_speed holds no value along time"):
            call(FARM, plain().isel(time=slice(0, 0)))


def test_turbulence_of_zero_is_taken_where_no_formula_divides_by_it() -> None:
    still = plain().assign(turbulence_intensity=0.0)
    np.testing.assert_array_equal(simulate_farm(FARM, still)["power"], simulate_farm(FARM, plain())["power"])
    assert np.all(np.isfinite(simulate_farm(FARM, still, "niayifar_stf")["power"]))
    for model in ("turbopark", "niayifar_crespo"):
        with pytest.raises(DataError, match="falls to 0, where the wake model"):
            simulate_farm(FARM, still, model)


def test_turbulence_above_1_is_taken_as_stated_up_to_what_a_wind_can_have() -> None:
    light = xr.Dataset(
        {
            "wind_speed": ("time", [0.5, 8.0]),
            "wind_direction": ("time", [270.0, 270.0]),
            "turbulence_intensity": ("time", [6.35, 0.1]),
        }
    )
    found = simulate_farm(FARM, light, "niayifar_crespo")
    assert float(found["turbulence_intensity_effective"][0, 0]) == 6.35
    with pytest.warns(UserWarning, match="above 1 in 1 value"):
        simulate_farm(FARM, light.assign(wind_speed=("time", [5.0, 8.0])), "niayifar_crespo")
    with pytest.raises(DataError, match="a standard deviation of 72 m/s; expected a fraction above 0"):
        simulate_farm(FARM, light.assign(turbulence_intensity=("time", [0.1, 9.0])), "niayifar_crespo")


def test_a_model_without_its_turbulence_is_named_by_its_parts() -> None:
    own = WakeModel("own", "gaussian", "linear", "frandsen", expansion_rate_per_intensity=0.38)
    with pytest.raises(DataError, match=r"^inflow: the wake model \(gaussian, linear, turbulence frandsen\) needs"):
        simulate_farm(FARM, plain(), own)


def test_a_response_keeps_a_model_of_own_parts() -> None:
    own = WakeModel("own", "gaussian", "linear", expansion_rate=0.04)
    response = farm_response(FARM, own, direction_step=10.0, speed_step=1.0)
    found = simulate_by_response(FARM, plain(), response)
    assert found.attrs["wake_model"] == "own"
    moved = Farm([0.0, 500.0, 1900.0], [0.0, 40.0, 500.0], TURBINE, names=["A", "B", "C"])
    with pytest.raises(DataError, match=r"coordinate 'x' is 900\.0, but that of the turbine is 1900\.0"):
        simulate_by_response(moved, plain(), response)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: simulate_farm(FARM, plain(), workers=0), "workers is 0"),
        (lambda: simulate_farm_averaged(FARM, plain(), standard_deviation=np.nan), "standard_deviation is nan"),
        (lambda: simulate_farm_averaged(FARM, plain(), step=0.0), "step is 0"),
        (lambda: flow_map(FARM, plain(), [np.nan], [0.0], 70.0), "x has shape"),
        (lambda: flow_map(FARM, plain(), [0.0], [0.0], -1.0), "height is -1"),
        (lambda: flow_map(FARM, varied(), [0.0], [0.0], 70.0), "the same everywhere"),
        (lambda: farm_response(FARM, speed_step=np.nan), "speed_step is nan"),
        (lambda: annual_energy_production(FARM, rose(), "turbopark", direction_step=7.0), "divisor of 360"),
        (lambda: annual_energy_production(FARM, rose(), "turbopark", speed_step=0.0), "speed_step is 0"),
        (lambda: simulate_farm(FARM, [1.0]), "is a list; expected an xarray.Dataset"),
        (lambda: annual_energy_production(FARM, plain().assign(shear_exponent=0.1)), "without reference_height"),
        (lambda: annual_energy_production(FARM, rose().assign_coords(sector=[0, 1, 2, 3])), "the coordinate sector"),
        (
            lambda: annual_energy_production(FARM, rose().assign(weibull_scale=(("sector", "x"), np.ones((4, 2))))),
            "not supported; give a series",
        ),
    ],
)  # fmt: skip
def test_arguments_that_mean_nothing_are_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(TestsiteError, match=said):
        call()


def test_an_inflow_that_may_not_be_written_to_is_swept_by_the_kernel_of_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its arrays are of other types, for which numba would compile the sweep anew, for seconds."""
    kinds = []

    def note(*arguments: object) -> object:
        kinds.append(typeof(arguments[5]))
        return sweep(*arguments)

    monkeypatch.setattr("testsite_sim.wind.sweeping.kernel_sweep.sweep", note)
    given = plain().assign(air_density=("time", np.full(3, 1.2)))
    locked = given.map(lambda values: values.copy(data=np.broadcast_to(values.to_numpy(), values.shape)))
    assert not locked["wind_speed"].values.flags.writeable
    xr.testing.assert_identical(*(simulate_farm(FARM, each, workers=1) for each in (given, locked)))
    assert len(set(kinds)) == 1
