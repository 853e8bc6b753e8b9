"""A counter that threads share: who counts it up gets numbers that no other gets, without waiting."""

from typing import Any

import numba
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from testsite_kernels.numerics.arrays import Integers

_COUNTER = types.Array(types.int64, 1, "C")
_settings: Any = numba.config
IS_SHARED = not _settings.DISABLE_JIT  # else it is for one thread alone


def _take(counter: Integers, many: int) -> int:
    """Do what `take_numbers` does where nothing is compiled."""
    first = int(counter[0])
    counter[0] += many
    return first


def _take_numbers(_: Any, counter: Any, many: Any) -> Any:
    """Return signature and code of `take_numbers`."""
    if counter != _COUNTER:
        raise TypingError(f"take_numbers: a counter of {counter}; expected {_COUNTER}")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = context.make_array(_COUNTER)(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", place, arguments[1], "acq_rel")

    return types.int64(_COUNTER, types.int64), code


# take_numbers(counter, many) counts up the first number of counter, shape (1,), and returns what it was before: the
# first of so many numbers that are the caller's own. What a thread wrote before it counted up is seen by those that
# count later, or look by counting up none.
take_numbers: Any = intrinsic(_take_numbers) if IS_SHARED else _take
