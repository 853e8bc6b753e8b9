"""Feed broken files to every weather reader: mutated samples and noise; a reader may refuse, and do nothing else.

    PYTHONPATH=.:kernels python -m tools.fuzz_weather [--seconds 60] [--targets knmi,era5] [--guided] [-o FOLDER]

Each format runs in a process of its own with 1 GB of address space beyond what the libraries take, and ten seconds of
CPU time for each input of up to 1 MB. Whatever is neither a record nor a refusal (exit code 3) is a finding: its input
is kept. Of a Zarr store one file is changed at a time. `results` is the file of results of a run directory.
`mapping` is the file of a mapping, of a table and of reanalyses.
`large-netcdf` is a file of more than 4 MB; what is changed of it is all but the values of its chunks.
`--guided` lets atheris look for inputs that reach new code (`pip install atheris`).
Stopped and begun again with the same folder, it goes on: `--seconds` are those of all starts.
"""

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from tests.weather.formats import samples
from tests.weather.formats.test_reanalysis import curvilinear
from testsite_sim.configuration.catalogue import data_root
from testsite_sim.configuration.weather import Weather
from testsite_sim.output.results import read_results, results_tree, write_results
from testsite_sim.output.run_directory import SCENARIO, SUMMARY
from testsite_sim.weather import open_record, open_weather
from testsite_sim.weather.control import control_record
from testsite_sim.weather.formats import FORMATS, ImportOptions, import_record
from tools.fuzzing import Count, bound_memory, each_in_its_process, guide_for, in_sentences, mutate_for
from tools.reading_in_forks import read_apart_in_forks

TOKENS = (
    b"\0",
    b"\n",
    b"\r\n",
    b",",
    b";",
    b"\t",
    b'"',
    b"nan",
    b"inf",
    b"-1e308",
    b"9" * 400,
    b"1e999",
    b"\xff\xfe",
    b"\xc3\x28",
    b"2024-02-30",
    b"0001-01-01T00:00:00",
    b"9999-12-31T23:59:59Z",
    b"24",
    b"(CEST)",
    b"{}",
    b"[" * 2000,
    b"null",
    b"../../etc",
    b"<script>",
    b",,,,,,,,",
    b"STN,YYYYMMDD,HH",
    b"datetime",
)
MAPPING = """
time: {column: stamp, zone: UTC, marks: end}
columns:
  - {column: v, quantity: wind_speed, units: knot, height: 100 m}
"""
# Targets that are no format, and the reader that takes them.
OTHERS = {
    "parquet": "mapped",
    "grib": "era5",
    "mapped-netcdf": "mapped",
    "large-netcdf": "mapped",
    "classic-netcdf": "mapped",
    "zarr": "mapped",
    "json-elia": "elia",
    "json-meetnet": "meetnet-vlaamse-banken",
    "own-csv": "",
    "own-netcdf": "",
    "mapping": "mapped",
    "results": "",
}
REANALYSES = ("merra-2", "nora3-wind")  # mappings, and names of files that they are of
PLACE = {"latitude": 51.56, "longitude": 2.9}
OWN = {
    "time": {"column": "stamp", "zone": "UTC", "marks": "start"},
    "columns": [{"column": "v", "quantity": "wind_speed", "units": "m/s", "height": "100 m"}],
}


def seeds(form: str, folder: Path) -> list[tuple[str, bytes]]:
    """Return small good files of a format: name and content."""
    folder.mkdir(parents=True, exist_ok=True)
    table = "stamp,v\n" + "".join(f"{stamp.isoformat()},{k}\n" for k, stamp in enumerate(samples.HOURS))
    (folder / "mine.csv").write_text(table)
    pd.DataFrame({"stamp": [f"{stamp.isoformat()}" for stamp in samples.HOURS], "v": 9.0}).to_parquet(
        folder / "mine.parquet"
    )
    open_record("hollandse-kust-noord-2023").isel(time=slice(0, 48)).to_netcdf(folder / "mine.nc", engine="h5netcdf")
    (folder / "answer.json").write_text(
        '{"Values":[{"ID":"WHIWVC","Values":[{"Timestamp":"2024-01-01T00:00:00+00:00","Value":9}]}]}'
    )
    (folder / "elia.json").write_text('{"results":[{"datetime":"2024-01-01T00:00:00+00:00","imbalanceprice":9}]}')
    hours = xr.Dataset({"v": ("stamp", np.full(48, 9.0))}, coords={"stamp": samples.HOURS})
    hours.to_netcdf(folder / "hours.nc", engine="h5netcdf")
    hours.to_netcdf(folder / "classic.nc", engine="scipy")
    hours.to_netcdf(folder / "records.nc", engine="scipy", format="NETCDF3_64BIT", unlimited_dims=["stamp"])
    for version in (2, 3) if form == "zarr" else ():
        hours.to_zarr(folder / f"v{version}.zarr", mode="w", zarr_format=version, consolidated=version == 2)
    mappings = data_root("configs") / "reanalysis"
    write_results(results_tree({"weather": hours.rename(stamp="time")}, "small"), folder / "results.nc")
    made = {
        "era5": [samples.era5(folder / "era5.nc", points=1)],
        "newa": [samples.newa(folder / "newa.nc")],
        "reanalysis": [samples.merra(folder / "merra-2.nc"), curvilinear(folder / "nora3-wind.nc")],
        "mapping": [write(folder / "mine.yaml", MAPPING)]
        + [write(folder / f"{name}.yaml", (mappings / f"{name}.yaml").read_text()) for name in REANALYSES],
        "knmi": [samples.knmi(folder / "knmi.txt")],
        "meetnet-vlaamse-banken": [
            samples.meetnet_csv(folder / "whi.csv"),
            samples.meetnet_text(folder / "WHIWVC.txt", 9.0),
            folder / "answer.json",
        ],
        "elia": [samples.elia_csv(folder / "elia.csv"), folder / "elia.json"],
        "entsoe": [samples.entsoe(folder / "a.csv", True), samples.entsoe(folder / "b.csv", False)],
        "mapped": [folder / "mine.csv"],
        "parquet": [folder / "mine.parquet"],
        "grib": [samples.grib(folder / "era5.grib")] if form == "grib" else [],
        "mapped-netcdf": [folder / "hours.nc"],
        "classic-netcdf": [folder / "classic.nc", folder / "records.nc"],
        "large-netcdf": [large_netcdf(folder / "large.nc")] if form == "large-netcdf" else [],
        "zarr": [path for path in sorted(folder.glob("v*.zarr/**/*")) if path.is_file()],
        "json-elia": [folder / "elia.json"],
        "json-meetnet": [folder / "answer.json"],
        "own-csv": [folder / "mine.csv"],
        "own-netcdf": [folder / "mine.nc"],
        "results": [folder / "results.nc"],
    }
    return [(str(path.relative_to(folder)), path.read_bytes()) for path in made[form]]


