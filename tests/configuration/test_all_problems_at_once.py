"""A new scenario is answered with every problem at once, and asked for nothing that it does not need."""

import re
from pathlib import Path

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import MOST_PROBLEMS, ConfigurationError
from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.catalogue import data_root, kinds, names
from testsite_sim.configuration.explaining import keys_of
from testsite_sim.configuration.geographic import Latitude, Longitude
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.yaml_loader import load_document

WRONG = """extends: waterstof/balancing
titel: x
grid: {export_limit: 5 bar, export: 3}
market: nonexistent
plant: {store: nothing, electrolysers: [{extends: pem-10mw, capacity: -3 MW}]}
weather: {recrd: a}
location: {latitude: 91, longitude: 3 W, turbulence_intensity: 7}
"""


def every_model(model=Configuration):
    """Return the models of all parts of a scenario."""
    below = model.__subclasses__()
    return below + [each for one in below for each in every_model(one)]


def problems_of(path: Path, text: str, *overrides: str) -> tuple[str, ...]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_scenario(str(path), overrides)
    return caught.value.problems


def test_every_problem_of_a_scenario_is_named_with_its_line(tmp_path):
    found = problems_of(tmp_path / "s.yaml", WRONG)
    for line, words in (
        (2, "unknown key 'titel'"),
        (3, "grid.export_limit: found '5 bar'"),
        (3, "unknown key 'export'"),
        (4, "market 'nonexistent': there is no such name"),
        (5, "hydrogen-store 'nothing': there is no such name"),
        (5, "plant.electrolysers.0.capacity: found '-3 MW', out of bounds"),
        (6, "unknown key 'recrd'"),
        (7, "location.latitude: found 91, out of bounds"),
        (7, "location.turbulence_intensity: found 7"),
    ):
        assert any(f"s.yaml:{line}: {words}" in each for each in found), words
    assert len(found) == 9


def test_what_is_not_there_is_named_along_with_what_is_wrong(tmp_path):
    text = (
        "title: a\nlocation: belgian-offshore-zone\nweather: {recrd: a}\nfarm: test-site\noperations: {}\n"
        "plant: {store: nothing}\n"
    )
    found = problems_of(tmp_path / "s.yaml", text)
    for words in (
        "s.yaml:3: unknown key 'recrd'",
        "s.yaml:5: operations: expected either `electrical_loss`",
        "s.yaml:5: operations: expected either `availability`",
        "`farm`, `wind` and `operations` go together",
        "add `dispatch`",
        "add `market`",
        "add `economics`",
        "s.yaml:6: hydrogen-store 'nothing'",
    ):
        assert sum(words in each for each in found) == 1, (words, found)
    assert len(found) == 8


def test_what_is_misspelt_or_cannot_be_read_is_not_lacking_as_well(tmp_path):
    text = "title: a\nlocation: halle\nweather: {recrd: a}\nfarm: nothing\nwind: {wake_model: noj}\noperation: {}\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert any("unknown key 'operation'" in each and "Nearest: operations" in each for each in found)
    assert not any("may lack them" in each for each in found)


def test_a_connection_without_limits_need_not_be_written(tmp_path):
    text = (
        "title: a\nlocation: belgian-offshore-zone\nweather: {record: hollandse-kust-noord-2023}\nfarm: test-site\n"
        "wind: {wake_model: noj}\noperations: {availability: 1, electrical_loss: 0}\n"
    )
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    assert load_scenario(str(tmp_path / "s.yaml"), []).grid.export_limit is None


def test_a_sentence_that_ends_in_choices_has_one_full_stop(tmp_path):
    override = "operations.maintenance.tasks.major-repair.vessel=nothing"
    found = problems_of(tmp_path / "s.yaml", "extends: flanders-wind-farm/maintenance\n", override)
    assert found[0].endswith("Choices: crew-transfer, field-support, heavy-lift.")


def test_a_misspelt_key_is_not_missing_as_well(tmp_path):
    text = "title: a\nlocation: {latitude: 51, longitude: 3, turbulence_intensty: 0.07}\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert any("unknown key 'turbulence_intensty'" in each for each in found)
    assert not any("'location.turbulence_intensity' is missing" in each for each in found)
    assert any("'weather' is missing" in each for each in found)


