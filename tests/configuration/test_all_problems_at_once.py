"""A new scenario is answered with every problem at once, and asked for nothing that it does not need."""

from pathlib import Path

import pytest

from testsite_sim.configuration.catalogue import data_root, kinds, names
from testsite_sim.configuration.geographic import Latitude, Longitude
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.errors import MOST_PROBLEMS, ConfigurationError
from testsite_sim.run import load_scenario

WRONG = """extends: waterstof/balancing
titel: x
grid: {export_limit: 5 bar, export: 3}
market: nonexistent
balancing: {tank: nothing, electrolyser: {capacity: -3 MW}}
weather: {recrd: a}
site: {latitude: 91, longitude: 3 W, turbulence_intensity: 7}
"""


def problems_of(path: Path, text: str, *overrides: str) -> tuple[str, ...]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_scenario(str(path), overrides)
    return caught.value.problems


def test_every_problem_of_a_scenario_is_named_with_its_line(tmp_path):
    found = problems_of(tmp_path / "s.yaml", WRONG)
    for line, words in (
        (2, "unknown key 'titel'"), (3, "grid.export_limit: found '5 bar'"), (3, "unknown key 'export'"),
        (4, "market 'nonexistent': there is no such name"), (5, "tank 'nothing': there is no such name"),
        (5, "balancing.electrolyser.capacity: found '-3 MW', out of bounds"), (6, "unknown key 'recrd'"),
        (7, "site.latitude: found 91, out of bounds"), (7, "site.turbulence_intensity: found 7"),
    ):  # fmt: skip
        assert any(f"s.yaml:{line}: {words}" in each for each in found), words
    assert len(found) == 9


def test_a_misspelt_key_is_not_missing_as_well(tmp_path):
    text = "title: a\nsite: {latitude: 51, longitude: 3, turbulence_intensty: 0.07}\n"
    found = problems_of(tmp_path / "s.yaml", text)
    assert any("unknown key 'turbulence_intensty'" in each for each in found)
    assert not any("'site.turbulence_intensity' is missing" in each for each in found)
    assert any("'weather' is missing" in each for each in found)


def test_problems_of_the_command_line_stand_beside_those_of_the_file(tmp_path):
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
        "balancing: {capacity: [{product: {extends: afrr-up, activation: {kind: imbalance, threshold: x}}}]}\n",
    )
    assert len(found) < 8


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