def write(path: Path, text: str) -> Path:
    """Write a text, and return its file."""
    path.write_text(text)
    return path


def large_netcdf(path: Path) -> Path:
    """Write a file of which a column of 48 hours is a small part, and return it."""
    more = np.random.default_rng(0).normal(size=(48, 16_384))
    variables = {"v": ("stamp", np.full(48, 9.0)), "more": (("stamp", "other"), more)}
    chunks = {"more": {"chunksizes": (2, 8192), "zlib": True}, "v": {"chunksizes": (8,), "zlib": True}}
    record = xr.Dataset(variables, {"stamp": samples.HOURS})
    record.to_netcdf(path, engine="h5netcdf", encoding=chunks)
    return path


def without_values(path: Path) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Return a file but for the values of its chunks, and what puts these back into it once it was changed."""
    content, parts = path.read_bytes(), []
    with h5py.File(path, "r") as opened:
        for item in opened.values():
            if item.chunks:
                item.id.chunk_iter(lambda chunk: parts.append((chunk.byte_offset, chunk.byte_offset + chunk.size)))
    rest, at = [], 0
    for begin, end in sorted(parts):
        rest.append(content[at:begin])
        at = end
    rest.append(content[at:])

    def whole(changed: bytes) -> bytes:
        found, at = [], 0
        for part, (begin, end) in zip(rest, sorted(parts), strict=False):
            found += [changed[at : at + len(part)].ljust(len(part), b"\0"), content[begin:end]]
            at += len(part)
        return b"".join([*found, changed[at:]])

    return b"".join(rest), whole


def main() -> None:
    """Fuzz each format in a process of its own and print a table."""
    assert __spec__ is not None
    form, arguments = each_in_its_process(__spec__.name, [*FORMATS, *OTHERS], __doc__)
    warnings.simplefilter("ignore")
    read_apart_in_forks()
    folder = arguments.output
    good = seeds(form, folder / "seeds")
    (folder / "mapping.yaml").write_text(MAPPING)
    options = ImportOptions(mapping=folder / "mapping.yaml")
    inputs = folder / "input"
    inputs.mkdir(exist_ok=True)

    for store in (folder / "seeds").glob("*.zarr"):
        shutil.copytree(store, inputs / store.name, dirs_exist_ok=True)
    (inputs / SUMMARY).write_text("{}")
    (inputs / SCENARIO).write_text("title: small\n")

    whole: Callable[[bytes], bytes] = bytes
    if form == "large-netcdf":
        content, whole = without_values(folder / "seeds" / good[0][0])
        good = [(good[0][0], content)]

    def feed(name: str, content: bytes) -> None:
        path = inputs / name
        before = path.read_bytes() if form == "zarr" else b""
        path.write_bytes(whole(content))
        if form == "zarr":
            try:
                control_record(import_record(inputs / Path(name).parts[0], OTHERS[form], options))
            finally:
                path.write_bytes(before)
        elif form == "reanalysis":
            mapping = Path(Path(name).stem)
            control_record(import_record(path, form, ImportOptions(mapping=mapping, **PLACE)))
        elif form == "mapping":
            data = folder / "seeds" / (f"{path.stem}.csv" if path.stem == "mine" else f"{path.stem}.nc")
            reader = "mapped" if path.stem == "mine" else "reanalysis"
            control_record(import_record(data, reader, ImportOptions(mapping=path, **PLACE)))
        elif form == "results":
            read_results(inputs)
        elif form.startswith("own"):
            open_weather(Weather.model_validate({"record": str(path), **(OWN if name.endswith("csv") else {})}))
        else:
            control_record(import_record(path, OTHERS.get(form, form), options))

    for name, content in good:
        feed(name, content)
    bound_memory()
    count = Count(form, in_sentences(feed), folder)
    if arguments.guided:
        guide_for(count, good, arguments.seconds, arguments.seed, folder, TOKENS)
    mutate_for(count, good, arguments.seconds, arguments.seed, TOKENS)


if __name__ == "__main__":
    main()
