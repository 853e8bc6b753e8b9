"""Formulas of the site as MathML: browsers draw it themselves, without a script and without a network."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

NAME = "mathml"


def mathml(tex: str, *, display: bool) -> str:
    """Return a formula in TeX as MathML."""
    return convert(tex, display="block" if display else "inline")


def visit_math(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(mathml(node.astext(), display=False))
    raise nodes.SkipNode


def visit_math_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands alone, a row for each of its lines; it is moved sideways where it is too wide."""
    writer.body.append(writer.starttag(node, "div", CLASS="formula"))
    writer.body.extend(mathml(row, display=True) for row in node.astext().split(r"\\") if row.strip())
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Make it the renderer of formulas."""
    app.add_html_math_renderer(NAME, (visit_math, None), (visit_math_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
