"""The report of a run in a real browser: nothing is cut off at any width, and no key is broken inside a word."""

import html
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.browser import BROWSER, SWITCHES, with_script
from testsite_sim.report.cards import Question, card_of
from testsite_sim.report.page import rendered
from testsite_sim.report.series import embedded_series

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on this machine to open the report with"),
]
MEASURE = """
window.addEventListener("load", () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const root = document.documentElement, found = { wide: root.scrollWidth - root.clientWidth, cut: [], broken: [] };
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest("thead") && getComputedStyle(each.closest("thead")).position === "absolute") continue;
    const box = each.getBoundingClientRect();
    if (each.closest(".scroll") && !each.classList.contains("scroll") || each.closest(".plot")) continue;
    if (each.classList.contains("scroll")) {
      if (box.right > root.clientWidth + 0.5) found.cut.push("a figure");
      continue;
    }
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
"""
KEY = "plant.electrolysers.0.stacks.cell.butler_volmer.cathode_activation_energy"
DRAWING = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI1IiBoZWlnaHQ9IjIiLz4="
)
SUMMARY = [
    ("levelised cost of hydrogen", "10.11", "EUR/kg", "discounted cost of making hydrogen; euros of 2023, real"),
    ("net present value", "-1,126,699,699", "EUR", "discounted cash flow of the project; euros of 2023, real"),
    ("installation weather downtime conventional", "18.66", "%", "https://example.org/" + "a-rather_long.address/" * 6),
]


def page(template: str, questions: list[Question] | None = None) -> str:
    """Return a page with the longest keys, numbers and heads that there are, and more."""
    head = ["vessel", "paid days", "trips or visits", "mobilisations", "campaigns that end within the record"]
    head += ["downtime by its tasks [h per turbine and year]", "cost [million EUR a year]"]
    row = ["field-support-vessel", *["54,340,595"] * (len(head) - 1)]
    cells = ["54,340,595 ±\N{NO-BREAK SPACE}1,200,000"] * 3
    members = {"cells": cells, "central": "54,340,595", "missing": 3}
    rows = [dict(zip(("label", "value", "units", "description"), row, strict=True)) | members for row in SUMMARY]
    figures = [
        {"caption": "A figure.", "source": DRAWING, "narrow": narrow, "data": []} for narrow in (True, False, True)
    ]
    entry = {"name": KEY, "value": "1.47821515e-4 V", "range": "5e-6 V to 1.47821515e-4 V", "assumption": True}
    values = (10.11, -1_126_699_699.0, 0.1866)
    cards = [
        card_of(
            row["label"], {"value": value, "units": row["units"].replace("%", "1"), "description": row["description"]}
        )
        for row, value in zip(rows, values, strict=True)
    ]
    results = xr.DataTree.from_dict({"plant": series_of(100)})
    return rendered(
        template,
        title="Flanders Wind Farm, offshore test site",
        description="A description.",
        questions=questions or [Question("How much", cards * n, [f"Not known: {KEY}"]) for n in (1, 2)],
        alerts=[f"jobs pile up: {KEY}"],
        tables=[{"title": "Table", "id": "table", "head": head, "rows": [row, row], "note": KEY}],
        columns=["P5", "P50", "P95"],
        rows=rows,
        groups=[{"title": "Money", "id": "money", "rows": rows}],
        groups_of_rows=[{"title": "Money", "rows": rows}],
        series=embedded_series({"": results}),
        figures=figures,
        provenance=[("weather: air density method", f"from {KEY} and examples/Europe/GWA2/input_ts_HKN.csv")],
        assumptions=[entry | {"source": "assumption of " + KEY}, entry | {"range": None, "source": ""}],
        scenario=f"{KEY}: {'x' * 300}",
    )


