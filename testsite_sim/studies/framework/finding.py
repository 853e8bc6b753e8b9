"""Find a study: one that ships by its name, one of somebody's own by the path of its folder."""

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from os.path import isfile
from pathlib import Path

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.studies.framework.registry import Study, study_by_name

CODE = "__init__.py"  # of a folder that is a study; it defines STUDY


def is_path(named: str) -> bool:
    """Return whether a scenario names its study by the path of a folder.

    Examples
    --------
    >>> is_path("waterstof"), is_path("./shore_power"), is_path("/home/me/shore_power")
    (False, True, True)
    """
    return named == "." or named.startswith(("./", "../")) or Path(named).is_absolute()


def find_study(named: str, origin: Path, studies: Mapping[str, Study]) -> tuple[Study, str]:
    """Return a study, and how a file anywhere names it: by its name, or by the whole path of its folder.

    A study is a program: the code of the folder runs.

    Parameters
    ----------
    named : str
        What the scenario states: `waterstof`, or a path such as `./shore_power`.
    origin : pathlib.Path
        The folder of the scenario, to which a path is relative.
    studies : mapping of str to Study
        Those that ship.

    Raises
    ------
    ConfigurationError
        When there is no such study, or the folder holds none.
    """
    if not is_path(named):
        return study_by_name(dict(studies), named), named
    folder = (origin / named).resolve()
    code = folder / CODE
    if not isfile(code):  # also of a name too long
        raise ConfigurationError(f"study: {named!r}: there is no {CODE} in {folder}; expected the folder of a study.")
    module = f"testsite_study_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if module not in sys.modules:
        _load(module, code)
    found = getattr(sys.modules[module], "STUDY", None)
    if not isinstance(found, Study):
        raise ConfigurationError(f"study: {code} defines no STUDY; expected STUDY = Study(…).")
    return found, str(folder)


def _load(name: str, code: Path) -> None:
    """Import the folder of a study as a package of a name of its own; one that fails leaves nothing behind."""
    spec = importlib.util.spec_from_file_location(name, code, submodule_search_locations=[str(code.parent)])
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"study: {code} is no Python package.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
