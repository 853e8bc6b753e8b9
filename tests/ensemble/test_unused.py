"""What nothing of an ensemble or a sweep would use is refused, as of a single run; what some of it uses is not."""

from typing import Any

import pandas as pd
import pytest

import testsite_sim as ts
from testsite_sim.cases.scenario import read_scenario
from testsite_sim.ensemble.members import MemberRunner

SHORT = {"weather.end": "2023-02-01", "economics.scale_to_year": "by-repetition"}
SITE = "flanders-wind-farm/test-site"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"weather.shear_exponent": 0.1}, "weather.shear_exponent: nothing would use what is stated"),
        ({"wind.deflection": "jimenez-2010"}, "wind.deflection: it is that of turbines that are turned"),
    ],
)
def test_a_key_that_no_member_uses_is_refused(stated: dict[str, Any], said: str) -> None:
    case = ts.load(SITE, SHORT | stated)
    swept = {"grid.export_limit": ["60 MW", "70 MW"]}
    for each in (case.ensemble(members=2), case.sweep(swept)):
        with pytest.raises(ts.ConfigurationError, match=said):
            each.check()


def test_a_key_that_one_scenario_of_a_sweep_uses_is_kept() -> None:
    """The record has wind at 60 m to 200 m: a hub at 250 m lies beyond, one of 125 m between."""
    case = ts.load(SITE, SHORT | {"weather.shear_exponent": 0.1})
    heights = ["125 m", "250 m"]
    key = f"farm.groups.{next(iter(case.scenario.wind_farm.farm.groups))}.turbine.hub_height"
    case.sweep({key: heights}).check()
    with pytest.raises(ts.ConfigurationError, match="nothing would use"):
        case.sweep({key: heights[:1]}).check()


def test_an_optimum_that_no_dispatch_would_be_set_next_to_is_refused() -> None:
    case = ts.load("flanders-wind-farm/belgian-zone", {"ensemble": {"members": 1, "optimum": False}})
    with pytest.raises(ts.ConfigurationError, match=r"ensemble\.optimum: there is no `dispatch`"):
        case.check()


@pytest.mark.parametrize("flow", ["table", "exact"])
def test_how_the_flow_of_no_farm_is_found_is_refused(flow: str) -> None:
    case = ts.load("waterstof/lillo-fuel-cell", {"ensemble": {"members": 2}})
    with pytest.raises(ts.ConfigurationError, match=r"ensemble\.flow: nothing would use it, as there is no `farm`"):
        ts.load("waterstof/lillo-fuel-cell", {"ensemble": {"members": 2, "flow": flow}})
    case.check()


def test_a_turbulence_that_the_generated_years_alone_use_is_kept() -> None:
    """The climate of the record has a table of it, that of the members has none."""
    generated = {"members": 2, "weather": {"kind": "generator", "climate": "flemish-site"}}
    stated = {"ensemble": generated, "ensemble.weather.climate.wind.turbulence": None}
    assert ts.load(SITE, SHORT | stated).plan.scenarios[0].location.turbulence_intensity == 0.083
    ts.load(SITE, SHORT | stated | {"location.turbulence_intensity": 0.07}).check()
    with pytest.raises(ts.ConfigurationError, match=r"`weather\.climate` brings the turbulence of every wind speed"):
        ts.load(SITE, SHORT | {"ensemble": generated, "location.turbulence_intensity": 0.07}).check()


def test_members_of_a_sweep_of_what_curves_are_averaged_over_have_tables_of_their_own() -> None:
    """The fault: they had that of the first scenario, so that the key moved no member."""
    left_out = dict.fromkeys(("plant", "dispatch", "economics", "market"))
    days = {"weather.start": "2023-01-01", "weather.end": "2023-01-02", "weather.climate": None}
    ensemble = {"members": 1, "flow": "table", "weather": {"kind": "record"}, "vary": ["operations.availability"]}
    turbine = pd.DataFrame({"x": [0.0], "y": [0.0], "type": ["vestas-v90-3.0"]})
    case = read_scenario(SITE, {**left_out, **days, "farm": turbine, "ensemble": ensemble})
    spreads = [{"title": each, "within_interval": {"constant": each}} for each in ("1 m/s", "3 m/s")]
    runner = MemberRunner(case.sweep({"wind.curve_averaging": spreads}).plan)
    first, second, one, other = (runner.summary(number)[0]["energy_production"]["value"] for number in range(4))
    assert abs(first - second) > 1e-3 * first
    assert abs(one - other) > 1e-3 * one
