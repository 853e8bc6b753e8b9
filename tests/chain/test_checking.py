"""`check` refuses what `run` would refuse late: campaigns that never end, and members whose weather does not do."""

from pathlib import Path

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain.checking import check_scenario
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError

CAMPAIGN, TEST_SITE = "operations.installation", "operations.certification"
SHORT = (
    "weather.start=2023-01-01",
    "weather.end=2023-01-04",
    "weather.climate=null",
    "economics=null",
    "plant=null",
    "dispatch=null",
)


def exit_code(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code


ALONE = ("plant=null", "dispatch=null")


def sets(*overrides: str) -> list[str]:
    return [part for each in overrides for part in ("--set", each)]


def test_campaigns_that_never_end_are_refused_all_at_once_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    never = sets(f"{CAMPAIGN}.years=1", f"{CAMPAIGN}.turbines=900")
    assert exit_code("check", "flanders-wind-farm/installation", *never) == 3
    lines = capsys.readouterr().err.strip().splitlines()
    for line, name in zip(lines, ("conventional", "single-lift"), strict=True):
        assert f"{CAMPAIGN}.strategies.{name}: installation: no campaign of 900 turbines" in line


def test_a_run_refuses_the_campaign_that_the_check_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = sets(f"{CAMPAIGN}.years=1", f"{CAMPAIGN}.turbines=900", *SHORT)
    assert exit_code("run", "flanders-wind-farm/installation", "-o", str(tmp_path / "run"), *never) == 3
    assert "no campaign of 900 turbines" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_an_operation_that_never_fits_is_refused_along_with_a_campaign_that_never_ends() -> None:
    scenario = load_scenario("flanders-wind-farm/installation", (f"{CAMPAIGN}.years=1", f"{CAMPAIGN}.turbines=900"))
    installation = scenario.wind_farm.operations.installation
    assert installation is not None
    strategy = installation.strategies["single-lift"]
    there = strategy.phases["turbines"]
    glassy = tuple(each.model_copy(update={"wave_limit": 1e-3}) for each in there.operations)
    phases = {**strategy.phases, "turbines": there.model_copy(update={"operations": glassy})}
    strategies = {**installation.strategies, "single-lift": strategy.model_copy(update={"phases": phases})}
    campaigns = installation.model_copy(update={"strategies": strategies})
    operations = scenario.wind_farm.operations.model_copy(update={"installation": campaigns})
    with pytest.raises(ConfigurationError) as found:
        check_scenario(scenario.model_copy(update={"operations": operations}))
    first, second = str(found.value).splitlines()
    assert "strategies.conventional: installation: no campaign of 900 turbines" in first
    assert "strategies.single-lift: installation: 'turbines: " in second
    assert "never fits any window of the record" in second


def test_certifications_that_never_complete_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    endless = sets(f"{TEST_SITE}.years=1", f"{TEST_SITE}.test_site.power_performance.total_time=20000 hour")
    assert exit_code("check", "flanders-wind-farm/certification", *endless) == 3
    assert f"{TEST_SITE}: certification: power performance on berth" in capsys.readouterr().err


def test_a_test_site_that_no_prototype_leaves_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    endless = sets(f"{TEST_SITE}.years=1", f"{TEST_SITE}.test_site.reliability_growth.test_duration=2 year")
    assert exit_code("check", "flanders-wind-farm/certification", *endless) == 3
    assert f"{TEST_SITE}: test site: no prototype completes its campaign" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (f"{CAMPAIGN}.sweep.phase=turbine", "there is no phase 'turbine'. Nearest: turbines"),
        (f"{CAMPAIGN}.sweep.operation=lifts", "phase 'turbines' has no operation 'lifts'. Nearest: lift"),
    ],
)
def test_a_sweep_of_what_is_not_there_is_refused_where_it_is_written(override: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_scenario("flanders-wind-farm/installation", (override,))


@pytest.mark.parametrize(
    ("name", "weather", "code", "said"),
    [
        ("flanders-wind-farm/test-site", "{kind: years}", 3, "`kind: years` wants a record of two years or more"),
        ("flanders-wind-farm/test-site", "{kind: generator, climate: halle}", 3, "the climate has no `price`"),
        ("waterstof/halle-station", "{kind: generator, climate: flemish-site}", 3,
         "ensemble.weather: of the members: photovoltaics: the weather record"),
    ],
)  # fmt: skip
def test_weather_of_members_that_cannot_be_made_is_refused_by_check_and_by_run(
    name: str, weather: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = sets(f"ensemble={{members: 2, weather: {weather}}}")
    assert exit_code("check", name, *stated) == code
    checked = capsys.readouterr().err.strip().splitlines()
    assert said in checked[-1]
    assert exit_code("run", name, "-o", str(tmp_path / "run"), *stated) == code
    assert capsys.readouterr().err.strip().splitlines()[-1] == checked[-1]
    assert not (tmp_path / "run").exists()


def test_what_ships_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("flanders-wind-farm/installation", "flanders-wind-farm/certification"):
        main(["check", name])
        assert f"{name} is valid." in capsys.readouterr().err


@pytest.mark.usefixtures("unprinted_figures")
def test_costs_that_a_short_period_does_not_count_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = sets("weather.start=2023-01-01", "weather.end=2023-01-04", "weather.climate=null")
    for market in ([], sets("plant=null", "dispatch=null", "market=null")):
        main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"), "--force", *days, *market])
        said = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
        assert len(said) == 1
        assert "economics: costs, cash flow and their figures are those of a year" in said[0]
        assert "economics.scale_to_year" in said[0]
        assert "economics: costs, cash flow" in (tmp_path / "run" / "report.html").read_text()
    whole = sets(
        "weather.start=2023-01-01", "weather.end=2024-01-01", "wind.wake_model=none", "plant=null", "dispatch=null"
    )
    main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"), "--force", *whole])
    assert "warning" not in capsys.readouterr().err
