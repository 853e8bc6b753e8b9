"""What `check` passes runs, and what it refuses could not run: every shipped scenario on every kind of record."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.cases.study import study_of
from testsite_sim.chain import preparation, prepare, simulate_scenario
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.requirements import require_weather
from testsite_sim.cli import main
from testsite_sim.common.errors import DataError, TestsiteError
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.weather import open_record
from testsite_sim.weather.record import record_names
from testsite_sim.weather.writing import write_record

SCENARIOS = [name for name in names("scenarios") if study_of(name) is None]
# A flow of 399 turbines asks the same of a record as one of two.
SMALL = {"flanders-wind-farm/belgian-zone", "waterstof/balancing-zone"}
OWN = ("--set", "weather.climate=null")  # a climate would add its level
OTHER = "alpha-ventus-2002-2014"
SHORT = ("economics.lifetime=2 year",)


@cache
def records() -> dict[str, xr.Dataset]:
    """Return three days of a record, and what may be missing of them or more than there."""
    whole = open_record("hollandse-kust-noord-2023").isel(time=slice(24 * 90, 24 * 93))
    return {
        "whole": whole,
        "no price": whole.drop_vars("day_ahead_price"),
        "no direction": whole.drop_vars("wind_direction"),
        "no wind": whole.drop_vars(["wind_speed", "wind_direction", "height"]),
        "one level": whole.sel(height=[50.0]),
        "no irradiance": whole.drop_vars([name for name in whole.data_vars if "irradiance" in str(name)]),
        "waves": whole.assign(significant_wave_height=("time", np.full(72, 1.2), {"units": "m"})),
        "ten minutes": whole,
        "nothing": whole[["air_temperature"]],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records")
    for name, record in records().items():
        if name == "ten minutes":  # three days again
            fine = record.isel(time=np.arange(432) % 72)
            record = fine.assign_coords(
                time=records()["whole"]["time"].to_numpy()[0] + np.arange(432) * np.timedelta64(10, "m")
            )
        write_record(record, path / f"{name.replace(' ', '-')}.nc")
    return path


@cache
def shipped(name: str) -> Scenario:
    return load_scenario(name)


@cache
def on_own_record(name: str, record: Path) -> Scenario:
    """Return a shipped scenario on a record of one's own, of whatever days it has."""
    overrides = [f"weather.record={record}", *SHORT]
    loaded = shipped(name)
    if loaded.weather.start or loaded.weather.end:
        overrides += ["weather.start=null", "weather.end=null"]
    if loaded.operations is not None:
        overrides += [
            f"operations.{part}=null"
            for part in ("installation", "certification")
            if getattr(loaded.operations, part) is not None
        ]
    return load_scenario(name, overrides)


def scenario_on(name: str, record: str, folder: Path) -> Scenario:
    loaded, path = on_own_record(name, folder / "whole.nc"), folder / f"{record.replace(' ', '-')}.nc"
    assert loaded.weather.record == str(folder / "whole.nc")
    return loaded.model_copy(update={"weather": loaded.weather.model_copy(update={"record": str(path)})})


def accepted(scenario: Scenario) -> Prepared | None:
    """Return a scenario that is checked and opened; None where it is refused."""
    try:
        return prepare(scenario)
    except TestsiteError:
        return None


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_the_check_refuses_could_not_run_and_what_it_passes_runs(name, folder, monkeypatch) -> None:
    for record in records():
        scenario = scenario_on(name, record, folder)
        prepared = accepted(scenario)
        if prepared is not None and name in SMALL:
            continue
        if prepared is not None:
            for _ in simulate_scenario(prepared):
                pass
            continue
        with monkeypatch.context() as without:
            without.setattr(preparation, "require_weather", lambda *rest: None)
            with pytest.raises((TestsiteError, KeyError, ValueError)):
                for _ in simulate_scenario(prepare(scenario)):
                    pass


def test_everything_that_is_missing_is_said_at_once(folder) -> None:
    with pytest.raises(DataError) as found:
        prepare(scenario_on("flanders-wind-farm/maintenance", "nothing", folder))
    text = str(found.value)
    for part in ("wind_speed", "wind_direction", "day_ahead_price"):
        assert part in text
    assert len(text.splitlines()) >= 3


def test_check_and_run_refuse_with_the_same_sentences(folder, tmp_path, capsys) -> None:
    said = []
    for command in (["check"], ["run", "-o", str(tmp_path / "out")]):
        with pytest.raises(SystemExit) as left:
            main([*command, "waterstof/balancing", "--set", f"weather.record={folder / 'one-level.nc'}", *OWN])
        assert left.value.code == 3
        said.append(capsys.readouterr().err.splitlines()[-1])
    assert said[0] == said[1]
    assert "shear_exponent" in said[0]
    assert not (tmp_path / "out").exists()


@cache
def first_days(record: str) -> xr.Dataset:
    return open_record(record).isel(time=slice(0, 72))


@pytest.mark.parametrize("record", record_names())
@pytest.mark.parametrize("name", SCENARIOS)
def test_packaged_records_are_taken_or_refused_by_what_they_lack(name, record) -> None:
    scenario = shipped(name)
    opened = first_days(record)
    weather = scenario.weather.model_copy(update={"record": record})
    lacks = [each for each in ("day_ahead_price", "wind_direction") if each not in opened]
    if scenario.farm is None:
        lacks = [each for each in lacks if each != "wind_direction"]
    try:
        require_weather(scenario.model_copy(update={"weather": weather}), opened, [100.0] if scenario.farm else [])
    except DataError as error:
        assert all(each in str(error) for each in lacks)
    else:
        assert not lacks


def test_records_of_work_at_sea_are_checked_too() -> None:
    campaign = "operations.certification"
    own = [f"{campaign}.record={OTHER}", f"{campaign}.climate=null", f"{campaign}.years=null"]
    scenario = load_scenario("flanders-wind-farm/certification", own)
    record = records()["whole"]
    if "wind_direction" in open_record(OTHER):
        pytest.skip("the record has a direction")
    with pytest.raises(DataError, match=r"operations.certification: weather: alpha-ventus.* no wind_direction"):
        require_weather(scenario, record, [100.0])
