"""Make docs/_static/explore.png: the page of `testsite-sim explore`, two variants of the test site next to each other.

    python tools/picture_explore.py

Takes Chromium or Chrome, and the packages playwright and Pillow.
"""

import io
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import BROWSER, SWITCHES  # noqa: E402

PICTURE = ROOT / "docs" / "_static" / "explore.png"
WIDTH, HEIGHT = 1280, 1180
COLOURS = 96  # of the palette: the page has few


def main() -> None:
    """Serve the page, change it, and take its picture."""
    command = [sys.executable, "-m", "testsite_sim", "explore", "flanders-wind-farm/test-site", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served, sync_playwright() as driver:
        try:
            address = re.search(r"http://\S+", served.stdout.readline()).group()
            browser = driver.chromium.launch(executable_path=BROWSER, args=list(SWITCHES))
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(120_000)
            page.goto(address)
            ready = page.locator('[data-state="ready"]')
            ready.wait_for()
            page.get_by_role("button", name="Compare two variants").click()
            page.get_by_text("Variant B").wait_for()
            ready.wait_for()
            page.get_by_label("Electrolyser", exact=True).fill("20 MW")
            page.keyboard.press("Enter")
            page.locator(".cards > div", has_text="Cost of hydrogen").filter(has_text="%)").wait_for()
            ready.wait_for()
            picture = Image.open(io.BytesIO(page.screenshot()))
            browser.close()
        finally:
            served.terminate()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
