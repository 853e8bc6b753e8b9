from dataclasses import replace

import numpy as np
import pytest

from tests.operations.fleets import calm, open_sea, scaled
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.errors import ConfigurationError, DataError
from testsite_sim.operations import installation_log, sea_state, simulate_installation, sweep_limits
from testsite_sim.weather import open_record

DAY = 86400.0


@pytest.fixture(scope="module")
def sea():
    return open_sea()


def campaign(name="conventional", **changes):
    written = load_component("installation", name, Installation).model_dump(mode="json")
    return Installation.model_validate(written | changes)


def test_every_installation_takes_its_net_time_in_a_calm(sea):
    found = simulate_installation(campaign(), calm(sea), 10)
    np.testing.assert_allclose(found["weather_downtime"].to_numpy(), 0.0, atol=1.0)
    # load, and all at site, each with the technical stops of the vessel; then three trips there and back
    hours = 10 * (20 + 43.5 - 1) / 0.7 + 3 * 2 * 45 / (10 * 1.852)
    working = float((found["duration"] - found["waiting"]).sel(phase="turbines", year=2005)) / 3600.0
    assert working == pytest.approx(hours, rel=0.05)


def test_the_single_lift_saves_half_of_the_turbine_phase(sea):
    five = simulate_installation(campaign(), sea, 40)["duration"].sel(phase="turbines").median()
    one = simulate_installation(campaign("single-lift"), sea, 40)["duration"].sel(phase="turbines").median()
    assert float(one) < 0.5 * float(five)


def test_the_limit_decides_the_worth_of_the_single_lift(sea):
    found = sweep_limits(campaign("single-lift"), sea, 40, "turbines", "lift", [8.0, 10.0, 15.0], [1.0, 2.0])
    medians = found["duration_p50"].to_numpy()
    assert (np.diff(medians, axis=0) <= 0.0).all()
    assert (np.diff(medians, axis=1) <= 0.0).all()
    assert (found["duration_p90"] >= found["duration_p50"]).all()


def test_a_rougher_sea_takes_longer_and_more_vessels_shorter(sea):
    base = float(simulate_installation(campaign(), sea, 20)["campaign_duration"].median())
    assert float(simulate_installation(campaign(), scaled(sea, 1.2), 20)["campaign_duration"].median()) > base
    written = campaign().model_dump(mode="json")
    written["phases"]["turbines"]["number"] = 2
    two = Installation.model_validate(written)
    assert float(simulate_installation(two, sea, 20)["campaign_duration"].median()) < base


def test_the_log_keeps_limits_vessels_and_order(sea):
    log = installation_log(campaign(), sea, 15, 2006).to_dataframe()
    start = ((log.start - sea.time[0]) / np.timedelta64(1, "h")).to_numpy()
    end = ((log.end - sea.time[0]) / np.timedelta64(1, "h")).to_numpy()
    for name in ("tower", "nacelle", "first blade", "second blade", "third blade"):
        limit = 10.0 if "blade" in name else 12.0
        rows = np.flatnonzero(log.operation == name)
        assert rows.size == 15
        for a, b in zip(start[rows], end[rows], strict=True):
            assert (sea.wind_speed[int(a + 1e-3) : int(np.ceil(b - 1e-3))] <= limit).all()
    for _, mine in log.groupby(["phase", "vessel"]):
        assert (mine.start.to_numpy()[1:] >= mine.end.to_numpy()[:-1] - np.timedelta64(1, "s")).all()
    assert (log.start >= log.wanted).all()
    done = log[log.operation == "jack down"].set_index(["phase", "unit"]).end
    begun = log[log.operation == "lift and bolt"].set_index("unit").start
    assert (begun >= done["foundations"].reindex(begun.index)).all()


