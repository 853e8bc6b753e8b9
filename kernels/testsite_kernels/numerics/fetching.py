"""Lines of memory that the processor fetches ahead of their use.

What is written line by line all over a large array waits for each line to be fetched first. A processor that cannot
fetch ahead does nothing.
"""

from typing import Any

import numba
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Floats

_settings: Any = numba.config
_of_numba: Any = cgutils
_ir: Any = _of_numba.ir  # of llvmlite, as numba has it
_TO_WRITE, _SOON, _DATA = 1, 3, 1  # what LLVM calls them in `llvm.prefetch`


def _nothing(array: Floats, row: int, column: int) -> None:
    """Do what `fetch_to_write` does where nothing is compiled."""


def _fetch_to_write(_: Any, array: Any, row: Any, column: Any) -> Any:
    """Return signature and code of `fetch_to_write`."""
    if array.ndim != 2 or array.layout != "C":
        raise TypingError("fetch_to_write: expected an array of rows whose numbers lie one after the other")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = context.make_array(array)(context, builder, arguments[0])
        place = builder.add(builder.mul(arguments[1], builder.extract_value(table.shape, 1)), arguments[2])
        address = builder.bitcast(builder.gep(table.data, [place]), _ir.IntType(8).as_pointer())
        number = _ir.IntType(32)
        takes = _ir.FunctionType(_ir.VoidType(), [address.type, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [address.type], takes)
        builder.call(fetch, [address, *(_ir.Constant(number, hint) for hint in (_TO_WRITE, _SOON, _DATA))])
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), code


# fetch_to_write(array, row, column) lets the line that holds a number of array, shape (rows, columns), be fetched.
fetch_to_write: Any = _nothing if _settings.DISABLE_JIT else intrinsic(_fetch_to_write)
