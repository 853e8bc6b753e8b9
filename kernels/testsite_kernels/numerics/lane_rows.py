"""Rows of a table that lanes read, each its own: four numbers that lie side by side are read at once, and turned.

Written as a loop, each number is read alone; the gathers of a processor are slower still.
"""

from typing import Any

import numba
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Floats

GROUP = 8  # lanes that are read together
FOUR = 4  # numbers of each
_BYTES = 8  # of a number
_settings: Any = numba.config
_of_numba: Any = cgutils
_ir: Any = _of_numba.ir  # of llvmlite, as numba has it
_LANES, _FOUR = _ir.VectorType(_ir.DoubleType(), GROUP), _ir.VectorType(_ir.DoubleType(), FOUR)
_PLACES, _NUMBER = _ir.VectorType(_ir.IntType(64), GROUP), _ir.IntType(32)
_BOTH = tuple(range(GROUP))  # the four of one lane, then those of another
# Every second number of two, of even places, then of odd; pairs of them.
_SINGLE = ((0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15))
_PAIRS = ((0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))


def _read(
    table: Floats, begin: Floats, lane: int, first: Floats, second: Floats, third: Floats, fourth: Floats
) -> None:
    """Do what `read_rows` does where nothing is compiled."""
    lanes = slice(lane, lane + GROUP)
    for n, found in enumerate((first, second, third, fourth)):
        found[lanes] = table.ravel()[begin[lanes].astype(int) + n]


def _read_rows(_: Any, table: Any, begin: Any, lane: Any, first: Any, second: Any, third: Any, fourth: Any) -> Any:
    """Return signature and code of `read_rows`."""
    found = (first, second, third, fourth)
    if any(array.layout != "C" for array in (table, begin, *found)):
        raise TypingError("read_rows: expected arrays whose numbers lie one after the other")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table, begin, *filled = (
            context.make_array(signature.args[n])(context, builder, arguments[n]) for n in (0, 1, 3, 4, 5, 6)
        )
        lane = arguments[2]

        def lanes_of(array: Any) -> Any:
            return builder.bitcast(builder.gep(array.data, [lane]), _LANES.as_pointer())

        def mixed(one: Any, other: Any, places: tuple[int, ...]) -> Any:
            return builder.shuffle_vector(one, other, _ir.Constant(_ir.VectorType(_NUMBER, len(places)), places))

        places = builder.fptosi(builder.load(lanes_of(begin), align=_BYTES), _PLACES)
        fours = []
        for n in range(GROUP):
            address = builder.gep(table.data, [builder.extract_element(places, _ir.Constant(_NUMBER, n))])
            fours.append(builder.load(builder.bitcast(address, _FOUR.as_pointer()), align=_BYTES))
        both = [mixed(fours[n], fours[n + FOUR], _BOTH) for n in range(FOUR)]
        single = [[mixed(both[n], both[n + 1], places) for n in (0, 2)] for places in _SINGLE]
        turned = [mixed(single[n % 2][0], single[n % 2][1], _PAIRS[n // 2]) for n in range(FOUR)]
        for array, numbers in zip(filled, turned, strict=True):
            builder.store(numbers, lanes_of(array), align=_BYTES)
        return context.get_dummy_value()

    return types.void(table, begin, types.int64, *found), code


# read_rows(table, begin, lane, first, second, third, fourth) fills the four arrays, shape (lanes,), of the lanes from
# `lane` on, `GROUP` of them, with the four numbers of table, of any shape, that begin where each lane says: a whole
# number in begin, shape (lanes,), counted from its first number.
read_rows: Any = _read if _settings.DISABLE_JIT else intrinsic(_read_rows)
