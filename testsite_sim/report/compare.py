"""Runs side by side."""

from collections.abc import Mapping, Sequence
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.output import number, read_summary, shown, shown_entry
from testsite_sim.output.phrases import ENGLISH, IN_ENGLISH, Phrases, common_language
from testsite_sim.output.run_directory import language_of_run, scenario_of_run
from testsite_sim.report.kinds import alike
from testsite_sim.report.unlike_bases import unlike_bases

if TYPE_CHECKING:
    import pandas as pd

FIGURES = 6  # significant: two runs may be close to each other
COLUMNS = ("difference", "relative difference", "units")  # of the table, besides the runs
LEAST = 1e-9  # relative: what differs by less is rounding


def compare_runs(first: Path, *others: Path, names: Sequence[str] | None = None) -> str:
    """Return a table of the summaries of runs: every entry, and for two runs its difference, also in per cent.

    Above it stands in what amounts are not alike: year of prices, discount rates, years; and of an ensemble next to a
    single run, that its P50 is compared.

    `names`: what the runs are called; None: by their folders.

    Studies in a language of their own are compared in it: what an entry is, units and numbers.

    Raises
    ------
    ConfigurationError
        When a folder is not a run directory.
    """
    folders = (first, *others)
    called = [str(each) for each in folders] if names is None else list(names)
    say = Phrases(common_language([language_of_run(folder) for folder in folders]))
    summaries, sentences = alike([read_summary(folder) for folder in folders], called, say)
    figures = list(dict.fromkeys(name for summary in summaries for name in summary))
    two = len(summaries) == 2
    meaning = {name: str(entry.get("description", "")) for summary in summaries for name, entry in summary.items()}
    rows = [["", *called, *((say("difference"), "") if two else ()), say("unit")]]
    for name in figures:
        entries = [summary.get(name, {}) for summary in summaries]
        values = [entry.get("value") for entry in entries]
        unit = next(summary[name].get("units", "1") for summary in summaries if name in summary)
        rows.append(
            [
                name if say.language == ENGLISH else meaning[name] or name,
                *(
                    say.number(shown_entry({"units": unit, **entry}, FIGURES, name)[0])
                    + (range_text(entry, unit, name, say) if "low" in entry else "")
                    for entry in entries
                ),
                *(map(say.number, difference_text(values[0], values[1], unit, name)) if two else ()),
                say.units(next((text for value in values if (text := shown(value, unit, name=name)[1])), "")),
            ]
        )
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())
    unlike = unlike_bases([scenario_of_run(folder) for folder in folders], called, say)
    return "\n".join([*sentences, *unlike, *lines]) + "\n"


