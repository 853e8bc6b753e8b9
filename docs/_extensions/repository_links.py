"""Sphinx extension: a tutorial begins with links that open it on Binder and Colab, where there is a public repository.

Its address is stated once, as `Repository` in `project.urls` of `pyproject.toml`, which the package index shows too. As
long as it is not stated, the site has no such link.
"""

import re
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
ON_GITHUB = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
TITLE = re.compile(r"^# .+\n", re.MULTILINE)
FOLDER, BRANCH = "tutorials/", "notebooks"  # Colab reads notebooks of that branch; see docs/publishing.md


def repository(project: str) -> tuple[str, str] | None:
    """Return owner and name of the repository that a `pyproject.toml` states; None where it states none.

    Raises
    ------
    ValueError
        When the address is not one that Binder and Colab open.
    """
    address = tomllib.loads(project)["project"].get("urls", {}).get("Repository")
    if address is None:
        return None
    found = ON_GITHUB.fullmatch(address)
    if found is None:
        raise ValueError(f"project.urls.Repository: found {address!r}; expected https://github.com/OWNER/NAME")
    return found[1], found[2]


def linked(text: str, page: str, owner: str, name: str) -> str:
    """Return a tutorial with the links below its title."""
    notebook = page.removeprefix(FOLDER)
    binder = f"https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/docs/{page}.md"
    colab = f"https://colab.research.google.com/github/{owner}/{name}/blob/{BRANCH}/{notebook}.ipynb"
    return TITLE.sub(
        lambda title: f"{title[0]}\n[Open on Binder]({binder}) · [open in Colab]({colab})\n", text, count=1
    )


def _add(found: tuple[str, str], app: "Sphinx", page: str, source: list[str]) -> None:
    """Add the links to a tutorial before it is parsed."""
    if page.startswith(FOLDER) and page != f"{FOLDER}index":
        source[0] = linked(source[0], page, *found)


def setup(app: "Sphinx") -> dict[str, Any]:
    """Add the links where a repository is stated."""
    if (found := repository(PROJECT.read_text(encoding="utf-8"))) is not None:
        app.connect("source-read", partial(_add, found))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
