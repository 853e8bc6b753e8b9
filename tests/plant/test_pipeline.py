"""A pipeline between a plant and its user: the general flow equation, what it holds, its compressor, in dispatch."""

import math

import numpy as np
import pytest

from tests.plant.halle import electrolyser, traded
from tests.plant.plants import changed
from tests.plant.random_plants import tank
from tests.reference import hydrogen_delivery as reference
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.storage import HydrogenPipeline
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import carry_out, reduced_plant
from testsite_sim.plant.compression import compression_work
from testsite_sim.plant.delivery import VISCOSITY, kernel_pipeline, largest_flow, pipeline_cost
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.properties import hydrogen_density

HYDROGEN = 2.01588e-3  # [kg/mol]
DAY = 86400.0


def line(**changes) -> HydrogenPipeline:
    return changed(load_component("hydrogen-pipeline", "offshore-45km", HydrogenPipeline), changes)


def demand(rate: str) -> dict:
    return {"title": "x", "source": "x", "rate": rate, "hourly_share": [1 / 24] * 24}


def plant(rate: str = "2000 kg/day", **parts) -> PlantConfiguration:
    made = {"electrolysers": (electrolyser("pem-10mw"),), "demand": demand(rate), "pipeline": line(), **parts}
    return PlantConfiguration.model_validate(made)


def run(built: PlantConfiguration, wind, name: str = "self-consumption", **settings):
    grid = Grid.model_validate({"import_limit": "0 kW", "export_limit": "50 MW"})
    trade = traded(built, wind, price=50.0 / 3.6e9, grid=grid)
    return carry_out(strategy(name, **settings), trade).result


def test_the_largest_flow_is_that_of_the_general_flow_equation_as_published_in_its_customary_units() -> None:
    # Menon (2005), Gas Pipeline Hydraulics, eq. 2.4: Q = 1.1494e-3 (Tb/Pb) sqrt((P1^2 - P2^2) / (G Tf L Z f)) D^2.5
    # in m3/day at the base state, kPa, kelvin, km and mm; G is the gravity against air.
    stated, pipe = line(), kernel_pipeline(line())
    gravity, base = HYDROGEN / 28.9647e-3, (288.15, 101.325)
    p1, p2, length, diameter = 10e3, 3e3, 45.0, 150.0
    mean = 2.0 / 3.0 * (p1 + p2 - p1 * p2 / (p1 + p2))
    z = mean * 1e3 / (float(hydrogen_density(mean * 1e3, 283.15)) * 8.314462618 / HYDROGEN * 283.15)
    friction, flow = 0.012, 1.0
    for _ in range(50):  # Colebrook at the flow
        reynolds = 4.0 * flow / (math.pi * 0.15 * VISCOSITY)
        friction = (-2.0 * math.log10(0.02 / (3.7 * 150.0) + 2.51 / (reynolds * math.sqrt(friction)))) ** -2
        volume = (
            1.1494e-3
            * base[0]
            / base[1]
            * math.sqrt((p1**2 - p2**2) / (gravity * 283.15 * length * z * friction))
            * diameter**2.5
        )
        flow = volume * base[1] * 1e3 * HYDROGEN / (8.314462618 * base[0]) / DAY
    assert largest_flow(pipe) == pytest.approx(flow, rel=0.015)
    exact = reference.steady_flow(100e5, 30e5, 45e3, 0.15, 0.02e-3, 283.15, VISCOSITY)
    assert largest_flow(pipe) == pytest.approx(exact, rel=0.015)
    assert float(stated.length) == 45e3


def test_a_line_carries_what_friction_lets_through_and_no_more() -> None:
    narrow = line(diameter="20 mm")
    most = largest_flow(kernel_pipeline(narrow))
    assert 0.0 < most < 2000.0 / DAY
    result = run(plant(pipeline=narrow, store=tank()), np.full(400, 9e6))
    assert float(result["hydrogen_delivered"][-1]) == pytest.approx(most, rel=0.02)
    assert float(result["hydrogen_unmet"][-1]) == pytest.approx(2000.0 / DAY - most, rel=0.1)
    assert float(result["hydrogen_produced"][-1]) < float(result["hydrogen_produced"][0])  # there is no room for more


def test_what_the_line_holds_serves_the_demand_through_a_calm_without_a_store() -> None:
    wind = np.where(np.arange(96) < 48, 8e6, 0.0)
    with_line, without = run(plant(), wind), run(plant(pipeline=None), wind)
    pipe = kernel_pipeline(line())
    calm = slice(48, None)
    assert float(without["hydrogen_delivered"][calm].sum()) == 0.0
    content = with_line["hydrogen_in_pipeline"]
    given = float(with_line["hydrogen_delivered"][calm].sum()) * 3600.0
    assert given == pytest.approx(float(content[47] - content[-1]), rel=1e-9)
    assert given > 0.5 * min(2000.0 * 2.0, pipe.capacity - pipe.minimum)
    assert with_line.attrs["hydrogen_balance_residual"] < 1e-12
    assert with_line.attrs["energy_balance_residual"] < 1e-12


