"""Kernels compiled ahead of any run: what a scenario needs is in the cache after it, and faults are named."""

from pathlib import Path

import pytest

from testsite_sim.cases import compiling
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError


def test_scenarios_are_compiled_by_processes_and_those_that_cannot_be_are_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("title: wrong\n", encoding="utf-8")
    lines: list[str] = []
    with pytest.raises(ConfigurationError, match=r"wrong\.yaml"):
        compiling.compile_kernels([str(wrong), "waterstof/balancing"], 2, lines.append)
    assert sorted(line.split("  ")[0] for line in lines) == sorted([str(wrong), "waterstof/balancing"])


def test_after_it_a_run_of_the_scenario_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from testsite_kernels.compiling.kernel_cache import when_compiling

    compiling.compile_case("waterstof/balancing")
    missing: list[bool] = []
    with when_compiling(lambda: missing.append(True)):
        compiling.compile_case("waterstof/balancing")
    assert not missing


def test_a_process_that_ends_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "START", "import sys; sys.stdin.readline()")
    with pytest.raises(ConfigurationError, match="the process that compiled it ended"):
        compiling.compile_kernels(["waterstof/balancing"], 1, lambda line: None)


def test_the_command_wants_names_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["compile"], ["compile", "--all", "waterstof/balancing"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        assert "or all of them by `--all`" in capsys.readouterr().err


def test_names_are_taken_from_both_ends() -> None:
    assert compiling._from_both_ends(["a", "b", "c", "d", "e"]) == ["a", "e", "b", "d", "c"]
    assert compiling._from_both_ends(["a", "b"]) == ["a", "b"]
    assert compiling._from_both_ends(["a"]) == ["a"]
    assert compiling._from_both_ends([]) == []
