"""A windIO plant from its files: includes within one folder, within limits, and where each part was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from testsite_sim.common.errors import ConfigurationError, DataError, TestsiteError
from testsite_sim.common.hdf5_probe import refuse_hanging
from testsite_sim.common.hdf5_safety import check_hdf5
from testsite_sim.common.netcdf_opening import open_netcdf4
from testsite_sim.configuration.yaml_loader import Document as Written
from testsite_sim.configuration.yaml_loader import Path_, Place, load_document
from testsite_sim.wind.windio.document import Document

DEEPEST_INCLUDE = 8
MOST_FILES = 64
MOST_TEXT = 4_000_000  # of all YAML files together [byte]
MOST_NETCDF = 8
LARGEST_NETCDF = 160_000_000  # that the variables of one file add up to, as it states them [byte]


@dataclass(frozen=True)
class _Included:
    """What stands for an include until its file is put there."""

    document: Written


class _Reader:
    """Reads a plant with what it includes, all within one root."""

    def __init__(self, root: Path, named: bool) -> None:
        self.root, self.named = root, named
        self.files, self.text, self.netcdf = 0, 0, 0

    def load(self, path: Path, above: tuple[Path, ...]) -> Written:
        """Read one YAML file with what it includes."""
        if path.resolve() in above:
            raise ConfigurationError(f"{path}: includes itself.")
        if len(above) > DEEPEST_INCLUDE:
            raise ConfigurationError(f"{path}: is included {len(above)} files deep; at most {DEEPEST_INCLUDE} are.")
        self.files += 1
        self.text += path.stat().st_size if path.is_file() else 0
        if self.files > MOST_FILES or self.text > MOST_TEXT:
            raise ConfigurationError(
                f"{path}: the plant takes {self.files} files of {self.text} bytes up to here; at most {MOST_FILES} "
                f"files of {MOST_TEXT} bytes are read; write long series as NetCDF."
            )

        def include(name: str) -> Any:
            return _Included(self._target(path, name, above))

        return _put_in_place(load_document(path, include))

    def _target(self, path: Path, name: str, above: tuple[Path, ...]) -> Written:
        """Read the file that an include names."""
        target = (path.parent / name).resolve()  # links are followed before they are judged
        if not target.is_relative_to(self.root):
            of = "the folder that --include-root names" if self.named else "the plant's own folder"
            hint = "" if self.named else " Where the files around it are yours, name their folder by --include-root."
            raise ConfigurationError(f"{path}: the include {name!r} leaves {self.root}, {of}.{hint}")
        if not target.is_file():
            raise ConfigurationError(f"{path}: the include {name!r} is not a file.")
        if target.suffix in (".nc", ".nc4"):
            self.files += 1
            self.netcdf += 1
            if self.netcdf > MOST_NETCDF:
                raise ConfigurationError(f"{target}: the plant includes more than {MOST_NETCDF} NetCDF files.")
            return Written(_netcdf(target), {(): Place(str(target))})
        if target.suffix in (".yaml", ".yml"):
            return self.load(target, (*above, path.resolve()))
        raise ConfigurationError(f"{path}: the include {name!r} is neither YAML (.yaml, .yml) nor NetCDF (.nc).")


def load_plant(path: Path, include_root: Path | None = None) -> Document:
    """Read the files of a plant into one document.

    Parameters
    ----------
    path : Path
        The file of the wind energy system.
    include_root : Path, optional
        The folder that includes may reach; None: the plant's own.

    Raises
    ------
    ConfigurationError
        When a file does not parse, includes itself, is too large or too deep, or an include leaves the folder.
    DataError
        When a NetCDF file cannot be read, is too large, or takes values from other files.
    """
    if include_root is not None and not include_root.is_dir():
        raise ConfigurationError(f"--include-root: {include_root} is not a folder.")
    root = (path.parent if include_root is None else include_root).resolve()
    document = _Reader(root, include_root is not None).load(path, ())
    return Document(document.data, document.places)


def _put_in_place(document: Written) -> Written:
    """Return a document with its includes in their places, and the places of what they hold."""
    places = dict(document.places)

    def resolve(value: Any, path: Path_) -> Any:
        if isinstance(value, _Included):
            places.update({(*path, *below): place for below, place in value.document.places.items()})
            return value.document.data
        if isinstance(value, dict):
            return {key: resolve(below, (*path, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [resolve(below, (*path, number)) for number, below in enumerate(value)]
        return value

    return Written(resolve(document.data, ()), places)


def _netcdf(path: Path) -> dict[str, Any]:
    """Return a NetCDF file as windIO writes it in YAML: coordinates, and variables with data, dims and units."""
    try:
        refuse_hanging(path, str(path), str(path), LARGEST_NETCDF)
        check_hdf5(path, str(path), LARGEST_NETCDF)
        with open_netcdf4(path, decode_timedelta=False) as dataset:
            loaded = dataset.load()
    except TestsiteError:
        raise
    except Exception as error:  # libraries below raise nearly anything on a broken file
        raise DataError(f"{path}: cannot be read as NetCDF-4 ({' '.join(str(error).split())[:200]}).") from error
    found: dict[str, Any] = {}
    for name, variable in loaded.variables.items():
        values = variable.to_numpy()
        if values.dtype.kind == "M":
            values = np.datetime_as_string(values, unit="s")
        if values.dtype.kind in "OSU":
            values = values.astype(str)
        if str(name) in loaded.coords and variable.dims in ((), (name,)):
            found[str(name)] = values.tolist()
            continue
        found[str(name)] = {
            "data": values if values.ndim else values.item(),
            "dims": [str(dim) for dim in variable.dims],
        }
        if variable.attrs.get("units"):
            found[str(name)]["attrs"] = {"units": str(variable.attrs["units"])}
    return found


def plain(data: Any) -> Any:
    """Return data with lists and numbers of Python instead of arrays."""
    if isinstance(data, np.ndarray | np.generic):
        return data.tolist()
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data
