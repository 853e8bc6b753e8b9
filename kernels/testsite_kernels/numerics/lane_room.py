"""Room for a number of each lane, on the stack of a kernel or in arrays that begin with a line of the cache.

Of the stack LLVM knows that nothing else lies there; a register that crosses two lines is read and written twice.
"""

from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import part
from testsite_kernels.numerics.lane_mathematics import LANES

_ROOM = types.Array(types.float64, 1, "C")
_BYTES, _LINE = 8, 64  # of a number, of a line of the cache
_PER_LINE = _LINE // _BYTES
_settings: Any = numba.config


def _room(context: Any, builder: Any) -> Any:
    """Return an array, shape (LANES,), on the stack of the function that is being written."""
    place = cgutils.alloca_once(builder, context.get_value_type(types.UniTuple(types.float64, LANES)))
    place.align = _LINE
    room = context.make_array(_ROOM)(context, builder)
    whole = [context.get_constant(types.intp, number) for number in (LANES, _BYTES, _BYTES)]
    data = builder.bitcast(place, context.get_value_type(types.CPointer(types.float64)))
    context.populate_array(room, data=data, shape=whole[:1], strides=whole[1:2], itemsize=whole[2], meminfo=None)
    return room._getvalue()


def lane_rooms(record: Any) -> Any:
    """Return a function that makes a named tuple of arrays, shape (LANES,), of the kernel that has its call.

    They live as long as that kernel: no part may make them, which would return what is then gone.
    """
    count = len(record._fields)
    if _settings.DISABLE_JIT:
        return lambda: record(*(np.empty(LANES) for _ in range(count)))
    kind = types.NamedUniTuple(_ROOM, count, record)

    def rooms(_: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return context.make_tuple(builder, kind, [_room(context, builder) for _ in range(count)])

        return kind(), code

    made: Any = intrinsic(rooms)
    return made


@part
def room_in_lines(numbers: int) -> Floats:
    """Return room for so many numbers, of unknown values, that begins with a line of the cache."""
    room = np.empty(numbers + _PER_LINE)
    begin = -(room.ctypes.data // _BYTES) % _PER_LINE
    return room[begin : begin + numbers]