def test_problems_of_the_command_line_stand_next_to_those_of_the_file(tmp_path):
    found = problems_of(tmp_path / "s.yaml", "extends: waterstof/balancing\ntitel: x\n", "market=nothing", "grid.a=3")
    assert len(found) == 3
    assert any("--set market=nothing: market 'nothing'" in each for each in found)
    assert any("--set grid.a=3: unknown key 'a'" in each for each in found)


def test_a_name_that_is_overridden_is_no_problem(tmp_path):
    (tmp_path / "s.yaml").write_text("extends: waterstof/balancing\nmarket: nonexistent\n", encoding="utf-8")
    assert load_scenario(str(tmp_path / "s.yaml"), ["market=day-ahead"]).market.title


def test_the_problems_are_counted_where_they_are_too_many_to_list(tmp_path):
    text = "extends: waterstof/balancing\n" + "".join(f"q{n}: 1\n" for n in range(MOST_PROBLEMS + 7))
    found = problems_of(tmp_path / "s.yaml", text)
    assert found[-1] == "7 more problems after these."
    assert len(found) == MOST_PROBLEMS + 1


def test_only_the_member_of_a_union_that_is_meant_is_explained(tmp_path):
    found = problems_of(
        tmp_path / "s.yaml",
        "extends: waterstof/balancing-capacity\n"
        "dispatch: {reserves: [{product: {extends: afrr-up, activation: {kind: imbalance, threshold: x}}}]}\n",
    )
    assert len(found) < 8


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("balancing: {strategy: surplus}\n", "there is no key 'balancing' any more: the machines stand in `plant`"),
        ("hydrogen: {fuel_cell: lillo-1mw}\n", "there is no key 'hydrogen' any more: the machines stand in `plant`"),
    ],
)
def test_an_old_key_is_refused_with_its_new_name(tmp_path, text, words):
    found = problems_of(tmp_path / "s.yaml", f"extends: waterstof/balancing\n{text}")
    assert len(found) == 1
    assert f"s.yaml:2: {words}" in found[0]


OLD_KEYS = [  # where an old key is stated, a line each; the value that stands there; what its successor is called
    ("plant: electrolyser", "pem-10mw", "`plant.electrolysers`"),
    ("plant: fuel_cell", "lillo-1mw", "`plant.fuel_cells`"),
    ("plant: tank", "tank-5t", "`plant.store`"),
    ("plant: panels", "{capacity: 1 MW}", "`plant.photovoltaics`"),
    ("plant: station", "{}", "`plant.refuelling.station`"),
    ("plant: fleets", "[]", "`plant.refuelling.fleets`"),
    ("plant: strategy", "surplus", "`dispatch.strategy`"),
    ("plant: control", "{assist_level: 0.5}", "`dispatch.strategy`"),
    ("plant: capacity", "[]", "`dispatch.reserves`"),
    ("plant: store: maximum_filling", "400 kg/hour", "`filling_per_capacity`"),
    ("plant: store: maximum_withdrawal", "400 kg/hour", "`withdrawal_per_capacity`"),
    ("dispatch: capacity", "[]", "`dispatch.reserves`"),
    ("dispatch: control", "{assist_level: 0.5}", "`dispatch.strategy`"),
    ("market: contract", "{kind: two-sided}", "`dispatch.contracts`"),
]
OLD_KEYS_OF_MACHINES = [
    ("plant.electrolysers.0.standby_power", "10 kW", "`standby_power_per_capacity`"),
    ("plant.electrolysers.0.start_energy", "8 kWh", "`start_energy_per_capacity`"),
    ("plant.fuel_cells.0.stacks.count", 3, "`power_per_stack`"),
    ("plant.fuel_cells.0.stacks.auxiliary_power", "3 kW", "`auxiliary_power_per_capacity`"),
    ("plant.store.cascade.banks.0.maximum_filling", "400 kg/hour", "`filling_per_capacity`"),
    ("plant.store.cascade.banks.0.maximum_withdrawal", "400 kg/hour", "`withdrawal_per_capacity`"),
    ("dispatch.strategy.assist_level", 0.5, "`grid_import_below_level`"),
    ("dispatch.strategy.assist_price", "50 EUR/MWh", "`grid_import_below_price`"),
    ("dispatch.strategy.reserve_level", 0.5, "`store_above_level`"),
]


