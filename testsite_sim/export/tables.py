"""Tables of what has run: the summary, the assumptions with their sources, and every group of the results."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.units import HOUR
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.output.labels import LONG_NAMES
from testsite_sim.output.phrases import ENGLISH, IN_ENGLISH, Phrases, common_language
from testsite_sim.output.results import in_shown_units

SEE_UNITS = "see units"  # of a column whose units stand in its rows
MOST_CELLS = 1_000_000  # of a table that is exported without being named: more is slow to write and to open
SUMMARY, ASSUMPTIONS, COMPARISON = "summary", "assumptions", "comparison"
STUDY = "study"  # the group of the results of a study that holds what every draw gave
_FORMS = (  # of these facts
    "simulation by {program}",
    "made by {program} from the scenario with SHA-256 {digest}",
    "testsite-sim, docs/methods: what each step computes, with its sources; docs/nomenclature.md: every name and unit",
)
_FACTS = ("title", "source", "history", "references")  # of the results, that a table of contents states


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its units (empty of text), what it means, and what it is called where shown."""

    name: str
    units: str = ""
    description: str = ""
    label: str = ""

    @property
    def shown(self) -> str:
        """What it is called, in the language of the tables."""
        return self.label or self.name

    def heading(self, say: Phrases = IN_ENGLISH) -> str:
        """Return name and units in one line, as the header of a CSV file has them."""
        return f"{self.shown} [{say.units(self.units)}]" if self.units else self.shown