def series_of(steps: int) -> xr.Dataset:
    """Return a plant of a number of steps of 10 minutes: a wind of 4 and 8 MW in turn, with one step of 20 MW."""
    power = np.where(np.arange(steps) % 2 == 0, 4e6, 8e6)
    power[steps // 2] = 20e6
    stamps = np.datetime64("2023-01-01", "ns") + np.arange(steps) * np.timedelta64(600, "s")
    return xr.Dataset({"power_wind": ("time", power, {"units": "W", "long_name": "wind"})}, coords={"time": stamps})


@pytest.mark.parametrize("template", ["page.html.jinja", "ensemble/page.html.jinja"])
@pytest.mark.parametrize("width", [1280, 900, 800, 390])
def test_nothing_is_cut_off_and_no_word_is_broken(browser, template: str, width: int, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    # Chromium's windows have a least width of 500: the page is opened in a frame as wide as the screen that is meant.
    (tmp_path / "inner.html").write_text(with_script(page(template), MEASURE, "</body>"))
    inner = html.escape((tmp_path / "inner.html").read_text(), quote=True)
    # A frame is loaded once before its page is, and has found nothing then.
    loaded = "const found = this.contentDocument.body.dataset.found; if (found) document.body.dataset.found = found"
    file.write_text(f"""<body style="margin: 0"><iframe width="{width}" height="900" style="border: 0"
        srcdoc="{inner}" onload="{loaded}"></iframe>""")
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    shown = context.new_page()
    shown.goto(file.as_uri())
    shown.wait_for_selector("body[data-found]")
    found = json.loads(shown.get_attribute("body", "data-found"))
    context.close()
    assert found["wide"] <= 0
    assert found["cut"] == []
    assert found["broken"] == []
    narrow, wide, other = found["images"]
    assert narrow == other
    if width <= 600:
        assert wide == 41 * 16  # moved sideways within its place, so that its letters can be read
    else:
        assert narrow == wide if width < 896 else 0.46 * wide < narrow < 0.5 * wide


@pytest.fixture(scope="module")
def browser():
    """Return a browser that the tests share; each opens a window with a profile of its own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=list(SWITCHES))
        yield found
        found.close()


@pytest.fixture
def opened(browser, tmp_path: Path):
    """Return what opens a page, watched: its console, its requests, what breaks its policy."""

    def open_page(text: str, width: int = 1000, has_touch: bool = False):
        file = tmp_path / "page.html"
        file.write_text(text)
        screen = {"width": width, "height": 900}
        shown = browser.new_context(viewport=screen, offline=True, has_touch=has_touch).new_page()
        wrong: list[str] = []
        shown.on("console", lambda message: wrong.append(message.text))
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on(
            "request",
            lambda request: (
                wrong.append(request.url)
                if request.url != file.as_uri() and not request.url.startswith(("data:", "blob:"))
                else None
            ),
        )
        shown.goto(file.as_uri())
        shown.wait_for_selector(".u-over")
        return shown, wrong

    yield open_page
    for context in browser.contexts:
        context.close()


def year(steps: int) -> str:
    """Return a page of a plant of a number of steps."""
    results = xr.DataTree.from_dict({"plant": series_of(steps)})
    return rendered("page.html.jinja", title="t", description="d", scenario="s", series=embedded_series({"": results}))


def span(shown) -> float:
    """Return how many seconds a page shows."""
    low, high = map(float, shown.get_attribute("#series", "data-window").split())
    return high - low


def test_a_year_of_ten_minutes_zooms_down_to_its_steps_without_a_network(opened) -> None:
    shown, wrong = opened(year(52_560))
    assert span(shown) == 52_560 * 600
    assert "from the lowest to the highest step" in shown.inner_text("#series-status")
    over = shown.locator(".u-over").first
    box = over.bounding_box()
    shown.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 50)
    # The one step of 20 MW among 52,560 is not averaged away.
    assert "to 20" in shown.inner_text(".legend b")
    shown.mouse.down()
    shown.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 60, steps=4)
    shown.mouse.up()
    assert 0.09 < span(shown) / (52_560 * 600) < 0.11
    shown.click("[data-span='1']")
    assert span(shown) == 86_400
    assert "every step of 10 min" in shown.inner_text("#series-status")
    before = shown.get_attribute("#series", "data-window")
    shown.click("[data-shift='0.5']")
    assert shown.get_attribute("#series", "data-window") != before
    shown.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 50)
    assert shown.inner_text(".legend b") in ("4", "8")
    over.dblclick()
    assert span(shown) == 52_560 * 600
    assert wrong == []


def test_what_is_on_the_screen_can_be_saved(opened) -> None:
    shown, wrong = opened(year(288))
    shown.click("[data-span='1']")
    with shown.expect_download() as saving:
        shown.click("#series-save")
    lines = Path(saving.value.path()).read_text().splitlines()
    assert lines[0] == '"time (UTC)","Power: wind [MW]"'
    assert len(lines) == 1 + 144
    assert {line.partition(",")[2] for line in lines[1:]} <= {"4", "8", "20"}
    assert wrong == []


def test_a_script_that_is_not_ours_does_not_run(opened) -> None:
    text = year(288).replace(
        "</body>", "<script>document.body.dataset.bad = 1</script><p style='color:red' onclick='1'></body>"
    )
    shown, wrong = opened(text)
    assert shown.get_attribute("body", "data-bad") is None
    assert any("Content Security Policy" in each for each in wrong)


def test_on_paper_ink_is_dark_and_every_definition_is_there(opened) -> None:
    shown, _ = opened(page("page.html.jinja"))
    hidden = "document.querySelectorAll('.card .means')[0]"
    assert shown.evaluate(f"getComputedStyle({hidden}).visibility") == "hidden"
    shown.emulate_media(media="print")
    assert shown.evaluate(f"getComputedStyle({hidden}).visibility") == "visible"
    assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown.evaluate("getComputedStyle(document.querySelector('.controls')).display") == "none"


@pytest.mark.parametrize(("cards", "rows"), [(4, 1), (5, 2), (6, 2), (7, 2), (8, 2), (10, 4)])
def test_on_paper_every_row_of_cards_is_full_and_a_question_stays_whole(opened, cards: int, rows: int) -> None:
    card = card_of("energy", {"value": 1.5, "units": "GWh", "description": "energy of the year"})
    shown, _ = opened(page("page.html.jinja", [Question("How much", [card] * cards, [])]))
    shown.emulate_media(media="print")
    found = shown.evaluate("""() => {
      const all = document.querySelector('.cards'), box = all.getBoundingClientRect();
      const right = {};
      for (const card of all.children) {
        const of = card.getBoundingClientRect();
        right[Math.round(of.top)] = Math.max(right[Math.round(of.top)] || 0, of.right);
      }
      const broken = getComputedStyle(document.querySelector('.asked')).breakInside;
      const after = getComputedStyle(document.querySelector('.asked h2')).breakAfter;
      return [Object.values(right).map((each) => Math.round(box.right - each)), broken, after];
    }""")
    assert found == [[0] * rows, "avoid", "auto"]  # a question does not hold on to the next one


def test_a_definition_is_there_when_a_card_is_touched_or_reached_by_the_keyboard(opened) -> None:
    shown, _ = opened(page("page.html.jinja"), 390)
    shown.locator(".card").first.focus()
    assert shown.locator(".card .means").first.is_visible()


def touch(shown, *path: tuple[tuple[float, float], ...]) -> None:
    """Move fingers over the first chart, each at a share of its width and a height [px], from place to place."""
    over = shown.locator(".u-over").first
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    session = shown.context.new_cdp_session(shown)

    def points(shares: tuple[tuple[float, float], ...]) -> list[dict[str, float]]:
        return [
            {"x": box["x"] + share * box["width"], "y": box["y"] + high, "id": k}
            for k, (share, high) in enumerate(shares)
        ]

    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(path[0])})
    for begin, end in itertools.pairwise(path):
        for step in range(1, 11):
            places = tuple(
                (a[0] + (b[0] - a[0]) * step / 10, a[1] + (b[1] - a[1]) * step / 10)
                for a, b in zip(begin, end, strict=True)
            )
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(places)})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def window(shown) -> tuple[float, float]:
    """Return the first and the last second that a page shows."""
    low, high = map(float, shown.get_attribute("#series", "data-window").split())
    return low, high


def test_two_fingers_zoom_about_their_middle_and_one_moves_along(opened) -> None:
    shown, wrong = opened(year(52_560), 390, has_touch=True)
    begin, end = window(shown)
    middle = begin + 0.6 * (end - begin)
    touch(shown, ((0.55, 60), (0.65, 60)), ((0.35, 60), (0.85, 60)))
    low, high = window(shown)
    assert (high - low) / (end - begin) == pytest.approx(0.2, rel=0.05)
    assert low + 0.6 * (high - low) == pytest.approx(middle, abs=0.02 * (high - low))
    touch(shown, ((0.2, 60),), ((0.7, 60),))
    moved = window(shown)
    assert moved[1] - moved[0] == pytest.approx(high - low)
    assert low - moved[0] == pytest.approx(0.5 * (high - low), rel=0.05)
    assert wrong == []


def test_a_finger_that_moves_up_scrolls_the_page_and_leaves_the_chart_as_it_is(opened) -> None:
    shown, _ = opened(year(52_560), 390, has_touch=True)
    shown.locator(".u-over").first.scroll_into_view_if_needed()
    before, place = window(shown), shown.evaluate("scrollY")
    touch(shown, ((0.5, 150),), ((0.5, -150),))
    shown.wait_for_function(f"scrollY > {place} + 100", timeout=3000)
    assert window(shown) == before


def test_a_finger_that_taps_reads_the_values_there(opened) -> None:
    shown, _ = opened(year(288), 390, has_touch=True)
    over = shown.locator(".u-over").first
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    shown.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + 50)
    assert shown.inner_text(".legend b") == "6 (4 to 8)"  # 288 steps at 390 px: a mean of two
