"""One check of public functions: a number or an array that is not finite is refused by its name, before any work."""

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from testsite_sim.common.errors import DataError

P = ParamSpec("P")
R = TypeVar("R")
DEEP = 3  # data classes within data classes that are looked into


def finite_arguments(where: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that refuses arguments which are not finite numbers.

    It looks at numbers, arrays, sequences of them, and the fields of data classes. A field whose default is infinite
    may be infinite (no limit), never not a number. Labelled series are checked with their time axis by
    `time_axis.aligned_series`, which names the moment.

    Parameters
    ----------
    where : str
        Part of the model, with which the message begins.

    Raises
    ------
    DataError
        By the decorated function: names each argument, and what was found.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        names = inspect.signature(function)

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            given = names.bind(*args, **kwargs).arguments if len(args) + len(kwargs) else {}
            refuse_not_finite(where, **given)
            return function(*args, **kwargs)

        return checked

    return decorate


def refuse_not_finite(where: str, **values: Any) -> None:
    """Raise a DataError that names every value or array which is not finite.

    Parameters
    ----------
    where : str
        Part of the model, with which the message begins.
    **values
        By name; what is not a number, array or data class of them is left alone.
    """
    found = [text for name, value in values.items() for text in _faults(name, value, False, DEEP)]
    if found:
        raise DataError(f"{where}: {'; '.join(found)}; expected finite numbers")


def _faults(name: str, value: Any, unlimited: bool, deep: int) -> Iterator[str]:
    """Yield what is wrong with a value."""
    if isinstance(value, float):
        if math.isnan(value) or (math.isinf(value) and not unlimited):
            yield f"{name} is {value}"
    elif value is None or isinstance(value, str | bytes | int):
        return
    elif isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            good = np.isfinite(value)
            if not good.all():
                bad = np.flatnonzero(~good.ravel())
                first = value.ravel()[bad[0]]
                yield f"{name} is not finite in {bad.size} of {value.size} value(s), the first ({first}) at {bad[0]}"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if deep > 0:
            for field, free in _fields(type(value)):
                inner = getattr(value, field)
                if not isinstance(inner, tuple):
                    yield from _faults(f"{name}.{field}", inner, free, deep - 1)
    elif isinstance(value, Sequence) and deep > 0:
        for number, item in enumerate(value):
            yield from _faults(f"{name}[{number}]", item, False, deep - 1)


@functools.cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Return the fields of a data class, and whether each may be infinite."""
    return tuple(
        (field.name, isinstance(field.default, float) and math.isinf(field.default))
        for field in dataclasses.fields(kind)
    )
