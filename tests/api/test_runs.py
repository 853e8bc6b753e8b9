"""What has run: its summary, results and figures, saved, opened, compared and pickled."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from tests.api.short import NAME, SHORT
from testsite_sim.cli import main


def test_a_run_in_memory_has_a_summary_with_units_results_and_figures(run: ts.Run) -> None:
    assert run.directory is None
    energy = run.summary["energy_production"]
    assert energy.value > 0.0
    assert energy.units == "GWh"
    assert energy.description
    assert run.results["wind"]["power"].attrs["units"] == "W"
    assert run.results["wind"]["power"].sizes["time"] == 72
    assert "dispatch-week" in run.figures
    assert run.figure("dispatch-week").axes
    assert repr(run).startswith("<Run of ")
    assert "energy_production" in repr(run.summary)
    assert "<td>energy_production</td>" in run._repr_html_()


def test_an_unknown_figure_or_name_is_refused_with_the_nearest(run: ts.Run) -> None:
    with pytest.raises(ts.ConfigurationError, match=r"there is no figure 'dispatch-weak'\. Nearest: dispatch-week"):
        run.figure("dispatch-weak")
    with pytest.raises(KeyError) as caught:
        _ = run.summary["energy_produced"]
    assert str(caught.value).startswith("the summary has no figure 'energy_produced'. Nearest: ")
    assert run.summary.get("energy_produced") is None


@pytest.mark.usefixtures("unprinted_figures")
def test_a_saved_run_is_what_the_command_line_writes_and_opens_to_the_same(run: ts.Run, tmp_path: Path) -> None:
    saved = ts.load(NAME, SHORT).run(tmp_path / "one")
    run.save(tmp_path / "two")
    sets = [f"--set={key}={'null' if value is None else value}" for key, value in SHORT.items()]
    main(["run", NAME, "-o", str(tmp_path / "three"), *sets])
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) >= 19
    for file in files:
        if file.name != "run.json":
            expected = (tmp_path / "three" / file).read_bytes()
            assert (tmp_path / "one" / file).read_bytes() == expected, file
            assert (tmp_path / "two" / file).read_bytes() == expected, file
    opened = ts.open_run(tmp_path / "one")
    assert opened.summary == saved.summary
    assert opened.title == saved.title
    assert opened.scenario == saved.scenario
    assert opened.figures == saved.figures
    xr.testing.assert_allclose(opened.results["plant"].to_dataset(), saved.results["plant"].to_dataset())
    copied = opened.save(tmp_path / "four")
    assert {path.name for path in copied.iterdir()} == {path.name for path in (tmp_path / "one").iterdir()}
    with pytest.raises(ts.ConfigurationError, match="exists already"):
        run.save(tmp_path / "two")
    run.save(tmp_path / "two", force=True)


def test_two_runs_are_compared_with_their_differences(run: ts.Run) -> None:
    other = ts.load(NAME, {**SHORT, "operations.availability": 0.5}).run()
    table = ts.compare(run, other)
    row = table.loc["energy_production"]
    assert row["difference"] == row.iloc[1] - row.iloc[0] < 0.0
    assert row["relative difference"] == pytest.approx(row["difference"] / row.iloc[0])
    assert -0.5 < row["relative difference"] < -0.4
    assert row["units"] == "GWh"
    assert list(ts.compare(other, other, other).columns) == [*(f"{other.title} ({k})" for k in (1, 2, 3)), "units"]
    with pytest.raises(ts.ConfigurationError, match="expected two or more"):
        ts.compare(run)


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_is_pickled_as_the_directory_that_it_stands_in(tmp_path: Path) -> None:
    run = ts.load(NAME, SHORT).run()
    with pytest.raises(TypeError, match="`save` it first"):
        pickle.dumps(run)
    run.save(tmp_path / "run")
    again = pickle.loads(pickle.dumps(run))
    assert dict(again.summary.entries) == dict(run.summary.entries)
    assert again.directory == tmp_path / "run"


def test_a_summary_is_a_table_and_its_figures_are_numbers(run: ts.Run) -> None:
    table = run.summary.to_frame()
    assert list(table.index) == list(run.summary)
    assert list(table.columns) == ["value", "units", "description"]
    for name, value in run.summary.items():
        assert np.array_equal([table.loc[name, "value"], float(value)], 2 * [value.value or float(value)], True)
        assert table.loc[name, "units"] == value.units


def test_the_parts_of_a_levelised_cost_add_up_to_the_figure_of_the_summary(run: ts.Run) -> None:
    rate = float(ts.load(NAME, SHORT).scenario.economics.discount_rate)
    parts = ts.economics.cost_parts(run.results["economics"].to_dataset(), rate)
    assert [each.name for each in parts] == ["levelised_cost_of_hydrogen", "levelised_cost_of_energy"]
    for each in parts:
        assert sum(each.parts.values()) == pytest.approx(run.summary[each.name].value, rel=1e-12)
        assert each.units == run.summary[each.name].units


def test_the_parts_of_a_cost_are_asked_of_the_economics_and_of_a_rate(run: ts.Run) -> None:
    for step, rate, said in (("wind", 0.05, "step economics"), ("economics", "5 %", "discount_rate is '5 %'")):
        with pytest.raises(ts.DataError, match=said):
            ts.economics.cost_parts(run.results[step].to_dataset(), rate)
    with pytest.raises(ts.DataError, match="expected the Dataset"):
        ts.economics.cost_parts(run.results, 0.05)
