"""The words of a study in one language, from its `text.<language>.yaml` and that of the framework.

A key is the path to a text, with dots: `axis.jobs`. Labels stand under what they label: `scenario.keep`,
`variable.jobs`, `unit.million EUR`. The label of an assumption is found by its path, `assumption.<path>`; braces in it
stand for any name of a kind: `{segment}`, or `{segment1}` and `{segment2}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from typing import Any

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import assumptions
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.registry import Study
from testsite_sim.studies.framework.uncertainty import study_assumptions

Words = Mapping[str, str]
FRAMEWORK = "testsite_sim.studies.framework"
ASSUMPTION, ASSUMPTION_NAME = "assumption.", "assumption_name."
CALLED_BY = ("title", "name", "year")  # what an entry of a list is called in the label of an input


def words_of(study: Study, configuration: StudyConfiguration) -> dict[str, str]:
    """Return the words of a study in the language of its configuration, with those that all studies share.

    What the configuration gives as `wording` stands in them for names in braces; other braces are filled in where a
    text is used. Every input of the configuration that the texts know has its label, `assumption.<path>`.
    """
    texts = {**read_texts(FRAMEWORK, configuration.language), **read_texts(study.texts, configuration.language)}
    translated = source_texts(configuration.language)
    labels = assumption_labels(texts | translated, input_paths(configuration))
    words = {key: text for key, text in texts.items() if not key.startswith((ASSUMPTION, ASSUMPTION_NAME))}
    prices = configuration.prices
    words["money"] = "" if prices is None else texts["page.money"].format(year=prices.year)
    sentence = f" {words['money'][0].upper()}{words['money'][1:]}." if words["money"] else ""
    for name, value in {**configuration.wording, "money": sentence}.items():
        words = {key: text.replace(f"{{{name}}}", value) for key, text in words.items()}
    return words | labels | translated


def input_paths(configuration: StudyConfiguration) -> dict[str, list[str]]:
    """Return the paths of all inputs that the report lists, and the names that stand on each in its label.

    An entry of a list has no name of its own: it is called by its title, name or year.
    """
    drawn = [assumption.path for assumption in study_assumptions(configuration)]
    kept = [str(each["name"]) for each in assumptions(configuration)]  # with those that keep their values
    return {path: _named_places(configuration, path) for path in dict.fromkeys([*drawn, *kept])}


def _named_places(configuration: StudyConfiguration, path: str) -> list[str]:
    """Return the parts of a path, an entry of a list by its name, not by its number."""
    found: list[str] = []
    here: Any = configuration
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, Sequence) and not isinstance(here, str):
            here = here[int(part)]
            part = next((str(getattr(here, name)) for name in CALLED_BY if hasattr(here, name)), part)
        else:
            here = getattr(here, part, None)
        found.append(part)
    return found


def source_texts(language: str) -> dict[str, str]:
    """Return translated reasons of inputs and places in sources by `source.TEXT`, the text of the configuration."""
    return {f"source.{text}": translated for text, translated in _translated("sources", language).items()}


def meanings(language: str) -> dict[str, str]:
    """Return what the variables of the results of studies mean in a language, by their `long_name` in English."""
    return _translated("meanings", language)


def _translated(kind: str, language: str) -> dict[str, str]:
    """Return the translations of a kind by the English text; nothing in a language that has none."""
    found = files(FRAMEWORK) / f"{kind}.{language}.yaml"
    if not found.is_file():
        return {}
    with as_file(found) as path:
        return {str(text): str(translated) for text, translated in load_document(path).data.items()}


def label(words: Words, kind: str, name: str) -> str:
    """Return the label of a name of a kind, such as a scenario; the name itself where it has none."""
    return words.get(f"{kind}.{name}", name)


def listed(names: Sequence[str], words: Words) -> str:
    """Return names one after the other, the last two joined by the word for and."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {words['answer.and']} {names[-1]}"


def rate_text(rate: float, words: Words) -> str:
    """Return a rate as text, in per cent, with the range from which it is drawn where it is a quantity with one."""
    drawn = rate.range if isinstance(rate, Quantity) else None
    shown = [f"{100.0 * each:g}".replace(".", words["decimal_mark"]) for each in (float(rate), *(drawn or ()))]
    names = dict(zip(("value", "low", "high"), shown, strict=False))
    return words["answer.rate" if drawn is None else "answer.drawn_rate"].format(**names)


def read_texts(package: str, language: str) -> dict[str, str]:
    """Return the texts of a package in a language by their keys; paragraphs of a text are parted by line ends.

    Raises
    ------
    ConfigurationError
        When there are no texts in the language.
    ValueError
        When something in the file is neither text, nor a list of paragraphs, nor a mapping of them.
    """
    if not (files(package) / f"text.{language}.yaml").is_file():
        raise ConfigurationError(f"language: the study has no text.{language}.yaml; expected one, or another language.")
    with as_file(files(package) / f"text.{language}.yaml") as path:
        return dict(_flat(load_document(path).data, "", str(path)))


def _flat(value: Any, key: str, origin: str) -> Iterator[tuple[str, str]]:
    """Yield key and text of everything below a value."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _flat(below, f"{key}.{name}" if key else name, origin)
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield key, "\n".join(value)
    elif isinstance(value, str):
        yield key, value
    else:
        raise ValueError(f"{origin}: {key}: found {value!r}; expected text, quoted where it reads as something else")


def assumption_labels(texts: Words, paths: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the labels of those assumptions that the texts know, by `assumption.<path>`; `paths` as in `input_paths`.

    A text whose key is the path itself comes before one with names in braces. The name that braces stand for is given
    as `assumption_name.<kind>.<name>` says, or as the label of that kind, or as it is.
    """
    patterns = {key: key.removeprefix(ASSUMPTION).split(".") for key in texts if key.startswith(ASSUMPTION)}
    found = {}
    for path, places in paths.items():
        key = f"{ASSUMPTION}{path}"
        if key in texts:
            found[key] = texts[key]
            continue
        for pattern, parts in patterns.items():
            names = _names(parts, path.split("."), places)
            if names is not None:
                found[key] = texts[pattern].format(
                    **{field: _label_in_assumption(texts, field, name) for field, name in names.items()}
                )
                break
    return found


def _names(parts: list[str], path: list[str], places: Sequence[str]) -> dict[str, str] | None:
    """Return what the braces of a pattern stand for in a path; None where it does not fit."""
    if len(parts) != len(path):
        return None
    names = {}
    for part, name, called in zip(parts, path, places, strict=True):
        if part.startswith("{"):
            names[part.strip("{}")] = called
        elif part != name:
            return None
    return names


def _label_in_assumption(texts: Words, field: str, name: str) -> str:
    """Return the name that a field of a pattern stands for, as it reads in the label of an assumption."""
    kind = field.rstrip("0123456789")
    known = (f"{ASSUMPTION_NAME}{kind}.{name}", f"{kind}.{name}", f"source.{name}")
    return next((texts[key] for key in known if key in texts), name)
