"""Configurations and scenarios by name, from a wheel or a checkout; a user's own file by path."""

from os.path import isfile
from pathlib import Path

from testsite_sim.common.errors import ConfigurationError, nearest

_PACKAGE = Path(__file__).resolve().parents[1]


def data_root(folder: str) -> Path:
    """Return the folder `configs` or `scenarios`: inside the installed package, else next to it in a checkout."""
    packaged = _PACKAGE / "_data" / folder
    return packaged if packaged.is_dir() else _PACKAGE.parent / folder


MOST_FILES = 1000  # that are looked through for a name like the one that was written


def names(folder: str, kind: str = "") -> list[str]:
    """Return the sorted names of the YAML files below `configs/<kind>` or `scenarios`."""
    root = data_root(folder) / kind if kind else data_root(folder)
    return sorted(path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.yaml"))


def kinds() -> list[str]:
    """Return the kinds of configuration that ship, such as turbine and electrolyser."""
    return sorted(path.name for path in data_root("configs").iterdir() if path.is_dir())


def find_configuration(kind: str, name: str, relative_to: Path | None = None) -> Path:
    """Return the file of a component: by name from `configs/<kind>`, by path when it ends in .yaml or .yml.

    A farm may also be a layout in CSV.

    Raises
    ------
    ConfigurationError
        When there is none; the nearest names are offered.
    """
    return _find("configs", kind, name, relative_to)


def find_scenario(name: str, relative_to: Path | None = None) -> Path:
    """Return the file of a scenario, by name from `scenarios`, or by path. See `find_configuration`."""
    return _find("scenarios", "", name, relative_to)


def _files_like(path: Path) -> str:
    """Return the sentence that offers the files next to a path whose names are nearest; empty where none is near."""
    files = [each.name for each in path.parent.glob("*") if each.suffix in (".yaml", ".yml", ".csv")][:MOST_FILES]
    found = nearest(path.name, files)
    return found if found.startswith("Nearest") else ""


def _find(folder: str, kind: str, name: str, relative_to: Path | None) -> Path:
    """Find by name first; what looks like a path is taken as one."""
    available = names(folder, kind)
    label = kind or "scenario"
    if "\0" in name:  # which no path may hold
        raise ConfigurationError(
            f"{label} {name!r}: found the character U+0000; expected a name or the path of a file."
        )
    if name in available:
        return (data_root(folder) / kind / name).with_name(Path(name).name + ".yaml")
    if name.endswith((".yaml", ".yml", *((".csv",) if kind == "farm" else ()))):
        path = Path(name)
        if relative_to is not None and not path.is_absolute():
            path = relative_to / path
            if not path.resolve().is_relative_to(relative_to.resolve()):
                raise ConfigurationError(
                    f"{label} {name!r}: the path leaves the folder of the scenario; keep the file next to it."
                )
        if isfile(path):  # False also of a name too long for the system
            return path
        there = _files_like(path)
        raise ConfigurationError(
            f"{label} {name!r}: there is no such file. {there or nearest(Path(name).stem, available)}"
        )
    if kind == "market" and Path(name).suffix.lower() in (".csv", ".nc"):
        raise ConfigurationError(
            f"market {name!r}: prices over time are a column `day_ahead_price` of the weather record, next to the "
            "wind; `testsite-sim weather import … --join` brings a file of prices into one. Here stands such as "
            "`day-ahead`, or `{price: 60 EUR/MWh}` for one price."
        )
    raise ConfigurationError(f"{label} {name!r}: there is no such name. {nearest(name, available)}")
