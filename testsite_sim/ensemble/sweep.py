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

    Examples
    --------
    >>> parse_sweep(["plant.store=pressurised-5t,[halle-200bar, pressurised-5t]"])[1]
    {'plant.store': '[halle-200bar, pressurised-5t]'}
    """
    axes: dict[str, list[str]] = {}
    for text in texts:
        key, separator, written = text.partition("=")
        values = _values(written)
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


def _values(written: str) -> list[str]:
    """Return the values between commas; those within brackets, braces or quotes belong to a value."""
    values, depth, quote = [""], 0, ""
    for letter in written:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'" and (depth > 0 or not values[-1].strip()):  # else an apostrophe within a word
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        if letter == "," and depth <= 0 and not quote:
            values.append("")
        else:
            values[-1] += letter
    return [value.strip() for value in values]
