"""YAML 1.2, read safely, with the line of every value.

Refused as soon as it is met: files over 1 MB, nesting deeper than 40, anchors and aliases (an alias bomb loads
in milliseconds and takes minutes to report), tags, several documents, duplicate keys, keys that are not text.
"""

import copy
import math
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import __version__ as ruamel_version
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    NodeEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.parsed_files import Lines, keep_parsed_file, parsed_file

LARGEST_FILE = 1_000_000
DEEPEST_NESTING = 40
# Parsing takes nine tenths of loading a scenario, and most of its files are those that ship.
MOST_KEPT, LARGEST_KEPT = 256, 50_000  # of what was parsed: documents, and the letters of each

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a value was written: a file (or the command line) and a line in it; whether a named component brings it."""

    origin: str
    line: int | None = None
    of_component: bool = False

    def __str__(self) -> str:
        """Return `file:line`, or the origin alone."""
        return self.origin if self.line is None else f"{self.origin}:{self.line}"


@dataclass
class Document:
    """Plain data (dict, list, text, numbers, booleans, None), the place of each path into it, and what was not found.

    `problems` holds a sentence for every path that names something which does not exist.
    """

    data: Any
    places: dict[Path_, Place] = field(default_factory=dict)
    problems: dict[Path_, str] = field(default_factory=dict)

    def place(self, path: Path_) -> Place:
        """Return the place of a path, or of its nearest ancestor that was written."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place("scenario")


Include = Callable[[str], Any]  # from the text behind `!include` to what stands there


def load_document(path: Path, include: Include | None = None) -> Document:
    """Read one YAML file; `include` resolves the tag `!include`, which is refused without it.

    Raises
    ------
    ConfigurationError
        When the file cannot be read, is too large or too deep, is not UTF-8, does not parse, uses anchors, tags or
        several documents, or repeats a key; the message names file and line.
    """
    text = read_text(path)
    if include is not None or len(text) > LARGEST_KEPT:
        return parse_document(text, str(path), include)
    kept = _parsed(text, str(path))
    return Document(copy.deepcopy(kept.data), dict(kept.places))


@lru_cache(MOST_KEPT)
def _parsed(text: str, origin: str) -> Document:
    """Parse a text, once: an edited file is another text."""
    parser = f"ruamel.yaml {ruamel_version}"
    kept = parsed_file(text, origin, parser)
    if kept is not None:
        data, lines = kept
        return Document(data, {path: Place(origin, line) for path, line in lines})
    document = parse_document(text, origin)
    found: Lines = [(path, place.line or 1) for path, place in document.places.items()]
    keep_parsed_file(text, origin, parser, document.data, found)
    return document


def read_text(path: Path) -> str:
    """Return the text of a configuration file of any format.

    Raises
    ------
    ConfigurationError
        When it cannot be read, is too large or is not UTF-8.
    """
    try:
        found = path.stat()
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):  # a pipe would be waited for
            raise ConfigurationError(f"{path}: is a pipe or a device; expected a file.")
        if (size := found.st_size) > LARGEST_FILE:
            raise ConfigurationError(f"{path}: {size} bytes; a configuration file has at most {LARGEST_FILE} bytes.")
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8 text.") from error


def parse_document(text: str, origin: str, include: Include | None = None) -> Document:
    """Parse YAML text; `origin` names it in messages. See `load_document`."""
    try:
        reader = YAML(typ="safe", pure=True)
        tags = (None, "!") if include is None else (None, "!", "!include")
        reader.Parser = lambda loader: _SafeParser(loader, origin, tags)
        node = reader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{origin}:{mark.line + 1}" if mark is not None else origin
        problem = " ".join(str(error.problem or error.context or "is not valid YAML").split())
        raise ConfigurationError(f"{where}: does not parse as YAML: {problem}.") from error
    except (YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise ConfigurationError(f"{origin}: does not parse as YAML: {problem}.") from error
    document = Document(data={})
    if node is not None:
        document.data = _plain(node, (), document, origin, include)
    document.places[()] = Place(origin, 1)
    return document


def parse_value(text: str, origin: str) -> Any:
    """Parse the value of a command-line override, `10 MW`, `0.95`, `[1, 2]`, by the rules of the files."""
    return parse_document(text, origin).data


class _SafeParser(Parser):
    """Refuses what is unsafe when the event of it is met: no node is built of it, and none below it."""

    def __init__(self, loader: Any, origin: str, tags: tuple[str | None, ...]) -> None:
        super().__init__(loader)
        self._origin, self._tags = origin, tags
        self._depth = self._documents = 0

    def get_event(self) -> Any:
        """Return the next event, which is safe."""
        event = super().get_event()
        where = f"{self._origin}:{event.start_mark.line + 1}"
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise ConfigurationError(f"{where}: anchors and aliases are not allowed; write the value out.")
        if isinstance(event, NodeEvent) and getattr(event, "tag", None) not in self._tags:
            tag = getattr(event, "tag", None)
            raise ConfigurationError(f"{where}: the tag {str(tag)!r} is not allowed; write a plain value.")
        if isinstance(event, CollectionStartEvent):
            self._depth += 1
            if self._depth > DEEPEST_NESTING:
                raise ConfigurationError(f"{where}: nested deeper than {DEEPEST_NESTING} levels.")
        elif isinstance(event, CollectionEndEvent):
            self._depth -= 1
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise ConfigurationError(f"{where}: a second document begins; one file holds one.")
        return event


def _plain(node: Node, path: Path_, document: Document, origin: str, include: Include | None) -> Any:
    """Turn a node into plain data and note the line of every path."""
    line = node.start_mark.line + 1
    document.places[path] = Place(origin, line)
    if isinstance(node, MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise ConfigurationError(f"{origin}:{key_line}: a key is plain text, not a list or a mapping.")
            key = str(key_node.value)
            if key in mapping:
                first = document.places[(*path, key)].line
                raise ConfigurationError(
                    f"{origin}:{key_line}: the key {key!r} stands twice (first on line {first}); keep one."
                )
            mapping[key] = _plain(value_node, (*path, key), document, origin, include)
            document.places[(*path, key)] = Place(origin, key_line)
        return mapping
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), document, origin, include) for index, item in enumerate(node.value)]
    if include is not None and node.tag == "!include":
        return include(str(node.value))
    return _scalar(node, f"{origin}:{line}")


def _scalar(node: Node, where: str) -> Any:
    """Return a scalar by the YAML 1.2 core schema; dates stay text."""
    text = str(node.value)
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        if len(text) > 40:
            raise ConfigurationError(f"{where}: a whole number of {len(text)} digits; at most 40 are read.")
        digits = text.replace("_", "").lower()
        try:
            return int(digits, 0 if re.match(r"[-+]?0[xob]", digits) else 10)  # `06` is six, as in YAML 1.2
        except ValueError as error:
            raise ConfigurationError(f"{where}: {text!r} is not a whole number.") from error
    if kind == "float":
        value = float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        if not math.isfinite(value):
            raise ConfigurationError(f"{where}: {text!r} is not a finite number.")
        return value
    return text
