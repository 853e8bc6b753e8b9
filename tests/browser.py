"""A real browser without a window, where one is at hand."""

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")  # of a machine without a screen


def browse(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page with a fresh profile; return what the browser writes."""
    command = [
        str(BROWSER),
        "--headless",
        *SWITCHES,
        "--disable-background-networking",
        "--no-first-run",
        "--disable-component-update",
        "--enable-logging=stderr",
        f"--user-data-dir={page.parent / 'profile'}",
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)


def with_script(page: str, script: str, before: str) -> str:
    """Return a page with a script of a test before a tag, and leave from its content policy to run just this one."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    allowed = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    return allowed.replace(before, f"<script>{script}</script>{before}", 1)
