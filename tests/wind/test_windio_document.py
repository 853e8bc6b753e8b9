"""What a windIO plant states is read, listed as without effect, or refused by path; its includes stay in its folder."""

import json
import os
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from tests.wind.windio_plants import ANALYSIS, RESOURCE, ROSE, SERIES, changed, row_of, write
from testsite_sim.cli import main
from testsite_sim.common import hdf5_probe
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind.windio import read_windio


def refused(folder: Path, changes: dict[str, object], resource: dict[str, object] = ROSE) -> str:
    """Return what is said of a plant with changes, which is refused."""
    with pytest.raises((ConfigurationError, DataError)) as error:
        read_windio(write(folder, changed(row_of(resource), changes)))
    return str(error.value)


@pytest.mark.parametrize(
    "path",
    [
        "atributes",
        "site.curvature",
        "wind_farm.owner",
        "wind_farm.turbines.colour",
        "wind_farm.turbines.performance.noise",
        "wind_farm.layouts.0.spacing",
        "wind_farm.layouts.0.coordinates.w",
        f"{RESOURCE}.gusts",
        f"{ANALYSIS}.wake_model",
        f"{ANALYSIS}.wind_deficit_model.k_a",
        "attributes.model_outputs_specification.run_configuration.times",
    ],
)
def test_a_key_that_nobody_knows_is_refused_with_its_line(tmp_path: Path, path: str) -> None:
    said = refused(tmp_path, {path: 1.0})
    shown = path.replace(".0.", "[0].")
    line = next(
        number
        for number, text in enumerate((tmp_path / "plant.yaml").read_text().splitlines(), 1)
        if f"{path.rsplit('.', 1)[-1]}:" in text
    )
    assert f"plant.yaml:{line}: {shown}: is not known here" in said


def test_a_name_that_turns_the_direction_of_writing_is_refused(tmp_path: Path) -> None:
    assert "name: found the character U+202E" in refused(tmp_path, {"name": "plant \u202eeno"})


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        {
            "site.energy_resource.colour": "blue",
            f"{ANALYSIS}.superposition_model.ws_superposition": "Product",
            f"{ANALYSIS}.blockage_model.name": "Rathmann",
            "wind_farm.turbines.performance.generator_efficiency": 0.9,
        },
    )
    for part in (
        "colour: is not known",
        "'Product' is not among ours",
        "'Rathmann' is not among",
        "generator_efficiency",
    ):
        assert part in said


def test_what_has_no_effect_is_listed_with_the_reason(tmp_path: Path) -> None:
    plant = read_windio(
        write(
            tmp_path,
            changed(
                row_of(SERIES),
                {
                    f"{RESOURCE}.z0": {"data": [1e-4] * 3, "dims": ["time"]},
                    f"{ANALYSIS}.apm_grid": {"Lx": 1e6},
                    f"{ANALYSIS}.turbulence_model.name": "STF2005",
                    "attributes.flow_model.name": "foxes",
                    "wind_farm.turbines.TSR": 9.0,
                },
            ),
        )
    )
    assert dict(plant.ignored_without_effect) == {
        "site.name": "is a label",
        "site.boundaries": "the turbines stand where wind_farm has them; nothing is placed or optimised",
        "wind_farm.turbines.TSR": "no model here depends on the tip-speed ratio",
        "attributes.flow_model.name": "names another program; this one runs what `analysis` asks for",
        f"{ANALYSIS}.apm_grid": (
            "a setting of the atmospheric perturbation model of wayve, which is not part of the wake models"
        ),
        f"{ANALYSIS}.turbulence_model.name": "no wake depends on the turbulence that wakes add",
        "site.energy_resource.name": "is a label",
        f"{RESOURCE}.z0": "no model here depends on it: the wind itself is stated",
        f"{RESOURCE}.turbulence_intensity": "no wake depends on the turbulence",
    }


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_and_a_check_say_what_has_no_effect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, changed(row_of(SERIES), {"wind_farm.turbines.TSR": 9.0}))
    main(["check", str(path)])
    assert "wind_farm.turbines.TSR: without effect: no model here" in capsys.readouterr().out
    main(["run", str(path), "-o", str(tmp_path / "run")])
    listed = json.loads((tmp_path / "run" / "ignored_without_effect.json").read_text())
    assert listed["wind_farm.turbines.TSR"] == "no model here depends on the tip-speed ratio"
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["ignored_without_effect"]["value"] == len(listed)
    with xr.open_datatree(tmp_path / "run" / "results.nc", engine="h5netcdf") as tree:
        assert any("wind_farm.turbines.TSR" in line for line in tree["wind"].attrs["ignored_without_effect"])


