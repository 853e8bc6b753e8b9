"""A windIO document whose parts are marked as they are read, so that what is left over can be refused by its path.

Every key is taken in one of three ways: it is read, it is listed as without effect together with the reason, or it is
refused. `Document.finish` refuses what none of them touched: nothing that a file states is passed over in silence.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError, nearest
from testsite_sim.configuration.yaml_loader import Path_, Place

Found = TypeVar("Found")
RESOURCE: Path_ = ("site", "energy_resource")  # what is wrong below here is wrong data, elsewhere a wrong configuration


class Unusable(Exception):
    """A part cannot be read; why is among the problems of its document."""


def written(path: Path_) -> str:
    """Return a path as a reader writes it: `wind_farm.layouts[0].coordinates`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.removeprefix(".") or "the plant"


@dataclass
class Document:
    """A document, where each of its parts stands, and what became of them."""

    data: Any
    places: dict[Path_, Place]
    read: set[Path_] = field(default_factory=set)  # with all below them
    opened: set[Path_] = field(default_factory=set)  # mappings whose keys were looked at, one by one
    ignored: dict[str, str] = field(default_factory=dict)  # path to reason
    problems: list[tuple[Path_, str]] = field(default_factory=list)

    @property
    def root(self) -> "Part":
        """The whole document as a part."""
        if not isinstance(self.data, Mapping):
            self.fail((), "is not a mapping of keys; expected name, site and wind_farm.")
        return Part(self, (), self.data)

    def place(self, path: Path_) -> Place:
        """Return where a path, or its nearest ancestor that has a place, was written."""
        return next(self.places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.places)

    def refuse(self, path: Path_, reason: str) -> None:
        """Note that a part is refused and go on, so that a message can say everything at once."""
        self.read.add(path)
        self.problems.append((path, reason))

    def fail(self, path: Path_, reason: str) -> NoReturn:
        """Note that a part cannot be read, and give up what depends on it.

        Raises
        ------
        Unusable
            Always.
        """
        self.refuse(path, reason)
        raise Unusable

    def attempt(self, work: Callable[[], Found]) -> Found | None:
        """Return what `work` gives, or None where it met a part that cannot be read."""
        try:
            return work()
        except Unusable:
            return None

    def finish(self, *, whole: bool) -> None:
        """Refuse, when the document was read as a `whole`, what nobody touched, and raise what was found.

        Raises
        ------
        ConfigurationError, DataError
            With every problem, by path, file and line.
        """
        if whole:
            for path in self._left_over((), self.data):
                self.refuse(path, "is not known here, so it would be without effect; take it out.")
        if not self.problems:
            return
        sentences = [f"{self.place(path)}: {written(path)}: {reason}" for path, reason in self.problems]
        of_data = all(path[: len(RESOURCE)] == RESOURCE for path, _ in self.problems)
        raise (DataError if of_data else ConfigurationError)(*sentences)

    def _left_over(self, path: Path_, value: Any) -> Iterator[Path_]:
        """Yield the paths that nobody touched, the highest of each branch."""
        if path in self.read:
            return
        if isinstance(value, Mapping) and path in self.opened:
            for key, below in value.items():
                yield from self._left_over((*path, key), below)
        elif isinstance(value, list) and any((*path, number) in self.opened for number in range(len(value))):
            for number, below in enumerate(value):
                yield from self._left_over((*path, number), below)
        else:
            yield path


@dataclass(frozen=True)
class Part:
    """A mapping of a document; what is taken from it is marked."""

    document: Document
    path: Path_
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.document.opened.add(self.path)

    def __contains__(self, key: str) -> bool:
        """Return whether a key is stated; an empty value is none."""
        return self.data.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(self.data)

    def take(self, key: str) -> Any:
        """Return what stands under a key, with all below it, as it was written.

        Raises
        ------
        Unusable
            When the key is missing.
        """
        if key not in self:
            have = f"there are {', '.join(map(str, self.data))}" if self.data else "there is nothing"
            self.document.fail(
                self.path,
                f"does not follow windIO's schema: {key!r} is missing; {have}. "
                f"{nearest(key, [name for name in self.data if name != key]) if self.data else ''}".strip(),
            )
        self.document.read.add((*self.path, key))
        return self.data[key]

    def part(self, key: str) -> "Part":
        """Return the mapping under a key; one that is not stated is empty.

        Raises
        ------
        Unusable
            When something else stands there.
        """
        path = (*self.path, key)
        value = self.data.get(key)
        if value is None:
            if key in self.data:
                self.document.read.add(path)
            return Part(self.document, path, {})
        if not isinstance(value, Mapping):
            self.document.fail(path, f"does not follow windIO's schema: is {shown(value)}; expected a mapping of keys.")
        if not value:
            self.document.read.add(path)
        return Part(self.document, path, value)

    def parts(self, key: str) -> list["Part"]:
        """Return the mappings of the list under a key, or the one mapping that stands there alone."""
        value, path = self.data.get(key), (*self.path, key)
        if isinstance(value, Mapping):
            return [self.part(key)]
        if not isinstance(value, list) or not value or not all(isinstance(each, Mapping) for each in value):
            self.take(key)
            self.document.fail(path, f"does not follow windIO's schema: is {shown(value)}; expected mappings of keys.")
        return [Part(self.document, (*path, number), each) for number, each in enumerate(value)]

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number.

        Raises
        ------
        Unusable
            When it is missing without a default, or is not a finite number.
        """
        if default is not None and key not in self:
            return default
        value = self.take(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fail(key, f"does not follow windIO's schema: is {shown(value)}; expected a number.")
        return float(value)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """Return a list of numbers, shape (values,)."""
        value = self.take(key)
        array = as_floats(value)
        if array is None or array.ndim != 1 or not np.all(np.isfinite(array)):
            self.fail(key, f"does not follow windIO's schema: is {shown(value)}; expected a list of numbers.")
        return array

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        if key not in self:
            return default
        value = self.take(key)
        if not isinstance(value, bool):
            self.fail(key, f"does not follow windIO's schema: is {shown(value)}; expected true or false.")
        return value

    def text(self, key: str) -> str:
        """Return a text."""
        value = self.take(key)
        if not isinstance(value, str):
            self.fail(key, f"does not follow windIO's schema: is {shown(value)}; expected a text.")
        return value

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """Return one of the choices; another is refused, the nearest are offered, and the default goes on."""
        if key not in self:
            return default
        value, valid = self.take(key), list(choices)
        if value not in valid:
            self.refuse(key, f"{shown(value)} is not among ours. {nearest(str(value), valid)}")
            return default
        return str(value)

    def ignore(self, key: str, reason: str) -> None:
        """List what stands under a key, if anything does, as without effect for a reason."""
        if key in self.data:
            path = (*self.path, key)
            self.document.read.add(path)
            if self.data[key] is not None:
                self.document.ignored[written(path)] = reason

    def refuse(self, key: str, reason: str) -> None:
        """Refuse what stands under a key and go on."""
        self.document.refuse((*self.path, key), reason)

    def fail(self, key: str, reason: str) -> NoReturn:
        """Refuse what stands under a key and give up what depends on it."""
        self.document.fail((*self.path, key), reason)


def as_floats(value: Any) -> NDArray[np.float64] | None:
    """Return a number, a list or nested lists of them as floats, None where they are none or ragged."""
    if isinstance(value, bool | str) or value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        return None
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def shown(value: Any) -> str:
    """Return a value as a message quotes it: short."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | np.ndarray):
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
