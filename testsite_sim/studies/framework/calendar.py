"""Years of a study: which part of each lies in a period, and values that are stated for some of them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.studies.framework.uncertainty import Values

Years = NDArray[np.int64]


def part_of_years(years: Years, start: Floats, end: Floats) -> Floats:
    """Return which part of each year lies between two moments, (member, year) from (member, 1)."""
    inside = np.minimum(years + 1.0, end) - np.maximum(years.astype(np.float64), start)
    return np.asarray(np.clip(inside, 0.0, None))


def over_years(stated: Mapping[str, float], value: Values, path: str, years: Years) -> Floats:
    """Return a quantity that is stated for some years in every year, linear between them, (member, year).

    Raises
    ------
    ConfigurationError
        When a year lies outside those that are stated.
    """
    known = np.array([int(year) for year in stated])
    outside = years[(years < known[0]) | (years > known[-1])]
    if outside.size:
        raise ConfigurationError(
            f"study: {path} does not state the year {outside[0]}; it states {', '.join(map(str, known))}."
        )
    values = np.stack([value(f"{path}.{year}") for year in stated], axis=1)
    right = np.clip(np.searchsorted(known, years, side="right"), 1, known.size - 1)
    weight = (years - known[right - 1]) / (known[right] - known[right - 1])
    return np.asarray(values[:, right - 1] * (1.0 - weight) + values[:, right] * weight)
