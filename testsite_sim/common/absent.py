"""Modules that are not imported, though they are installed, or not before something of them is used."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Let the import of modules fail within this context, but of those that are imported already.

    A library that asks whether an array is of some kind imports the package of that kind first; where no such array can
    be, this spares the import.

    Parameters
    ----------
    *names : str
        Of modules and packages.

    Examples
    --------
    >>> with absent("antigravity"):
    ...     import antigravity
    Traceback (most recent call last):
    ModuleNotFoundError: import of antigravity halted; None in sys.modules
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # what Python takes as: not there
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, name) is None:
                del sys.modules[name]


def defer(name: str) -> None:
    """Let the import of a module, from now on and in the whole process, wait until something of it is used.

    For a module that a library imports in full and uses in a corner: of a process of the program's own alone.

    Parameters
    ----------
    name : str
        Of a module or package; one that is not installed, or is imported already, stays as it is. A package that holds
        it is imported.

    Examples
    --------
    >>> defer("antigravity")  # nothing happens yet
    """
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is not None:
        sys.modules[name] = deferred = _Deferred(name, spec.origin)
        if spec.submodule_search_locations is not None:
            deferred.__path__ = list(spec.submodule_search_locations)  # its modules can be imported without it
        holder, _, last = name.rpartition(".")
        if holder:
            setattr(sys.modules[holder], last, deferred)


class _Deferred(ModuleType):
    """What stands for a module until something of it is used; `importlib.util.LazyLoader` is too eager for that."""

    def __init__(self, name: str, file: str | None) -> None:
        super().__init__(name)
        self.__file__ = file  # who looks through all modules asks for this

    def __getattr__(self, name: str) -> Any:
        """Import the module, and return what it has of that name."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = importlib.import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)
