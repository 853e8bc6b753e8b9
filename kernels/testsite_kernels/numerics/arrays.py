"""Arrays as annotations write them, by the type of their elements."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]
# Where a count begins that a loop raises: a literal is a type of its own, for which parts would be compiled once more.
TYPED_ZERO: int = np.int64(0)  # type: ignore[assignment]
