"""A series at once equals each of its hours alone, where the sweep decides for many hours what it leaves out.

Random layouts hardly ever find a wake's edge between two hours of a block, so the cases are aimed: a target stands
within a small distance of an edge of a wake in one hour of the block, the outlier of its directions. The edges are of
every width that the sweep bounds: the top hat, the disc of turbulence, the angle of Frandsen, the reach of a Gaussian,
each touched by the rotor from outside, at its hub and from within; and the rotor plane, where two turbines pass each
other in the order.
"""

import dataclasses

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.lane_mathematics import LANES

from testsite_sim.wind import MODELS, Farm, Turbine, WakeModel, simulate_farm
from testsite_sim.wind.averaging import flow_map
from testsite_sim.wind.models import DEFICITS, SUPERPOSITIONS, TURBULENCES

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines", "ignore:farm. a turbine", "ignore:blockage")
SERIES = ("wind_speed_effective", "power", "thrust_coefficient", "turbulence_intensity_effective")
# Curves without a jump, at which the last bit of a wind speed would decide.
SPEEDS = np.array([0.0, 4.0, 8.0, 12.0, 16.0, 30.0, 60.0])
POWERS = 1e6 * np.array([0.0, 0.3, 1.0, 3.0, 4.0, 4.0, 4.0])
SHAPE = np.array([0.9, 1.0, 1.0, 0.9, 0.4, 0.1, 0.05])
OF_DEFICIT = {"top-hat": "top hat", "top-hat-overlap": "top hat"}  # the edge of each model; the others are Gaussian
OF_TURBULENCE = {"crespo-hernandez": "disc", "frandsen": "frandsen", "none": "axis"}
AT_THE_HUB = ("frandsen", "axis", "anywhere")


