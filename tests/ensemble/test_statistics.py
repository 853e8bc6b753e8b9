"""Percentiles come with errors that are the errors that they make; ensembles stop where they are precise enough."""

import json
from pathlib import Path

import numpy as np
import pytest

import testsite_sim as ts
from tests.ensemble.small import run
from testsite_sim.chain.outputs import NAMES, is_output
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.precision import checkpoints, parse_precision
from testsite_sim.ensemble.statistics import Output, ensemble_statistics, percentile_errors
from testsite_sim.output.results import read_results


def test_the_stated_errors_of_percentiles_are_those_of_repeated_samples() -> None:
    generator = np.random.default_rng(1)
    samples = np.sort(generator.lognormal(0.0, 0.5, (2000, 400)), axis=1)
    found = np.array([percentile_errors(each, (5, 50, 95)) for each in samples])
    levels, errors = found[:, 0], found[:, 1]
    true = np.exp(0.5 * np.array([-1.6448536, 0.0, 1.6448536]))
    np.testing.assert_allclose(levels.mean(axis=0), true, rtol=0.02)
    np.testing.assert_allclose(errors.mean(axis=0), levels.std(axis=0), rtol=0.1)


def test_a_line_of_numpy_gives_the_percentiles_from_the_members_as_the_page_states(tmp_path: Path) -> None:
    # Ten members, so that another method, or member 0 among them, gives another number.
    page = Path(__file__).parents[2] / "docs/methods/ensembles.md"
    line = next(each.strip() for each in page.read_text(encoding="utf-8").splitlines() if "numpy.quantile" in each)
    summary = run(tmp_path / "run", members=10)
    results = read_results(tmp_path / "run")
    members, output = results["members"].to_dataset(), "annual_energy_production"
    values = {"numpy": np, "members": members, "output": output, "slice": slice}
    found = float(eval(line, values))
    assert found == summary[f"{output}_exceeded_in_90_percent"]["value"]
    for wrong in (line.replace("slice(1, None)", "slice(0, None)"), line.replace("inverted_cdf", "linear")):
        assert float(eval(wrong, values)) != found


def test_members_without_a_value_are_counted_and_left_out() -> None:
    values = np.arange(12.0).reshape(12, 1, 1)
    values[3] = np.nan
    outputs = [Output("rate", "1", "a rate")]
    found = ensemble_statistics(outputs, np.array([[np.nan]]), values).isel(point=0).sel(output="rate")
    known = np.delete(np.arange(12.0), 3)
    assert int(found["missing"]) == 1
    assert float(found["mean"]) == pytest.approx(known.mean())
    assert float(found["mean_error"]) == pytest.approx(known.std(ddof=1) / np.sqrt(11))
    assert float(found["percentile_value"].sel(percentile=50)) == 6.0
    assert np.isnan(float(found["central"]))


def test_a_precision_is_read_and_a_wrong_one_is_reported() -> None:
    found = parse_precision("levelised_cost_of_hydrogen 1 %", ["levelised_cost_of_hydrogen"])
    assert (found.output, found.percentile, found.width, found.relative) == (
        "levelised_cost_of_hydrogen",
        None,
        0.01,
        True,
    )
    assert parse_precision("net_present_value_p95 1e6").percentile == 95
    for text in ("levelised_cost_of_hydrogen", "x -1 %", "x 0 %", "1 %", "x 1e999"):
        with pytest.raises(ConfigurationError, match="expected an output and its precision"):
            parse_precision(text)
    with pytest.raises(ConfigurationError, match="found the percentile 42"):
        parse_precision("x_p42 1 %")
    with pytest.raises(ConfigurationError, match=r"Nearest: levelised_cost_of_energy\."):
        parse_precision("levelised_cost_of_energi 1 %", ["levelised_cost_of_energy", "wake_loss"])


def test_it_looks_at_fixed_numbers_and_last_at_the_most() -> None:
    assert list(checkpoints(200)) == [32, 64, 96, 128, 160, 200]
    assert list(checkpoints(10)) == [10]
    assert max(np.diff(list(checkpoints(100_000)))) > 10_000


@pytest.mark.usefixtures("unprinted_figures")
def test_until_stops_at_the_first_look_that_is_precise_enough(tmp_path: Path) -> None:
    lines: list[str] = []
    run(tmp_path / "run", members=70, until="levelised_cost_of_energy 4 %", say=lines.append)
    members = read_results(tmp_path / "run")["members"]["levelised_cost_of_energy"].to_numpy()[1:]
    assert members.size in (32, 64, 70)
    width = 1.96 * members.std(ddof=1) / np.sqrt(members.size) / members.mean()
    assert any(f"after {members.size} members, as expected" in line for line in lines)
    assert width <= 0.04


def test_an_output_that_no_summary_has_is_refused_before_anything_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a record was opened")

    monkeypatch.setattr("testsite_sim.chain.preparation.open_as_measured", opened)
    monkeypatch.setattr("testsite_sim.ensemble.members.open_as_measured", opened)
    case = ts.load("flanders-wind-farm/test-site")
    with pytest.raises(
        ConfigurationError, match=r"until: there is no output 'levelised_cost_of_hydrogn'\. Nearest: lev"
    ):
        case.ensemble(until="levelised_cost_of_hydrogn 1 %")
    with pytest.raises(
        ConfigurationError, match=r"ensemble\.headlines: there is no output 'wake'\. Nearest: wake_loss"
    ):
        case.changed({"ensemble": {"headlines": ["wake"]}}).ensemble(members=2)
    assert case.ensemble(until="annual_energy_p90 1 %").until is not None


@pytest.mark.parametrize(
    ("text", "output", "percentile"),
    [
        ("annual_energy_p90 1 %", "annual_energy_p90", None),  # its name ends so
        ("annual_energy_p90_p50 1 %", "annual_energy_p90", 50),
        ("wake_loss_p95 0.01", "wake_loss", 95),
        ("vessel_days_jack_up 2 %", "vessel_days_jack_up", None),
    ],
)
def test_a_precision_names_an_output_or_a_percentile_of_it(text: str, output: str, percentile: int | None) -> None:
    found = parse_precision(text)
    assert (found.output, found.percentile) == (output, percentile)


def test_an_output_that_these_members_lack_is_refused_before_a_table_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.plan.TABLE_FROM", 1)

    def table(*_: object) -> None:
        raise AssertionError("a table was made")

    monkeypatch.setattr("testsite_sim.ensemble.members.MemberRunner.table", table)
    with pytest.raises(ConfigurationError, match="until: there is no output 'battery_cycles'"):
        run(tmp_path / "run", members=40, until="battery_cycles 1 %")


def test_the_names_of_outputs_are_those_of_all_shipped_scenarios() -> None:
    frozen = Path(__file__).resolve().parents[1] / "frozen"
    known = [json.loads(path.read_text()) for path in frozen.glob("*.json") if not path.name.endswith("study.json")]
    names = {key.removeprefix("summary/") for each in known for key in each["summary"]}
    assert not [name for name in names if not is_output(name)]
    # What none of them has: a sale of oxygen, hydrogen that nothing has room for, a period that is no year.
    never = {"annual_oxygen_revenue", "hydrogen_vented", "climate_not_covered"}
    assert NAMES - names == never | {"scaling_error_energy", "scaling_error_revenue"}
