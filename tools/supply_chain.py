"""What the program is made of, by whom and under which licence.

    python -m tools.supply_chain licences          # writes docs/dependencies.md; in an environment of .ci/lock.txt
    python -m tools.supply_chain sbom PYTHON FILE  # a bill of materials (CycloneDX 1.6) of the environment of PYTHON

The first reads what is installed, the second is that of `cyclonedx-py` with the script that reports embed.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "dependencies.md"
NAME = "testsite-sim"
OF_USERS = ("explore", "export", "formats", "fetch", "cluster", "pypsa")  # extras; the others are for developers
EMBEDDED = ROOT / "testsite_sim" / "report" / "assets" / "uplot.min.js"
EMBEDDED_VERSION = "1.6.32"
HEAD = """# Dependencies and their licences

What is installed with the program, and the licence that its metadata states, in the versions of `.ci/lock.txt` that
Python 3.11 takes on Linux. The first table is what everybody gets; each further one is what an extra adds to those
before it. `python -m tools.supply_chain licences` writes this page in an environment of that file.

Reports embed [uPlot](https://github.com/leeoniya/uPlot) {version} (MIT, © Leon Sorokin). The weather records, positions
and curves that ship have licences of their own, listed in `DATA_LICENSES.md`.
"""


def needed(name: str, extra: str, seen: set[str]) -> Iterator[Distribution]:
    """Yield what a distribution with an extra needs and was not seen before, and what that needs."""
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        key = canonicalize_name(requirement.name)
        if key == NAME:
            for other in sorted(requirement.extras):
                yield from needed(NAME, other, seen)
            continue
        if key not in seen:
            seen.add(key)
            try:
                found = distribution(key)
            except PackageNotFoundError:
                raise SystemExit(
                    f"supply_chain: {key} is not installed; expected an environment of .ci/lock.txt"
                ) from None
            yield found
            yield from needed(key, "", seen)
        for other in sorted(requirement.extras):
            yield from needed(key, other, seen)


def licence_of(found: Distribution) -> str:
    """Return the licence that a distribution states: an expression, a classifier, a short text, or its file."""
    stated = found.metadata.get("License-Expression")
    classifiers = [line.split(" :: ")[-1] for line in found.metadata.get_all("Classifier", []) if "License ::" in line]
    text = (found.metadata.get("License") or "").strip()
    if stated or classifiers:
        return stated or ", ".join(classifiers)
    if text and len(text.splitlines()) == 1:
        return text
    for file in found.files or []:
        if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            lines = [line.strip() for line in file.read_text().splitlines() if line.strip()]
            return f"{' '.join(lines[:2])} (its file `{file.name}`)"
    return "not stated"


def write_licences() -> None:
    """Write the page of licences."""
    seen: set[str] = set()
    lines = [HEAD.format(version=EMBEDDED_VERSION)]
    for extra in ("", *OF_USERS):
        rows = sorted(needed(NAME, extra, seen), key=lambda found: canonicalize_name(found.name))
        lines.append(
            f"## {f'Extra `{extra}`' if extra else 'Always'}\n\n| package | version | licence |\n|---|---|---|"
        )
        lines += [f"| {canonicalize_name(found.name)} | {found.version} | {licence_of(found)} |" for found in rows]
        lines.append("")
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    print(f"{len(seen)} packages: {PAGE.relative_to(ROOT)}")


def write_bill(python: str, file: Path) -> None:
    """Write the bill of materials of an environment, with the script that reports embed."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.json"
        command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", str(ROOT / "pyproject.toml")]
        command += ["--output-reproducible", "--short-PURLs", "--output-file", str(raw), python]
        subprocess.run(command, check=True)
        bill = json.loads(raw.read_text(encoding="utf-8"))
    reference = f"pkg:npm/uplot@{EMBEDDED_VERSION}"
    bill["components"].append(
        {
            "type": "library",
            "bom-ref": reference,
            "purl": reference,
            "name": "uplot",
            "version": EMBEDDED_VERSION,
            "description": "embedded in reports, unchanged",
            "licenses": [{"license": {"id": "MIT"}}],
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(EMBEDDED.read_bytes()).hexdigest()}],
        }
    )
    text = json.dumps(bill, indent=1, sort_keys=True) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise SystemExit(f"supply_chain: the bill of materials is not valid: {wrong}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"{len(bill['components'])} components: {file}")


def main(arguments: list[str]) -> int:
    """Run the command, return the exit code."""
    match arguments:
        case ["licences"]:
            write_licences()
        case ["sbom", python, file]:
            write_bill(python, Path(file))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