def test_a_line_without_a_store_follows_a_plain_reference_step_by_step() -> None:
    wind = 9e6 * np.abs(np.sin(np.arange(60) / 7.0)) * (np.arange(60) % 20 < 14)
    narrow = line(diameter="40 mm", length="10 km")
    result = run(plant("1200 kg/day", pipeline=narrow), wind)
    plain = reference.Line(narrow, kernel_pipeline(narrow).conductance)
    scale = float(result["hydrogen_to_pipeline"].max())
    for t in range(60):
        entering, leaving = plain.step(float(result["hydrogen_produced"][t]), 1200.0 / DAY, 3600.0)
        assert float(result["hydrogen_to_pipeline"][t]) == pytest.approx(entering, abs=2e-4 * scale), t
        assert float(result["hydrogen_delivered"][t]) == pytest.approx(leaving, abs=2e-4 * scale), t
        assert float(result["hydrogen_in_pipeline"][t]) == pytest.approx(plain.mass, rel=1e-4), t
    assert float(result["hydrogen_unmet"].max()) > 0.0
    assert float(result["power_electrolysers"].min()) < 0.5 * float(result["power_electrolysers"].max())


def test_the_compressor_lifts_what_enters_to_the_pressure_that_friction_asks_for() -> None:
    result, stated = run(plant(), np.full(72, 8e6)), line()
    machine, pipe = stated.compressor, kernel_pipeline(line())
    for t in (5, 30, 71):
        p, flow = float(result["pipeline_pressure"][t]), float(result["hydrogen_to_pipeline"][t])
        z = p / (float(hydrogen_density(p, 283.15)) * 8.314462618 / HYDROGEN * 283.15)
        inlet = math.sqrt(p * p + z * (flow / pipe.conductance) ** 2)
        work = compression_work(30e5, inlet, stages=2, inlet_temperature=298.15, isentropic_efficiency=0.7)["work"]
        expected = flow * float(work[0]) / float(machine.drive_efficiency)
        assert float(result["power_pipeline"][t]) == pytest.approx(expected, rel=2e-3, abs=1.0)
    assert float(result["power_pipeline"].max()) > 0.0


def test_a_line_without_power_takes_nothing_from_the_store() -> None:
    wind = np.where(np.arange(60) < 12, 9e6, 0.0)
    result = run(plant(store=tank(), pipeline=line(length="1 km")), wind)
    assert float(result["power_missing"].max()) == 0.0
    assert float(result["hydrogen_to_pipeline"][12:].max()) == 0.0


def test_the_store_keeps_the_line_at_what_carries_the_demand() -> None:
    wind = np.full(200, 3e5)  # too little for the demand, enough for the compressor
    large = tank().model_copy(update={"capacity": 20e3})
    result = run(plant("1000 kg/day", store=large), wind)
    assert float(result["hydrogen_unmet"].sum()) == 0.0
    content = result["hydrogen_in_pipeline"].to_numpy()
    assert content[-1] == pytest.approx(content[-2], rel=1e-9)  # it has come to rest above the least content
    assert content[-1] > kernel_pipeline(line()).minimum
    assert float(result["hydrogen_stored"][-1]) < float(result["hydrogen_stored"][0])


def test_optimisers_count_what_the_line_holds_and_state_the_gap_of_their_plan() -> None:
    grid, pipe = Grid.model_validate({"export_limit": "50 MW"}), kernel_pipeline(line())
    reduced = reduced_plant(plant(store=tank()), grid, Margins())
    assert reduced.tank_capacity == pytest.approx(60.0 + pipe.capacity, rel=1e-12)
    assert reduced.tank_minimum == pytest.approx(3.0 + pipe.minimum, rel=1e-12)
    wind = 9e6 * np.abs(np.sin(np.arange(72) / 9.0))
    for name in ("perfect-foresight", "rolling-horizon"):
        result = run(plant(), wind, name)
        assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert "plan_gap" in run(plant(), wind, "perfect-foresight").attrs


def test_costs_of_the_line_go_by_its_length_and_those_of_its_compressor_by_its_power() -> None:
    (capital, operating), (compressor, _) = pipeline_cost(line())
    assert capital == pytest.approx(45e3 * 460.0)
    assert operating == pytest.approx(0.01 * capital)
    assert pipeline_cost(line(length="90 km"))[0][0] == pytest.approx(2.0 * capital)
    assert compressor > 0.0


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"demand": None}, "`pipeline` brings hydrogen to a `demand`, and there is none"),
        ({"electrolysers": ()}, "wants a source of hydrogen"),
    ],
)
def test_a_pipeline_without_a_source_or_a_user_is_refused(parts, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        plant(**parts)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"compressor": None}, "lies above the 30 bar that the supply reaches"),
        ({"maximum_pressure": "150 bar"}, "lies above the 100 bar that the compressor reaches"),
        ({"supply_pressure": "5 bar"}, "lies below minimum_suction_pressure"),
    ],
)
def test_a_pressure_that_is_not_reached_is_refused(changes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        line(**changes)
