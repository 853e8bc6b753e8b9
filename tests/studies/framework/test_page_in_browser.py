"""The report of a study in a real browser: no errors, no requests, figures show, tables sort, it prints."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser import BROWSER, browse, with_script
from testsite_sim.cli import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine to open the report with"),
]
WATCH = """
window.found = { errors: [], violations: 0 };
window.addEventListener("error", (event) => window.found.errors.push(String(event.message)));
console.error = (...all) => window.found.errors.push(all.join(" "));
document.addEventListener("securitypolicyviolation", () => { window.found.violations += 1; });
"""
USE = """
window.addEventListener("load", () => {
  const found = window.found;
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  found.requests = loaded.filter((name) => !name.startsWith("data:"));
  const shows = (image) => image.complete && image.naturalWidth > 100 && image.clientWidth > 100;
  found.images = [...document.images].map(shows);
  const tables = [...document.querySelectorAll("table")].filter((table) => table.querySelector("th.n"));
  found.sorted = tables.map((table) => {
    const heads = [...table.tHead.rows[0].cells], column = heads.findIndex((head) => head.classList.contains("n"));
    const cells = () => [...table.tBodies[0].rows].map((row) => row.cells[column].dataset.v);
    const values = () => cells().filter((v) => v !== "").map(Number);
    heads[column].querySelector("button").click();
    const up = values();
    heads[column].querySelector("button").click();
    const down = values();
    return up.every((v, k) => !k || v >= up[k - 1]) && down.every((v, k) => !k || v <= down[k - 1])
      && heads[column].getAttribute("aria-sort") === "descending";
  });
  const all = [...document.querySelectorAll("[data-in]")];
  const cards = () => new Set(all.filter((card) => !card.hidden).map((card) => card.dataset.in));
  const buttons = [...document.querySelectorAll("#switch button")];
  found.switched = buttons.map((button) => {
    button.click();
    return cards().size === 1 && cards().has(button.dataset.scenario);
  });
  const chart = document.getElementById("chart"), box = chart.getBoundingClientRect();
  found.readings = [0.15, 0.5, 0.95].map((part) => {
    const place = { clientX: box.left + part * box.width, clientY: box.top + 9 };
    chart.dispatchEvent(new PointerEvent("pointermove", place));
    return document.getElementById("read").textContent;
  });
  const pick = document.getElementById("pick");
  found.series = [...pick.options].map((option, k) => {
    pick.value = String(k); pick.dispatchEvent(new Event("change"));
    const named = document.getElementById("shown").textContent === option.textContent; // on paper
    return named && chart.querySelectorAll("path").length > 0 && !chart.innerHTML.includes("NaN");
  });
  const inside = document.querySelector("details.ranking:not([open]) a[href^='#input']");
  const leads = document.querySelector(`a[href="#${inside.closest("details").id}"]`);
  leads.click();
  found.opened = inside.closest("details").open;
  for (const each of document.querySelectorAll("details")) each.open = each.classList.contains("ranking") && each.open;
  found.height = document.documentElement.scrollHeight;
  document.querySelector("a[href^='#input']").click();
  document.querySelector("a.cite").click();
  const folded = ["table#assumptions", "ol.sources"].map((each) => document.querySelector(each).closest("details"));
  found.folded = folded.map((each) => each.open);
  const lines = [...document.querySelectorAll("ul.short li")];
  found.lines = lines.map((li) => [li.firstElementChild.textContent, li.getBoundingClientRect().bottom + scrollY]);
  found.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  document.body.dataset.found = JSON.stringify(found);
});
"""


FIGURES = {"flanders-wind-farm": 13, "waterstof": 15}


@pytest.fixture(scope="module", params=list(FIGURES))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / request.param
    small = ["--set", "uncertainty.members=30", "--set", "uncertainty.ranking_samples=8"]
    main(["run", f"{request.param}/study", "-o", str(folder), *small])
    return folder / "report.html"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_report_works_without_errors_or_requests_and_fits(report: Path, width: int) -> None:
    page = report.with_name(f"watched-{width}.html")
    page.write_text(with_script(with_script(report.read_text(), WATCH, "<title>"), USE, "</body>"))
    result = browse(page, f"--window-size={width},900", "--virtual-time-budget=5000", "--dump-dom")
    text = re.search(r'data-found="([^"]*)"', result.stdout)
    assert text is not None, result.stderr[-2000:]
    found = json.loads(text[1].replace("&quot;", '"').replace("&amp;", "&").replace("&lt;", "<"))
    assert found["errors"] == []
    assert found["violations"] == 0
    assert found["requests"] == []
    assert "CONSOLE" not in result.stderr
    assert len(found["images"]) == FIGURES[report.parent.name]
    assert len(found["sorted"]) >= 5
    for checks in ("images", "sorted", "switched", "series"):
        assert all(found[checks]), checks
    assert len(found["switched"]) == 3
    assert len(set(found["readings"])) == 3
    assert all(re.search(r"20\d\d, .*\d", reading) for reading in found["readings"])
    assert found["wide"] <= 0
    assert found["folded"] == [True, True]  # a link into what is folded away opens it
    assert found["height"] < (60_000 if width == 390 else 40_000)
    ends = dict(found["lines"])
    if width == 1280:  # the first screen of a small laptop
        assert max(ends["Who pays and who gains:"], ends["How long money is tied up:"]) <= 800
    assert found["opened"]


def test_the_report_prints(report: Path) -> None:
    printed = report.with_name("report.pdf")
    browse(report, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 5


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine to read the pages with")
def test_the_first_page_of_a_print_holds_the_whole_answer_and_the_chart_names_its_quantity(report: Path) -> None:
    printed = report.with_name("read.pdf")
    browse(report, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    command = ["pdftotext", "-layout", str(printed), "-"]
    first, *others = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")
    assert "Answer" in first or "ANSWER" in first
    for subject in (
        "Strongest rival:",
        "Who pays",
        "How long money is tied up:",
        "What would change the answer:",
        "What it rests on:",
        "Money: euros of 2025",
    ):
        assert subject in first
    chart = next(page for page in others if "Paths over the years" in page)
    quantity = re.search(r'"label": ?"([^"]+)"', report.read_text())
    assert quantity is not None
    assert quantity[1].split(",")[0] in " ".join(chart.split())


def test_the_report_is_light_and_asks_nothing_of_a_network(report: Path) -> None:
    html = report.read_text()
    assert len(html.encode()) < 1_500_000
    assert "default-src 'none'" in html
    assert re.findall(r'(?:src|href)="(?!data:|#)', html) == []
    targets = set(re.findall(r' id="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links
    assert links <= targets
