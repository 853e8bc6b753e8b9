"""The base of every page: one template, one style sheet, scripts by their digests, and a policy that allows no other.

A page is one file that opens offline. Its content policy names each script and style sheet by its SHA-256: a script
that gets into it in any other way does not run, and nothing is fetched from anywhere.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

UPLOT = "1.6.32"  # the version of `assets/uplot.min.js`
BASE_STYLE, SERIES_STYLE = "base.css", "uplot.min.css"
BASE_SCRIPT, SERIES_SCRIPTS = "page.js", ("uplot.min.js", "viewer.js")
SHORT = 15  # letters of a word that is not broken
# Where a key, a path or an address may be broken into lines: behind its separators, but not inside a number.
_BREAK = re.compile(r"(?<=[_/=&?+])(?=[^\s_])|(?<=[.:,])(?=[A-Za-z_])|(?<=[a-z0-9]\.)(?=\d+\.[A-Za-z_])")

_BELOW_ZERO = re.compile(r"(?<![\w.-])-(?=\d)")


@cache
def environment(package: str | None = None) -> Environment:
    """Return the environment of the templates: every text escaped, every missing one an error; kept, with what it read.

    Parameters
    ----------
    package : str, optional
        The package of further templates, which may extend those of reports.
    """
    loaders: list[BaseLoader] = [] if package is None else [PackageLoader(package, ".")]
    found = Environment(
        loader=ChoiceLoader([*loaders, PackageLoader("testsite_sim.report", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["breakable"] = breakable
    found.filters["signed"] = signed
    return found


def assets(
    *,
    series: bool = False,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the base template needs: styles, scripts, data and the content policy that allows just these.

    Parameters
    ----------
    series : bool
        With the viewer of time series.
    styles, scripts : sequence of str
        Texts of further style sheets and scripts, of our own.
    data : mapping of str to Any
        What the scripts read, as JSON, by the identifier of its element.
    """
    sheets = [asset(BASE_STYLE), *([asset(SERIES_STYLE)] if series else []), *styles]
    programs = [asset(BASE_SCRIPT), *(asset(each) for each in (SERIES_SCRIPTS if series else ())), *scripts]
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src {_digests(sheets)}",
            f"script-src {_digests(programs)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return {
        "policy": Markup(policy),
        "styles": [Markup(each) for each in sheets],
        "scripts": [Markup(each) for each in programs],
        "data": data or {},
        "uplot": UPLOT,
    }


@cache
def asset(name: str) -> str:
    """Return the text of a style sheet or a script of `assets`."""
    return resources.files("testsite_sim.report").joinpath("assets", name).read_text(encoding="utf-8")


def _digests(texts: Sequence[str]) -> str:
    """Return the SHA-256 of texts as a content policy names them."""
    digests = (base64.b64encode(hashlib.sha256(each.encode()).digest()).decode("ascii") for each in texts)
    return " ".join(f"'sha256-{each}'" for each in digests)


def breakable(text: object) -> Markup:
    """Return text as HTML that may be broken behind the separators of keys, paths and addresses, not inside words.

    Examples
    --------
    >>> print(breakable("farm.turbine.hub_height of 85 m & more"))
    farm.<wbr>turbine.<wbr>hub_<wbr>height of 85 m &amp; more
    >>> print(breakable("30 Nm3/h"))
    30 <span class="unit">Nm3/h</span>
    """
    return Markup("").join(_breakable_word(word) for word in re.split(r"(\s+)", str(text)))


def signed(text: object) -> str:
    """Return text whose numbers below zero have a minus sign.

    Examples
    --------
    >>> signed("net present value: A -138.3, B 2e-16, of 2023-01-31, run with --members")
    'net present value: A −138.3, B 2e-16, of 2023-01-31, run with --members'
    """
    return _BELOW_ZERO.sub("\N{MINUS SIGN}", str(text))


def _breakable_word(word: str) -> Markup:
    """Return a word that may be broken behind separators if it is long; a short one, as `Nm3/h`, stays whole."""
    if len(word) <= SHORT:
        return Markup('<span class="unit">{}</span>').format(word) if "/" in word else escape(word)
    return Markup("<wbr>").join(escape(part) for part in _BREAK.split(word))
