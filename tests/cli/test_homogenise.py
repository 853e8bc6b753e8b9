"""`testsite-sim weather homogenise`: what it prints, writes and refuses."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner

from testsite_sim.cli.program import commands
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.weather.writing import write_record

TIME = pd.date_range("2010-01-01", "2015-12-31T18:00", freq="6h")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three records that share their wind; the first reads a fifth too much in its first year."""
    place = tmp_path_factory.mktemp("records")
    rng = np.random.default_rng(3)
    month = ((TIME.year - 2010) * 12 + TIME.month - 1).to_numpy()
    shared = (8.0 * np.exp(0.15 * rng.standard_normal(72)))[month] * np.exp(0.3 * rng.standard_normal(TIME.size))
    for name in ("first", "second", "far"):
        speed = shared * np.exp(0.03 * rng.standard_normal(72))[month]
        speed = speed * np.where((TIME.year == 2010) & (name == "first"), 1.2, 1.0)
        write_record(record(speed), place / f"{name}.nc")
        if name == "first":
            write_record(record(speed).isel(time=slice(0, 400)), place / "part.nc")
    return place


def record(speed: np.ndarray) -> xr.Dataset:
    direction = (200.0 + 37.0 * np.arange(TIME.size) / 120.0) % 360.0
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed[:, None], {"units": "m s-1"}),
            "wind_direction": (("time", "height"), direction[:, None], {"units": "degree"}),
        },
        coords={"time": TIME, "height": ("height", [10.0], {"units": "m"})},
    )


def run(folder: Path, *words: str, file: str = "part.nc"):  # type: ignore[no-untyped-def]
    against = ["--neighbour", f"{folder}/second.nc", "--distant", f"{folder}/far.nc"]
    return CliRunner().invoke(commands, ["weather", "homogenise", f"{folder}/{file}", *against, *words])


def test_a_part_of_a_record_is_corrected_by_the_breaks_of_all_its_years(folder: Path) -> None:
    found = run(folder, "--history", f"{folder}/first.nc", "-o", f"{folder}/corrected.nc")
    assert found.exit_code == 0, found.output
    assert "2010-01 to 2010-12, 12 months" in found.output
    assert "over its level the record reads" in found.output
    with xr.open_dataset(folder / "corrected.nc") as made, xr.open_dataset(folder / "part.nc") as before:
        factor = (made["wind_speed"] / before["wind_speed"]).to_numpy()
        assert factor == pytest.approx(1.0 / 1.2, rel=0.03)
        assert "homogenise: factor" in made.attrs["history"]
    again = run(folder, "--history", f"{folder}/first.nc", "-o", f"{folder}/corrected.nc")
    assert isinstance(again.exception, ConfigurationError)
    assert "corrected.nc: exists already" in str(again.exception)


def test_without_an_output_it_prints_alone(folder: Path) -> None:
    before = sorted(folder.iterdir())
    assert run(folder, file="first.nc").exit_code == 0
    assert sorted(folder.iterdir()) == before


def test_a_record_of_a_hundred_days_is_refused_without_its_history(folder: Path) -> None:
    found = run(folder)
    assert isinstance(found.exception, DataError)
    assert "24 months" in str(found.exception)
