"""What a user may say about a file that does not say it itself."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ImportOptions:
    """Position [degree] where a file is a grid, height [m], station, time zone, mapping file.

    `interpolate`: between the grid points about the position, where the nearest would be taken.
    """

    latitude: float | None = None
    longitude: float | None = None
    height: float | None = None
    station: str | None = None
    zone: str | None = None
    mapping: Path | None = None
    interpolate: bool = False
