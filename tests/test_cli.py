"""The command line answers a user, and a wrong word gets one sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from testsite_sim.cli import main


def test_list_names_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "electrolyser"])
    files = Path(__file__).resolve().parents[1].joinpath("configs", "electrolyser").glob("*.yaml")
    titles = {path.stem: re.findall(r"^title: (.+)$", path.read_text(), re.M) for path in files}
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "electrolyser:"
    assert [line.split()[0] for line in lines] == sorted(titles)
    for line in lines:
        name, title = line.split(maxsplit=1)
        assert [title] == titles[name]


def test_list_weather_shows_site_period_source_licence_wind_and_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "weather"])
    text = capsys.readouterr().out
    for word in (
        "hollandse-kust-noord-2023",
        "2023-12-31T23:00",
        "step 3600 s",
        "8.95 m/s",
        "gaps 0",
        "MIT",
        "hydesign",
    ):
        assert word in text


def test_a_wrong_kind_is_refused_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["list", "electroliser"])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Nearest: electrolyser, " in error


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lits"])
    assert caught.value.code == 2
    assert "lits" in capsys.readouterr().err


def test_help_imports_neither_numba_nor_xarray_nor_pint() -> None:
    code = (
        "import sys\n"
        "from testsite_sim.cli import main\n"
        "main(['--help'])\n"
        "assert not {'numba', 'xarray', 'pint', 'pydantic', 'scipy'} & set(sys.modules)\n"
    )
    path = [entry for entry in sys.path if entry]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(path)}, check=False
    )
    assert done.returncode == 0, done.stderr


def test_list_names_scenarios_with_titles_and_the_library_of_power_curves(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "scenarios"])
    assert "flanders-wind-farm/test-site" in capsys.readouterr().out
    main(["list", "library"])
    assert "V112/3000" in capsys.readouterr().out
