"""A period that is not a whole year: what it is called, how it is scaled, how wrong that is."""

import doctest
import json
from pathlib import Path

import numpy as np
import pytest

import testsite_sim.economics.finance
import testsite_sim.economics.period
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.economics.period import climate_weights, is_whole_years, scaling_errors

NINE_DAYS = ("weather.start=2023-01-01", "weather.end=2023-01-10")
ANNUAL = ("annual", "net_present", "levelised", "internal_rate", "full_load", "break_even", "salvage")


@pytest.mark.parametrize("module", [testsite_sim.economics.period, testsite_sim.economics.finance])
def test_the_examples_hold(module) -> None:
    assert doctest.testmod(module).failed == 0


def test_years_of_365_and_366_days_are_whole_and_little_else_is() -> None:
    hour = 3600.0
    assert all(is_whole_years(hours * hour) for hours in (8760, 8784, 8759, 17_520, 17_544, 30 * 8760, 30 * 8766))
    assert not any(is_whole_years(hours * hour) for hours in (24, 744, 8000, 9000, 13_000, 8760 + 730))


def test_weights_make_every_class_as_frequent_as_in_the_climate() -> None:
    rng = np.random.default_rng(3)
    speed, climate = rng.weibull(2.0, 300) * 14.0, rng.weibull(2.1, 8760) * 11.0
    weights, uncovered = climate_weights(speed, climate)
    assert weights.mean() == pytest.approx(1.0, rel=1e-12)
    seen = np.intersect1d(np.floor(speed), np.floor(climate))
    inside = seen[1:-1]
    inside = inside[np.isin(inside - 1, seen) & np.isin(inside + 1, seen)]
    for each in inside:  # whose neighbours were seen as well: nothing else counts to it
        share = weights[np.floor(speed) == each].sum() / speed.size
        assert share == pytest.approx(np.mean(np.floor(climate) == each), rel=1e-12)
    assert uncovered == pytest.approx(np.mean(~np.isin(np.floor(climate), np.floor(speed))), abs=1e-15)


def test_the_error_of_scaling_is_that_of_all_periods_of_the_record() -> None:
    speed = np.array([4.0, 4.0, 8.0, 8.0])
    power, price = speed**3, np.ones(4)
    # Periods of two hours, an hour apart: means 64, 288, 512, of a year that has 288.
    energy, revenue = scaling_errors(speed, price, power, 2, by_climate=False)
    assert energy == pytest.approx(np.sqrt((224.0**2 * 2 + 0.0) / 3.0) / 288.0, rel=1e-12)
    assert revenue == pytest.approx(energy, rel=1e-12)


def summary(*settings: str) -> dict[str, dict]:
    return summarise(dict(simulate_scenario(prepare(load_scenario("flanders-wind-farm/test-site", settings)))))


def test_nine_days_of_january_have_no_annual_figures() -> None:
    found = summary(*NINE_DAYS)
    assert not [name for name in found if name.startswith(ANNUAL)]
    assert not [name for name, entry in found.items() if "year" in entry["units"]]
    assert found["energy_production"]["value"] < 15.0  # [GWh] of nine days, not of a year
    assert "8,760" not in json.dumps({**found, "simulated_time": None})


def test_scaled_by_climate_january_is_nearer_to_the_year_than_repeated_and_says_how_far() -> None:
    year = summary("wind.wake_model=none")["annual_energy_production"]["value"]
    found = {
        method: summary("wind.wake_model=none", *NINE_DAYS, f"economics.scale_to_year={method}")
        for method in ("by-repetition", "by-climate")
    }
    off = {method: abs(each["annual_energy_production"]["value"] / year - 1.0) for method, each in found.items()}
    error = {method: each["scaling_error_energy"]["value"] for method, each in found.items()}
    assert off["by-repetition"] > 0.3
    assert off["by-climate"] < 0.05
    assert error["by-climate"] < 0.5 * error["by-repetition"]
    for method, each in found.items():
        assert off[method] < 3.0 * error[method], method
        assert each["energy_production"] == found["by-climate"]["energy_production"]


def test_a_climate_that_is_not_there_and_a_site_that_ages_are_refused(tmp_path: Path) -> None:
    by_climate = "economics.scale_to_year=by-climate"
    with pytest.raises(ConfigurationError, match="years of the plant differ"):
        prepare(load_scenario("waterstof/halle-station", (*NINE_DAYS, by_climate)))
    with pytest.raises(ConfigurationError, match=r"\+ scale|by-climate"):
        load_scenario("waterstof/halle-station", ("economics.scale_to_year=by-climat",))
    with pytest.raises(SystemExit) as leaving:
        main(
            [
                "size",
                "flanders-wind-farm/test-site",
                "-o",
                str(tmp_path / "out"),
                *(part for each in NINE_DAYS for part in ("--set", each)),
            ]
        )
    assert leaving.value.code == 2
