"""Sweeps run every combination with the same members; sensitivity finds what matters."""

from pathlib import Path

import numpy as np
import pytest

from tests.ensemble.small import SHORT, run, scenario
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.ensemble.sensitivity import analyse, factors_of, plan_sensitivity
from testsite_sim.ensemble.statistics import Output
from testsite_sim.ensemble.sweep import parse_sweep
from testsite_sim.output.results import read_results

pytestmark = pytest.mark.usefixtures("unprinted_in_module")
CAPACITY = "plant.electrolysers.0.capacity"


def test_a_sweep_is_every_combination_in_order() -> None:
    points = parse_sweep([f"{CAPACITY}=5 MW, 10 MW", "economics.discount_rate=0.05,0.06,0.07"])
    assert len(points) == 6
    assert points[1] == {CAPACITY: "5 MW", "economics.discount_rate": "0.06"}
    for texts, wrong in (
        (["a"], "expected `a.b=VALUE,VALUE`"),
        (["a="], "expected"),
        (["a=1,1"], "a value stands twice"),
        (["a=1", "a=2"], "the key 'a' stands twice"),
        ([f"{k}=1,2" for k in range(14)], "16,384 combinations"),
    ):
        with pytest.raises(ConfigurationError, match=wrong):
            parse_sweep(texts)


def test_points_of_a_sweep_share_the_draws_and_do_not_vary_what_is_swept(tmp_path: Path) -> None:
    points = parse_sweep(["economics.discount_rate=0.05,0.07"])
    sweep = [(point, scenario(*(f"{key}={value}" for key, value in point.items()))) for point in points]
    plan = plan_members(scenario(), members=3, sweep=sweep)
    assert "economics.discount_rate" not in {each.path for each in plan.assumptions}
    run(tmp_path / "run", plan=plan)
    results = read_results(tmp_path / "run")
    members = results["members"].to_dataset()
    assert members["annual_energy_production"].dims == ("member", "point")
    energy = members["annual_energy_production"].to_numpy()
    np.testing.assert_array_equal(energy[:, 0], energy[:, 1])
    cost = members["levelised_cost_of_energy"].to_numpy()
    assert (cost[:, 1] > cost[:, 0]).all()
    assert (tmp_path / "run" / "figures" / "sweep.svg").is_file()


def test_a_sweep_alone_runs_the_scenario_at_each_point(tmp_path: Path) -> None:
    options = [each for key in SHORT for each in ("--set", key)]
    main(
        [
            "run",
            "flanders-wind-farm/test-site",
            *options,
            "--sweep",
            f"{CAPACITY}=5 MW,20 MW",
            "-o",
            str(tmp_path / "run"),
        ]
    )
    hours = read_results(tmp_path / "run")["members"]["electrolyser_full_load_hours"].to_numpy()
    assert hours.shape == (1, 2)
    assert hours[0, 0] > hours[0, 1]


def test_sobol_finds_the_shares_of_a_sum_of_known_variances() -> None:
    plan = plan_sensitivity(scenario("ensemble.vary=[economics.*]", "dispatch.strategy=rolling-horizon"), "sobol", 256)
    assert plan.design is not None
    factors = factors_of(plan)
    assert factors[-2:] == ["weather year", "failures and forecasts"]
    weights = np.arange(len(factors), dtype=float)
    output = (plan.design.unit * weights).sum(axis=1, keepdims=True)
    found = analyse(plan, [Output("sum", "1", "")], output).sel(output="sum")
    shares = weights**2 / (weights**2).sum()
    np.testing.assert_allclose(found["sobol_total"], shares, atol=0.03)
    np.testing.assert_allclose(found["sobol_first"], shares, atol=0.06)


def test_morris_finds_the_slopes_of_a_sum_in_the_units_of_the_output() -> None:
    plan = plan_sensitivity(scenario("ensemble.vary=[economics.*]"), "morris", 6)
    assert plan.design is not None
    slopes = 1.0 + np.arange(len(factors_of(plan)))
    output = (plan.design.unit * slopes).sum(axis=1, keepdims=True)
    found = analyse(plan, [Output("sum", "EUR", "")], output).sel(output="sum")
    np.testing.assert_allclose(found["morris_mean"], slopes, rtol=1e-9)
    np.testing.assert_allclose(found["morris_spread"], 0.0, atol=1e-9)


