"""The report of a run in a real browser: nothing is cut off at any width, and no key is broken inside a word."""

import html
import json
import re
from pathlib import Path

import pytest

from tests.browser import BROWSER, browse
from testsite_sim.report.page import environment

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine to open the report with")
MEASURE = """<script>
window.addEventListener("load", () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const root = document.documentElement, found = { wide: root.scrollWidth - root.clientWidth, cut: [], broken: [] };
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest("thead") && getComputedStyle(each.closest("thead")).position === "absolute") continue;
    const box = each.getBoundingClientRect();
    if (box.right > root.clientWidth + 0.5 || each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
      found.cut.push(each.tagName + ": " + each.textContent.slice(0, 40));
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("script, pre, thead")) continue;
    for (const word of node.data.matchAll(/[^\\s\\-\\/?–]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (tops.size > 1) found.broken.push(word[0] + " in " + node.parentElement.outerHTML.slice(0, 60));
    }
  }
  found.images = [...document.images].map((image) => Math.round(image.clientWidth));
  document.body.dataset.found = JSON.stringify(found);
});
</script>"""
KEY = "plant.electrolysers.0.stacks.cell.butler_volmer.cathode_activation_energy"
DRAWING = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI1IiBoZWlnaHQ9IjIiLz4="
)
SUMMARY = [
    ("levelised cost of hydrogen", "10.11", "EUR/kg", "discounted cost of making hydrogen; euros of 2023, real"),
    ("net present value", "-1,126,699,699", "EUR", "discounted cash flow of the project; euros of 2023, real"),
    ("installation weather downtime conventional", "18.66", "%", "https://example.org/" + "a-rather_long.address/" * 6),
]


def page(template: str) -> str:
    """Return a page with the longest keys, numbers and heads that there are, and more."""
    head = ["vessel", "paid days", "trips or visits", "mobilisations", "campaigns that end within the record"]
    head += ["downtime by its tasks [h per turbine and year]", "cost [million EUR a year]"]
    row = ["field-support-vessel", *["54,340,595"] * (len(head) - 1)]
    cells = ["54,340,595 ±\N{NO-BREAK SPACE}1,200,000"] * 3
    members = {"cells": cells, "central": "54,340,595", "missing": 3}
    rows = [dict(zip(("label", "value", "units", "description"), row, strict=True)) | members for row in SUMMARY]
    figures = [{"caption": "A figure.", "source": DRAWING, "narrow": narrow} for narrow in (True, False, True)]
    entry = {"name": KEY, "value": "1.47821515e-4 V", "range": "5e-6 V to 1.47821515e-4 V", "assumption": True}
    text = (
        environment()
        .get_template(template)
        .render(
            title="Flanders Wind Farm, offshore test site",
            description="A description.",
            highlights=rows,
            alerts=[f"jobs pile up: {KEY}"],
            tables=[{"title": "Table", "head": head, "rows": [row, row], "note": KEY}],
            columns=["P5", "P50", "P95"],
            rows=rows,
            figures=figures,
            provenance=[("weather: air density method", f"from {KEY} and examples/Europe/GWA2/input_ts_HKN.csv")],
            assumptions=[entry | {"source": "assumption of " + KEY}, entry | {"range": None, "source": ""}],
            scenario=f"{KEY}: {'x' * 300}",
            summary={},
            version="0",
        )
    )
    return text.replace("</body>", MEASURE + "</body>", 1)


@pytest.mark.parametrize("template", ["page.html.jinja", "ensemble/page.html.jinja"])
@pytest.mark.parametrize("width", [1280, 900, 800, 390])
def test_nothing_is_cut_off_and_no_word_is_broken(template: str, width: int, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    # Chromium's windows have a least width of 500: the page is opened in a frame as wide as the screen that is meant.
    (tmp_path / "inner.html").write_text(page(template))
    inner = html.escape((tmp_path / "inner.html").read_text(), quote=True)
    file.write_text(f"""<body style="margin: 0"><iframe width="{width}" height="900" style="border: 0"
        srcdoc="{inner}" onload="document.body.dataset.found = this.contentDocument.body.dataset.found"></iframe>""")
    shown = browse(file, "--window-size=1400,900", "--virtual-time-budget=5000", "--dump-dom").stdout
    text = re.search(r'<body[^>]* data-found="([^"]*)"', shown)
    assert text is not None
    found = json.loads(html.unescape(text[1]))
    assert found["wide"] <= 0
    assert found["cut"] == []
    assert found["broken"] == []
    narrow, wide, other = found["images"]
    assert narrow == other
    assert narrow == wide if width < 896 else 0.46 * wide < narrow < 0.5 * wide
