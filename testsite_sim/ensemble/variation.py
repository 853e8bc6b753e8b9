"""What varies from member to member in a configuration: quantities with a range, and seeds; other values put in."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.ensemble.assumptions import Assumption, ranged_quantities

Model = TypeVar("Model", bound=BaseModel)
_OWN = "ensemble"  # the section of the ensemble itself does not vary
WHOLE = {"economics.lifetime"}  # a configuration takes whole years of it
_MOST_HALVINGS = 30


def varied_quantities(configuration: BaseModel, vary: Sequence[str], hold: Sequence[str]) -> list[Assumption]:
    """Return the quantities of a scenario with a range that match a pattern of `vary` and none of `hold`.

    What somebody decides does not vary by chance and is left out.

    Raises
    ------
    ConfigurationError
        When a pattern matches no quantity with a range; the nearest paths are offered.
    """
    ranged = [
        each
        for each in ranged_quantities(configuration)
        if each.high > each.low and each.standing != "decision" and not each.path.startswith(f"{_OWN}.")
    ]
    paths = [each.path for each in ranged]
    for name, patterns in (("vary", vary), ("hold", hold)):
        for pattern in patterns:
            if pattern != "*" and not any(fnmatchcase(path, pattern) for path in paths):
                raise ConfigurationError(
                    f"ensemble.{name}: {pattern!r} is not a quantity with a range. {nearest(pattern, paths)}".rstrip()
                )
    return [
        each
        for each in ranged
        if any(fnmatchcase(each.path, pattern) for pattern in vary)
        and not any(fnmatchcase(each.path, pattern) for pattern in hold)
    ]


def seed_paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every seed of a configuration, that of the ensemble apart."""
    if isinstance(value, BaseModel):
        items: Any = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        items = value.items()
    elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        items = enumerate(value)
    else:
        return
    for name, item in items:
        below = f"{path}.{name}" if path else str(name)
        if below == _OWN:
            continue
        if name == "seed" and isinstance(item, int):
            yield below
        else:
            yield from seed_paths(item, below)


class ContradictionError(Exception):
    """Values of one part of a configuration do not go together; `path` is where it stands."""

    def __init__(self, path: str, error: ValidationError) -> None:
        super().__init__(path, error)
        self.path, self.why = path, error.errors()[0]["msg"]

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def with_values(configuration: Model, values: Mapping[str, float]) -> Model:
    """Return a configuration with other quantities [SI] and seeds, by their paths; what is changed is checked.

    What is counted in whole years is rounded to the nearest.

    Raises
    ------
    ContradictionError
        When the values of a part contradict each other.
    """
    values = {path: round(value) if path in WHOLE else value for path, value in values.items()}
    above = {path[:end] for path in values for end in range(len(path)) if path[end] == "."}
    changed: Model = _replaced(configuration, "", values, above)
    return changed


def _replaced(value: Any, path: str, values: Mapping[str, float], above: set[str]) -> Any:
    """Walk to what is replaced, and put anew together what it stands in."""
    if path in values:
        return _other(value, values[path])
    if path and path not in above:
        return value
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        changed = {
            name: _replaced(item, f"{path}.{name}" if path else name, values, above) for name, item in fields.items()
        }
        try:
            return type(value).model_validate(changed)
        except ValidationError as error:
            raise ContradictionError(path, error) from error
    if isinstance(value, dict):
        return {key: _replaced(item, f"{path}.{key}", values, above) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_replaced(item, f"{path}.{k}", values, above) for k, item in enumerate(value))
    return value


def _other(value: Any, number: float) -> Any:
    """Return a quantity with another value, or a seed."""
    if not isinstance(value, Quantity):
        return int(number)
    text = f"{float(number)!r} {value.si}" if value.si else float(number)
    changed = Quantity(float(number), text)
    changed.__dict__.update({**value.__dict__, "text": text, "range": None, "range_text": None})
    return changed


def with_draw(configuration: Model, draw: Mapping[str, float], seeds: Mapping[str, int]) -> Model:
    """Return a configuration with drawn quantities and seeds, as `held_draw` gives them."""
    return _held(configuration, draw, seeds)[0]


def held_draw(configuration: BaseModel, draw: Mapping[str, float]) -> dict[str, float]:
    """Return the values that a draw gives a configuration [SI]: what a single run with its figures would state.

    What is counted in whole years is rounded to the nearest. Draws that contradict each other, such as a tank that
    starts below its least level, are pulled half way towards the values of the configuration, and again, until they
    hold; those of other parts stay as they are.
    """
    held = _held(configuration, draw, {})[1]
    return {path: round(value) if path in WHOLE else value for path, value in held.items()}


def _held(configuration: Model, draw: Mapping[str, float], seeds: Mapping[str, int]) -> tuple[Model, dict[str, float]]:
    """Return a configuration with a draw and seeds, and the draw with what contradicts pulled until it holds."""
    centre: dict[str, float] | None = None
    values = dict(draw)
    for _ in range(_MOST_HALVINGS):
        try:
            return with_values(configuration, {**values, **seeds}), values
        except ContradictionError as error:
            if centre is None:
                centre = {path: float(each) for path, each in quantities(configuration) if path in draw}
            inside = f"{error.path}." if error.path else ""
            values = {
                path: centre[path] + 0.5 * (value - centre[path]) if path.startswith(inside) else value
                for path, value in values.items()
            }
    return with_values(configuration, seeds), {path: (centre or {}).get(path, value) for path, value in draw.items()}
