"""When an ensemble is precise enough: a required precision, checked after numbers of members that are fixed before."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.chain.outputs import check_outputs, is_output
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.statistics import PERCENTILES, percentile_errors

FEWEST = 32  # members before the first look
GROWTH = 1.25  # of their number from one look to the next
MOST = 100_000  # members, where the user says no other limit
NORMAL_95 = 1.96
_WRITTEN = re.compile(r"\s*(\w+?)(?:_p(\d+))?\s+([\d.eE+-]+)\s*(%?)\s*")


@dataclass(frozen=True)
class Precision:
    """How precise an output is to be: the half width of the 95 % interval of its mean, or of a percentile.

    `width` is relative to the figure, or in the units of the output.
    """

    output: str
    percentile: int | None
    width: float
    relative: bool

    def reached(self, values: Floats) -> tuple[bool, float]:
        """Return whether the values of the members (member,) are enough, and the half width so far.

        The error is that of independent members; quasi-random draws make it smaller.
        """
        known = np.sort(values[np.isfinite(values)])
        if known.size < 2:
            return False, math.inf
        if self.percentile is None:
            figure, error = known.mean(), known.std(ddof=1) / np.sqrt(known.size)
        else:
            levels, errors = percentile_errors(known, (self.percentile,))
            figure, error = levels[0], errors[0]
        width = NORMAL_95 * float(error)
        if self.relative:
            width = width / abs(float(figure)) if figure else (0.0 if width == 0.0 else math.inf)
        return width <= self.width, width


def parse_precision(text: str, outputs: Sequence[str] | None = None) -> Precision:
    """Read `levelised_cost_of_hydrogen 1 %`, `annual_energy_production_p90 2 %` or `net_present_value 1e6`.

    Parameters
    ----------
    text : str
        An output, perhaps with a percentile of its members, and the half width.
    outputs : sequence of str, optional
        Those that the members have; None: not known yet, so that any which a summary can have will do.

    Raises
    ------
    ConfigurationError
        When it cannot be read, or there is no such output.
    """
    match = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    try:
        width = float(match[3]) if match else 0.0
    except ValueError:
        width = 0.0
    if match is None or not 0.0 < width < math.inf:
        raise ConfigurationError(
            f"until {text!r}: expected an output and its precision, for example `levelised_cost_of_hydrogen 1 %`."
        )
    output, percentile = match[1], None if match[2] is None else int(match[2])
    # As annual_energy_p90: the mean of what has a percentile in its name.
    if percentile is not None and is_output(f"{output}_p{percentile}"):
        output, percentile = f"{output}_p{percentile}", None
    if percentile is not None and percentile not in PERCENTILES:
        raise ConfigurationError(
            f"until {text!r}: found the percentile {percentile}; expected one of {', '.join(map(str, PERCENTILES))}."
        )
    check_outputs([output], "until", outputs)
    return Precision(output, percentile, width / 100.0 if match[4] else width, bool(match[4]))


def checkpoints(most: int) -> Iterator[int]:
    """Yield the numbers of members after which the precision is looked at, the last one `most`."""
    number = FEWEST
    while number < most:
        yield number
        number = max(number + FEWEST, math.ceil(number * GROWTH))
    yield most