def test_a_sensitivity_analysis_of_the_chain_writes_its_figure(tmp_path: Path) -> None:
    plan = plan_sensitivity(scenario("ensemble.vary=[economics.discount_rate, economics.lifetime]"), "morris", 3)
    summary = run(tmp_path / "run", plan=plan)
    for name in factors_of(plan)[:2]:
        assert summary[f"levelised_cost_of_energy of {name}"]["value"] > 0.0, name
    assert (tmp_path / "run" / "figures" / "sensitivity.svg").is_file()
    assert not any(name.startswith("annual_energy_production of") for name in summary)  # it does not depend on either


def test_wrong_options_are_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="expected a power of two"):
        plan_sensitivity(scenario(), "sobol", 100)
    with pytest.raises(ConfigurationError, match="nothing varies"):
        plan_sensitivity(
            scenario("ensemble={weather: {kind: record}, vary: []}", "plant=null", "dispatch=null"), "morris"
        )
    for options, wrong in (
        (["--sensitivity", "sobol", "--members", "4"], "do not go together"),
        (["--samples", "4", "--members", "4"], "--samples is for --sensitivity"),
        (["--resume"], "--resume is for an ensemble"),
        (["--members", "4", "--until", "x 1 %"], "there is no output 'x'"),
        (["--members", "4", "--set", "ensemble.keep_series=[plant/pover]"], "has no series 'plant/pover'"),
        (["--members", "4", "--set", "ensemble.headlines=[x]"], "there is no output 'x'"),
        (["--members", "4", "--until", "x 1 %", "--set", "ensemble.sampling=latin-hypercube"], "take sobol"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(
                [
                    "run",
                    "flanders-wind-farm/test-site",
                    *options,
                    "-o",
                    str(tmp_path / "x"),
                    *[each for key in SHORT for each in ("--set", key)],
                    "--force",
                ]
            )
        assert caught.value.code == 2
        error = capsys.readouterr().err.strip().splitlines()
        assert wrong in error[-1]
        assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("flow", ["table", "null"])
def test_a_farm_that_is_drawn_has_no_table(flow: str) -> None:
    """The fault: members were exact, and the results spoke of a table."""
    spread = "{title: s, source: s, curve_turbulence: {value: 0.1, source: s, range: [0.05, 0.15]}}"
    drawn = scenario(
        f"wind.curve_averaging={spread}", "ensemble.vary=[wind.curve_averaging.*]", f"ensemble.flow={flow}"
    )
    if flow == "table":
        with pytest.raises(ConfigurationError, match="curve_turbulence is drawn"):
            plan_members(drawn, members=2)
    else:
        assert not plan_members(drawn, members=2).reads_table(0)
    held = scenario("ensemble.vary=[economics.discount_rate]", "ensemble.flow=table")
    assert plan_members(held, members=2).reads_table(0)


def test_only_the_point_of_a_sweep_whose_farm_is_drawn_runs_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.plan.TABLE_FROM", 1)
    spread = "{title: s, source: s, curve_turbulence: {value: 0.1, source: s, range: [0.05, 0.15]}}"
    vary = "ensemble.vary=[wind.curve_averaging.*]"
    drawn = scenario(f"wind.curve_averaging={spread}", vary)
    plan = plan_members(drawn, members=1, sweep=[({"point": "0"}, drawn), ({"point": "1"}, scenario())])
    assert [plan.reads_table(point) for point in range(2)] == [False, True]
    run(tmp_path / "run", plan=plan)
    statistics = read_results(tmp_path / "run")["statistics"].to_dataset().sel(output="energy_production")
    tabled, exact = statistics["central_by_table"].to_numpy(), statistics["central"].to_numpy()
    assert np.isnan(tabled[0])
    assert tabled[1] == pytest.approx(exact[1], rel=0.01)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "read from a table of the wind farm at 1 of 2 points, exact at the others" in page


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("[a, b],[c]", ["[a, b]", "[c]"]),
        ("a,[{extends: b, capacity: 5 t}, c],d", ["a", "[{extends: b, capacity: 5 t}, c]", "d"]),
        ('"one, two",three', ['"one, two"', "three"]),
        ("l'Escaut,Schelde", ["l'Escaut", "Schelde"]),
    ],
)
def test_commas_within_a_value_do_not_part_it(written: str, values: list[str]) -> None:
    assert [point["plant.store"] for point in parse_sweep([f"plant.store={written}"])] == values
