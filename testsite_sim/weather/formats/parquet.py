"""Parquet, read by a process of its own: of a damaged file its library ends the process that reads it.

That process checks the columns and hands them over as an Arrow file, which this one reads.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import refuse_claim
from testsite_sim.common.reading_apart import bound_memory, last_words, read_apart, refusals_reported
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.common.text import shortened
from testsite_sim.weather.netcdf import MOST_BYTES

RATIO = 1032  # of tables of which stamps are one column; columns of one value are borne up to 64 MB
MOST_GROUPS = 10_000  # row groups by columns
START_SECONDS = 10.0  # of CPU time, to import the library
SECONDS_A_BYTE = 2e-6  # a column of one value a row group takes a byte for thousands of rows
ELAPSED = 12.0  # times the CPU time that a file may take, by the clock of a machine that others use as well
# What a table may take beyond the libraries: one text may stand in every row, and a cell has eight bytes and more.
ROOM, ROOM_A_BYTE = 2**30, 8
_READ = """
from testsite_sim.weather.formats.parquet import write_columns
write_columns(sys.argv[1], sys.argv[4], sys.argv[5:])
"""


def read_parquet(path: Path, expected: Sequence[str]) -> pd.DataFrame:
    """Return those columns of a Parquet file that are expected and there, as a table.

    Raises
    ------
    DataError
        When the library is not installed, or the file cannot be read, states more than its bytes can hold, or hangs or
        ends the library.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise DataError(f"weather: {path.name} wants `pip install 'testsite-sim[formats]'`.") from error
    seconds = START_SECONDS + SECONDS_A_BYTE * path.stat().st_size
    limits: dict[str, Any] = {"name": f"weather: {path}", "seconds": seconds, "elapsed": ELAPSED * seconds}
    with temporary_folder() as folder:
        columns = folder / "columns"
        done = read_apart(_READ, path, str(columns), *expected, kind="Parquet", library="Arrow", **limits)
        try:
            if done.returncode:
                raise RuntimeError(last_words(done) or f"exit code {done.returncode}")
            with pyarrow.OSFile(str(columns), "rb") as opened:
                table: pd.DataFrame = pyarrow.ipc.open_file(opened).read_all().to_pandas()
        except Exception as error:
            raise DataError(_unreadable(path, error)) from error
    return table


def write_columns(source: str, target: str, expected: Sequence[str]) -> None:
    """Be the process that reads: write columns of a Parquet file as an Arrow file, or leave with what is wrong."""
    import pyarrow
    import pyarrow.parquet

    path = Path(source)
    with refusals_reported(lambda error: _unreadable(path, error)):
        opened = pyarrow.parquet.ParquetFile(path)
        _refuse_outside(opened.metadata, path.name)
        stated = opened.metadata.num_rows * 8.0 * len(expected)
        refuse_claim(f"weather: {path.name}", stated, path.stat().st_size, MOST_BYTES, ratio=RATIO)
        bound_memory(ROOM + ROOM_A_BYTE * int(stated))
        held = [name for name in expected if name in opened.schema_arrow.names]
        columns = opened.read(columns=held, use_pandas_metadata=True)
        columns.validate(full=True)  # such as text that is not UTF-8, which would be noticed where it is used
        with pyarrow.OSFile(target, "wb") as sink, pyarrow.ipc.new_file(sink, columns.schema) as written:
            written.write_table(columns)


def _unreadable(path: Path, error: Exception) -> str:
    """Return what is said of a file that the library refuses."""
    return f"weather: {path}: cannot be read as Parquet ({shortened(str(error))})."


def _refuse_outside(metadata: Any, name: str) -> None:
    """Refuse a Parquet file whose columns stand in other files."""
    if metadata.num_row_groups * metadata.num_columns > MOST_GROUPS:
        raise DataError(f"weather: {name} holds {metadata.num_row_groups} row groups; write it in fewer.")
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            if metadata.row_group(group).column(column).file_path:
                raise DataError(f"weather: {name} keeps a column in another file; copy it into this one.")
