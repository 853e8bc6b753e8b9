"""Energy from statistics: closed form against quadrature, sectors of any width, curves with steps and standby."""

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import weibull_min

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, Turbine, annual_energy_production, simulate_farm, storm_limits

YEAR = 8760.0 * 3600.0
SPEEDS = np.arange(3.0, 26.0)
POWERS = 2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2
THRUSTS = np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85)
TURBINE = Turbine("t", 80.0, 70.0, SPEEDS, POWERS, THRUSTS)


def rose(scale, shape, frequency=None, **more) -> xr.Dataset:
    scale, shape = np.atleast_1d(scale).astype(float), np.atleast_1d(shape).astype(float)
    frequency = np.full(scale.size, 1.0 / scale.size) if frequency is None else frequency
    data = {"sector_frequency": frequency, "weibull_scale": scale, "weibull_shape": shape}
    return xr.Dataset({name: ("sector", values) for name, values in data.items()}).assign(more)


def quadrature(turbine: Turbine, scale: float, shape: float, factor: float = 1.0, ratio: float = 1.0) -> float:
    """Return the mean power [W] by quadrature between the kinks of the curve; ratio: wind at the hub over stated."""
    speed, power = np.asarray(turbine.wind_speed), np.asarray(turbine.power)

    def density(u: float) -> float:
        reading = np.clip(u * ratio * factor, speed[0], speed[-1])
        return float(np.interp(reading, speed, power)) * float(weibull_min.pdf(u, shape, scale=scale))

    kinks = np.unique(np.concatenate([speed / factor, speed[[0, -1]]]))
    kinks = kinks[(kinks >= speed[0]) & (kinks <= speed[-1])] / ratio
    return sum(quad(density, a, b, epsabs=0.0, epsrel=1e-9)[0] for a, b in itertools.pairwise(kinks))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    scale=st.floats(3.0, 14.0),
    shape=st.floats(1.2, 3.5),
    density=st.floats(0.9, 1.4),
    shear=st.floats(0.0, 0.3),
    step=st.sampled_from([0.3, 0.5, 2.0]),
    seed=st.integers(0, 999),
)
def test_a_lone_turbine_gives_the_integral_over_its_curve(scale, shape, density, shear, step, seed) -> None:
    """The edges: points of the curve that lie on no class, air of another density, a hub above the stated height."""
    speed = np.sort(np.random.default_rng(seed).uniform(2.0, 27.0, 12)) + np.arange(12) * 0.01
    turbine = Turbine("t", 80.0, 70.0, speed, np.linspace(0.0, 2e6, 12) ** 1.1, np.full(12, 0.7))
    resource = rose(scale, shape, air_density=density, shear_exponent=shear, reference_height=50.0)
    found = annual_energy_production(Farm([0.0], [0.0], turbine), resource, direction_step=180.0, speed_step=step)
    expected = quadrature(turbine, scale, shape, np.cbrt(density / 1.225), (70.0 / 50.0) ** shear) * YEAR
    for name in ("annual_energy_production", "annual_energy_without_wakes"):
        assert float(found[name][0]) == pytest.approx(expected, rel=1e-7)


def row_energy(step: float) -> np.ndarray:
    farm = Farm([0.0, 500.0, 1000.0, 1600.0], [0.0, 10.0, -20.0, 0.0], TURBINE)
    resource = rose([9.0, 10.0], [2.0, 2.2], [0.3, 0.7], turbulence_intensity=0.08)
    found = annual_energy_production(farm, resource, "niayifar_crespo", direction_step=90.0, speed_step=step)
    return found["annual_energy_production"].to_numpy()


def test_the_energy_with_wakes_converges_with_the_classes_of_wind_speed() -> None:
    finest = row_energy(0.01)
    errors = [float(np.abs(row_energy(step) / finest - 1.0).max()) for step in (1.0, 0.5, 0.25, 0.125)]
    assert errors[1] < 5e-5
    assert errors[3] < 0.5 * errors[2] < 0.5 * errors[1] < 0.5 * errors[0]


