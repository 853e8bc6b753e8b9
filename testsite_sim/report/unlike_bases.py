"""In what the amounts of compared runs are unlike: prices, discount rates, the years and the weather they are of."""

import re
from collections.abc import Mapping, Sequence

from testsite_sim.output.phrases import Phrases

_KEY = re.compile(r"( *)([^\s:#-][^\s:]*):(?: +(.*))?$")
_VALUE = re.compile(r"\{value: ([^,}]+)")
_INDENT = 2  # of a scenario as runs write it
_PRICES = re.compile(r"prices\.year|economics\.price_year")
_DISCOUNT = re.compile(r"[^.]+\.discount_rate")
_YEARS = re.compile(r"horizons\.[^.]+\.(?:start|end)|jobs\.target_year|outlook\.last_year|economics\.lifetime")

_WEATHER = re.compile(r"weather\.(?:record|start|end)")


def unlike_bases(scenarios: Sequence[str], names: Sequence[str], say: Phrases) -> list[str]:
    r"""Return a sentence on everything in which the amounts of runs are not alike; nothing where they are.

    Parameters
    ----------
    scenarios : sequence of str
        The resolved scenarios of the runs, as runs write them.
    names : sequence of str
        What the runs are called.
    say : Phrases
        The language of the sentences.

    Examples
    --------
    >>> first, second = ("prices:\n  year: 2025", "prices:\n  year: 2020")
    >>> unlike_bases([first, second], ["A", "B"], Phrases())[0][:60]
    'Prices differ: money is in euros of 2025 in A, of 2020 in B;'
    """
    stated = [_stated(text) for text in scenarios]
    found = []
    years = [next((value for key, value in each.items() if _PRICES.fullmatch(key)), None) for each in stated]
    if len(set(years)) > 1:
        of = [
            say("of no stated year in {run}").format(run=name)
            if year is None
            else say("of {year} in {run}").format(year=year, run=name)
            for year, name in zip(years, names, strict=True)
        ]
        found.append(
            say("Prices differ: money is in euros {years}; a difference of money holds that of the prices.").format(
                years=", ".join(of)
            )
        )
    for which, text in (
        (_DISCOUNT, say("Discount rates differ: {keys}; a difference of discounted money holds that of the rates.")),
        (_YEARS, say("Years differ: {keys}; a sum over years is not over the same ones.")),
        (_WEATHER, say("Weather differs: {keys}; amounts of the simulated time are not of the same hours.")),
    ):
        unlike = [key for key in _shared(stated, which) if len({each.get(key) for each in stated}) > 1]
        if unlike:
            found.append(text.format(keys="; ".join(_values(key, stated, names) for key in unlike)))
    return found


def _shared(stated: Sequence[Mapping[str, str]], which: re.Pattern[str]) -> list[str]:
    """Return the keys of a kind whose part of the scenario all runs state; runs of other studies have other parts."""
    keys = [key for key in dict.fromkeys(key for each in stated for key in each) if which.fullmatch(key)]
    parts = [{key.partition(".")[0] for key in each if which.fullmatch(key)} for each in stated]
    return [key for key in keys if all(key.partition(".")[0] in each for each in parts)]


def _values(key: str, stated: Sequence[Mapping[str, str]], names: Sequence[str]) -> str:
    """Return a key with its value in every run, as text."""
    return f"{key} " + ", ".join(f"{each.get(key, '–')} ({name})" for each, name in zip(stated, names, strict=True))


def _stated(scenario: str) -> dict[str, str]:
    """Return the keys of a scenario on which amounts rest, with their values as written.

    By its lines: reading a whole scenario takes longer than all else of a comparison.
    """
    found: dict[str, str] = {}
    path: list[str] = []
    for line in scenario.splitlines():
        match = _KEY.match(line)
        if match is None:
            continue
        indent, key, value = match.groups()
        path = [*path[: len(indent) // _INDENT], key.strip("'\"")]
        name = ".".join(path)
        if value and any(which.fullmatch(name) for which in (_PRICES, _DISCOUNT, _YEARS, _WEATHER)) and value != "null":
            quantity = _VALUE.match(value)
            found[name] = quantity[1] if quantity else value
    return found
