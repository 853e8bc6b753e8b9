"""Named tuples of arrays handed to a function by one address: they are written once, and read where they are needed.

A tuple as an argument is copied to the stack word by word, seven and more of each array, in every call; a kernel that
is called by its address, millions of times in a run, took a tenth of its time for that.
"""

from typing import Any

import numba
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Floats, Integers

WORDS, _BYTES = 256, 8  # of the room for a view, of a word
_KINDS = {
    int: types.int64,
    float: types.float64,
    Floats: types.Array(types.float64, 1, "C"),
    Integers: types.Array(types.int64, 1, "C"),
}
_settings: Any = numba.config


def named_type(record: Any, **fields: Any) -> Any:
    """Return numba's type of a named tuple: as its fields are annotated, arrays of one dimension, but those stated."""
    kinds = [fields.get(name) or _KINDS[kind] for name, kind in record.__annotations__.items()]
    if len(set(kinds)) == 1:
        return types.NamedUniTuple(kinds[0], len(kinds), record)
    return types.NamedTuple(kinds, record)


def writer_and_reader(kind: Any) -> tuple[Any, Any]:
    """Return a function that writes a tuple of a type to room, shape (WORDS,), and one that reads it by its address.

    The first returns the address. What is written holds no reference to its arrays: they, and the room, must outlive
    all who read it.
    """
    if _settings.DISABLE_JIT:
        return (lambda view, room: view), (lambda view: view)

    def write(_: Any, view: Any, room: Any) -> Any:
        if view != kind or room != _KINDS[Integers]:
            raise TypingError(f"a view of {view} in {room}; expected {kind} in {_KINDS[Integers]}")

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            whole = context.get_value_type(kind)
            if context.get_abi_sizeof(whole) > WORDS * _BYTES:
                raise TypingError(f"a view of {context.get_abi_sizeof(whole)} bytes; expected {WORDS * _BYTES} at most")
            data = context.make_array(room)(context, builder, arguments[1]).data
            builder.store(arguments[0], builder.bitcast(data, whole.as_pointer()))
            return builder.ptrtoint(data, context.get_value_type(types.intp))

        return types.intp(view, room), code

    def read(_: Any, address: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.load(builder.inttoptr(arguments[0], context.get_value_type(kind).as_pointer()))

        return kind(address), code

    made: tuple[Any, Any] = intrinsic(write), intrinsic(read)
    return made