def turbine(diameter: float = 150.0, height: float = 110.0, thrust: float = 0.8) -> Turbine:
    return Turbine("aimed", diameter, height, SPEEDS, POWERS, thrust * SHAPE)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile every part before cases are drawn, which simulates: hypothesis takes a compiler for a slow strategy."""
    weather = inflow(9.0, [270.0], 0.08)
    simulate_farm(Farm([0.0], [0.0], turbine()), weather, blockage="self-similar-2017")
    for deficit in sorted(set(DEFICITS) - {"none"}):
        for turbulence in TURBULENCES:
            simulate_farm(Farm([0.0], [0.0], turbine()), weather, WakeModel("own", deficit, turbulence=turbulence))


@st.composite
def models(draw) -> WakeModel:
    if draw(st.booleans()):
        return MODELS[draw(st.sampled_from(sorted(set(MODELS) - {"none"})))]
    deficit = draw(st.sampled_from(sorted(set(DEFICITS) - {"none"})))
    return WakeModel(
        "own parts",
        deficit,
        draw(st.sampled_from(sorted(SUPERPOSITIONS))),
        draw(st.sampled_from(sorted(TURBULENCES))),
        refers_to_source=draw(st.booleans()),
        expansion_rate=draw(st.sampled_from([0.004, 0.04, 0.08])),
        expansion_rate_per_intensity=draw(st.sampled_from([0.0, 0.38])),
        width_factor=draw(st.sampled_from([0.2, 0.25, 0.35])),
        mirrors=draw(st.booleans()) if DEFICITS[deficit].may_mirror else False,
    )


def half_width(model: WakeModel, x: float, diameter: float, thrust: float, intensity: float, ambient: float) -> float:
    """Return the width σ of a wake [m], by the formulas of the papers."""
    slope = model.expansion_rate_per_intensity * intensity + model.expansion_rate
    root = np.sqrt(1.0 - min(model.largest_thrust, thrust))
    start = model.width_factor * diameter * (1.0 if model.width_is_fixed else np.sqrt(0.5 + 0.5 / root))
    if model.deficit != "turbopark":
        return start + slope * x

    def integral(u: float) -> float:
        return np.sqrt(1.0 + u * u) - np.log((np.sqrt(1.0 + u * u) + 1.0) / u)

    growth = 0.8 * ambient / (np.sqrt(thrust) * diameter)
    return start + 0.04 * ambient / growth * (integral(1.5 * ambient + growth * x) - integral(1.5 * ambient))


def edge_of(
    edge: str,
    model: WakeModel,
    x: float,
    diameter: float,
    thrust: float,
    intensity: float,
    ambient: float,
    generator: np.random.Generator,
) -> float:
    """Return how far off its axis the edge of a wake lies [m], x downstream of its rotor."""
    slope = model.expansion_rate_per_intensity * intensity + model.expansion_rate
    width = half_width(model, x, diameter, thrust, intensity, ambient)
    if edge == "top hat":
        return 0.5 * diameter + slope * x
    if edge == "disc":
        return 2.0 * half_width(
            dataclasses.replace(model, deficit="gaussian", mirrors=False), x, diameter, thrust, intensity, ambient
        )
    if edge == "frandsen":
        return x * np.tan(0.5 * np.arctan(diameter / x) + np.radians(5.0))
    if edge == "gaussian":
        return width * generator.uniform(6.0, 7.6)
    return 0.0 if edge == "axis" else diameter * generator.uniform(0.0, 3.5)


@dataclasses.dataclass
class Case:
    """Sources and a target, their winds over (time, turbine), and the hour in which the target is at the edge."""

    x: np.ndarray
    y: np.ndarray
    types: list[Turbine]
    winds: xr.Dataset
    model: WakeModel
    hour: int
    generator: np.random.Generator
    edge: str


@st.composite
def aimed_cases(draw, probe: Turbine | None = None) -> Case:
    model, sharp = draw(models()), draw(st.booleans())
    if sharp:  # what a bound without its cosine misses: some centimetres of a top hat, far off the middle of the block
        deficit = draw(st.sampled_from(["top-hat", "top-hat", "top-hat-overlap"]))
        model = dataclasses.replace(model, deficit=deficit, expansion_rate_per_intensity=0.0, mirrors=False)
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    of_model = (OF_DEFICIT.get(model.deficit, "gaussian"), OF_TURBULENCE[model.turbulence])
    edge = draw(st.sampled_from([*of_model, *of_model, "axis", "anywhere"]))
    edge = of_model[0] if sharp else edge
    at_hub = edge in AT_THE_HUB or (edge == of_model[0] and "overlap" not in model.deficit)
    touches = 0.0 if at_hub else draw(st.sampled_from([-1.0, 1.0]))
    epsilon = draw(st.sampled_from([-1.0, -1.0, -1.0, 1.0])) * 10.0 ** generator.uniform(-4.0, 0.5)
    crowd = draw(
        st.sampled_from([1, 2, 3, 7, 12, LANES - 1])
    )  # hours at the other end of the block: they fill it, or not
    half = 1.499 if sharp else draw(st.sampled_from([1.499, 1.499, 1.0, 0.1]))
    epsilon = -(10.0 ** generator.uniform(-3.0, -1.0)) if sharp else epsilon
    own_winds = "none" if sharp else draw(st.sampled_from(["none", "none", "little", "much"]))
    sources = 1 if sharp else draw(st.integers(1, 3))
    sizes = [turbine(), turbine(90.0, 80.0, 0.6), turbine(240.0, 150.0, 0.9), turbine(150.0, 110.0, 0.3)]
    mixed = not sharp and draw(st.booleans())
    types = [sizes[generator.integers(4) if mixed else 0] for _ in range(sources + 1)]
    if probe is not None:
        types[-1] = probe

    side = 1.0 if sharp else generator.choice([-1.0, 1.0])  # the last direction fills a block up
    offsets = np.concatenate([[-half], np.full(crowd, half)]) * side
    if not sharp and draw(st.booleans()):
        offsets[1:] = np.linspace(-half, half, crowd + 1)[1:] * side
    hour = int(generator.integers(offsets.size))
    offsets[[0, hour]] = offsets[[hour, 0]]
    hours, columns = offsets.size, sources + 1
    direction = np.broadcast_to((generator.uniform(0.0, 360.0) + offsets)[:, None], (hours, columns)).copy()
    speed = np.broadcast_to(generator.uniform(6.0, 14.0, (hours, 1)), (hours, columns)).copy()
    intensity = np.broadcast_to(generator.uniform(0.03, 0.2, (hours, 1)), (hours, columns)).copy()
    if own_winds != "none":
        most = 0.4 if own_winds == "little" else 30.0
        direction += generator.uniform(-most, most, columns) + generator.uniform(-0.1, 0.1, (hours, columns))
        speed *= generator.uniform(0.8, 1.2, (hours, columns))
        intensity *= generator.uniform(0.7, 1.3, (hours, columns))
    variables = {"wind_speed": speed, "wind_direction": direction % 360.0, "turbulence_intensity": intensity}
    if draw(st.booleans()):
        variables["air_density"] = np.broadcast_to(generator.uniform(1.1, 1.3, (hours, 1)), (hours, columns))
    winds = xr.Dataset({name: (("time", "turbine"), values) for name, values in variables.items()})
    if own_winds == "none":
        winds = winds.isel(turbine=0)

    # The sources stand in the wind of the first one; then what they do in the aimed hour says where the edges are.
    heading = np.radians(270.0 - direction[hour])
    along = np.stack([np.cos(heading), np.sin(heading)], axis=1)
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1)
    places = np.zeros((columns, 2))
    for k in range(1, sources):
        places[k] = places[k - 1] + generator.uniform(300.0, 1500.0) * along[0]
        places[k] += generator.uniform(-120.0, 120.0) * aside[0]
    alone = simulate_farm(Farm(*places[:-1].T, types[:-1]), _of(winds, slice(0, sources)).isel(time=[hour]), model)
    i = int(generator.integers(sources))
    diameter = types[i].rotor_diameter
    x = diameter * 10.0 ** generator.uniform(*draw(st.sampled_from([(-3.0, 0.0), (0.0, 1.0), (0.5, 1.8)])))
    if edge == "anywhere":
        x = generator.choice([-1.0, 1.0]) * 10.0 ** generator.uniform(-3.0, 1.5)
    thrust = float(alone["thrust_coefficient"][0, i])
    ambient, effective = intensity[hour, i], float(alone["turbulence_intensity_effective"][0, i])
    off = edge_of(edge, model, x, diameter, thrust, effective, ambient, generator) if x > 0.0 else diameter * 0.9
    up = types[-1].hub_height - types[i].hub_height
    apart = off + touches * 0.5 * types[-1].rotor_diameter + epsilon  # between the axis and the hub
    across = np.sqrt(max(apart * apart - up * up, 0.0)) if apart > 0.0 else 0.0
    places[-1] = places[i] + x * along[i] + generator.choice([-1.0, 1.0]) * across * aside[i]
    return Case(*places.T, types, winds, model, hour, generator, edge)


def _of(winds: xr.Dataset, columns: slice) -> xr.Dataset:
    return winds.isel(turbine=columns) if "turbine" in winds.dims else winds


def assert_equal_hours(together: xr.Dataset, alone: xr.Dataset, hour: int) -> None:
    for name in SERIES:
        found, expected = together[name].to_numpy()[hour], alone[name].to_numpy()[0]
        scale = {"wind_speed_effective": 1.0, "power": POWERS.max()}.get(name, 0.0)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


@settings(deadline=None, max_examples=200)
@given(aimed_cases(), st.sampled_from(["none", "none", "none", "self-similar-2017"]), st.booleans(), st.booleans())
def test_a_series_aimed_at_the_edges_of_wakes_equals_its_hours(
    case: Case, blockage: str, split: bool, limited: bool
) -> None:
    winds, count, hours = case.winds, case.x.size, case.winds.sizes["time"]
    if split:  # the sources belong to other farms
        farm = Farm(case.x[-1:], case.y[-1:], case.types[-1:])
        others = {"neighbours": Farm(case.x[:-1], case.y[:-1], case.types[:-1])}
    else:
        farm, others = Farm(case.x, case.y, case.types), {}
    own = _of(winds, slice(count - 1, count)) if split else winds
    if limited:
        number = len(farm.turbines)
        limit = case.generator.choice([0.0, 0.4e6, 5e6], (hours, number))
        own = own.assign(power_limit=(("time", "turbine"), limit))

    def simulate(times: slice | list[int]) -> xr.Dataset:
        more = dict(others)
        if split and "turbine" in winds.dims:
            more["neighbour_inflow"] = winds.isel(turbine=slice(0, count - 1), time=times)
        return simulate_farm(farm, own.isel(time=times), case.model, 1, blockage=blockage, **more)

    together = simulate(slice(None))
    for hour in {case.hour, 0, hours - 1, int(case.generator.integers(hours))}:
        assert_equal_hours(together, simulate([hour]), hour)


@settings(deadline=None, max_examples=80)
@given(aimed_cases(Turbine("point", 1.0, 110.0, [0.0, 100.0], [0.0, 0.0], [0.0, 0.0])))
def test_a_map_aimed_at_the_edges_of_wakes_equals_its_hours(case: Case) -> None:
    farm = Farm(case.x[:-1], case.y[:-1], case.types[:-1])
    winds = case.winds.isel(turbine=0) if "turbine" in case.winds.dims else case.winds
    x, y = case.x[-1:], case.y[-1:]
    together = flow_map(farm, winds, x, y, 110.0, case.model)["wind_speed"].to_numpy()
    for hour in {case.hour, 0, winds.sizes["time"] - 1}:
        alone = flow_map(farm, winds.isel(time=[hour]), x, y, 110.0, case.model)["wind_speed"].to_numpy()
        np.testing.assert_allclose(together[hour], alone[0], rtol=1e-9, atol=1e-9)


def inflow(speed: float, directions: list[float], intensity: float = 0.08) -> xr.Dataset:
    return xr.Dataset(
        {
            "wind_speed": ("time", np.full(len(directions), speed)),
            "wind_direction": ("time", np.array(directions)),
            "turbulence_intensity": intensity,
        }
    )


def constant(thrust: float) -> Turbine:
    return Turbine("constant", 150.0, 110.0, [0.0, 40.0], [1e6, 1e6], [thrust, thrust])


def test_a_turbine_just_within_a_top_hat_in_the_outlier_of_a_block_stands_in_the_wake() -> None:
    farm = Farm([0.0, 600.0], [0.0, 98.95], constant(0.8))
    found = simulate_farm(farm, inflow(10.0, [270.0, 272.99, 272.99]), "noj_noavg")["wind_speed_effective"]
    # 10 (1 - 2 a(0.8) (75 / 99)²), Madsen's a(0.8) = 0.27951...
    induction = 0.8 * (0.2460 + 0.8 * (0.0586 + 0.8 * 0.0883))
    assert 98.95 < 75.0 + 0.04 * 600.0
    np.testing.assert_allclose(
        found[:, 1], [10.0 * (1.0 - 2.0 * induction * (75.0 / 99.0) ** 2), 10.0, 10.0], rtol=1e-9
    )


@pytest.mark.parametrize("deficit", sorted(set(DEFICITS) - {"none"}))
def test_the_disc_of_turbulence_is_as_wide_as_the_effective_turbulence_makes_it(deficit: str) -> None:
    model = WakeModel(
        "own", deficit, "linear", "crespo-hernandez", expansion_rate=0.004, expansion_rate_per_intensity=0.38
    )
    farm, weather = Farm([0.0, 600.0, 1800.0], [0.0, 0.0, 190.0], constant(0.8)), inflow(10.0, [270.0], 0.03)
    found = simulate_farm(farm, weather, model).isel(time=0)["turbulence_intensity_effective"]
    slope = 0.38 * float(found[1]) + 0.004
    width = slope * 1200.0 + 0.2 * 150.0 * np.sqrt(0.5 + 0.5 / np.sqrt(0.2))
    apart, wake, rotor = 190.0, 2.0 * width, 75.0
    p = 0.5 * (apart + (wake**2 - rotor**2) / apart)
    q = apart - p
    h = np.sqrt(wake**2 - p**2)
    overlap = wake**2 * np.arctan2(h, p) + rotor**2 * np.arctan2(h, q) - h * apart
    induction = 0.5 * (1.0 - np.sqrt(0.2))
    if deficit in ("gaussian", "gaussian-madsen-overlap"):
        induction = 0.8 * (0.2460 + 0.8 * (0.0586 + 0.8 * 0.0883))
    added = 0.73 * induction**0.8325 * 0.03**-0.0325 * 8.0**-0.32 * overlap / (np.pi * rotor**2)
    assert float(found[2]) == pytest.approx(np.hypot(0.03, added), rel=1e-9)


def test_a_rotor_wholly_in_the_top_hat_may_reach_beyond_the_disc_of_turbulence() -> None:
    model = WakeModel("own", "top-hat-overlap", "squared", "crespo-hernandez", expansion_rate=0.04)
    farm = Farm([0.0, 100.0], [0.0, 0.0], constant(0.3))
    for hours in (1, LANES):
        found = simulate_farm(farm, inflow(10.0, [270.0] * hours), model)["turbulence_intensity_effective"]
        share = (2.0 * (4.0 + 30.0 * np.sqrt(0.5 + 0.5 / np.sqrt(0.7))) / 75.0) ** 2
        added = 0.73 * (0.5 - 0.5 * np.sqrt(0.7)) ** 0.8325 * 0.08**-0.0325 * (100.0 / 150.0) ** -0.32 * share
        np.testing.assert_allclose(found[:, 1], np.hypot(0.08, added), rtol=1e-9)


@pytest.mark.parametrize("model", sorted(set(MODELS) - {"none"}))
def test_a_point_that_passes_a_rotor_within_a_block_sees_its_wake_in_the_hours_downstream(model: str) -> None:
    farm, weather = Farm([0.0], [0.0], constant(0.8)), inflow(9.0, [270.0, *[272.9] * 12])
    found = flow_map(farm, weather, [0.5], [20.0], 110.0, model)["wind_speed"].to_numpy().ravel()
    assert found[0] < 6.0
    assert (found[1:] == 9.0).all()  # half a metre downstream turned by 2.9 degrees: 0.5 m upstream


@pytest.mark.parametrize("size", [0.5, 1.0, 3.0, 10.0, 100.0, 1e4])
def test_the_line_above_the_wake_of_frandsen_is_above_it(size: float) -> None:
    x = size * np.linspace(1e-3, 1.0, 2001)  # in radii
    assert np.all(x * np.tan(0.5 * np.arctan(2.0 / x) + np.radians(5.0)) < 1.04 + 0.09 * x)


@pytest.mark.parametrize("model", sorted(set(MODELS) - {"none"}))
def test_turbines_that_pass_each_other_within_a_block_keep_the_order_of_each_hour(model: str) -> None:
    """Three across the wind within reach of each other, and directions that turn about the line through them."""
    farm = Farm([0.0, 0.4, -0.3], [0.0, 170.0, 340.0], constant(0.8))
    directions = [float(d) for d in np.linspace(268.6, 271.4, 20)]
    together = simulate_farm(farm, inflow(9.0, directions), model)
    for hour in range(20):
        assert_equal_hours(together, simulate_farm(farm, inflow(9.0, directions[hour : hour + 1]), model), hour)