@dataclass(frozen=True)
class Table:
    """A table with units.

    Attributes
    ----------
    name
        By which it is asked for, such as `plant-time`.
    title
        What it holds.
    columns
        In the order of the frame.
    frame
        The values; text, numbers, flags and stamps (UTC).
    source
        Where the figures are from, or how they are made.
    by_name_alone
        Exported where it is named alone: what every draw of a study gave, of which percentiles are exported.
    paper
        What stands in its place on paper, such as the same numbers as text in the language of a study.
    for_programs
        Not on paper: of a study, what its report says in words.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    source: str = ""
    by_name_alone: bool = False
    paper: "Table | None" = None
    for_programs: bool = False

    @property
    def is_large(self) -> bool:
        """Whether it is left out where it is not named."""
        return self.by_name_alone or self.frame.size > MOST_CELLS


@dataclass(frozen=True)
class Exported:
    """What has run, as it is exported.

    Attributes
    ----------
    title
        What was run.
    summary
        Name to value, units, description and more.
    results
        The tree of results.
    assumptions
        Name, value, range, source and whether it is an assumption, of every value of the scenario with a source.
    scenario
        The scenario; None of a study or a windIO plant.
    label
        What it is called next to others: its directory, or its title.
    report
        The tables of its report, of a study.
    language
        Of a study: that of its report.
    headlines
        Of a study: its summary as it stands on paper.
    meanings
        Of a study: what its variables mean in its language, by their English meaning.
    """

    title: str
    summary: Mapping[str, Mapping[str, Any]]
    results: xr.DataTree
    assumptions: Sequence[Mapping[str, Any]] = ()
    scenario: Scenario | None = None
    label: str = ""
    report: Sequence[Table] = ()
    language: str = ENGLISH
    headlines: Table | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def say(self) -> Phrases:
        """The phrases of its language."""
        return Phrases(self.language)

    @property
    def about(self) -> dict[str, str]:
        """Return what a reader has to know of where the figures are from."""
        root = self.results.attrs
        facts = {name: _in_words(str(root[name]), self.say) for name in _FACTS[1:] if name in root}
        found = {"title": self.title, **facts}
        if "weather" in self.results.children:
            attributes = self.results["weather"].attrs
            for name in ("source", "license"):
                if name in attributes:
                    found[f"weather, {name}"] = str(attributes[name])
        if "wind" in self.results.children and "attribution" in self.results["wind"].attrs:
            found["wind farm, attribution"] = str(self.results["wind"].attrs["attribution"])
        sentences = self.summary.get("warnings", {}).get("sentences", ())
        return found | ({"warnings": "; ".join(map(str, sentences))} if sentences else {})


def _in_words(fact: str, say: Phrases) -> str:
    """Return a fact of the results in a language, where it is one of the forms in which results state them."""
    for form in _FORMS:
        found = re.fullmatch(re.sub(r"\\{\w+\\}", "(.+)", re.escape(form)), fact)
        if found:
            return say(form).format(**dict(zip(re.findall(r"{(\w+)}", form), found.groups(), strict=True)))
    return fact


def tables_of(exported: Exported) -> list[Table]:
    """Return the tables of a run, an ensemble, a sweep, a sizing or a study.

    The summary comes first, then the tables of the report of a study, then the assumptions, then a table for every
    group of the results and every set of its dimensions: a row for every combination of labels, in the units that
    people read (MW, MWh, EUR/MWh, kg/h, bar, h).

    Parameters
    ----------
    exported : Exported
        What has run.

    Returns
    -------
    list of Table
        Each with a name of its own.
    """
    say = exported.say
    source = _in_words(str(exported.results.attrs.get("source", "")), say)
    summary = replace(summary_table(exported.summary, source, say), paper=exported.headlines)
    found: list[Table] = []
    if exported.assumptions:
        found.append(assumptions_table(exported.assumptions, say))
    for node in exported.results.subtree:
        dataset = node.to_dataset(inherit=False)
        if dataset.variables:
            group = node.path.strip("/") or "results"
            tables = _tables_of_group(group, _in_hours(in_shown_units(dataset)), source, say)
            found += [_in_its_words(table, exported.meanings) for table in tables]
    if exported.report:
        found = [replace(table, for_programs=True) for table in found]
    return [summary, *exported.report, *found]


def _in_its_words(table: Table, meanings: Mapping[str, str]) -> Table:
    """Return a table whose columns mean the same in the language of a study."""
    columns = [replace(each, description=meanings.get(each.description, each.description)) for each in table.columns]
    return replace(table, columns=tuple(columns))


def stated(say: Phrases, name: str, units: str = "", description: str = "") -> Column:
    """Return a column of our own, called in a language as its name reads there."""
    return Column(name, units, say(description) if description else "", say(name))


def _in_hours(dataset: xr.Dataset) -> xr.Dataset:
    """Return a group of results with its durations, which are in s, in hours."""
    result = dataset.copy()
    for name, variable in dataset.variables.items():
        if variable.attrs.get("units") == "s" and variable.dtype.kind in "iuf":
            put = result.assign_coords if name in dataset.coords else result.assign
            result = put({name: (variable.dims, variable.to_numpy() / HOUR, {**variable.attrs, "units": "h"})})
    return result


def summary_table(summary: Mapping[str, Mapping[str, Any]], source: str = "", say: Phrases = IN_ENGLISH) -> Table:
    """Return the figures of a summary, with what else is known of each that is a number, such as percentiles.

    Examples
    --------
    >>> entry = {"value": 0.25, "units": "1", "description": "loss to wakes", "p90": 0.3}
    >>> summary_table({"wake_loss": entry}).frame.to_dict("records")
    [{'figure': 'wake_loss', 'value': 0.25, 'units': '1', 'description': 'loss to wakes', 'p90': 0.3}]
    """
    known = ("value", "units", "description")
    more = [
        name
        for name in dict.fromkeys(name for entry in summary.values() for name in entry if name not in known)
        if any(isinstance(entry.get(name), int | float) for entry in summary.values())
    ]
    rows = [
        {
            "figure": name,
            "value": _number(entry.get("value")),
            "units": say.units(str(entry.get("units", "1"))),
            "description": str(entry.get("description", "")),
            **{each: _number(entry.get(each)) for each in more},
        }
        for name, entry in summary.items()
    ]
    columns = (
        stated(say, "figure", "", "name in the summary"),
        stated(say, "value", SEE_UNITS, "`1`: a fraction; empty where there is none"),
        stated(say, "units"),
        stated(say, "description", "", "what the figure means"),
        *(Column(name, SEE_UNITS, say("what else is known of the figure")) for name in more),
    )
    return Table(SUMMARY, say("Summary"), columns, _frame(rows, columns), source)


def assumptions_table(assumptions: Sequence[Mapping[str, Any]], say: Phrases = IN_ENGLISH) -> Table:
    """Return the values of a scenario that have a source, a range, or are assumptions."""
    columns = (
        stated(say, "parameter", "", "path of the value in the scenario"),
        stated(say, "value", "", "with its units"),
        stated(say, "range", "", "that the value is drawn from in an ensemble"),
        stated(say, "source", "", "where the value is from"),
        stated(say, "assumption", "", "yes: nobody measured or published it"),
    )
    rows = [
        {
            "parameter": str(each["name"]),
            "value": str(each["value"]),
            "range": "" if each.get("range") is None else str(each["range"]),
            "source": str(each.get("source") or ""),
            "assumption": say("yes" if each.get("assumption") else "no"),
        }
        for each in assumptions
    ]
    title = say("Assumptions and their sources")
    return Table(ASSUMPTIONS, title, columns, _frame(rows, columns), say("the resolved scenario"))


def compared(runs: Sequence[Exported]) -> list[Table]:
    """Return the summaries of runs next to each other, and the assumptions in which they differ.

    Parameters
    ----------
    runs : sequence of Exported
        Two or more.

    Raises
    ------
    ConfigurationError
        When there is one.
    """
    from testsite_sim.report.compare import comparison_table
    from testsite_sim.report.kinds import alike

    if len(runs) < 2:
        raise ConfigurationError("export: found one run to compare; expected two or more.")
    said = [run.label for run in runs]
    labels = [f"{each} ({k})" if said.count(each) > 1 else each for k, each in enumerate(said, 1)]
    say = Phrases(common_language([run.language for run in runs]))
    summaries, sentences = alike([run.summary for run in runs], labels, say)
    frame = comparison_table(dict(zip(labels, summaries, strict=True))).reset_index()
    meaning = {name: str(entry.get("description", "")) for each in summaries for name, entry in each.items()}
    spread: dict[str, str] = {}
    for label, each in zip(labels, summaries, strict=True):
        for end, said_of in (("low", "P5"), ("high", "P95")):
            if any(end in entry for entry in each.values()):
                spread[f"{label} {said_of}"] = f"{said_of} of the members of {label}, whose P50 is compared"
                ends = [each.get(name, {}).get(end) for name in frame["figure"]]
                frame.insert(list(frame.columns).index("units"), f"{label} {said_of}", np.array(ends, np.float64))
    frame["description"] = [meaning.get(name, "") for name in frame["figure"]]
    about = (
        spread
        | dict(zip(labels, (run.title for run in runs), strict=True))
        | {
            "difference": say("the second run less the first"),
            "relative difference": say("the difference over the first run"),
        }
    )
    units = dict.fromkeys([*labels, *spread, "difference"], SEE_UNITS) | {"relative difference": "1"}
    frame["units"] = [say.units(str(each)) for each in frame["units"]]
    columns = tuple(
        Column(
            str(name),
            units.get(str(name), ""),
            about.get(str(name), ""),
            "" if name in labels or name in spread else say(str(name)),
        )
        for name in frame.columns
    )
    found = [
        Table(
            COMPARISON, say("Comparison of runs"), columns, frame, "; ".join([say("summaries of the runs"), *sentences])
        )
    ]
    values = [{str(each["name"]): str(each["value"]) for each in run.assumptions} for run in runs]
    names = list(dict.fromkeys(name for each in values for name in each))
    differing = [name for name in names if len({each.get(name, "") for each in values}) > 1]
    if differing:
        about_them = (stated(say, "parameter"), *(Column(label, "", about[label]) for label in labels))
        rows = [
            {"parameter": name, **{label: each.get(name, "") for label, each in zip(labels, values, strict=True)}}
            for name in differing
        ]
        title, made_of = say("Values with a source in which the runs differ"), say("resolved scenarios")
        found.append(Table("differing-assumptions", title, about_them, _frame(rows, about_them), made_of))
    return found


def chosen(tables: Sequence[Table], names: Sequence[str]) -> tuple[list[Table], list[Table]]:
    """Return the tables that are exported, and those that are left out since they are large and were not named.

    Parameters
    ----------
    tables : sequence of Table
        All that there are.
    names : sequence of str
        Those that are asked for; none: all but the large ones.

    Raises
    ------
    ConfigurationError
        When there is no table of a name; the nearest are offered.
    """
    by_name = {table.name: table for table in tables}
    for name in names:
        if name not in by_name:
            raise ConfigurationError(f"export: there is no table {name!r}. {nearest(name, by_name)}".rstrip())
    if names:
        return [by_name[name] for name in dict.fromkeys(names)], []
    return [table for table in tables if not table.is_large], [table for table in tables if table.is_large]


def contents_table(tables: Sequence[Table], left_out: Sequence[Table] = (), say: Phrases = IN_ENGLISH) -> Table:
    """Return what tables there are, and which were left out."""
    columns = (
        stated(say, "table"),
        stated(say, "title"),
        stated(say, "rows", "count"),
        stated(say, "source"),
        stated(say, "exported"),
    )
    rows = [
        {"table": each.name, "title": each.title, "rows": len(each.frame), "source": each.source, "exported": said}
        for group, said in ((tables, say("yes")), (left_out, say("no: ask for it by its name")))
        for each in group
    ]
    return Table("contents", say("Contents"), columns, _frame(rows, columns))


def columns_table(tables: Sequence[Table], say: Phrases = IN_ENGLISH) -> Table:
    """Return what every column of tables means, and its units."""
    columns = tuple(stated(say, name) for name in ("table", "column", "units", "meaning"))
    rows = [
        {"table": table.name, "column": each.shown, "units": say.units(each.units), "meaning": each.description}
        for table in tables
        for each in table.columns
    ]
    return Table("columns", say("Columns"), columns, _frame(rows, columns))


def _tables_of_group(group: str, dataset: xr.Dataset, source: str, say: Phrases) -> list[Table]:
    """Return a table for every set of dimensions of a group."""
    path = group.replace("/", "-")
    sets: dict[tuple[Hashable, ...], list[str]] = {}
    for name, variable in dataset.data_vars.items():
        sets.setdefault(variable.dims, []).append(str(name))
    found = []
    for dims, names in sets.items():
        if not dims:
            summary = {name: _entry(dataset[name]) for name in names}
            entries = (
                stated(say, "variable"),
                stated(say, "value", SEE_UNITS),
                stated(say, "units"),
                stated(say, "description"),
            )
            rows = [{"variable": name, **entry} for name, entry in summary.items()]
            title = say("Results of {group}").format(group=group)
            found.append(Table(path, title, entries, _frame(rows, entries), source))
            continue
        part = dataset[names]
        frame = part.to_dataframe(dim_order=list(dims)).reset_index()
        own = [str(name) for name in part.coords if set(part[name].dims) <= set(dims)]
        order = [*map(str, dims), *(name for name in own if name not in dims), *names]
        frame = frame.drop(columns=[c for c in frame.columns if c not in order])[[n for n in order if n in frame]]
        columns = tuple(_column(str(name), part, say) for name in frame.columns)
        by = ", ".join(_plain(str(each)) for each in dims)
        title = say("Results of {group} by {names}").format(group=group, names=by)
        found.append(
            Table("-".join([path, *map(str, dims)]), title, columns, frame, source, group == STUDY and "member" in dims)
        )
    return found


def _entry(variable: xr.DataArray) -> dict[str, Any]:
    """Return a value without dimensions."""
    value = variable.item()
    units = str(variable.attrs.get("units", "1"))
    return {"value": value, "units": units, "description": str(variable.attrs.get("long_name", ""))}


def _column(name: str, dataset: xr.Dataset, say: Phrases) -> Column:
    """Return what a column of results is."""
    if name not in dataset.variables:  # a dimension without labels
        return Column(name, "count", say("number of the {name}, from 0").format(name=_plain(name)))
    variable = dataset[name]
    about = str(variable.attrs.get("long_name", LONG_NAMES.get(name, "")))
    if variable.dtype.kind == "M":
        return Column(name, "UTC", about)
    return Column(name, "" if variable.dtype.kind in "OUSb" else str(variable.attrs.get("units", "1")), about)


def _plain(name: str) -> str:
    """Return the name of a dimension in words."""
    return name.replace("_", " ")


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a frame, with its columns even where there are no rows."""
    return pd.DataFrame(list(rows), columns=[column.name for column in columns])


def _number(value: Any) -> float:
    """Return a number, nan where there is none."""
    return float(value) if isinstance(value, int | float | np.number) else float("nan")
