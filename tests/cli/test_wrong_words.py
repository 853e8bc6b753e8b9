"""What is wrong with a command line is said in one sentence that says how to go on."""

from pathlib import Path

import pytest

from testsite_sim.cli import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["run", "waterstof/balancing", "--samples", "5"],
            "waterstof/balancing is run once; add `--sensitivity sobol`",
        ),
        (
            ["run", "waterstof/balancing", "--resume"],
            "--resume is for an ensemble, and waterstof/balancing is run once",
        ),
        (["run", "waterstof/study", "--members", "5"], "for a scenario of the chain, which waterstof/study is not"),
        (["size", "waterstof/study"], "size: waterstof/study has no plant to size"),
        (
            ["figures", "waterstoff"],
            "waterstoff: is not a run directory, and no study has that name. Nearest: waterstof.",
        ),
    ],
)
def test_a_wrong_command_gets_one_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    (line,) = capsys.readouterr().err.splitlines()
    assert caught.value.code == 2
    assert said in line
    assert list(tmp_path.iterdir()) == []
