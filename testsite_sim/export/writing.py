"""Write an export: one file of a format by its name, whole or not at all."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.export.aggregation import DAYS, MONTH_HOUR, farm_table, has_farm
from testsite_sim.export.printed import printed_tables
from testsite_sim.export.tables import Exported, Table, chosen, compared, tables_of
from testsite_sim.output.files import check_file_target, write_whole
from testsite_sim.output.ownership import RUN
from testsite_sim.output.phrases import Phrases, common_language
from testsite_sim.output.run_directory import SUMMARY

PYPSA, ZARR = "pypsa", "zarr"
ON_PAPER = ("word", "latex")
FORMATS: dict[str, tuple[str, ...]] = {  # the ends of its names
    "excel": (".xlsx",),
    "word": (".docx",),
    "latex": (".tex",),
    "csv": (".csv", ".zip"),
    PYPSA: (".nc",),
    ZARR: (".zip",),
}
MOST_IN_NAME = 3  # tables that the name of a file names
_SAFE = re.compile(r"[^\w.-]+")  # what stands in no name of a table, nor of a file
EXTRA = "pip install 'testsite-sim[{}]'"


def default_name(run: Path, to: str, *, tables: Sequence[str] = (), compared: bool = False) -> Path:
    """Return what an export is called where nothing is said: as the run directory, in the working directory.

    A table that is named stands in the name of the file, so that the next one has its own.

    Examples
    --------
    >>> from pathlib import Path
    >>> str(default_name(Path("results/mine"), "excel")), str(default_name(Path("mine"), "csv"))
    ('mine.xlsx', 'mine.zip')
    >>> str(default_name(Path("mine"), "csv", tables=["plant-time"]))
    'mine-plant-time.csv'
    >>> str(default_name(Path("mine"), "word", compared=True)), str(default_name(Path("mine"), "zarr"))
    ('mine-compared.docx', 'mine.zarr.zip')
    """
    if to not in FORMATS:
        raise ConfigurationError(f"export: there is no format {to!r}. {nearest(to, FORMATS)}")
    name = run.name or run.absolute().name or "run"
    parts = [name, *(["compared"] if compared else []), *(_SAFE.sub("-", table) for table in tables[:MOST_IN_NAME])]
    if len(tables) > MOST_IN_NAME:
        parts.append("and-more")
    end = ".zarr.zip" if to == ZARR else FORMATS[to][0 if len(tables) == 1 else -1]  # not that of all tables as CSV
    return Path("-".join(parts) + end)


def check_export(target: Path, to: str, *, force: bool = False, inputs: Sequence[Path] = ()) -> None:
    """Refuse a file to write before anything is made.

    Raises
    ------
    ConfigurationError
        When there is no such format, the name has another end, or something stands in the way.
    """
    if not isinstance(to, str) or to not in FORMATS:
        raise ConfigurationError(f"export: there is no format {to!r}. {nearest(to, FORMATS)}")
    ends = FORMATS[to]
    if target.suffix.lower() not in ends:
        raise ConfigurationError(f"{target}: expected a name that ends in {' or '.join(ends)} for {to}.")
    check_file_target(target, force, inputs)
    if any((target.absolute().parent / name).is_file() for name in (RUN, SUMMARY)):
        raise ConfigurationError(
            f"{target}: lies in a run directory, which holds what the run wrote alone; choose another `path`."
        )


def write_export(
    exported: Exported,
    target: str | Path,
    to: str,
    *,
    force: bool = False,
    tables: Sequence[str] = (),
    others: Sequence[Exported] = (),
    aggregation: str = MONTH_HOUR,
    days: int = DAYS,
) -> list[Table]:
    """Write a run, or runs next to each other, as one file; return the tables that are not in it.

    Large ones are left out where they are not named; a document also leaves out what does not fit on paper.

    Parameters
    ----------
    exported : Exported
        What has run.
    target : str or Path
        The file, by its end: .xlsx of `excel`, .docx of `word`, .tex of `latex`, .csv (one table) or .zip (all) of
        `csv`, .nc of `pypsa`, .zip of `zarr`.
    to : str
        A name of `FORMATS`.
    force : bool
        Replace a file that stands there.
    tables : sequence of str
        Which tables, by their names; none: all but those of more than a million cells. A .csv holds the summary then.
    others : sequence of Exported
        Runs to compare it with: the tables are then those of the comparison.
    aggregation, days
        Of the table `capacity-factors`; see `farm_table`.

    Raises
    ------
    ConfigurationError
        When an option does not fit the format, a package of the extra is missing, or the file cannot be written.
    """
    path = Path(target)
    check_export(path, to, force=force)
    if to in (PYPSA, ZARR):
        if tables or others:
            what = "a PyPSA network is that" if to == PYPSA else "Zarr holds the results"
            raise ConfigurationError(f"export: {what} of one run, without tables; leave them out.")
        _write(path, _whole(exported, to))
        return []
    if others:
        held = compared([exported, *others])
    else:
        held = tables_of(exported)
        # Made for a name that no other table has too: it is among those that are offered instead.
        if has_farm(exported) and (not tables or not set(tables) <= {table.name for table in held}):
            held.append(farm_table(exported, aggregation, days))
    single = to == "csv" and path.suffix.lower() == ".csv"
    if single and len(tables) > 1:
        raise ConfigurationError(f"{path}: a .csv file holds one table, and {len(tables)} are named; write a .zip.")
    kept, left_out = chosen(held, tables or ([held[0].name] if single else []))
    about, say = exported.about, exported.say
    if others:
        say = Phrases(common_language([run.language for run in (exported, *others)]))
        about = {
            "title": say("Comparison of runs"),
            "runs": "; ".join(f"{run.label}: {run.title}" for run in (exported, *others)),
        }
    _write(path, _WRITERS[to](about, kept, [] if single else left_out, single, say))
    if to in ON_PAPER:
        return printed_tables(kept, left_out)[1]
    return [] if single else left_out


def _whole(exported: Exported, to: str) -> bytes:
    """Return what holds a run as a whole."""
    if to == PYPSA:
        from testsite_sim.export.network import network_bytes

        return network_bytes(exported)
    from testsite_sim.export.chunked import zarr_bytes

    return zarr_bytes(exported.results)


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror or error}).") from error


Writer = Callable[[dict[str, str], list[Table], list[Table], bool, Phrases], bytes]


def _csv(about: dict[str, str], tables: list[Table], left_out: list[Table], single: bool, say: Phrases) -> bytes:
    from testsite_sim.export.delimited import csv_bytes, zip_bytes

    return csv_bytes(about, tables[0], say) if single else zip_bytes(about, tables, left_out, say)


def _excel(about: dict[str, str], tables: list[Table], left_out: list[Table], single: bool, say: Phrases) -> bytes:
    try:
        from testsite_sim.export.excel import workbook_bytes
    except ImportError as error:
        raise ConfigurationError(f"export: excel needs {EXTRA.format('export')} ({error}).") from error
    return workbook_bytes(about, tables, left_out, say)


def _word(about: dict[str, str], tables: list[Table], left_out: list[Table], single: bool, say: Phrases) -> bytes:
    try:
        from testsite_sim.export.word import document_bytes
    except ImportError as error:
        raise ConfigurationError(f"export: word needs {EXTRA.format('export')} ({error}).") from error
    return document_bytes(about, tables, left_out, say)


def _latex(about: dict[str, str], tables: list[Table], left_out: list[Table], single: bool, say: Phrases) -> bytes:
    from testsite_sim.export.latex import latex_bytes

    return latex_bytes(about, tables, left_out, say)


_WRITERS: dict[str, Writer] = {"csv": _csv, "excel": _excel, "word": _word, "latex": _latex}
