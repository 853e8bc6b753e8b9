"""Public names of a package that are imported when they are first used, so that importing the package costs nothing."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a package.

    No name may be that of a module of the package: once such a module is imported it would stand for the name.

    Parameters
    ----------
    package : str
        `__name__` of the package.
    homes : mapping of str to str
        The module of the package in which each public name is defined.

    Examples
    --------
    >>> get, names = lazy_exports("testsite_sim.common", {"printable": "text"})
    >>> get("printable").__name__, names()
    ('printable', ['printable'])
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: sorted(homes)
