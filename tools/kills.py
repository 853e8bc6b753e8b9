"""What the tools that kill have counted so far: a file of their folder, with which they go on."""

import json
from collections import Counter
from pathlib import Path

KILLS = "kills.json"


class Kills:
    """Kills by kind, and what ended whole, kept in a folder after each.

    Parameters
    ----------
    folder : Path
        Where they are kept; one that holds some is gone on with.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / KILLS
        found = json.loads(self._path.read_text()) if self._path.exists() else {"kinds": {}, "whole": 0}
        self.kinds: Counter[str] = Counter(found["kinds"])
        self.whole: int = found["whole"]

    def total(self) -> int:
        """Return how many there were."""
        return self.kinds.total()

    def add(self, kind: str) -> None:
        """Count a kill."""
        self.kinds[kind] += 1
        self._write()

    def add_whole(self) -> None:
        """Count a directory that ended as an undisturbed one."""
        self.whole += 1
        self._write()

    def __str__(self) -> str:
        """Return the kinds and their numbers."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))

    def _write(self) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"kinds": dict(self.kinds), "whole": self.whole}))
        new.replace(self._path)
