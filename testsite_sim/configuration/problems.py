"""Problems of a document in sentences: file and line, what was found, what is expected, the nearest valid choice."""

import difflib
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from testsite_sim.common.errors import nearest
from testsite_sim.common.text import shortened
from testsite_sim.configuration.annotations import (
    expected_at,
    keys_at,
    keys_of,
    meant_at,
    models_of,
    taken_at,
    written_location,
)
from testsite_sim.configuration.yaml_loader import Document, Path_, Place

KEY = re.compile(r"[A-Za-z_][\w.]*")
COUNTED = re.compile(r"\w+ should have at (most|least) (\d+) items? after validation, not (\w+)")
QUOTED = re.compile(r"'([^']*)'")
EXPECTED = {  # how the library says what it wants, and how a user does
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dictionary": "a mapping",
}
_DEEPEST = 6  # keys above one that a message points to
_TAG = re.compile(r"found using '(\w+)'")  # pydantic's word for the key that says which model it is


def explained(error: ValidationError, model: type[BaseModel], document: Document) -> list[str]:
    """Write a sentence for every problem of a validation error, in the order of their lines."""
    found: dict[Path_, str] = {}
    misspelt: set[Path_] = set()  # what unknown keys probably mean, which is then not missing
    problems = error.errors(include_url=False, include_context=False)
    for problem in sorted(problems, key=lambda problem: problem["type"] == "missing"):
        location = tuple(problem["loc"])
        if problem["type"] == "too_short" and any(
            len(each["loc"]) > len(location) and each["loc"][: len(location)] == location for each in problems
        ):
            continue  # of the items that there are, those with a problem of their own are not counted
        unknown = problem["type"] == "extra_forbidden"
        inside = written_location(model, document.data, location[:-1] if unknown else location)
        # Parts that contradict each other are judged once every part is there.
        if inside is None or (not inside and document.problems and not unknown and problem["type"] != "missing"):
            continue
        written = (*inside, location[-1]) if unknown else inside
        field = ".".join(str(key) for key in written) or "scenario"
        if unknown:
            valid = keys_at(model, document.data, written[:-1])
            misspelt.update(
                (*inside, key) for key in difflib.get_close_matches(str(written[-1]), valid, n=1, cutoff=0.6)
            )
            renamed = getattr(meant_at(model, document.data, written[:-1]), "RENAMED", {}).get(str(written[-1]))
            above = "" if len(written) == 1 else f" in {'.'.join(map(str, written[:-1]))!r}"
            sentence = _other_kind(model, document.data, written) or (
                f"unknown key {str(written[-1])!r}{above}. {nearest(str(written[-1]), valid)}".rstrip()
                + _further_down(document.data, written)
            )
            if renamed is not None:
                sentence = f"there is no key {str(written[-1])!r} any more: {renamed}."
        elif problem["type"] == "missing":
            if written in misspelt:
                continue
            sentence = f"the key {field!r} is missing; add it."
        else:
            # A validator that finds several faults lists them, a line each.
            parts = str(problem["msg"]).split("\n")
            said = [_found_and_expected({**problem, "msg": part}) for part in parts]
            if problem["type"] == "model_type":
                said = [s.replace("a mapping.", f"{expected_at(model, document.data, written)}.") for s in said]
            sentence = "\n".join(f"{field}: {each}" for each in said)
        place = document.place(written[:-1] if problem["type"] == "missing" else written)
        if problem["type"] == "union_tag_invalid" and (tag := _TAG.search(str(problem["msg"]))):
            place = document.place((*written, tag[1]))
        elif problem["type"] == "value_error":
            place = _place_of_named(document, written, str(problem["msg"])) or place
        elif problem["type"] == "quantity":
            place = _place_of_changed(document, written) or place
        found.setdefault(written, "\n".join(f"{place}: {line}" for line in sentence.split("\n")))
    lacking = getattr(model, "lacking", None)
    if lacking is not None and () not in found and isinstance(document.data, dict):
        # Where other problems keep the parts from being judged together: what is not there is named all the same.
        stated = {key for key, value in document.data.items() if value is not None}
        stated |= {path[0] for path in (*document.problems, *misspelt) if path}
        if sentences := lacking(stated):
            found[()] = "\n".join(f"{document.place(())}: scenario: {sentence}." for sentence in sentences)
    for path, sentence in document.problems.items():
        # What a component without a file lacks is not a problem of its own.
        found = {key: said for key, said in found.items() if key[: len(path)] != path}
        found[path] = sentence
    return lines_of(found)


