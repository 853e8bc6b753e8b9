"""Results kept by which object they are of."""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def kept_by_identity(function: Callable[[Argument], Result]) -> Callable[[Argument], Result]:
    """Return a function that keeps its results as long as the object lives that each is of.

    It serves frozen objects, such as configurations, which change neither between calls nor have a hash.
    """
    kept: dict[int, Result] = {}

    @wraps(function)
    def keeping(argument: Argument) -> Result:
        key = id(argument)
        if key not in kept:
            kept[key] = function(argument)
            weakref.finalize(argument, kept.pop, key)
        return kept[key]

    return keeping