@pytest.mark.parametrize(("keys", "value", "successor"), OLD_KEYS)
def test_every_old_key_of_a_plant_is_refused_at_its_line_with_its_successor(tmp_path, keys, value, successor):
    *above, key = keys.split(": ")
    lines = [f"{'  ' * depth}{name}:" for depth, name in enumerate(above)] + [f"{'  ' * len(above)}{key}: {value}"]
    found = problems_of(tmp_path / "s.yaml", "\n".join(["extends: waterstof/balancing", *lines, ""]))
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path / 's.yaml'}:{len(lines) + 1}: there is no key '{key}' any more: ")
    assert successor in found[0]


@pytest.mark.parametrize(("keys", "value", "successor"), OLD_KEYS_OF_MACHINES)
def test_every_old_key_of_a_machine_or_a_strategy_is_refused_with_its_successor(keys, value, successor):
    base = "waterstof/halle-station" if "banks" in keys or "stacks" in keys or "strategy" in keys else ""
    with pytest.raises(ConfigurationError) as caught:
        load_scenario(base or "waterstof/balancing", {keys: value})
    (found,) = caught.value.problems
    assert found.startswith(f"override '{keys}': there is no key '{keys.rpartition('.')[2]}' any more: ")
    assert successor in found


def test_what_is_named_as_successor_of_an_old_key_exists():
    known = {name for key in keys_of(Scenario) for name in (key.name, key.path[-1])}
    for model in every_model():
        for key, sentence in getattr(model, "RENAMED", {}).items():
            assert key not in model.model_fields
            named = re.findall(r"`([\w.]+)`", sentence)
            assert named
            assert not set(named) - known - {"fuel_cell", "control"}, sentence  # keys inside the old one


def test_an_old_key_inside_a_part_is_refused_with_its_new_name(tmp_path):
    text = "extends: flanders-wind-farm/certification\noperations:\n  certification:\n    site: flanders\n"
    (found,) = problems_of(tmp_path / "s.yaml", text)
    assert "s.yaml:4: there is no key 'site' any more: the berths and what is asked of them are `test_site`" in found


def test_a_key_that_is_taken_away_must_exist(tmp_path):
    found = problems_of(tmp_path / "s.yaml", "extends: waterstof/balancing\nplantt: null\n", "balancing=null")
    assert len(found) == 2
    assert any("unknown key 'plantt'" in each and "Nearest: plant" in each for each in found)
    assert any("there is no key 'balancing' any more" in each for each in found)


def test_a_setting_that_a_strategy_does_not_take_is_refused_by_name(tmp_path):
    text = "extends: waterstof/balancing\ndispatch: {strategy: {name: surplus, band: 2 MW, horizon: 24 hour}}\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert len(found) == 2
    for key, each in zip(("band", "horizon"), found, strict=True):
        assert f"unknown key '{key}' in 'dispatch.strategy'. Choices: name, promised_power, reserve_level." in each


def test_a_strategy_that_does_not_exist_is_refused_with_the_nearest(tmp_path):
    text = "extends: waterstof/balancing\ndispatch: {strategy: {name: surpluss}}\n"
    assert "there is no name 'surpluss'. Nearest: surplus" in problems_of(tmp_path / "s.yaml", text)[0]


def test_a_setting_for_a_machine_that_the_plant_lacks_is_refused_at_its_line(tmp_path):
    text = (
        "extends: waterstof/balancing\nplant: {fuel_cells: null}\ndispatch:\n  strategy:\n    name: price-threshold\n"
        "    generate_above: 90 EUR/MWh\n"
    )
    found = problems_of(tmp_path / "s.yaml", text)
    assert len(found) == 1
    assert "s.yaml:6: " in found[0]
    assert "dispatch.strategy.generate_above is for `fuel_cells`, and `plant` has none; leave it out" in found[0]


def test_a_contradiction_in_a_merged_mapping_stands_at_the_key_that_was_changed(tmp_path):
    text = "extends: waterstof/balancing\nplant:\n  store:\n    capacity: 4 t\n    initial_level: 0.01\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert "s.yaml:5: plant.store: initial_level 0.01 lies below minimum_level 0.05" in found[0]


