"""Check a built site: every link, anchor and picture is there, and nothing is loaded from elsewhere.

python tools/check_site.py build/site

Links to elsewhere are listed in a file next to the site.
"""

import sys
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = ("stylesheet", "preload", "modulepreload", "icon")  # of what a page links to, what it loads
OWN_PAGES = {"genindex.html", "search.html", "py-modindex.html"}


class Page(HTMLParser):
    """What a page refers to, and what can be referred to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep ids, links and sources of pictures and scripts."""
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src"):
                self.links.add(value)
                if name == "src" or (tag == "link" and dict(attrs).get("rel") in LOADED):
                    self.loaded.add(value)


def broken_links(root: Path) -> tuple[list[str], dict[str, set[str]]]:
    """Return what is broken inside a site, a sentence each, and links to elsewhere with their pages."""
    found = [path for path in sorted(root.rglob("*.html")) if "_static" not in path.parts]
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in found}
    broken: list[str] = []
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for path, page in pages.items():
        name = path.relative_to(root.resolve()).as_posix()
        for link in sorted(page.links):
            parts = urlsplit(link)
            if (parts.scheme in ("http", "https") or parts.netloc) and link in page.loaded:
                broken.append(f"{name}: loads {link}, so that it needs a network")
            if parts.scheme or parts.netloc:
                if parts.scheme in ("http", "https"):
                    elsewhere[link].add(name)
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                broken.append(f"{name}: there is no {link}")
                continue
            known = target in pages and target.name not in OWN_PAGES
            if known and parts.fragment and unquote(parts.fragment) not in pages[target].anchors:
                broken.append(f"{name}: {parts.path or name} has no anchor {parts.fragment}")
    return broken, elsewhere


def main(arguments: list[str]) -> int:
    """Print what is broken, write the list of outside links next to the site, return the exit code."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "index.html").is_file():
        print("check_site: expected the folder of a built site, for example build/site", file=sys.stderr)
        return 2
    root = Path(arguments[0])
    broken, elsewhere = broken_links(root)
    listing = root.parent / "outside-links.txt"
    listing.write_text("".join(f"{link}\n" for link in sorted(elsewhere)), encoding="utf-8")
    for sentence in broken:
        print(f"check_site: {sentence}", file=sys.stderr)
    if not (root / "searchindex.js").is_file():
        print("check_site: there is no index to search", file=sys.stderr)
        return 1
    print(f"{len(list(root.rglob('*.html')))} pages, {len(broken)} broken links; {len(elsewhere)} outside: {listing}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