def test_every_turbine_is_ready_within_the_campaign(sea):
    found = simulate_installation(campaign(), sea, 12)
    assert found["turbine_ready"].sizes == {"year": found.sizes["year"], "turbine": 12}
    assert (found["turbine_ready"].max("turbine") <= found["campaign_end"]).all()
    assert found.attrs["years_cut_off"] == 0 or found.attrs["years_cut_off"] < 3
    assert (found["cost"] > 0).all()


def test_what_never_fits_is_refused(sea):
    with pytest.raises(ConfigurationError, match=r"'turbines: lift' of 8 h never fits any window.*longest found"):
        sweep_limits(campaign("single-lift"), sea, 10, "turbines", "lift", [0.1], [0.1])
    with pytest.raises(ConfigurationError, match="Nearest: lift"):
        sweep_limits(campaign("single-lift"), sea, 10, "turbines", "lfit", [10.0], [1.0])
    with pytest.raises(ConfigurationError, match=r"no phase 'turbine'. Nearest: turbines"):
        sweep_limits(campaign("single-lift"), sea, 10, "turbine", "lift", [10.0], [1.0])
    short = replace(sea, **{
        name: getattr(sea, name)[:4000] for name in ("time", "wind_speed", "significant_wave_height", "month", "hour")
    })  # fmt: skip
    with pytest.raises(DataError, match="ends within the record"):
        simulate_installation(campaign(), short, 80)
    with pytest.raises(DataError, match="no campaign starts in 1990"):
        installation_log(campaign(), sea, 10, 1990)


def test_a_wrong_campaign_is_refused():
    written = campaign().model_dump(mode="json")
    written["phases"]["turbines"]["after"] = ["transition-piece"]
    with pytest.raises(ValueError, match="Nearest: transition-pieces"):
        Installation.model_validate(written)
    written = campaign().model_dump(mode="json")
    written["phases"]["turbines"]["operations"].reverse()
    with pytest.raises(ValueError, match="order load, sail, site, return"):
        Installation.model_validate(written)


def test_work_by_daylight_keeps_to_the_working_hours(sea):
    written = campaign().model_dump(mode="json")
    for item in written["phases"]["turbines"]["operations"]:
        if item["name"] == "nacelle":
            item["daylight_only"] = True
    log = installation_log(Installation.model_validate(written), sea, 6, 2006).to_dataframe()
    nacelles = log[log.operation == "nacelle"]
    assert (nacelles.start.dt.hour >= 6).all()
    assert (nacelles.end.dt.hour + nacelles.end.dt.minute / 60.0 <= 18.0).all()


def test_northwester_2_was_built_in_about_the_time_that_nine_winters_in_ten_allow():
    written = campaign().model_dump(mode="json")
    turbines = written["phases"]["turbines"] | {"after": [], "number": 2, "delay": "0 day"}
    alone = Installation.model_validate(written | {"phases": {"turbines": turbines}, "start_month": 12})
    days = simulate_installation(alone, sea_state(open_record("north-sea-58n-1994-2023")), 23)["duration"] / DAY
    assert float(days.quantile(0.9)) == pytest.approx(4.5 * 30.0, rel=0.05)  # 23 turbines, two jack-ups, one winter


def test_technical_stops_do_not_need_a_longer_window(sea):
    written = campaign().model_dump(mode="json")
    written["phases"]["turbines"]["vessel"]["technical_availability"] = 0.05
    found = simulate_installation(Installation.model_validate(written), sea, 2)
    assert float(found["duration"].sel(phase="turbines").median()) > 30 * DAY
    written["phases"]["turbines"]["vessel"]["technical_availability"] = 0.0
    with pytest.raises(ValueError, match="technical_availability must be above zero"):
        Installation.model_validate(written)


def test_half_the_years_end_within_the_median(sea):
    found = simulate_installation(campaign(), sea, 12)
    assert float(found["campaign_duration_p50"]) == float(found["campaign_duration"].median())
    assert float(found["campaign_duration_p90"]) >= float(found["campaign_duration_p50"])
