"""Sweeps: every combination of the values of some keys of the scenario."""

import itertools
from collections.abc import Sequence

from testsite_sim.common.errors import ConfigurationError

MOST_POINTS = 10_000


def parse_sweep(texts: Sequence[str]) -> list[dict[str, str]]:
    """Return the points of a sweep from `a.b=VALUE,VALUE,…`, each a mapping of keys to values as written.

    Raises
    ------
    ConfigurationError
        When a key has no value, stands twice, or there are too many points.
    """
    axes: dict[str, list[str]] = {}
    for text in texts:
        key, separator, written = text.partition("=")
        values = [value.strip() for value in written.split(",")]
        key = key.strip()
        if not separator or not key or not all(values):
            raise ConfigurationError(
                f"--sweep {text!r}: expected `a.b=VALUE,VALUE`, for example "
                "`plant.electrolysers.0.capacity=5 MW,10 MW,20 MW`."
            )
        if key in axes:
            raise ConfigurationError(f"--sweep: the key {key!r} stands twice; write its values in one.")
        if len(set(values)) < len(values):
            raise ConfigurationError(f"--sweep {text!r}: a value stands twice; leave one out.")
        axes[key] = values
    points = [dict(zip(axes, combination, strict=True)) for combination in itertools.product(*axes.values())]
    if len(points) > MOST_POINTS:
        raise ConfigurationError(f"--sweep: found {len(points):,} combinations; expected at most {MOST_POINTS:,}.")
    return points
