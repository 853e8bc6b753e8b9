"""Named tuples that kernels return, made for Python without a crash where a signal is heard just then.

numba asks Python for the class of the tuple and does not look whether that raised. A signal that comes while a kernel
runs is heard there: an interrupt ended the process by a segmentation fault.
"""

from typing import Any

from numba import types
from numba.core import boxing, cgutils, pythonapi

_of_numba: Any = boxing
_helpers: Any = cgutils
_registry: Any = pythonapi


def _box(kind: Any, value: Any, c: Any) -> Any:
    """Return the code that makes a named tuple for Python; it gives nothing where that raised."""
    builder = c.builder
    of_class = c.pyapi.unserialize(c.pyapi.serialize_object(kind.instance_class))
    result = _helpers.alloca_once_value(builder, of_class)
    with builder.if_then(_helpers.is_not_null(builder, of_class), likely=True):
        builder.store(c.pyapi.get_null_object(), result)
        fields = _of_numba.box_tuple(kind, value, c)
        with builder.if_then(_helpers.is_null(builder, c.pyapi.err_occurred()), likely=True):
            builder.store(c.pyapi.call(of_class, fields), result)
        c.pyapi.decref(of_class)
        c.pyapi.decref(fields)
    return builder.load(result)


def look_for_errors() -> None:
    """Let what is compiled from now on look whether Python raised while it makes a named tuple."""
    for kind in (types.NamedTuple, types.NamedUniTuple):
        _registry._boxers.functions[kind] = _box
