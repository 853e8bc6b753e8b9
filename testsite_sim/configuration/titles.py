"""The title of a component of which a scenario, or an override, changes a number that the title states."""

import math
import re
from typing import Any

from testsite_sim.configuration.quantities import number_and_unit, parse_quantity

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def titled_anew(below: Any, above: Any) -> str | None:
    """Return the title of a component of which a number that it states is changed; None where it stays as it is.

    It would else say the size that its file has. What a title does not state, such as a cost, changes nothing of it.

    Examples
    --------
    >>> titled_anew({"title": "Store, 5 t", "capacity": "5 t"}, {"capacity": "10 t", "cost": "5 EUR/kg"})
    'Store, 5 t (with another capacity)'
    """
    title = below.get("title") if isinstance(below, dict) else None
    if not isinstance(title, str) or not isinstance(above, dict) or "title" in above:
        return None
    own, _, known = title.partition(" (with another ")
    named, stated = known.removesuffix(")").split(", ") if known else [], _numbers(own)
    others = [
        key for key, value in above.items() if _as_titled(below.get(key)) & stated and _is_other(value, below[key])
    ]
    changed = [name for name in (key.replace("_", " ") for key in others) if name not in named]
    return f"{own} (with another {', '.join([*named, *changed])})" if changed else None


def _is_other(value: Any, stated: Any) -> bool:
    """Return whether a value is another than the one that is stated, whatever the unit and the source of either.

    Examples
    --------
    >>> _is_other("5 t", "5000 kg"), _is_other({"value": "5.0 t", "source": "x"}, "5 t"), _is_other("6 t", "5 t")
    (False, False, True)
    """
    one, other = _amount(value), _amount(stated)
    if one == other or not (_has_unit(one) and _has_unit(other)):
        return bool(one != other)
    try:
        number = parse_quantity(f"{one[0]!r} {one[1]}", other[1])
    except ValueError:
        return True
    return not math.isclose(number, other[0], rel_tol=1e-12)


def _amount(value: Any) -> Any:
    """Return a value, or that of a value with its source, as number and unit where it is an amount."""
    value = _plain(value)
    try:
        return number_and_unit(value) if isinstance(value, str | int | float) else value
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    """Return a value as it is written without its source."""
    return value.get("value") if isinstance(value, dict) else value


def _has_unit(amount: Any) -> bool:
    """Return whether an amount has a unit, which may have a prefix."""
    return isinstance(amount, tuple) and amount[1] not in ("", "%")


def _numbers(value: Any) -> set[float]:
    """Return the numbers that a value, or that of a value with its source, is written with."""
    value = _plain(value)
    return {float(each) for each in _NUMBER.findall(str(value))} if isinstance(value, str | int | float) else set()


def _as_titled(value: Any) -> set[float]:
    """Return the numbers by which a title may state a value: as it is written, or by a prefix more or less (5000 kg).

    Examples
    --------
    >>> sorted(_as_titled("5000 kg")), sorted(_as_titled("95 %"))
    ([5.0, 5000.0, 5000000.0], [95.0])
    """
    found = _numbers(value)
    prefixed = {scaled for each in found for scaled in (each / 1e3, each * 1e3)}
    return found | prefixed if _has_unit(_amount(value)) else found
