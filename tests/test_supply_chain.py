"""The locks of CI hold what the project asks for, each file by its hash, and nothing of where they were written."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)", re.MULTILINE)
NOT_LOCKED = ("peers",)  # what benchmarks are compared with


def with_own_extras(requirements: list[str]) -> list[Requirement]:
    """Return requirements, those of the extras of this project instead of its name."""
    found = []
    for text in requirements:
        requirement = Requirement(text)
        if requirement.name == PROJECT["project"]["name"]:
            for extra in requirement.extras:
                found += with_own_extras(EXTRAS[extra])
        else:
            found.append(requirement)
    return found


def locked(name: str) -> dict[str, set[str]]:
    """Return the versions of each package of a lock, one for each kind of Python that needs its own."""
    found: dict[str, set[str]] = {}
    for package, version in LOCKED.findall((ROOT / ".ci" / name).read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


CASES = [
    ("lock.txt", PROJECT["project"]["dependencies"] + [f"testsite-sim[{','.join(set(EXTRAS) - set(NOT_LOCKED))}]"]),
    ("lock-release.txt", GROUPS["release"] + PROJECT["build-system"]["requires"]),
    ("lock-audit.txt", GROUPS["audit"]),
]


@pytest.mark.parametrize(("name", "requirements"), CASES, ids=[name for name, _ in CASES])
def test_a_lock_holds_every_requirement_in_a_version_that_it_allows(name: str, requirements: list[str]) -> None:
    versions = locked(name)
    for requirement in with_own_extras(requirements):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement} is not in {name}: run .ci/lock"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: {found}"


@pytest.mark.parametrize("name", [name for name, _ in CASES])
def test_every_package_of_a_lock_has_the_hash_of_each_of_its_files_and_no_address(name: str) -> None:
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 10
    for entry in entries:
        head, *lines = entry.splitlines()
        assert LOCKED.match(head)
        assert any(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines), head
        assert all(line.startswith(("    --hash=sha256:", "    #")) for line in lines), head
    assert "://" not in text
    assert "@ " not in text


def test_the_page_of_licences_has_every_direct_dependency_in_its_locked_version() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| [^|]+ \|$", page, re.MULTILINE))
    versions = locked("lock.txt")
    extras = set(re.findall(r"^## Extra `(.*)`$", page, re.MULTILINE))
    assert extras == set(EXTRAS) - {"test", "docs", "develop", *NOT_LOCKED}
    asked = with_own_extras(PROJECT["project"]["dependencies"] + [f"testsite-sim[{','.join(extras)}]"])
    for name in {canonicalize_name(requirement.name) for requirement in asked}:
        assert rows[name] in versions[name], f"{name}: run `python -m tools.supply_chain licences`"
    assert "not stated" not in page


def test_the_script_that_reports_embed_is_named_in_the_version_that_it_states_itself() -> None:
    from tools.supply_chain import EMBEDDED, EMBEDDED_VERSION

    assert f"uPlot (v{EMBEDDED_VERSION})" in EMBEDDED.read_text(encoding="utf-8")[:100]
    assert f"uPlot {EMBEDDED_VERSION} " in (ROOT / "DATA_LICENSES.md").read_text(encoding="utf-8")
