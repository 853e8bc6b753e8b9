"""Names that come from users are text in the report and in the figures, whatever they contain."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests.page_elements import Elements
from testsite_sim.cli import main

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '" onload="alert(1)',
    "' onmouseover='alert(1)",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "$x^2$ and $\\\\frac{1}{0}$",
    "&lt;b&gt;",
    "<!-- ",
    "]]>",
    "javascript:alert(1)",
]
SHORT = ["--set", "weather.start=2023-02-01", "--set", "weather.end=2023-02-08"]


def hashes(html: str, tag: str) -> set[str]:
    """Return the digests of what stands in the scripts or styles of a page that run."""
    texts = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    return {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in texts}


def allowed(html: str, directive: str) -> set[str]:
    """Return the digests that the content policy of a page allows."""
    policy = re.search(r'content="(default-src[^"]*)"', html)
    assert policy is not None
    return set(re.findall(r"sha256-([^&;']+)", re.search(rf"{directive} ([^;]*)", policy[1].replace("&#39;", "'"))[1]))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    names = [name.replace("'", "''") for name in HOSTILE]
    quoted = ", ".join(f"'{name} {k}'" for k, name in enumerate(names))
    text = (
        "extends: flanders-wind-farm/test-site\n"
        f"title: '{' '.join(names)}'\ndescription: '{' '.join(names)}'\n"
        "farm:\n  title: t\n  source: s\n  coordinates: local\n  groups:\n    one:\n"
        "      turbine:\n        extends: nrel-5mw\n"
        f"        title: '{names[0]} {names[7]}'\n      layout: l\n      names: [{quoted}]\n"
        f"      x: {[600 * k for k in range(12)]}\n      y: {[0] * 12}\n"
    )
    (folder / "hostile.yaml").write_text(text)
    main(["run", str(folder / "hostile.yaml"), "-o", str(folder / "run"), *SHORT])
    return (folder / "run" / "report.html").read_text(), folder / "run"


def test_hostile_names_are_only_text(page: tuple[str, Path]) -> None:
    html, _ = page
    found = Elements()
    found.feed(html)
    scripts = [attributes for tag, attributes in found.tags if tag == "script"]
    data = [attributes.get("id") for attributes in scripts if attributes.get("type") == "application/json"]
    assert data == ["summary", "series-data"]
    assert len(scripts) == len(data) + 3  # our own: those of the page, uPlot, the viewer
    assert hashes(html, "script") == allowed(html, "script-src")
    assert hashes(html, "style") == allowed(html, "style-src")
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    for name in HOSTILE:
        assert name in found.text


def test_the_page_loads_nothing_from_elsewhere(page: tuple[str, Path]) -> None:
    html, _ = page
    found = Elements()
    found.feed(html)
    loads = [value or "" for _, attributes in found.tags for key, value in attributes.items() if key in ("src", "href")]
    images = [value for value in loads if value.startswith("data:image/svg+xml;base64,")]
    assert len(images) == 9
    others = [value for value in loads if value not in images]
    assert all(value == "data:," or value.startswith(("#", "data:text/csv;base64,")) for value in others)
    assert "url(" not in html
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in html
    assert "unsafe" not in html


def test_hostile_names_are_only_text_in_the_figures(page: tuple[str, Path]) -> None:
    _, folder = page
    drawing = (folder / "figures" / "farm-layout.svg").read_text()
    assert "<script" not in drawing
    assert "onload=" not in re.sub(r">[^<]*<", "><", drawing)
    assert "&lt;script&gt;" in drawing
    assert "$x^2$" in drawing


def test_every_image_has_a_text_for_those_who_do_not_see_it(page: tuple[str, Path]) -> None:
    found = Elements()
    found.feed(page[0])
    images = [attributes for tag, attributes in found.tags if tag == "img"]
    assert len(images) == 9
    assert all(attributes.get("alt") for attributes in images)


def test_every_link_of_the_page_leads_somewhere(page: tuple[str, Path]) -> None:
    found = Elements()
    found.feed(page[0])
    names = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    links = [attributes["href"] for tag, attributes in found.tags if tag == "a" and attributes["href"].startswith("#")]
    assert len(links) > 8
    assert {link[1:] for link in links} <= names


def test_the_data_of_a_figure_can_be_saved_from_the_page(page: tuple[str, Path]) -> None:
    html, folder = page
    found = Elements()
    found.feed(html)
    saved = {a["download"]: a["href"] for tag, a in found.tags if tag == "a" and "download" in a}
    assert "losses.csv" in saved
    for name, address in saved.items():
        assert base64.b64decode(address.partition(",")[2]) == (folder / "figures" / name).read_bytes()


def test_the_page_is_the_same_when_the_run_is_repeated(page: tuple[str, Path], tmp_path: Path) -> None:
    _, folder = page
    main(["run", str(folder.parent / "hostile.yaml"), "-o", str(tmp_path / "again"), *SHORT])
    assert (tmp_path / "again" / "report.html").read_bytes() == (folder / "report.html").read_bytes()
