"""Percentiles come with errors that are the errors that they make; ensembles stop where they are precise enough."""

from pathlib import Path

import numpy as np
import pytest

from tests.ensemble.small import run
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