@pytest.mark.parametrize("written", [51.5, "51.5", "51.5 degree", "51.5°", "51.5 N", "51.5° N", "+51.5 n"])
def test_a_latitude_is_read_as_everyone_writes_it(written):
    from pydantic import TypeAdapter

    assert TypeAdapter(Latitude).validate_python(written) == 51.5


def test_south_and_west_are_negative_and_letters_of_the_other_axis_are_refused():
    from pydantic import TypeAdapter, ValidationError

    assert TypeAdapter(Latitude).validate_python("33 S") == -33.0
    assert TypeAdapter(Longitude).validate_python("70.5 W") == -70.5
    for kind, wrong in ((Latitude, "3 E"), (Longitude, "51 N"), (Latitude, "51 m"), (Longitude, 181), (Latitude, True)):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(wrong)


def test_every_file_that_ships_states_its_source():
    for kind in kinds():
        for name in names("configs", kind):
            data = load_document(data_root("configs") / kind / f"{name}.yaml").data
            assert data.get("source") or "extends" in data, f"{kind}/{name}"
            assert data.get("title"), f"{kind}/{name}"


def test_dates_zones_and_formats_of_a_weather_file_are_named_along_with_what_else_is_wrong(tmp_path):
    text = (
        "extends: waterstof/balancing\ntitel: x\nweather:\n  record: a.csv\n  start: 5/1/2023\n  end: tomorrow\n"
        "  time: {column: t, zone: Europe/Brussel, marks: middle, format: '%Q'}\n  columns: []\n"
    )
    found = problems_of(tmp_path / "s.yaml", text)
    for line, words in (
        (2, "unknown key 'titel'"),
        (5, "weather.start: found '5/1/2023', which is not a date"),
        (6, "weather.end: found 'tomorrow', which is not a date"),
        (7, "weather.time.zone: 'Europe/Brussel' is not a time zone. Nearest: Europe/Brussels"),
        (7, "weather.time.marks: found 'middle'. Choices: end, start."),
        (7, "weather.time.format: '%Q' is not a way to write a stamp"),
    ):
        assert any(f"s.yaml:{line}: {words}" in each for each in found), (words, found)
    assert len(found) == 6


@pytest.mark.parametrize("date", ["2023", "2023-06", "2023-06-01", "2023-06-01T00:00", "2023-06-01 02:00+02:00"])
def test_dates_of_iso_8601_are_read(date):
    from testsite_sim.configuration.weather import utc_moment

    assert str(utc_moment(date))[:4] == "2023"


@pytest.mark.parametrize("date", ["0001-01-01", "1677-09-21", "2262-04-12", "2607-07-23", "9999-12-31T23:59+14:00"])
def test_dates_that_nanoseconds_cannot_hold_are_refused_and_not_taken_for_others(date):
    from testsite_sim.configuration.weather import utc_moment

    with pytest.raises(ValueError, match=rf"found '{re.escape(date)}'; expected a date from 1678 to 2261"):
        utc_moment(date)


def test_a_period_that_ends_before_it_starts_is_named_as_such(tmp_path):
    text = "extends: waterstof/balancing\nweather: {start: 2023-02-01T02:00+02:00, end: 2023-02-01}\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert len(found) == 1
    assert "the period ends at 2023-02-01, not after it starts at 2023-02-01T02:00+02:00" in found[0]


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("economics.scale_to_year=by-climat", "found 'by-climat'. Nearest: by-climate"),
        ("weather.repairs=[remove-spike]", "found 'remove-spike'. Nearest: remove-spikes"),
        ("title=true", "title: found true; expected text."),
        ("title=[1]", "title: found a list; expected text."),
        ("location.source={a: 1}", "location.source: found a mapping; expected text."),
    ],
)
def test_what_is_of_another_kind_is_said_with_what_was_found(tmp_path, override, words):
    (found,) = problems_of(tmp_path / "s.yaml", "extends: waterstof/balancing\n", override)
    assert words in found


def test_a_minus_next_to_a_letter_is_refused():
    from pydantic import TypeAdapter, ValidationError

    for wrong in ("-51.5 N", "-51.5 S"):
        with pytest.raises(ValidationError, match="a minus and a letter"):
            TypeAdapter(Latitude).validate_python(wrong)
