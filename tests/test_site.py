"""The site: its reference says what the code says, its tutorials are notebooks that a page lists, its recipe agrees.

Whether the tutorials run, and every link leads somewhere, is tested by building the site: `.ci/site`.
"""

import importlib
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from testsite_sim.configuration.catalogue import kinds, names
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.yaml_loader import load_document

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TUTORIALS = sorted(path for path in (DOCS / "tutorials").glob("*.md") if path.name != "index.md")
HEADER = re.compile(r"---\njupytext:\n.*?format_name: myst\n.*?name: python3\n---\n\n# \S", re.DOTALL)
CELL = re.compile(r"^```\{code-cell\} ipython3\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def extension(name: str) -> ModuleType:
    """Import an extension of the site."""
    folder = str(DOCS / "_extensions")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    pages: dict[str, str] = extension("configuration_reference").all_pages()
    return pages


def test_every_kind_of_configuration_has_a_page_with_all_that_ships(reference: dict[str, str]) -> None:
    for kind in kinds():
        page = reference[f"{kind}.md"]
        assert f"[{kind}]({kind}.md)" in reference["index.md"]
        missing = [name for name in names("configs", kind) if f"\n### {name}\n" not in page]
        assert not missing, f"{kind}: {missing}"


def test_the_page_of_the_scenario_lists_its_keys_with_what_holds_where_one_is_left_out(
    reference: dict[str, str],
) -> None:
    page = reference["scenario.md"]
    assert all(f"| `{name}` |" in page for name in Scenario.model_fields)
    assert "| `title` | text | **required** |" in page
    assert "| `sampling` | one of `sobol`, `latin-hypercube` | `sobol` |" in page
    assert "[turbine](turbine.md), by name, path or written out" in reference["farm.md"]


def test_a_group_that_a_name_chooses_has_a_section_of_that_name_with_what_is_left_out(
    reference: dict[str, str],
) -> None:
    page = reference["scenario.md"]
    assert "### dispatch.strategy, `name: surplus`\n" in page
    row = next(line for line in page.splitlines() if line.startswith("| `strategy` |"))
    assert "[`name: price-threshold`](#configuration-scenario-pricethreshold)" in row
    assert "a mapping or a mapping" not in "".join(reference.values())
    assert "left out, what 90 % of\nthe intervals do not exceed" in page


def test_names_that_a_key_takes_are_listed(reference: dict[str, str]) -> None:
    assert "| `wake_model` | text: `none`, `jensen-1983`" in reference["scenario.md"]
    assert "`hollandse-kust-noord-2023`, " in reference["weather.md"]


def test_a_quantity_is_described_by_its_unit_its_example_and_its_bounds(reference: dict[str, str]) -> None:
    assert (
        "| `capacity` | a power [W], for example `10 MW`; at least 0 | **required** |" in reference["electrolyser.md"]
    )


def test_the_figures_of_a_file_that_ships_stand_there_with_range_and_source(reference: dict[str, str]) -> None:
    assert (
        "| `cost.capital` | 900 EUR/kW | 700 EUR/kW to 1200 EUR/kW | indicator table 2020 |"
        in (reference["electrolyser.md"])
    )


def test_every_link_between_pages_of_the_reference_has_its_target(reference: dict[str, str]) -> None:
    anchors = set(re.findall(r"^\((configuration-[^)]+)\)=$", "".join(reference.values()), re.MULTILINE))
    for name, page in reference.items():
        targets = re.findall(r"^\((configuration-[^)]+)\)=$", page, re.MULTILINE)
        assert len(targets) == len(set(targets)), name
        assert set(re.findall(r"\]\(#(configuration-[^)]+)\)", page)) <= anchors, name
        assert set(re.findall(r"\]\(([a-z-]+\.md)\)", page)) <= set(reference), name


def test_every_public_name_is_in_the_reference_of_python() -> None:
    module = extension("python_reference")
    for page, text in module.all_pages().items():
        if page != "index.md":
            for name in module.public_names(page.removesuffix(".md")):
                assert re.search(rf":: {re.escape(page.removesuffix('.md'))}\.{name}\n", text + "\n"), name


def test_there_are_ten_tutorials_or_more_and_a_page_lists_each() -> None:
    listed = (DOCS / "tutorials" / "index.md").read_text(encoding="utf-8")
    assert len(TUTORIALS) >= 10
    number = {15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen"}[len(TUTORIALS)]
    for page in (ROOT / "README.md", DOCS / "index.md"):
        assert f"{number} jobs" in page.read_text(encoding="utf-8").lower(), page.name
    for path in TUTORIALS:
        assert f"]({path.name})" in listed
        assert f"\n{path.stem}\n" in listed


@pytest.mark.parametrize("path", [DOCS / "start.md", *TUTORIALS], ids=lambda path: path.stem)
def test_a_tutorial_is_a_notebook_in_text_whose_cells_are_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert HEADER.match(text)
    cells = CELL.findall(text)
    assert len(cells) >= 4
    for cell in cells:
        code = "".join(
            line for line in cell.splitlines(keepends=True) if not line.startswith((":tags:", "%matplotlib"))
        )
        if not code.startswith("%%"):
            compile(code, path.name, "exec")


def test_the_wake_model_of_the_tutorial_is_the_one_that_a_test_runs() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add a wake model")[1]
    code = re.search(r"```python\n(.*?)```", recipe, re.DOTALL)
    assert code is not None
    assert code[1] in (DOCS / "tutorials" / "add-a-wake-model.md").read_text(encoding="utf-8")


def test_what_a_command_prints_in_pieces_is_joined_as_it_was_printed() -> None:
    def piece(name: str, text: str) -> dict[str, str]:
        return {"output_type": "stream", "name": name, "text": text}

    picture = {"output_type": "display_data"}
    pieces = [piece("stdout", "energy"), piece("stderr", "1 s\n"), picture, piece("stdout", "_exported 1\n")]
    joined = extension("whole_streams").joined(pieces)
    assert joined == [piece("stdout", "energy_exported 1\n"), piece("stderr", "1 s\n"), picture]


def test_formulas_need_neither_a_script_nor_a_network() -> None:
    settings = (DOCS / "conf.py").read_text(encoding="utf-8")
    assert 'html_math_renderer = "mathml"' in settings
    assert "mathjax" not in settings.lower()
    pytest.importorskip("latex2mathml", reason="latex2mathml, which the site is built with, is not installed")
    made = extension("offline_formulas").mathml(r"\frac{\Delta u}{u} \le \sqrt{\beta}", display=True)
    assert re.match(r"<math[^>]* display=\"block\"", made)
    assert all(f"<{name}>" in made for name in ("mfrac", "msqrt"))


@pytest.mark.parametrize(
    ("tag", "is_loaded"),
    [
        ('<script src="https://elsewhere.org/a.js"></script>', True),
        ('<link rel="stylesheet" href="//elsewhere.org/a.css">', True),
        ('<img src="https://elsewhere.org/a.png">', True),
        ('<a href="https://elsewhere.org/">a</a>', False),
        ('<link rel="canonical" href="https://elsewhere.org/">', False),
    ],
)
def test_a_site_that_loads_something_from_elsewhere_is_broken(tmp_path: Path, tag: str, is_loaded: bool) -> None:
    from tools.check_site import broken_links

    (tmp_path / "index.html").write_text(f"<p>{tag}</p>", encoding="utf-8")
    broken, _ = broken_links(tmp_path)
    assert bool(broken) == is_loaded


def test_every_page_is_in_a_table_of_contents() -> None:
    held = {DOCS / "index.md"}
    for path in DOCS.rglob("*.md"):
        for listing in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            entries = [line for line in listing.splitlines() if line and not line.startswith(":")]
            held |= {(path.parent / f"{entry}.md").resolve() for entry in entries}
    generated = (DOCS / "reference" / "configuration", DOCS / "reference" / "python")
    written = {path for path in DOCS.rglob("*.md") if path.parent not in generated and "_" not in path.parts[-2][:1]}
    assert not {str(path) for path in written - held}


def test_the_conda_recipe_states_the_version_and_the_requirements_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    recipe = load_document(ROOT / "recipe" / "recipe.yaml").data
    from testsite_sim import __version__

    assert recipe["context"]["version"] == __version__
    expected = {f"python {project['requires-python']}"}
    for requirement in project["dependencies"]:
        name, _, version = requirement.partition(">=")
        expected.add(f"{CONDA_NAMES.get(name, name).lower()} >={version}")
    assert set(recipe["requirements"]["run"]) == expected


def test_the_conda_recipe_builds_licenses_and_starts_what_the_project_does() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, recipe = whole["project"], plain(load_document(ROOT / "recipe" / "recipe.yaml").data)
    commands = [f"{name} = {target}" for name, target in project["scripts"].items()]
    assert recipe["build"]["python"]["entry_points"] == commands
    assert sorted(recipe["about"]["license_file"]) == sorted(project["license-files"])
    assert recipe["about"]["license"] == project["license"]
    build = {requirement.replace(">=", " >=") for requirement in whole["build-system"]["requires"]}
    assert build < set(recipe["requirements"]["host"])


def test_every_version_of_python_that_is_stated_is_tested_with_the_newest_and_the_lowest_of_the_rest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = [text.rsplit(" ", 1)[1] for text in project["classifiers"] if re.search(r"Python :: 3\.\d+$", text)]
    assert project["requires-python"] == f">={stated[0]}"
    matrix = plain(load_document(ROOT / ".github" / "workflows" / "tests.yml").data)["jobs"]["tests"]["strategy"][
        "matrix"
    ]
    assert matrix["python"] == stated
    assert {"locked", "highest"} <= set(matrix["versions"])
    assert {"python": stated[0], "versions": "lowest-direct"} in matrix["include"]
    own = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"for version in {' '.join(stated)}; do" in own


def plain(value: Any) -> Any:
    """Return what was read of YAML as plain dicts, lists and text."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def test_the_order_of_the_search_names_pages_that_there_are() -> None:
    order = (DOCS / "_extensions" / "search_order.js").read_text(encoding="utf-8")
    named = [name for names in re.findall(r"\^\(([a-z|]+)\)", order) for name in names.split("|")]
    assert {"start", "guide", "decisions", "validation", "reliability"} <= set(named)
    assert not [name for name in named if not (DOCS / f"{name}.md").is_file() and not (DOCS / name).is_dir()]


def test_tutorials_open_on_binder_and_colab_where_one_address_is_stated() -> None:
    links = extension("repository_links")
    stated = '[project]\nname = "a"\n[project.urls]\nRepository = "{}"\n'
    assert links.repository('[project]\nname = "a"\n') is None
    assert links.repository(stated.format("https://github.com/owner/name.git")) == ("owner", "name")
    with pytest.raises(ValueError, match="expected https://github"):
        links.repository(stated.format("https://example.org/owner/name"))
    for page in TUTORIALS:
        text = links.linked(page.read_text(encoding="utf-8"), f"tutorials/{page.stem}", "owner", "name")
        title, _, below = text.partition("\n[Open on Binder](")
        assert title.splitlines()[-1].startswith("# ")
        assert below.startswith(
            f"https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/docs/tutorials/{page.name})"
        )
        assert f"/owner/name/blob/notebooks/{page.stem}.ipynb)" in below.splitlines()[0]
