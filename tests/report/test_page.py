"""Names that come from users are text in the report and in the figures, whatever they contain."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

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


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


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
    assert [attributes.get("type") for attributes in scripts] == ["application/json"]
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    for name in HOSTILE:
        assert name in found.text


def test_the_page_loads_nothing_from_elsewhere(page: tuple[str, Path]) -> None:
    html, _ = page
    found = Elements()
    found.feed(html)
    loads = [value or "" for _, attributes in found.tags for key, value in attributes.items() if key in ("src", "href")]
    assert len(loads) == 8
    assert all(value.startswith("data:image/svg+xml;base64,") for value in loads)
    assert "url(" not in html


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
    assert len(images) == 8
    assert all(attributes.get("alt") for attributes in images)
