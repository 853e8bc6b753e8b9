"""How long a run may take is guessed so that the longest of several begin first."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from testsite_sim.cases import duration
from testsite_sim.cases.duration import estimated_seconds
from testsite_sim.cases.reading import read_case
from testsite_sim.common.errors import DataError
from testsite_sim.weather import beforehand
from testsite_sim.weather.beforehand import WeatherBeforehand
from testsite_sim.weather.record import record_path

SHORT = {"weather.start": "2023-03-01", "weather.end": "2023-03-04", "economics.scale_to_year": "by-repetition"}


def seconds(name: str, overrides: Mapping[str, object] | None = None) -> float:
    """Return the estimate of a case."""
    return estimated_seconds(read_case(name, overrides or {}), WeatherBeforehand())


def test_studies_and_large_farms_come_before_small_plants() -> None:
    names = [
        "flanders-wind-farm/study",
        "waterstof/balancing-zone",
        "waterstof/halle-station",
        "waterstof/lillo-fuel-cell",
    ]
    found = {name: seconds(name) for name in names}
    assert sorted(found, key=lambda name: -found[name]) == names


def test_a_shorter_period_takes_less_in_proportion() -> None:
    whole, part = (seconds("waterstof/halle-station", each) for each in ({}, SHORT))
    assert part / whole == pytest.approx(72 / 8760)
    quarters = seconds("waterstof/halle-station", {**SHORT, "weather.step": "15 min"})
    assert quarters / part == pytest.approx(4.0)


def test_a_period_of_a_record_that_takes_a_climate_counts_alone() -> None:
    assert seconds("waterstof/balancing", SHORT) / seconds("waterstof/balancing") == pytest.approx(72 / 8760)


def test_campaigns_count_by_turbines_and_strategies() -> None:
    few, many = (
        seconds("flanders-wind-farm/installation", {"operations.installation.turbines": number}) for number in (10, 30)
    )
    assert many - few == pytest.approx(2 * 20 * duration.CAMPAIGN)  # five lifts, and one


def test_weather_that_is_not_there_is_said_and_scenarios_that_share_a_record_open_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    real = beforehand.open_as_measured

    def counting(configuration, **options):  # type: ignore[no-untyped-def]
        opened.append(configuration.record)
        return real(configuration, **options)

    monkeypatch.setattr(beforehand, "open_as_measured", counting)
    weather = WeatherBeforehand()
    for name in ("waterstof/halle-station", "waterstof/balancing", "waterstof/lillo-fuel-cell"):
        estimated_seconds(read_case(name), weather)
    assert len(opened) == 2  # one of them as a whole, for its climate
    for _ in range(2):
        with pytest.raises(DataError, match="is not within hollandse-kust-noord-2023"):
            estimated_seconds(read_case("waterstof/balancing", {"weather.start": "2024-01-01"}), weather)
    assert len(opened) == 3


def test_a_large_file_is_not_opened_and_a_missing_one_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.nc"
    path.write_bytes(record_path("hollandse-kust-noord-2023").read_bytes())
    monkeypatch.setattr(beforehand, "CHEAP", 1000)
    monkeypatch.setattr(beforehand, "open_as_measured", None)
    case = read_case("waterstof/lillo-fuel-cell", {"weather.record": str(path)})
    assert estimated_seconds(case, WeatherBeforehand()) > 0.0
    path.unlink()
    monkeypatch.undo()
    with pytest.raises(DataError, match=r"mine\.nc: there is no such file"):
        estimated_seconds(case, WeatherBeforehand())