def comparison(first: Path, *others: Path, names: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the summaries of runs as plain data.

    Parameters
    ----------
    first, *others : Path
        Run directories.
    names : sequence of str, optional
        What the runs are called; None: by their folders.

    Returns
    -------
    dict
        `runs`, their names; `figures`, by name: `units`, `description`, `values` in the order of the runs (None where
        a run has none), of an ensemble next to a single run those of P50, with `ranges` (P5 and P95, None of a single
        run), and of two runs `difference` and `relative_difference` to the first; `unlike`, a sentence on everything in
        which amounts are not alike.

    Raises
    ------
    ConfigurationError
        When a folder is not a run directory.
    """
    folders = (first, *others)
    called = [str(folder) for folder in folders] if names is None else list(names)
    of_kinds, sentences = alike([read_summary(folder) for folder in folders], called)
    summaries = {str(k): each for k, each in enumerate(of_kinds)}
    table = comparison_table(summaries)
    meaning = {name: entry.get("description", "") for summary in summaries.values() for name, entry in summary.items()}
    figures: dict[str, dict[str, Any]] = {}
    for name, row in table.iterrows():
        found = {
            "units": row["units"],
            "description": meaning[str(name)],
            "values": [None if row[label] != row[label] else float(row[label]) for label in summaries],
        }
        entries = [each.get(str(name), {}) for each in of_kinds]
        if any("low" in entry for entry in entries):
            found["ranges"] = [[entry["low"], entry["high"]] if "low" in entry else None for entry in entries]
        for column in ("difference", "relative difference"):
            if column in table:
                found[column.replace(" ", "_")] = None if row[column] != row[column] else float(row[column])
        figures[str(name)] = found
    unlike = unlike_bases([scenario_of_run(folder) for folder in folders], called, IN_ENGLISH)
    return {"runs": called, "figures": figures, "unlike": [*sentences, *unlike]}


def comparison_table(summaries: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> "pd.DataFrame":
    """Return the figures of runs in their units, a row a figure, a column a run.

    Of an ensemble next to a single run, the value is P50 of the members.

    Parameters
    ----------
    summaries : mapping
        The summary of each run by its label: name to value, units and description.

    Returns
    -------
    pandas.DataFrame
        Of two runs with `difference`, and `relative difference` to the first; the last column is `units`.

    Examples
    --------
    >>> first, second = ({"energy": {"value": value, "units": "GWh"}} for value in (2.0, 3.0))
    >>> row = comparison_table({"a": first, "b": second}).loc["energy"]
    >>> float(row["difference"]), float(row["relative difference"]), row["units"]
    (1.0, 0.5, 'GWh')
    """
    import pandas as pd

    summaries = dict(zip(summaries, alike([*summaries.values()], [*summaries])[0], strict=True))
    names = list(dict.fromkeys(name for summary in summaries.values() for name in summary))
    values = {
        label: [float("nan") if (found := summary.get(name, {}).get("value")) is None else found for name in names]
        for label, summary in summaries.items()
    }
    table = pd.DataFrame(values, index=pd.Index(names, name="figure"), dtype=float)
    if len(summaries) == 2:
        first, second = (table[label] for label in summaries)
        table["difference"] = second - first
        table["relative difference"] = (second - first) / first.abs().where(first != 0.0)
    known = {name: entry.get("units", "1") for summary in summaries.values() for name, entry in summary.items()}
    table["units"] = [known[name] for name in names]
    return table


def check_names(names: Sequence[object]) -> None:
    """Refuse names of runs that are none: no text, empty, or those of other columns of the table.

    Raises
    ------
    ConfigurationError
        Naming the first of them.
    """
    for name in names:
        if not isinstance(name, str) or not name.strip() or name in COLUMNS:
            raise ConfigurationError(
                f"compare: the name of a run is {name!r}; expected a text that is none of {', '.join(COLUMNS)}."
            )


def difference_text(a: float | None, b: float | None, units: str, name: str, figures: int = FIGURES) -> tuple[str, str]:
    """Return the difference of two values, as they are shown, and in per cent, as text; that of rounding is none.

    A value that changes its sign has no difference in per cent: a part of a small loss says nothing of a gain.

    Examples
    --------
    >>> difference_text(3.0, -11.0, "EUR/MWh", "gap")
    ('-14', '')
    >>> difference_text(2.0, 3.0, "kg", "hydrogen"), difference_text(3.0, 3.0 + 1e-15, "EUR/kg", "cost")
    (('+1', '+50.00 %'), ('0', ''))
    """
    if a is None or b is None:
        return "", ""
    if is_same(a, b):
        return "0", ""
    factor = 100.0 if "%" in (shown(a, units, name=name)[1], shown(b, units, name=name)[1]) else 1.0
    sign = "+" if b > a else ""
    part = f"{100.0 * (b - a) / abs(a):+,.2f} %" if a * b > 0.0 or (a and b == 0.0) else ""
    return f"{sign}{number(factor * (b - a), figures)}", part


def range_text(
    entry: Mapping[str, Any], units: str, name: str, say: Phrases, factor: float = 1.0, figures: int = FIGURES
) -> str:
    """Return the range of an entry in brackets: P10 to P90 of a study, P5 to P95 of an ensemble; nothing of others."""
    low, high = ("p10", "p90") if "p10" in entry else ("low", "high")
    if entry.get(low) is None or entry.get(high) is None:
        return ""
    ends = (say.number(shown(factor * entry[key], units, figures, name)[0]) for key in (low, high))
    return f" ({' – '.join(ends)})"


def is_same(a: float | None, b: float | None) -> bool:
    """Return whether two values of runs are the same, but for rounding."""
    return a == b or (a is not None and b is not None and isclose(a, b, rel_tol=LEAST))
