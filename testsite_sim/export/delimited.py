"""Tables as CSV: one file, or a zip of one a table; text that a spreadsheet would execute is made harmless."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from testsite_sim.common.printing import csv_text
from testsite_sim.common.text import harmless_line
from testsite_sim.export.tables import Table, columns_table, contents_table
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

_STAMP = (1980, 1, 1, 0, 0, 0)  # of every file of a zip, so that the same run gives the same bytes
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")  # what would lead a file out of the folder that it is unpacked into


def csv_bytes(about: Mapping[str, str], table: Table, say: Phrases = IN_ENGLISH) -> bytes:
    """Return a table as CSV: comments with its title and sources, a header of names with units, the rows.

    The text is UTF-8; comments begin with `#`, as `pandas.read_csv(comment="#")` skips them. Numbers are those that
    programs read, with a decimal point and nothing between thousands, in every language.
    """
    facts = {"table": table.title, **about, **({"made of": table.source} if table.source else {})}
    comments = "".join(f"# {harmless_line(say.units(name))}: {harmless_line(text)}\n" for name, text in facts.items())
    return (comments + _rows(table, say)).encode()


def zip_bytes(
    about: Mapping[str, str], tables: Sequence[Table], left_out: Sequence[Table], say: Phrases = IN_ENGLISH
) -> bytes:
    """Return a zip: `contents.csv` with what there is, `columns.csv` with units and meaning, and a file a table."""
    lists = {"contents": contents_table(tables, left_out, say), "columns": columns_table(tables, say)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in [
            *((name, csv_bytes(about, table, say)) for name, table in lists.items()),
            *((table.name, csv_bytes(about, table, say)) for table in tables),
        ]:
            entry = zipfile.ZipInfo(_NOT_IN_NAMES.sub("-", f"{name}.csv"), _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return stream.getvalue()


def _rows(table: Table, say: Phrases) -> str:
    """Return header and rows."""
    frame = table.frame.copy()
    frame.columns = [column.heading(say) for column in table.columns]
    return csv_text(frame, index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
