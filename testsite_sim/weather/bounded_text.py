"""Text of bounded size, whatever the file is."""

import codecs
import gzip
import zlib
from pathlib import Path

from testsite_sim.common.errors import DataError

MOST_BYTES = 256 * 1024 * 1024  # of text, unpacked
MOST_COLUMNS = 1000


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked where it is gzip, of at most 256 MB.

    UTF-16 where the file begins with its mark, else UTF-8, else Latin-1.

    Raises
    ------
    DataError
        When it cannot be read or unpacks to more.
    """
    try:
        with path.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"weather: {path}: cannot be read ({error}).") from error
    if len(content) > MOST_BYTES:
        raise DataError(f"weather: {path.name} holds more than {MOST_BYTES // 1024**2} MB of text; split it.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what spreadsheets call Unicode text
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise DataError(f"weather: {path.name} begins as UTF-16 and is none ({error.reason}).") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