def test_the_energy_with_wakes_is_the_integral_of_what_the_turbines_give() -> None:
    """Two turbines in line with the wind of one narrow sector, against quadrature over simulated winds."""
    farm = Farm([0.0, 500.0], [0.0, 0.0], TURBINE)
    fine = np.arange(0.0, 25.0, 0.002) + 0.001
    winds = xr.Dataset({"wind_speed": ("time", fine), "wind_direction": ("time", np.full(fine.size, 270.0))})
    power = simulate_farm(farm, winds)["power"].to_numpy()
    share = np.diff(weibull_min.cdf(np.append(fine - 0.001, 25.0), 2.1, scale=9.5))
    frequency = np.zeros(360)
    frequency[270] = 1.0
    resource = rose(np.full(360, 9.5), np.full(360, 2.1), frequency)
    found = annual_energy_production(farm, resource, speed_step=0.02)["annual_energy_production"]
    np.testing.assert_allclose(found, share @ power * YEAR, rtol=3e-6)


@pytest.mark.parametrize(("sectors", "step"), [(72, 10.0), (36, 20.0), (12, 360.0), (7, 1.0), (360, 2.0)])
def test_no_sector_is_lost_however_wide_the_classes_of_direction_are(sectors: int, step: float) -> None:
    scale = np.where(np.arange(sectors) % 2 == 0, 6.0, 12.0)
    frequency = np.random.default_rng(1).dirichlet(np.ones(sectors))
    for share in (frequency, np.eye(sectors)[1]):
        found = annual_energy_production(
            Farm([0.0], [0.0], TURBINE), rose(scale, np.full(sectors, 2.0), share), direction_step=step
        )
        expected = sum(float(share[scale == each].sum()) * quadrature(TURBINE, each, 2.0) for each in (6.0, 12.0))
        assert float(found["annual_energy_production"][0]) == pytest.approx(expected * YEAR, rel=1e-9)


def test_sectors_stand_where_their_coordinate_says() -> None:
    """All wind from north-west: a row across it has no wake, a row along it has."""
    frequency = np.array([0.0, 0.0, 0.0, 1.0])
    for turn in (45.0, 20.0):
        labelled = rose(np.full(4, 9.0), np.full(4, 2.0), frequency).assign_coords(sector=np.arange(4) * 90.0 + turn)
        angle = np.radians(270.0 + turn)
        along, across = (
            annual_energy_production(Farm([0.0, 2000.0 * e], [0.0, 2000.0 * n], TURBINE), labelled)["flow_loss"]
            for e, n in ((np.sin(angle), np.cos(angle)), (np.cos(angle), -np.sin(angle)))
        )
        assert float(along.max()) > 0.004
        assert float(across.max()) < 1e-9


@pytest.mark.parametrize("name", ["sector_frequency", "weibull_scale", "weibull_shape"])
@pytest.mark.parametrize("value", [np.nan, -1.0, np.inf])
def test_statistics_that_are_none_are_refused_by_name(name: str, value: float) -> None:
    resource = rose([8.0, 9.0], [2.0, 2.0])
    resource[name][1] = value
    with pytest.raises(DataError, match=rf"^resource: {name} (holds|falls)"):
        annual_energy_production(Farm([0.0], [0.0], TURBINE), resource)


def test_neighbours_with_other_hubs_have_the_wind_at_theirs() -> None:
    low = Turbine("low", 80.0, 45.0, SPEEDS, POWERS, THRUSTS)
    resource = rose(np.full(4, 9.0), np.full(4, 2.0), shear_exponent=0.15, reference_height=70.0)
    farm, neighbours = Farm([0.0, 400.0], [0.0, 0.0], TURBINE), Farm([-400.0], [0.0], low)
    together = Farm([0.0, 400.0, -400.0], [0.0, 0.0, 0.0], [TURBINE, TURBINE, low])
    one = annual_energy_production(farm, resource, neighbours=neighbours, speed_step=0.1)["annual_energy_production"]
    other = annual_energy_production(together, resource, speed_step=0.1)["annual_energy_production"][:2]
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_winds_above_the_highest_give_nothing() -> None:
    whole = annual_energy_production(Farm([0.0], [0.0], TURBINE), rose(9.0, 2.0))
    cut = annual_energy_production(Farm([0.0], [0.0], TURBINE), rose(9.0, 2.0), highest_speed=20.0)
    above = quad(lambda u: 2e6 * float(weibull_min.pdf(u, 2.0, scale=9.0)), 20.0, 25.0)[0] * YEAR
    lost = float((whole - cut)["annual_energy_production"][0])
    assert lost == pytest.approx(above, rel=1e-7)


