"""A beginner's commands: init, show, explain, list, completion; JSON for programs, silence for scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import testsite_sim as ts
from testsite_sim.cli import main
from testsite_sim.cli.list import GROUPS
from testsite_sim.cli.options import default_directory
from testsite_sim.cli.program import commands
from testsite_sim.common.errors import Stopped
from testsite_sim.configuration.catalogue import find_configuration, kinds, names
from testsite_sim.configuration.explaining import find_keys, keys_of
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.yaml_loader import load_document


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return error


@pytest.mark.parametrize(
    ("name", "said"),
    [("my place (1)", "run 'my place (1)/scenario.yaml' --open"), ("-x", "run ./-x/scenario.yaml --open")],
)
def test_init_prints_a_command_that_a_shell_takes(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["init", "--", name])
    assert said in capsys.readouterr().out


@pytest.mark.usefixtures("unprinted_figures")
def test_init_writes_a_scenario_that_runs_as_it_is_written(
    mine: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(path.name for path in (mine / "mine").iterdir()) == ["layout.csv", "scenario.yaml", "weather.csv"]
    assert "testsite-sim run mine/scenario.yaml --open" in capsys.readouterr().out
    main(["run", "mine/scenario.yaml", "--quiet", "--open"])
    said = capsys.readouterr()
    assert said.out == ""
    assert all(line.startswith("testsite-sim: warning") for line in said.err.splitlines())
    assert opened == [(mine / "results" / "mine" / "report.html").as_uri()]
    assert ts.open_run("results/mine").summary["levelised_cost_of_hydrogen"].value > 0.0


def test_a_scenario_is_run_into_a_folder_of_its_name(mine: Path) -> None:
    begun = [default_directory(name) for name in ("mine/scenario.yaml", str(mine / "mine" / "scenario.yaml"))]
    assert begun == [Path("results/mine")] * 2  # so that two that were begun do not meet
    assert default_directory("waterstof/balancing", "-size") == Path("results/waterstof/balancing-size")
    assert default_directory("mine/other.yaml") == Path("results/other")
    (mine / "mine" / "run.json").write_text("{}")  # the resolved scenario of a run
    assert default_directory("mine/scenario.yaml") == Path("results/scenario")


def test_init_never_replaces_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    assert "exists already" in refused(["init", str(folder)], capsys)
    assert "there is no folder" in refused(["init", str(tmp_path / "no" / "mine")], capsys)
    for name in ("", "."):
        assert "names no new folder" in refused(["init", name], capsys)
    assert not list(folder.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_every_key_of_a_scenario_is_explained_by_its_path() -> None:
    keys = keys_of(Scenario)
    assert len(keys) > 400
    for key in keys:
        assert find_keys(keys, key.name)[0].path == key.path
        assert key.takes
        assert key.default
        assert key.group, key.name


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        (
            "plant.electrolysers.0.minimum_load",
            ["at least 0 and at most 1", "pem-10mw: 0.05 (0.05 to 0.1) — assumption"],
        ),
        ("electrolyser.capacity", ["for example 10 MW", "required", "electrolyser/pem-10mw: 10 MW"]),
        ("dispatch.strategy.name", ["rolling-horizon", "waterstof/balancing: firm-band"]),
        ("wind.wake_model", ["choices", "turbopark"]),
        ("capacity", ["keys end with capacity", "plant.store.capacity"]),
    ],
)
def test_a_key_is_explained_with_limits_default_and_who_states_it(
    key: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["explain", key])
    text = capsys.readouterr().out
    assert all(line in text for line in lines)


def test_the_answer_about_a_key_is_what_is_said_of_it_and_leads_to_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "weather.repairs"])
    lines = capsys.readouterr().out.splitlines()
    about = "`repairs` names the rules that may repair a faulty record; a fault without its rule is refused."
    assert lines[:2] == ["weather.repairs", f"  is          {about}"]
    assert "remove-spikes" in lines[2]
    assert lines[-1].endswith("`testsite-sim explain weather` lists its keys.")
    assert not [line for line in lines if "`profile`" in line or len(line) > 220]
    main(["explain", "weather.profile"])  # named with its value in the clause of another key, and behind a pronoun
    assert "  is          How the wind goes on beyond the levels of the record.\n" in capsys.readouterr().out


def test_a_strategy_is_explained_by_what_each_does_and_its_settings_by_what_they_are_where_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["explain", "dispatch.strategy.name"])
    named = capsys.readouterr().out
    assert "is          none: Machines rest" in named
    assert "price-threshold: Electrolysers run below one price, fuel cells above another." in named
    assert "part of     dispatch.strategy. `" in named
    main(["explain", "dispatch.strategy.generate_above"])
    setting = capsys.readouterr().out
    assert "left out, what 90 % of the intervals do not exceed" in setting
    assert "self-consumption: Fuel cells run at a sale price of `generate_above` or more; left out, at any" in setting
    assert "where it is price-threshold or imbalance or self-consumption." in setting


def test_choices_that_are_defined_one_by_one_and_a_list_of_one_length_are_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["explain", "ensemble.weather.kind"])
    assert "is          `blocks`: the record, cut into blocks" in capsys.readouterr().out
    main(["explain", "plant.demand.hourly_share"])
    text = capsys.readouterr().out
    assert "at least 0; 24 of them\n" in text
    assert text.count("hydrogen-demand/bus-depot-40: ") == 1  # its 24 numbers in one line


def test_a_group_is_explained_by_its_keys_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "weather"])
    text = capsys.readouterr().out
    listed = text.split("`testsite-sim explain weather.KEY` says more:\n")[1].splitlines()
    assert [line.split()[0] for line in listed] == list(Scenario.model_fields["weather"].annotation.model_fields)
    assert all(len(line) <= 120 for line in listed)
    assert "`shear_exponent`" not in text.split("its keys")[0]
    main(["explain", "dispatch.strategy"])  # one of several groups
    text = capsys.readouterr().out
    assert "  is          none: Machines rest: all power is sold or curtailed.\n" in text
    assert "self-consumption: Electrolysers take what wind and panels give.\n" in text


@pytest.mark.parametrize(
    ("key", "name", "line"),
    [
        ("market.concessions.support.sale", "market.concessions.*.support.sale", "one of day-ahead, reference-price"),
        ("markets", "markets", "waterstof/study: hydrogen-lead-markets"),  # of its own, before jobs.markets of another
        ("horizons.start", "horizons.*.start", "waterstof/study: 2012"),
        ("horizons.to-2050", "horizons.to-2050", "takes       a group of keys\n"),
        ("plant.store", "plant.store", "written out: a group of keys, or a list of these; 1 or more of them"),
        ("mechanisms.reference_effect", "mechanisms.reference_effect", "flanders-wind-farm/study: 0.14 (0 to 0.28)"),
    ],
)
def test_a_key_is_found_without_the_names_that_users_give_and_in_studies(
    key: str, name: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["explain", key])
    text = capsys.readouterr().out
    assert text.startswith(f"{name}\n")
    assert line in text


@pytest.mark.parametrize("words", [[], ["--in", "waterstof/study"]])
def test_a_key_below_a_name_of_the_user_is_that_one_alone(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "horizons.to-2050.start", *words])
    text = capsys.readouterr().out
    assert text.startswith("horizons.to-2050.start\n")
    assert "waterstof/study: 2026" in text
    assert "2012" not in text
    assert ("in waterstof/study: 2026\n" in text) == bool(words)


def test_a_key_is_looked_for_in_the_file_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "market", "--in", "waterstof/balancing"])
    assert "in waterstof/balancing: " in capsys.readouterr().out
    assert "there is no key 'market'" in refused(["explain", "market", "--in", "waterstof/study"], capsys)


def test_on_a_terminal_an_answer_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    main(["explain", "weather.repairs"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.startswith("              ") for line in lines) > 4
    assert any("interpolate-gaps-up-to-6-hours" in line for line in lines)  # a name stays whole


def test_a_mistyped_key_and_a_scenario_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nearest: plant.store.capacity" in refused(["explain", "plant.stor.capacty"], capsys)
    assert "is no key" in refused(["explain", "0."], capsys)
    main(["explain", "grid.export_limit", "--in", "waterstof/balancing"])
    assert "in waterstof/balancing: 60 MW (50 MW to 80 MW)" in capsys.readouterr().out


@pytest.mark.parametrize("kind", kinds())
def test_one_of_every_kind_is_shown_with_its_source(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = names("configs", kind)[0]
    main(["show", f"{kind}/{name}"])
    text = capsys.readouterr().out
    assert text.startswith(f"# {kind}/{name}")
    assert "source: " in text


def test_scenarios_and_records_are_shown_and_wrong_names_refused(capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "waterstof/balancing"])
    assert "extends" not in capsys.readouterr().out
    main(["show", "weather/hollandse-kust-noord-2023"])
    assert "licence MIT" in capsys.readouterr().out
    assert "Nearest: fuel-cell/pem-1mw" in refused(["show", "pem-1mw"], capsys)
    assert "Nearest: electrolyser" in refused(["show", "electroliser/pem-10mw"], capsys)
    assert "Nearest: pem-10mw" in refused(["show", "electrolyser/pem-10m"], capsys)


def test_every_kind_stands_in_a_group_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    grouped = [kind for group in GROUPS.values() for kind in group]
    assert sorted(grouped) == sorted(["scenarios", "library", "weather", *kinds()])
    main(["list", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert set(found) == set(grouped)
    assert found["turbine"] == names("configs", "turbine")
    assert found["weather"][0]["step_seconds"] == 3600.0


def test_the_list_says_what_each_configuration_is(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "electrolysis-cell"])
    listed = capsys.readouterr().out.splitlines()[1:]
    cells = names("configs", "electrolysis-cell")  # among them a title with an apostrophe
    titles = [load_document(find_configuration("electrolysis-cell", name)).data["title"] for name in cells]
    assert [line.split(maxsplit=1) for line in listed] == [[*each] for each in zip(cells, titles, strict=True)]
    main(["list"])
    everything = capsys.readouterr().out
    assert all(f"  {line}\n" in everything for line in listed)


def test_the_help_lists_every_command_once_with_a_whole_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    listed = capsys.readouterr().out.split("Begin:")[1]
    lines = [line.split(maxsplit=1) for line in listed.splitlines() if line.startswith("  ")]
    assert sorted(name for name, _ in lines) == sorted(commands.commands)
    assert all(text.endswith(".") and not text.endswith("...") for _, text in lines)


def test_a_check_as_json_names_every_problem_and_leaves_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "waterstof/balancing", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["valid"]
    assert found["resolved"]["grid"]["export_limit"]["value"] == "60 MW"
    with pytest.raises(SystemExit) as caught:
        main(["check", "waterstof/balancing", "--set", "weather.ed=3", "--json"])
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["problems"] == [
        "--set weather.ed=3: unknown key 'ed' in 'weather'. Nearest: end, record."
    ]
    assert said.err == ""


def test_a_comparison_as_json_has_every_digit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, value in enumerate((1.0, 1.23456789012)):
        (tmp_path / str(number)).mkdir()
        entry = {"energy": {"value": value, "units": "GWh", "description": "sold"}, "none": {"value": None}}
        (tmp_path / str(number) / "summary.json").write_text(json.dumps(entry))
    main(["compare", str(tmp_path / "0"), str(tmp_path / "1"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["figures"]["energy"]["values"] == [1.0, 1.23456789012]
    assert found["figures"]["energy"]["difference"] == pytest.approx(0.23456789012)
    assert found["figures"]["none"]["values"] == [None, None]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_what_completes(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["completion", shell])
    assert "_TESTSITE_SIM_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("run waterstof/bal", "plain,waterstof/balancing"),
        ("explore waterstof/bal", "plain,waterstof/balancing"),
        ("ex", "plain,explain"),
        ("list elec", "plain,electrolyser"),
        ("show elec", "plain,electrolyser/"),
        ("show electrolyser/pem", "plain,electrolyser/pem-10mw"),
        ("show scenarios/waterstof/hal", "plain,scenarios/waterstof/halle-station"),
        ("show weather/hol", "plain,weather/hollandse-kust-noord-2023"),
        ("explain plant.st", "plain,plant.store"),  # no further than the part that is being typed
        ("explain market.concessions.support.p", "plain,market.concessions.support.price"),
        ("explain title --in waterstof/bal", "plain,waterstof/balancing"),
        ("check mine.yaml --set plant.store.cap", "plain,plant.store.capacity"),
        ("check mine.yaml --set plant.electrolysers.", "plain,plant.electrolysers.0"),
        ("check mine.yaml --set plant.electrolysers.0.cap", "plain,plant.electrolysers.0.capacity"),
        ("explain plant.electrolysers.0.cap", "plain,plant.electrolysers.0.capacity"),
        ("explain plant.electrolysers.cap", "plain,plant.electrolysers.capacity"),
    ],
)
def test_commands_names_and_keys_are_completed(
    words: str, expected: str, completed: Callable[[str], list[str]]
) -> None:
    lines = completed(words)
    assert expected in lines
    assert not [line for line in lines if line.startswith(f"{expected}.")]


def test_an_ensemble_that_is_stopped_says_what_is_kept_and_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(**options: object) -> None:
        raise Stopped("3 of 9 runs of the ensemble are kept in a.partial; go on with `resume=True`.")

    monkeypatch.setattr(commands.commands["list"], "callback", stop)
    with pytest.raises(SystemExit) as caught:
        main(["list"])
    assert caught.value.code == 130
    said = capsys.readouterr().err
    assert "stopped; 3 of 9 runs of the ensemble are kept in a.partial; go on with `--resume`." in said