def _study(tmp_path: Path) -> tuple[Path, Path]:
    """Return a plant in a folder of its own, whose resource is in the folder next to it."""
    folder, resources = tmp_path / "study" / "system", tmp_path / "study" / "resource"
    folder.mkdir(parents=True)
    resources.mkdir()
    path = write(folder, row_of({"wind": "PUT"}))
    text = path.read_text().replace("{wind: PUT}", "!include ../resource/wind.yaml")
    path.write_text(text)
    (resources / "wind.yaml").write_text(
        "wind_direction: [0.0, 180.0]\nsector_probability: {data: [0.5, 0.5], dims: [wind_direction]}\n"
        "weibull_a: {data: [9.0, 9.0], dims: [wind_direction]}\nweibull_k: {data: [2.0, 2.0], dims: [wind_direction]}\n"
    )
    return path, resources / "wind.yaml"


def test_an_include_reaches_the_plants_own_folder_or_the_one_that_is_named(tmp_path: Path, capsys) -> None:
    path, resource = _study(tmp_path)
    with pytest.raises(ConfigurationError, match=r"leaves .*system, the plant's own folder.*--include-root"):
        read_windio(path)
    assert len(read_windio(path, include_root=tmp_path / "study").farm.turbines) == 4
    (tmp_path / "secret.yaml").write_text("password: 1\n")
    resource.write_text("site: !include ../../secret.yaml\n")
    with pytest.raises(ConfigurationError, match=r"leaves .*study, the folder that --include-root names"):
        read_windio(path, include_root=tmp_path / "study")
    with pytest.raises(ConfigurationError, match="is not a folder"):
        read_windio(path, include_root=tmp_path / "nowhere")
    with pytest.raises(SystemExit) as leaving:
        main(["run", str(path), "-o", str(tmp_path / "out")])
    assert leaving.value.code == 2
    assert not (tmp_path / "out").exists()
    assert "--include-root" in capsys.readouterr().err


def test_a_link_out_of_the_folder_is_followed_before_it_is_judged(tmp_path: Path) -> None:
    path, resource = _study(tmp_path)
    link = path.parent / "wind.yaml"
    os.symlink(resource, link)
    path.write_text(path.read_text().replace("../resource/wind.yaml", "wind.yaml"))
    with pytest.raises(ConfigurationError, match="leaves"):
        read_windio(path)


def test_includes_that_go_round_or_are_no_file_are_refused(tmp_path: Path) -> None:
    path, _ = _study(tmp_path)
    for name, said in (
        ("plant.yaml", "includes itself"),
        ("nothing.yaml", "is not a file"),
        ("wind.csv", "neither YAML"),
    ):
        (path.parent / "wind.csv").write_text("1,2\n")
        path.write_text(f"name: x\nsite: !include {name}\nwind_farm: {{}}\n")
        with pytest.raises(ConfigurationError, match=said):
            read_windio(path)


def test_includes_are_limited_in_depth_and_number(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"f{number}.yaml").write_text(f"a: !include f{number + 1}.yaml\n")
    with pytest.raises(ConfigurationError, match="files deep"):
        read_windio(tmp_path / "f0.yaml")
    (tmp_path / "leaf.yaml").write_text("a: 1\n")
    (tmp_path / "wide.yaml").write_text("".join(f"k{number}: !include leaf.yaml\n" for number in range(80)))
    with pytest.raises(ConfigurationError, match="takes 65 files of"):
        read_windio(tmp_path / "wide.yaml")


