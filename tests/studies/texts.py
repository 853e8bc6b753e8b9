"""What the tests of all studies ask of their texts: same keys and placeholders in both languages, nothing unused."""

import string
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import testsite_sim.studies
from testsite_sim.studies.framework.configuration import Language, StudyConfiguration
from testsite_sim.studies.framework.words import (
    ASSUMPTION,
    ASSUMPTION_NAME,
    FRAMEWORK,
    assumption_labels,
    input_paths,
    read_texts,
)

LANGUAGES = get_args(Language)
OF_INPUTS = (
    ASSUMPTION,
    ASSUMPTION_NAME,
    "written.",
    "answered_by.",
    "source_kind.",
    "read.",
    "correlation.",
)  # asked for where an input has it


class Recorder(dict[str, str]):
    """Words that know which of them were asked for."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__(words)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: str | None = None) -> str | None:
        self.asked.add(key)
        return super().get(key, default)


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def differences(package: str) -> list[str]:
    """Return the keys that the languages of a package do not share, and those whose placeholders differ."""
    first, *others = (read_texts(package, language) for language in LANGUAGES)
    return [
        key
        for other in others
        for key in sorted(first.keys() | other.keys())
        if key not in first or key not in other or placeholders(first[key]) != placeholders(other[key])
    ]


def unused(package: str, asked: Iterable[str]) -> list[str]:
    """Return the keys of a package that nobody asked for, and whose name stands nowhere in the studies.

    What depends on the results, such as the word for never, is only written there.
    """
    folder = Path(testsite_sim.studies.__path__[0])
    source = "".join(path.read_text() for form in ("*.py", "*.jinja") for path in folder.rglob(form))
    keys = set(read_texts(package, LANGUAGES[0])) - set(asked)
    return sorted(
        key for key in keys if not key.startswith(OF_INPUTS) and f'"{key}"' not in source and f"'{key}'" not in source
    )


def unlabelled(package: str, configuration: StudyConfiguration) -> list[str]:
    """Return the inputs without a label in a language, drawn or not, and the labels and names that belong to none."""
    paths = input_paths(configuration)
    found, idle = [], []
    for language in LANGUAGES:
        texts = read_texts(FRAMEWORK, language) | read_texts(package, language)
        labels = assumption_labels(texts, paths)
        found += [path for path in paths if f"{ASSUMPTION}{path}" not in labels]
        idle.append(
            {
                key
                for key in read_texts(package, language)
                if key.startswith((ASSUMPTION, ASSUMPTION_NAME))
                and assumption_labels({other: text for other, text in texts.items() if other != key}, paths) == labels
            }
        )
    return found + sorted(set.intersection(*idle))  # a name may be the same word in one language
