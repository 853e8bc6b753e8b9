"""The page of runs next to each other: differences by step of the chain, figures on the same axes, keys that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.temporary import temporary_folder
from testsite_sim.configuration.yaml_loader import parse_document
from testsite_sim.output import number, shown, shown_entry
from testsite_sim.output.phrases import ENGLISH, IN_ENGLISH, Phrases
from testsite_sim.report.cards import AMOUNTS, CERTAINTIES, COSTS, Card, Question
from testsite_sim.report.compare import FIGURES, difference_text, is_same, range_text
from testsite_sim.report.comparison_figures import comparison_figures
from testsite_sim.report.drawing import write_figures
from testsite_sim.report.embedding import embedded_figures
from testsite_sim.report.grouping import grouped
from testsite_sim.report.kinds import alike
from testsite_sim.report.magnitude import physical_scale, scale
from testsite_sim.report.page import identifier, rendered
from testsite_sim.report.series import embedded_series
from testsite_sim.report.unlike_bases import unlike_bases

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEXTS = ("title", "description", "source", "comment")  # the last parts of keys that no result depends on
MOST_LETTERS = 60  # of a value in the table of keys
MOST_CARDS = 6
CARD_FIGURES = 3  # of a difference on a card
FIGURES_OF_DRAWS = 4  # significant: medians of draws are not closer to each other
ABSENT = "–"
HEADLINES = "Headlines, P50 (P10 to P90)"


@dataclass(frozen=True)
class ComparedRun:
    """A run of a comparison: where it stands, title, summary, results, scenario (YAML) and what the user calls it."""

    place: str
    title: str
    summary: Mapping[str, Mapping[str, Any]]
    results: xr.DataTree
    scenario: str
    name: str = ""


def write_comparison(runs: Sequence[ComparedRun]) -> str:
    """Return the comparison of two or more runs as HTML.

    Parameters
    ----------
    runs : sequence of ComparedRun
        Differences are to the first of them.

    Raises
    ------
    ValueError
        When there are fewer than two.
    """
    if len(runs) < 2:
        raise ValueError(f"a comparison is of two runs or more, not of {len(runs)}")
    scenarios = [parse_document(run.scenario, "scenario.yaml").data for run in runs]
    say = Phrases(_language(runs, scenarios))
    runs = [replace(run, title=_title(run, each, say.language)) for run, each in zip(runs, scenarios, strict=True)]
    labels = [_label(k, run) for k, run in enumerate(runs)]
    letters = [label[0] for label in labels]
    own = [run.summary for run in runs]
    of_kinds, sentences = alike(own, letters, say)
    runs = [replace(run, summary=each) for run, each in zip(runs, of_kinds, strict=True)]
    summaries = {label: run.summary for label, run in zip(labels, runs, strict=True)}
    trees = {label: run.results for label, run in zip(labels, runs, strict=True)}
    names = list(dict.fromkeys(name for run in runs for name in run.summary))
    keys, texts = _differing_keys(scenarios, say)
    main = [name for name in (*AMOUNTS, *COSTS, *CERTAINTIES) if name in names]
    if "annual_energy_production" in main and "energy_production" in main:
        main.remove("energy_production")
    named = comparison_figures(summaries, trees, main, say)
    with temporary_folder() as folder:
        files = write_figures(named, folder, ("svg",))
        figures = embedded_figures(files, {name: each.caption for name, each in named.items()})
    series = embedded_series(dict(zip(letters, trees.values(), strict=True)))
    differences = _differences(runs, names, say)
    return rendered(
        "comparison.html.jinja",
        title=say("{title}: {number} runs compared").format(title=runs[0].title, number=len(runs)),
        say=say,
        language=say.language,
        description="",
        summary={letter: dict(each) for letter, each in zip(letters, own, strict=True)},
        questions=_first_screen(runs, letters, main, keys, sentences, say),
        runs=[(letter, run.name or run.title, run.place) for letter, run in zip(letters, runs, strict=True)],
        letters=letters,
        two=len(runs) == 2,
        keys=keys,
        texts=texts,
        series=series,
        figures=figures,
        differences=differences,
        contents=[
            ("runs", say("Runs")),
            ("keys", say("Keys that differ")),
            *([("time-series", "Time series")] if series else []),
            ("figures", say("Figures")),
            *((group["id"], group["title"]) for group in differences),
        ],
        scenario="",
    )


def _language(runs: Sequence[ComparedRun], scenarios: Sequence[Any]) -> str:
    """Return the language of runs of a study that share one; English of all others."""
    if not _of_study(runs):
        return ENGLISH
    found = {str(each.get("language", ENGLISH)) for each in scenarios}
    return found.pop() if len(found) == 1 else ENGLISH


def _of_study(runs: Sequence[ComparedRun]) -> bool:
    """Return whether all are runs of a study, whose outputs are no steps of the chain."""
    return all("study" in run.results.children for run in runs)


def _title(run: ComparedRun, scenario: Any, language: str) -> str:
    """Return what a run is called in a language: its own title where its scenario has none in it."""
    translations = scenario.get("translations") if isinstance(scenario, dict) else None
    found = translations.get(language) if isinstance(translations, dict) else None
    return str(found["title"]) if isinstance(found, dict) and "title" in found else run.title


def _label(k: int, run: ComparedRun) -> str:
    """Return what a run is called in figures: its letter, and the end of its place."""
    name = run.name or Path(run.place).name or run.place
    return f"{LETTERS[k % len(LETTERS)]}{k // len(LETTERS) or ''}: {name if len(name) <= 40 else name[:39] + '…'}"


def differing_keys(scenarios: Sequence[str]) -> tuple[list[list[str]], list[list[str]]]:
    """Return the keys in which resolved scenarios differ: those that a result may depend on, and those of texts.

    Parameters
    ----------
    scenarios : sequence of str
        YAML.

    Returns
    -------
    tuple of two lists
        Of rows: the dotted key, and its value in every scenario. A part that a scenario does not have is one row.

    Examples
    --------
    >>> differing_keys(["a: {b: 2 MW, source: x}", "a: {b: 3 MW, source: y, c: {d: 1}}"])
    ([['a.b', '2 MW', '3 MW'], ['a.c', '–', '1 key']], [['a.source', 'x', 'y']])
    """
    return _differing_keys([parse_document(text, "scenario.yaml").data for text in scenarios], IN_ENGLISH)


def _differing_keys(scenarios: Sequence[Any], say: Phrases) -> tuple[list[list[str]], list[list[str]]]:
    """Return the keys in which parsed scenarios differ, those of texts apart."""
    rows: list[list[str]] = []
    _differ("", scenarios, rows, say)
    texts = [row for row in rows if row[0].rpartition(".")[2] in TEXTS]
    return [row for row in rows if row not in texts], texts


def _differ(path: str, values: Sequence[Any], rows: list[list[str]], say: Phrases) -> None:
    """Add a row for every key in which values differ."""
    if all(value == values[0] for value in values):
        return
    deeper: list[Any] | None = None
    if all(isinstance(value, dict) for value in values):
        deeper = list(dict.fromkeys(key for value in values for key in value))
        parts = [[value.get(key, _NOTHING) for value in values] for key in deeper]
    elif all(isinstance(value, list) and len(value) == len(values[0]) for value in values) and any(
        isinstance(each, dict | list) for value in values for each in value
    ):
        deeper = list(range(len(values[0])))
        parts = [[value[k] for value in values] for k in deeper]
    if deeper is None:
        rows.append([path, *(_value_text(value, say) for value in values)])
        return
    for key, each in zip(deeper, parts, strict=True):
        _differ(f"{path}.{key}" if path else str(key), each, rows, say)


_NOTHING = object()


def _value_text(value: Any, say: Phrases) -> str:
    """Return a value of a scenario as text; a part as the number of its keys or values."""
    if value is _NOTHING or value is None:
        return ABSENT
    if isinstance(value, dict) and "value" in value:  # a quantity with its source
        return _value_text(value["value"], say)
    if isinstance(value, dict):
        return f"{len(value)} {say('keys' if len(value) != 1 else 'key')}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if isinstance(value, list) and len(text) > MOST_LETTERS:
        return f"{len(value)} {say('values')}"
    return text if len(text) <= 2 * MOST_LETTERS else text[: 2 * MOST_LETTERS - 1] + "…"


def _first_screen(
    runs: Sequence[ComparedRun],
    letters: Sequence[str],
    main: Sequence[str],
    keys: Sequence[Sequence[str]],
    sentences: Sequence[str],
    say: Phrases,
) -> list[Question]:
    """Return the questions of the first screen: which runs, what differs most, and how sure it is."""
    amounts = [card for name in main if name in AMOUNTS and (card := _card(name, runs, letters, say)) is not None]
    costs = [card for name in main if name in COSTS and (card := _card(name, runs, letters, say)) is not None]
    if not amounts and not costs:  # of ensembles and studies: their own names, those of P50
        names = [name for name in runs[0].summary if name.endswith("_p50")] or list(runs[0].summary)
        amounts = [card for name in names if (card := _card(name, runs, letters, say)) is not None]
    named = [f"{letter}: {run.title}" for letter, run in zip(letters, runs, strict=True)]
    what = [f"{'; '.join(named)}. {len(keys)} {say('keys differ' if len(keys) != 1 else 'key differs')}."]
    what += [*sentences]
    what += unlike_bases([run.scenario for run in runs], letters, say)
    none = [] if amounts or costs else [say("No figure differs.")]
    return [
        each
        for each in (
            Question(say("What"), [], what),
            Question(say("How much"), amounts[:MOST_CARDS], none),
            Question(say("At what cost"), costs[:MOST_CARDS]),
            Question(say("How sure"), [], _certainty(runs, say)),
        )
        if each.cards or each.sentences
    ]


def _card(name: str, runs: Sequence[ComparedRun], letters: Sequence[str], say: Phrases) -> Card | None:
    """Return the card of an entry that differs: the difference of the last run to the first, and all values."""
    entries = [run.summary.get(name, {}) for run in runs]
    values = [float(entry["value"]) for entry in entries if entry.get("value") is not None]
    if len(values) < len(runs) or all(is_same(value, values[0]) for value in values):
        return None
    factor, units = scale(str(entries[0]["units"]), *values)
    pairs = [shown(factor * value, units, name=name) for value in values]
    texts = [f"{say.number(text)} {say.units(unit)}".rstrip() for text, unit in pairs]
    stated = str(entries[0].get("description", "")).removesuffix(" (P50)") if "p10" in entries[0] else ""
    label = f"{stated or name.replace('_', ' ')}: " + ", ".join(
        f"{letter} {text}" for letter, text in zip(letters, texts, strict=True)
    )
    means = str(entries[0].get("description", ""))
    first, last = values[0], values[-1]
    if len(runs) == 2 and first * last < 0.0:
        difference, _ = difference_text(factor * first, factor * last, units, name, CARD_FIGURES)
        return Card(label, say.number(difference), say.units(pairs[0][1]), means)
    if len(runs) == 2 and first:
        change = 100.0 * (last - first) / abs(first)
        return Card(label, say.number(f"{'+' if change > 0.0 else ''}{number(change, CARD_FIGURES)}"), "%", means)
    order = sorted(range(len(values)), key=lambda k: values[k])
    signs = ["", *(" = " if is_same(values[a], values[b]) else " < " for a, b in pairwise(order))]
    return Card(label, "".join(f"{sign}{letters[k]}" for sign, k in zip(signs, order, strict=True)), "", means)


def _certainty(runs: Sequence[ComparedRun], say: Phrases) -> list[str]:
    """Return how sure the differences are: whether the weather is the same, and what each run states."""
    found = []
    weather = [run.results["weather"] for run in runs if "weather" in run.results.children]
    if len(weather) == len(runs) and all("wind_speed" in each for each in weather):
        same = all(
            each["wind_speed"].shape == weather[0]["wind_speed"].shape
            and np.array_equal(each["wind_speed"], weather[0]["wind_speed"], equal_nan=True)
            for each in weather
        )
        found.append(
            "All runs have the same wind, so that differences are those of the scenarios alone."
            if same
            else "The runs differ in their wind at hub height: a difference may be one of the weather."
        )
    if any("low" in entry for run in runs for entry in run.summary.values()):
        found.append("P5 to P95 are of the members of the ensembles; of a single run no spread is stated.")
    elif any("members" in run.results.children for run in runs):
        found.append("Percentiles are of the members of each run, whose standard errors stand in its own report.")
    elif "study" in runs[0].results.children:
        found.append(say("Each value is P50 of the draws; P10 to P90 stand next to it, with all assumptions at once."))
    else:
        found.append("Each run is one period of weather with every input at its value: no spread is stated.")
    return found


def _differences(runs: Sequence[ComparedRun], names: Sequence[str], say: Phrases) -> list[dict[str, Any]]:
    """Return the entries of all summaries as tables, a table for each step of the chain."""
    two = len(runs) == 2
    found = []
    of_study = _of_study(runs)
    figures = FIGURES_OF_DRAWS if of_study else FIGURES
    for title, held in ({say(HEADLINES): list(names)} if of_study else grouped(names)).items():
        rows = []
        for name in held:
            entries = [run.summary.get(name, {}) for run in runs]
            values = [entry.get("value") for entry in entries]
            known = next(entry for entry in entries if entry)
            factor, units = physical_scale(str(known.get("units", "1")), *values)
            values = [None if value is None else factor * value for value in values]
            texts = [
                shown_entry({**entry, "value": value, "units": units}, figures, name)
                for entry, value in zip(entries, values, strict=True)
            ]
            rows.append(
                {
                    "label": str(known["description"]).removesuffix(" (P50)") if of_study else name.replace("_", " "),
                    "cells": [
                        say.number(text) + range_text(entry, units, name, say, factor, FIGURES_OF_DRAWS)
                        for (text, _), entry in zip(texts, entries, strict=True)
                    ],
                    "difference": [
                        say.number(each)
                        for each in (difference_text(values[0], values[1], units, name, figures) if two else ("", ""))
                    ],
                    "same": all(is_same(value, values[0]) for value in values),
                    "units": say.units(next((unit for _, unit in texts if unit), "")),
                    "description": name if of_study else known.get("description", ""),
                }
            )
        found.append({"title": title, "id": identifier(title), "rows": rows})
    return found