def step_curve() -> Turbine:
    """Return a turbine whose published curve steps at cut-in, at 20 m/s and at cut-out."""
    return Turbine(
        "s",
        80.0,
        70.0,
        [2.0, 3.0, 3.0, 13.0, 20.0, 20.0, 25.0, 25.0, 26.0],
        [-5e3, -5e3, 1e5, 2e6, 2e6, 1.5e6, 1.5e6, 0.0, 0.0],
        [0.0, 0.0, 0.8, 0.5, 0.2, 0.1, 0.1, 0.0, 0.0],
    )


def test_a_vertical_step_holds_its_first_value_at_its_speed() -> None:
    winds = [1.9, 2.0, 3.0, 3.0 + 1e-9, 20.0, 20.0 + 1e-9, 25.0, 25.0 + 1e-9, 26.0]
    inflow = xr.Dataset({"wind_speed": ("time", winds), "wind_direction": ("time", np.full(9, 270.0))})
    farm = Farm([0.0], [0.0], step_curve())
    result = simulate_farm(farm, inflow)
    expected = [0.0, -5e3, -5e3, 1e5, 2e6, 1.5e6, 1.5e6, 0.0, 0.0]
    np.testing.assert_allclose(result["power"][:, 0], expected, rtol=1e-6)
    np.testing.assert_allclose(result["thrust_coefficient"][:, 0], [0, 0, 0, 0.8, 0.2, 0.1, 0.1, 0, 0], atol=1e-6)
    limits = storm_limits(farm, inflow["wind_speed"], 3.0)
    assert (limits[:, 0] == 0.0).to_numpy().tolist() == [False] * 7 + [True, True]
    for dense in (1.1, 1.225):
        assert np.all(np.isfinite(simulate_farm(farm, inflow.assign(air_density=dense))["power"]))


def test_standby_is_booked_as_energy_taken() -> None:
    found = annual_energy_production(Farm([0.0], [0.0], step_curve()), rose(8.0, 2.0))
    cdf = weibull_min(2.0, scale=8.0).cdf
    taken = 5e3 * (cdf(3.0) - cdf(2.0))
    given_power = (
        quad(lambda u: np.interp(u, [3.0, 13.0], [1e5, 2e6]) * weibull_min.pdf(u, 2.0, scale=8.0), 3.0, 13.0)[0]
        + 2e6 * (cdf(20.0) - cdf(13.0))
        + 1.5e6 * (cdf(25.0) - cdf(20.0))
    )
    expected = (given_power - taken) * YEAR
    assert float(found["annual_energy_production"][0]) == pytest.approx(expected, rel=1e-8)


def test_a_curve_with_a_step_at_cut_out_gives_what_one_that_ends_there_gives() -> None:
    stepped = Turbine("t", 80.0, 70.0, [*SPEEDS, 25.0], [*POWERS, 0.0], [*THRUSTS, 0.0])
    winds = xr.Dataset(
        {"wind_speed": ("time", np.linspace(0.0, 30.0, 301)), "wind_direction": ("time", np.full(301, 270.0))}
    )
    x, y = [0.0, 500.0], [0.0, 0.0]
    one, other = (simulate_farm(Farm(x, y, turbine), winds) for turbine in (TURBINE, stepped))
    xr.testing.assert_identical(one["power"], other["power"])
    assert stepped.cut_out == TURBINE.cut_out == 25.0


@pytest.mark.parametrize(
    ("speeds", "powers", "said"),
    [
        ([3.0, 3.0, 3.0, 4.0], [0.0, 1.0, 2.0, 3.0], "at most two points at a vertical step"),
        ([3.0, 5.0, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0], "wind_speed must rise"),
        ([3.0, 4.0, 5.0, 6.0], [0.0, -1.0, 2.0, 3.0], "no more taken than 10% of the largest"),
        ([3.0, 4.0, 5.0, 6.0], [0.0, np.nan, 2.0, 3.0], "power holds a value that is not finite"),
    ],
)
def test_curves_that_are_none_are_refused(speeds, powers, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Turbine("t", 80.0, 70.0, speeds, powers, [0.8] * 4)
