"""What exports and comparisons say themselves, in the language of what they show: words, units, the form of numbers.

A text stands in the code as it reads in English; `phrases.<language>.yaml` holds its translations.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

from testsite_sim.configuration.yaml_loader import load_document

ENGLISH = "en"
_OF_TIME = re.compile(r"\b(?:year|month|day|hour)(?=-1\b| |$)")  # in units
_DUTCH_MARKS = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


class Phrases:
    r"""The phrases of a language.

    Parameters
    ----------
    language : str
        `en`, or one that has a file of translations; in any other one all is English.

    Examples
    --------
    >>> say = Phrases("nl")
    >>> say("Runs"), say.units("million EUR"), say.number("1,234.5")
    ('Runs', 'miljoen EUR', '1\xa0234,5')
    """

    def __init__(self, language: str = ENGLISH) -> None:
        self._texts = _translations(language)
        self.language = language if self._texts else ENGLISH

    def __call__(self, text: str) -> str:
        """Return a phrase; one without a translation is a mistake of ours.

        Raises
        ------
        KeyError
            When the language does not have it.
        """
        return text if self.language == ENGLISH else self._texts[text]

    def units(self, text: str) -> str:
        """Return units, or a name that may be anybody's: in the language where it has it.

        Of units as CF writes them the words of time are translated, `EUR year-1`.
        """
        if text in self._texts or self.language == ENGLISH:
            return self._texts.get(text, text)
        return _OF_TIME.sub(lambda found: self._texts[found.group()], text)

    def number(self, text: str) -> str:
        """Return a number in text, with commas between thousands, as the language writes it; or what stands for one."""
        return text if self.language == ENGLISH else self._texts.get(text, text.translate(_DUTCH_MARKS))


@cache
def _translations(language: str) -> dict[str, str]:
    """Return the translations of a language; nothing for English, and for one that has none."""
    found = files("testsite_sim.output") / f"phrases.{language}.yaml"
    if not found.is_file():
        return {}
    with as_file(found) as path:
        return {str(text): str(translated) for text, translated in load_document(path).data.items()}


def common_language(languages: Sequence[str]) -> str:
    """Return the language that all of several share, English where they differ.

    Examples
    --------
    >>> common_language(["nl", "nl"]), common_language(["nl", "en"])
    ('nl', 'en')
    """
    return languages[0] if len(set(languages)) == 1 else ENGLISH


IN_ENGLISH = Phrases()
