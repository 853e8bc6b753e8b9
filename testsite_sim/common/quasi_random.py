"""Quasi-random points of scipy, imported without the rest of its statistics, which takes ten times as long."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from testsite_sim.common.own_process import is_own_run

_ENGINES = "scipy.stats._qmc"
# What this module imports, and what it takes of each: nothing that Sobol's points and a Latin hypercube need.
_NOT_NEEDED = {
    "scipy.stats": (),
    "scipy.sparse.csgraph": ("minimum_spanning_tree",),
    "scipy.spatial": ("distance", "Voronoi"),
    "scipy.special": ("gammainc",),
}
_KNOWN: list[Any] = []


def quasi_random() -> Any:
    """Return scipy's module of quasi-random points, of which `Sobol` and `LatinHypercube` can be used.

    They are the same classes: a process of the program's own that has not imported scipy's statistics imports their
    module alone; any other takes it from there.
    """
    if not _KNOWN:
        _KNOWN.append(_alone() if is_own_run() and "scipy.stats" not in sys.modules else None)
    return _KNOWN[0] or import_module("scipy.stats.qmc")


def _alone() -> ModuleType | None:
    """Return the module, imported without what it does not need here; None where a version of scipy has it otherwise.

    It is not left where others would find it: they import it in full.
    """
    hidden = {name: sys.modules.get(name) for name in _NOT_NEEDED}
    spec = find_spec("scipy.stats")
    try:
        for name, taken in _NOT_NEEDED.items():
            sys.modules[name] = empty = ModuleType(name)
            vars(empty).update(dict.fromkeys(taken))
        holder = sys.modules["scipy.stats"]
        holder.__spec__, holder.__path__ = spec, list((spec and spec.submodule_search_locations) or [])
        engines = import_module(_ENGINES)
        engines.Sobol(1)  # reads a file next to the module, once
        return engines
    except (ImportError, AttributeError):
        return None
    finally:
        sys.modules.pop(_ENGINES, None)
        for name, module in hidden.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
