"""What an ensemble leaves: results, series on request, a report that opens offline; the same bits for any workers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ensemble.small import MEMBERS, SHORT, bits, run, scenario
from testsite_sim.cli import main
from testsite_sim.ensemble.execution import fill
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.ensemble.store import Finished, Store
from testsite_sim.output.results import read_results

SERIES = "ensemble.keep_series=[plant/power_exported]"


@pytest.mark.slow
@pytest.mark.usefixtures("unprinted_figures")
def test_two_processes_give_the_bits_of_one(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    run(tmp_path / "two", workers=2)
    assert bits(tmp_path / "two") == unbroken


SITE = {**dict(each.split("=") for each in SHORT), "weather.climate": None}
SCRIPT = f"""
import testsite_sim as ts
from testsite_sim import ExecutionOptions
if __name__ == "__main__":
    case = ts.load("flanders-wind-farm/test-site", {SITE!r})
    case.ensemble(members=1).run("run", execution=ExecutionOptions(workers=2))
"""


@pytest.mark.slow
def test_a_script_of_the_user_runs_members_on_processes(tmp_path: Path) -> None:
    # Each process imports the script first, and so xarray, which then keeps in mind that dask is installed.
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "summary.json").is_file()


def test_an_ensemble_of_one_member_has_its_figures(tmp_path: Path) -> None:
    """One member has no percentiles: nothing to draw over the number of members, whose axis counts in powers."""
    run(tmp_path / "run", members=1)
    assert (tmp_path / "run" / "figures" / "convergence.svg").is_file()


def test_results_hold_members_draws_and_statistics(tmp_path: Path) -> None:
    summary = run(tmp_path / "run", "ensemble.headlines=[wake_loss, net_present_value]")
    tree = read_results(tmp_path / "run")
    members, draws, statistics = (tree[name].to_dataset() for name in ("members", "draws", "statistics"))
    assert members["wake_loss"].dims == ("member",)
    assert members.sizes["member"] == MEMBERS + 1
    runner = MemberRunner(plan_members(scenario(), members=MEMBERS))
    third = runner.summary(3)[0]
    assert float(members["net_present_value"][3]) == third["net_present_value"]["value"]
    assert float(draws["economics.discount_rate"][3]) == pytest.approx(
        runner.draws.values(3)["economics.discount_rate"]
    )
    middle = float(statistics.isel(point=0).sel(output="net_present_value", percentile=50)["percentile_value"])
    assert summary["net_present_value_p50"]["value"] == middle
    assert summary["net_present_value_p50"]["standard_error"] > 0.0
    seldom_less = statistics.isel(point=0).sel(output="annual_energy_production", percentile=10)["percentile_value"]
    of_a_bank = summary["annual_energy_production_exceeded_in_90_percent"]
    assert of_a_bank["value"] == float(seldom_less) < summary["annual_energy_production_p50"]["value"]
    assert "the P90 of a bank" in of_a_bank["description"]
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    for text in (
        "energy of a year, exceeded with 90 %",
        "P95",
        "without variation",
        "blocks of 14 day of hollandse-kust-noord-2023",
        "root seed",
    ):
        assert text in page
    names = {path.name for path in (tmp_path / "run" / "figures").iterdir()}
    assert {"distribution.png", "convergence.svg", "distribution.csv"} <= names
    assert "mathdefault" not in (tmp_path / "run" / "figures" / "convergence.svg").read_text(encoding="utf-8")
    main(["figures", str(tmp_path / "run"), "-o", str(tmp_path / "again"), "--format", "svg"])
    first, again = (
        (folder / "distribution.svg").read_bytes() for folder in (tmp_path / "run/figures", tmp_path / "again")
    )
    assert first == again


@pytest.mark.usefixtures("unprinted_figures")
@pytest.mark.parametrize(("form", "name"), [("hdf5", "series.nc"), ("zarr", "series.zarr")])
def test_series_are_kept_on_request(tmp_path: Path, form: str, name: str) -> None:
    pytest.importorskip("zarr")
    run(tmp_path / "run", SERIES, f"ensemble.series_format={form}", members=2)
    path = tmp_path / "run" / name
    opened = (
        xr.open_dataset(path, group="plant", engine="h5netcdf")
        if form == "hdf5"
        else xr.open_zarr(path, group="plant", consolidated=False, chunks=None)
    )
    with opened as series:
        kept = series["power_exported"].to_numpy()
    runner = MemberRunner(plan_members(scenario(SERIES), members=2))
    for member in range(3):
        np.testing.assert_array_equal(kept[member], runner.summary(member)[1]["plant"]["power_exported"])


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_whatever_was_done_before_and_in_whatever_order_the_table_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], before: set[int]
) -> None:
    def finished(number: int) -> Finished:
        return Finished(number, np.array([number, number**2], float), {})

    folder = tmp_path_factory.mktemp("fill") / "x"
    with Store(folder, 12) as store:
        store.begin({"identity": {}, "outputs": [{}, {}], "series": {}})
        store.append([finished(number) for number in sorted(before)])
        ran: list[int] = []

        def run_them(numbers: object) -> object:
            for number in order:
                if number in numbers:  # type: ignore[operator]
                    ran.append(number)
                    yield [finished(number)]

        fill(store, run_them, 0, 12, lambda more: None)  # type: ignore[arg-type]
        assert sorted(ran) == sorted(set(range(12)) - before)
        assert store.done.all()
        np.testing.assert_array_equal(store.values[:, 1], np.arange(12.0) ** 2)
