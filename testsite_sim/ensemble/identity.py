"""What makes an ensemble the same one: its plan, its weather, and the code that runs it; and what differs."""

import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from testsite_kernels.compiling.kernel_cache import cache_digest

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.version import __version__
from testsite_sim.configuration.writing import plain_data
from testsite_sim.ensemble.members import Records
from testsite_sim.ensemble.plan import Plan

MOST_DIFFERENCES = 5  # that a message shows
_COMPARED = ("numpy", "scipy", "numba", "xarray", "h5py")


def versions() -> dict[str, str]:
    """Return the versions that the bits of a member depend on, digests of our own code and kernels among them."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parents[1]
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder).as_posix()).encode())
        digest.update(path.read_bytes())
    found = {"testsite-sim": __version__, "code of testsite-sim": digest.hexdigest()[:12]}
    found |= {"kernels": cache_digest()[:12], "python": platform.python_version()}
    return found | {name: metadata.version(name) for name in _COMPARED}


def identity(plan: Plan, records: Records) -> dict[str, Any]:
    """Return what must be the same for an ensemble to be continued."""
    ensemble = {key: value for key, value in plain_data(plan.ensemble).items() if key not in ("members", "headlines")}
    found: dict[str, Any] = {
        "scenario": [plain_data(scenario) for scenario in plan.scenarios],
        "sweep": [dict(label) for label in plan.labels],
        "ensemble": ensemble,
        "weather record": [_digest_of_record(record.attrs.get("file")) for _, _, record in records],
        "versions": versions(),
    }
    if plan.design is not None:
        found["design"] = {"kind": plan.design.kind, "rows": plan.members}
    elif plan.ensemble.sampling == "latin-hypercube":
        found["members"] = plan.members  # its points depend on how many there are
    return found


def _digest_of_record(path: str | None) -> str:
    """Return the digest of a record's file."""
    if not path:
        return "none"
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_other(found: Mapping[str, Any], expected: Mapping[str, Any], where: Path) -> None:
    """Refuse to continue an ensemble that is another one.

    Parameters
    ----------
    found, expected : mapping
        Identities: of what stands on disk, and of what is asked for.
    where : Path
        The folder on disk.

    Raises
    ------
    ConfigurationError
        Showing what differs.
    """
    before, now = dict(_flat(found, "")), dict(_flat(expected, ""))
    keys = [key for key in {**before, **now} if before.get(key, "none") != now.get(key, "none")]
    if not keys:
        return
    shown = "; ".join(
        f"{_named(key)} was {_short(before.get(key, 'none'))}, is {_short(now.get(key, 'none'))}"
        for key in keys[:MOST_DIFFERENCES]
    )
    more = f"; and {len(keys) - MOST_DIFFERENCES} more" if len(keys) > MOST_DIFFERENCES else ""
    raise ConfigurationError(
        f"{where}: cannot be continued, since it was begun as another ensemble: {shown}{more}; run it as it was, "
        "choose another folder, or begin anew with `force=True`."
    )


def _flat(value: Any, path: str) -> list[tuple[str, Any]]:
    """Return the values of nested mappings and lists by their dotted paths; of a quantity, its value and range."""
    if isinstance(value, Mapping) and "value" in value:
        limits = value.get("range")
        return [(path, value["value"]), *([] if limits is None else [(f"{path}.range", " to ".join(map(str, limits)))])]
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        return [(path, value)]
    return [pair for key, item in items for pair in _flat(item, f"{path}.{key}" if path else str(key))]


def _named(key: str) -> str:
    """Return a path without the number of the only scenario."""
    return key.removeprefix("scenario.0.").removeprefix("versions.")


def _short(value: Any) -> str:
    """Return a value in a few letters."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
