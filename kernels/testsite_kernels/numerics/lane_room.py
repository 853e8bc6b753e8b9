"""Room for a number of each lane on the stack of a kernel: LLVM knows that nothing else lies there."""

from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from testsite_kernels.numerics.lane_mathematics import LANES

_ROOM = types.Array(types.float64, 1, "C")
_BYTES, _LINE = 8, 64  # of a number, of a line of the cache
_settings: Any = numba.config


def _lane_room(_: Any) -> Any:
    """Return signature and code of an array, shape (LANES,), that lives as long as the kernel that has this line."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = cgutils.alloca_once(builder, context.get_value_type(types.UniTuple(types.float64, LANES)))
        place.align = _LINE
        room = context.make_array(_ROOM)(context, builder)
        whole = [context.get_constant(types.intp, number) for number in (LANES, _BYTES, _BYTES)]
        data = builder.bitcast(place, context.get_value_type(types.CPointer(types.float64)))
        context.populate_array(room, data=data, shape=whole[:1], strides=whole[1:2], itemsize=whole[2], meminfo=None)
        return room._getvalue()

    return _ROOM(), code


def _row() -> Any:
    """Return the same where nothing is compiled."""
    return np.empty(LANES)


lane_room: Any = _row if _settings.DISABLE_JIT else intrinsic(_lane_room)