def test_includes_are_limited_in_length(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text("a: " + "1" * 30 + "\n#" + "x" * 900_000 + "\n")
    (tmp_path / "plant.yaml").write_text("".join(f"k{number}: !include long.yaml\n" for number in range(8)))
    with pytest.raises(ConfigurationError, match="at most 64 files of 4000000 bytes"):
        read_windio(tmp_path / "plant.yaml")


def test_the_base_install_reads_a_plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("windIO", "jsonschema", "netCDF4", "py_wake"):
        monkeypatch.setitem(sys.modules, package, None)
    path, _ = _with_netcdf(tmp_path)
    assert read_windio(path).resource.sizes["time"] == 2


def _with_netcdf(tmp_path: Path) -> tuple[Path, Path]:
    """Return a plant and the NetCDF file of its resource."""
    data = xr.Dataset(
        {"wind_speed": ("time", [8.0, 9.0], {"units": "m/s"}), "wind_direction": ("time", [270.0, 90.0])},
        coords={"time": [0.0, 1.0]},
    )
    data.to_netcdf(tmp_path / "wind.nc", engine="h5netcdf")
    path = write(tmp_path, row_of({"wind": "PUT"}))
    path.write_text(path.read_text().replace("{wind: PUT}", "!include wind.nc"))
    return path, tmp_path / "wind.nc"


def test_a_netcdf_file_that_takes_values_from_others_is_refused(tmp_path: Path) -> None:
    path, netcdf = _with_netcdf(tmp_path)
    assert read_windio(path).resource.sizes["time"] == 2
    (tmp_path / "raw").write_bytes(np.arange(2.0).tobytes())
    with h5py.File(netcdf, "a") as file:
        file.create_dataset("density", (2,), "f8", external=[(str(tmp_path / "raw"), 0, 16)])
    with pytest.raises(DataError, match="density keeps its values in another file"):
        read_windio(path)
    with h5py.File(netcdf, "a") as file:
        del file["density"]
        layout = h5py.VirtualLayout((2,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (2,))
        file.create_virtual_dataset("density", layout)
    with pytest.raises(DataError, match="density takes its values from other files"):
        read_windio(path)
    with h5py.File(netcdf, "a") as file:
        del file["density"]
        file["density"] = h5py.ExternalLink("other.h5", "/x")
    with pytest.raises(DataError, match="density is a link to another file"):
        read_windio(path)


def test_a_netcdf_file_that_ends_its_library_or_raises_anything_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = _with_netcdf(tmp_path)
    monkeypatch.setattr(hdf5_probe, "_read_to_the_end", set())
    with monkeypatch.context() as patch:
        patch.setattr(hdf5_probe, "_PROBE", "import os; os.abort()")
        with pytest.raises(DataError, match=r"wind\.nc: cannot be read as NetCDF-4 \(it ends HDF5 by signal 6\)"):
            read_windio(path)

    def fail(*_: object, **__: object) -> None:
        raise AttributeError("of a library")

    with monkeypatch.context() as patch:
        patch.setattr(xr, "open_dataset", fail)
        with pytest.raises(DataError, match=r"wind\.nc: cannot be read as NetCDF-4 \(of a library\)"):
            read_windio(path)
    assert read_windio(path).resource.sizes["time"] == 2


def test_a_netcdf_file_that_states_more_than_it_holds_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path, netcdf = _with_netcdf(tmp_path)
    with h5py.File(netcdf, "a") as file:
        file.create_dataset("density", (10**9,), "f8", chunks=(10**6,))
    assert netcdf.stat().st_size < 100_000
    with pytest.raises(DataError, match=r"states arrays of 7\.5 GB"):
        read_windio(path)


def test_units_that_are_others_are_refused(tmp_path: Path) -> None:
    path, netcdf = _with_netcdf(tmp_path)
    with h5py.File(netcdf, "a") as file:
        file["wind_speed"].attrs["units"] = "km/h"
    with pytest.raises(DataError, match="wind_speed: is in 'km/h'; windIO has it in m/s"):
        read_windio(path)
    netcdf.write_bytes(b"not a file of that kind")
    with pytest.raises(DataError, match="cannot be read as NetCDF-4"):
        read_windio(path)


@pytest.mark.usefixtures("unprinted_figures")
def test_a_long_resource_is_copied_next_to_the_plant_and_runs_again(tmp_path: Path) -> None:
    hours = 3000
    generator = np.random.default_rng(7)
    resource = {
        "time": list(range(hours)),
        "wind_speed": {"data": generator.uniform(4.0, 14.0, hours).tolist(), "dims": ["time"]},
        "wind_direction": {"data": generator.uniform(0.0, 360.0, hours).tolist(), "dims": ["time"]},
    }
    path = write(tmp_path, row_of(resource))
    main(["run", str(path), "-o", str(tmp_path / "run")])
    assert "!include wind_resource.nc" in (tmp_path / "run" / "scenario.yaml").read_text().replace("'", "")
    main(["run", str(tmp_path / "run" / "scenario.yaml"), "-o", str(tmp_path / "again")])
    for name in ("results.nc", "summary.json", "report.html", "scenario.yaml", "wind_resource.nc"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
