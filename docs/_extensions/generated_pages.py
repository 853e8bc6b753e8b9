"""Pages that are written from the code before Sphinx reads its sources."""

from collections.abc import Mapping
from pathlib import Path


def write_pages(folder: Path, texts: Mapping[str, str]) -> None:
    """Write pages into a folder of their own: one that has not changed is left alone, one that is gone removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
