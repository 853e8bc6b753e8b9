from dataclasses import replace

import numpy as np
import pytest

from tests.operations.fleets import calm, open_sea, scaled
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.operations import installation_log, sea_state, simulate_installation, sweep_limits
from testsite_sim.weather.generator import generate_weather

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
    hours = 10 * (10 + 24) / 0.95 + 3 * 2 * 45 / (10 * 1.852)
    working = float((found["duration"] - found["waiting"]).sel(phase="turbines", year=2005)) / 3600.0
    assert working == pytest.approx(hours, rel=0.05)


def test_the_single_lift_saves_the_turbine_phase_what_its_net_times_save(sea):
    # calm: (10 + 24) h a turbine against (8 + 14) h, and four turbines a trip against two
    five, one = (turbine_phase(name, calm(sea), 40) for name in ("conventional", "single-lift"))
    sailing = 2 * 45 / (10 * 1.852)
    expected = (40 * 22 / 0.95 + 20 * sailing) / (40 * 34 / 0.95 + 10 * sailing)
    assert one / five == pytest.approx(expected, rel=0.01)
    # weather takes a part of it: the jack-up's lifts need no calm sea, the vessel's one lift and its moves do
    five, one = (turbine_phase(name, sea, 40) for name in ("conventional", "single-lift"))
    assert expected < one / five < 0.9


def turbine_phase(name, sea, turbines):
    written = campaign(name).model_dump(mode="json")
    turbines_alone = written["phases"]["turbines"] | {"after": [], "delay": "0 day"}
    alone = Installation.model_validate(written | {"phases": {"turbines": turbines_alone}})
    return float(simulate_installation(alone, sea, turbines)["campaign_duration_p50"]) - 7 * DAY  # mobilisation


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
    assert (log.start >= log.ready).all()
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
    short = replace(
        sea,
        **{
            name: getattr(sea, name)[:4000]
            for name in ("time", "wind_speed", "significant_wave_height", "month", "hour")
        },
    )
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


@pytest.fixture(scope="module")
def flemish_sea():
    climate = load_component("climate", "flemish-site", WeatherClimate)
    return sea_state(generate_weather(climate, start="2001-01-01", years=30, seed=1))


def anchor(sea, turbines, start, **changes):
    """Return the days of the turbine phase from a day and month, in each of the years."""
    written = campaign().model_dump(mode="json")
    alone = written["phases"]["turbines"] | {"after": [], "delay": "0 day"} | changes
    alone["vessel"]["mobilisation_duration"] = "0 day"
    written |= {"phases": {"turbines": alone}, "start_day": start[0], "start_month": start[1]}
    found = simulate_installation(Installation.model_validate(written), sea, turbines)
    return found["campaign_duration"].to_numpy() / DAY


def test_the_flemish_sea_is_calm_for_three_quarters_of_the_time(flemish_sea):
    assert (flemish_sea.significant_wave_height <= 1.5).mean() == pytest.approx(0.75, abs=0.01)


def test_norther_is_among_the_fastest_years_of_one_jack_up(flemish_sea):
    # the Aeolus alone, from the beginning of February to 26 April 2019, a record that good weather helped
    days = anchor(flemish_sea, 44, (1, 2))
    assert days.size == 30
    assert days.min() <= 84.0 <= np.quantile(days, 0.1)


def test_northwester_2_took_longer_than_any_year_of_its_vessels(flemish_sea):
    # the Vole au vent from mid-December 2019, the Scylla from mid-March next to it, until 15 April 2020: exceptional
    # weather, a new turbine and the pandemic, of which the model has the weather only
    days = anchor(flemish_sea, 23, (14, 12), number=2, further_delay="91 day")
    assert days.max() < 123.0
    assert np.median(days) < 0.75 * 123.0


def test_a_vessel_that_joins_later_works_and_costs_from_then_on(flemish_sea):
    alone, later, both = (
        simulate_installation(changed, flemish_sea, 20)
        for changed in (joined(number=1), joined(number=2, further_delay="30 day"), joined(number=2))
    )
    for name in ("campaign_duration_p50",):
        assert float(both[name]) < float(later[name]) < float(alone[name])
    paid = (later["vessel_time"] - 2.0 * later["duration"] + 30 * DAY).to_numpy() / DAY
    np.testing.assert_allclose(paid[later["duration"] > 30 * DAY], 0.0, atol=2.0)  # but for the last return to port


def joined(**changes):
    written = campaign().model_dump(mode="json")
    alone = written["phases"]["turbines"] | {"after": [], "delay": "0 day"} | changes
    return Installation.model_validate(written | {"phases": {"turbines": alone}})


def test_a_second_vessel_that_is_not_there_cannot_join_later():
    with pytest.raises(ValueError, match="`further_delay` is that of vessels beyond the first"):
        joined(number=1, further_delay="30 day")


def test_percentiles_allow_for_the_years_that_the_record_cuts_off(sea):
    slow = turbine_campaign()
    found = simulate_installation(slow, sea, 600)
    started, cut_off = found.attrs["years_started"], found.attrs["years_cut_off"]
    assert started == 10
    assert 1 <= cut_off <= 9
    assert found["cut_off_duration"].sizes["year_cut_off"] == cut_off
    begins = np.array([np.datetime64(f"{year}-03-01") for year in found["year_cut_off"].to_numpy()])
    left = (sea.time[-1] - begins) / np.timedelta64(1, "s") + sea.step
    np.testing.assert_allclose(found["cut_off_duration"], left)
    # the estimate by hand: of ten campaigns those end that began early enough
    survivors, expected = 1.0, {}
    cuts = np.sort(found["cut_off_duration"].to_numpy())
    for duration in np.sort(found["campaign_duration"].to_numpy()):
        at_risk = (found["campaign_duration"] >= duration).sum() + (cuts >= duration).sum()
        survivors *= 1.0 - 1.0 / float(at_risk)
        expected[duration] = 1.0 - survivors
    reached = max(expected.values())
    assert np.isnan(found["campaign_duration_p90"]) == (reached < 0.9)


def turbine_campaign():
    return Installation.model_validate(
        campaign().model_dump(mode="json")
        | {"phases": {"turbines": campaign().model_dump(mode="json")["phases"]["turbines"] | {"after": []}}}
    )


def test_limits_of_the_wind_hold_at_their_stated_height(sea):
    def p50(height):
        written = turbine_campaign().model_dump(mode="json")
        for item in written["phases"]["turbines"]["operations"]:
            if item["wind_limit"] is not None:
                item["wind_limit_height"] = f"{height} m"
        return float(simulate_installation(Installation.model_validate(written), sea, 20)["campaign_duration_p50"])

    assert sea.wind_limit(10.0, 10.0) == pytest.approx(10.0 * 10.0**0.1)  # at the 100 m of the sea state
    assert sea.wind_limit(None, 10.0) == np.inf
    assert p50(10) < p50(100) < p50(1000)


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