def _further_down(data: Any, path: Path_) -> str:
    """Return the sentence that names where an unknown key stands below the part it was stated in; empty for nowhere."""
    inside = data
    for step in path[:-1]:
        inside = inside.get(step) if isinstance(inside, dict) else inside[int(step)]
    parts = [(path[:-1], inside)]
    for above, part in parts:  # it grows: what is near is looked at first
        pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for key, each in pairs:
            if isinstance(each, dict) and path[-1] in each and len(above) < _DEEPEST:
                return f" There is {'.'.join(map(str, (*above, key, path[-1])))}."
            if isinstance(each, dict | list) and len(above) < _DEEPEST:
                parts.append(((*above, key), each))
    return ""


def _place_of_named(document: Document, path: Path_, message: str) -> Place | None:
    """Return where a key stands that a message on a part names; None where it names none that was written.

    Of several keys that contradict each other, the one of an override or of the file itself is what was changed last.
    """
    named = [(*path, *(key_of(word) for word in token.rstrip(".").split("."))) for token in re.findall(KEY, message)]
    places = [document.places[key] for key in named if key in document.places]
    own = document.place(()).origin
    files = {place.origin for place in document.places.values() if place.line is not None}
    return next(
        (place for place in places if place.origin not in files or place.origin == own), places[0] if places else None
    )


def _place_of_changed(document: Document, path: Path_) -> Place | None:
    """Return where a part of a quantity was changed last, such as its range; None where it stands in one place."""
    stated = document.data
    for step in path:
        if isinstance(stated, list) and isinstance(step, int):
            stated = stated[step]
        else:
            stated = stated.get(step) if isinstance(stated, dict) else None
    if not (isinstance(stated, dict) and "value" in stated):
        return None
    parts = [place for key, place in document.places.items() if len(key) > len(path) and key[: len(path)] == path]
    own = document.place(()).origin
    for changed in (lambda place: place.line is None, lambda place: place.origin == own):
        found = [place for place in parts if changed(place)]
        if found and len(found) < len(parts):
            return found[-1]
    return None


def key_of(word: str) -> str | int:
    """Return a key, or an index of a list."""
    return int(word) if word.isdecimal() else word


def _found_and_expected(problem: Any) -> str:
    """Return the sentence of a problem: what was found, and what is expected or the nearest choice."""
    message = str(problem["msg"]).removeprefix("Value error, ").rstrip()
    if problem["type"] == "union_tag_invalid":
        tag, key, *known = re.findall(QUOTED, message.replace("''", "'"))
        return f"there is no {key} {tag!r}. {nearest(tag, known)}"
    if problem["type"] == "union_tag_not_found":
        return f"the key {re.findall(QUOTED, message)[0]!r} is missing; it says which kind this is."
    if count := COUNTED.fullmatch(message):
        return f"found {count[3]} items; expected at {count[1]} {count[2]}."
    if problem["type"] == "missing" or not message.startswith("Input should be "):
        return message if message.endswith((".", "…")) else f"{message}."
    value = problem["input"]
    if isinstance(value, dict | list):
        shown = "a mapping" if isinstance(value, dict) else "a list"
    else:
        shown = {"None": "null", "True": "true", "False": "false"}.get(repr(value)) or shortened(repr(value), 60)
    if problem["type"] == "literal_error":
        return f"found {shown}. {nearest(str(value), re.findall(QUOTED, message))}"
    expected = message.removeprefix("Input should be ").removeprefix("a valid ").split(", unable to parse")[0]
    expected = expected.split(" or instance of ")[0]
    return f"found {shown}; expected {EXPECTED.get(expected, expected)}."


def lines_of(problems: dict[Path_, str]) -> list[str]:
    """Return the sentences, one a problem; a file that was not read may have several."""
    return [line for sentences in problems.values() for line in sentences.split("\n")]


def _other_kind(annotation: Any, data: Any, path: Path_) -> str:
    """Return the sentence on a key that another model of a union has than the one meant; an empty text for others."""
    *above, key = path
    taken, inside = taken_at(annotation, data, tuple(above))
    meant = [set(keys_of(model)) for model in models_of(taken, inside)]
    if not isinstance(inside, dict) or len(meant) != 1:
        return ""
    others = [set(keys_of(model)) for model in models_of(taken, None) if str(key) in keys_of(model)]
    own = [stated for stated in inside if stated in meant[0] and not any(stated in other for other in others)]
    if not others or not own:
        return ""
    where = ".".join(map(str, above))
    return f"{str(key)!r} in {where!r} is a key of another kind than {own[0]!r}; state the keys of one kind."
