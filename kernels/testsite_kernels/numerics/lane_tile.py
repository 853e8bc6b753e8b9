"""Tiles of eight by eight numbers turned from rows of lanes into rows of their own, in the registers of the processor.

Written as a loop, each number is read and written alone, which takes four times as long.
"""

from typing import Any

import numba
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Floats, Integers

TILE = 8  # numbers of a tile along each side: those of a register
_BYTES = 8  # of a number
_settings: Any = numba.config
_of_numba: Any = cgutils
ir = _of_numba.ir  # of llvmlite, as numba has it
_TILE: Any = ir.VectorType(ir.DoubleType(), TILE)
# Of two rows: every second number of both, pairs of them, halves of both; each time those of even places, then of odd.
_STEPS = (
    (1, (0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15)),
    (2, (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15)),
    (4, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15)),
)


def _write(found: Floats, first: int, lane: int, rows: Integers, result: Floats) -> None:
    """Do what `write_tile` does where nothing is compiled."""
    result[rows[lane : lane + TILE], first : first + TILE] = found[first : first + TILE, lane : lane + TILE].T


def _write_tile(_: Any, found: Any, first: Any, lane: Any, rows: Any, result: Any) -> Any:
    """Return signature and code of `write_tile`."""
    if any(array.layout != "C" for array in (found, rows, result)):
        raise TypingError("write_tile: expected arrays whose numbers lie one after the other")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found, rows, result = (context.make_array(signature.args[n])(context, builder, arguments[n]) for n in (0, 3, 4))
        first, lane = arguments[1], arguments[2]

        def row_of(array: Any, row: Any, column: Any) -> Any:
            place = builder.add(builder.mul(row, builder.extract_value(array.shape, 1)), column)
            return builder.bitcast(builder.gep(array.data, [place]), _TILE.as_pointer())

        def further(index: Any, more: int) -> Any:
            return builder.add(index, context.get_constant(types.int64, more))

        tile = [builder.load(row_of(found, further(first, r), lane), align=_BYTES) for r in range(TILE)]
        for apart, even, odd in _STEPS:
            before = list(tile)
            for r in (r for r in range(TILE) if not r & apart):
                for place, mask in ((r, even), (r + apart, odd)):
                    chosen = ir.Constant(ir.VectorType(ir.IntType(32), TILE), mask)
                    tile[place] = builder.shuffle_vector(before[r], before[r + apart], chosen)
        for r in range(TILE):
            row = builder.load(builder.gep(rows.data, [further(lane, r)]))
            builder.store(tile[r], row_of(result, row, first), align=_BYTES)
        return context.get_dummy_value()

    return types.void(found, types.int64, types.int64, rows, result), code


# write_tile(found, first, lane, rows, result) copies `TILE` numbers from each of the rows from `first` on of found,
# shape (numbers, lanes), those from `lane` on, to result, shape (rows, numbers): to the rows stated for these lanes.
write_tile: Any = _write if _settings.DISABLE_JIT else intrinsic(_write_tile)
