"""How Sphinx builds the site: `sphinx-build -W --keep-going docs build/site` (see docs/publishing.md)."""

import hashlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE / "_extensions"), str(ROOT), str(ROOT / "kernels")]
# Notebooks find the library of this checkout, whatever is installed, and the commands of this environment.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(ROOT), str(ROOT / "kernels"), *filter(None, [os.environ.get("PYTHONPATH")])]
)
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["PYTHONWARNINGS"] = "ignore::DeprecationWarning"

from testsite_sim.common.version import __version__  # noqa: E402


def digest_of_sources() -> str:
    """Return a digest of all that a notebook can depend on: one that has run is run again when any of it changes."""
    digest = hashlib.sha256()
    for room in ("testsite_sim", "kernels", "configs", "scenarios"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".yaml", ".nc", ".jinja"}:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


project = "testsite-sim"
author = "The testsite-sim founders"
project_copyright = "The testsite-sim founders; BSD-3-Clause"
version = release = __version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_click",
    "sphinx_design",
    "configuration_reference",
    "offline_formulas",
    "python_reference",
    "repository_links",
    "whole_streams",
]
exclude_patterns = ["_build", "_templates", "**.ipynb_checkpoints"]
templates_path = ["_templates"]
default_role = "code"
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

# A cell that fails is an error of the build; what has run is kept as long as no source of the library changes.
nb_execution_mode = os.environ.get("TESTSITE_SIM_DOCS_EXECUTION", "cache")
# Every cell is coloured as Python, also one that writes YAML.
suppress_warnings = ["misc.highlighting_failure"]
nb_execution_cache_path = str(ROOT / "build" / "notebooks" / digest_of_sources())
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 600  # of a cell, also where tutorials run side by side
nb_execution_show_tb = True
nb_merge_streams = True
nb_render_markdown_format = "myst"

autodoc_typehints = "none"  # docstrings state types, shapes and units
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

# Pages outside are listed by `sphinx-build -b linkcheck`; a build never asks the network.
linkcheck_timeout = 10
linkcheck_workers = 2

html_theme = "pydata_sphinx_theme"
html_math_renderer = "mathml"  # of `offline_formulas`: without a script and without a network
html_context = {"default_mode": "auto"}  # light or dark, as the reader has it; without it the theme logs an error
html_title = f"testsite-sim {__version__}"
html_short_title = "testsite-sim"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_search_scorer = str(HERE / "_extensions" / "search_order.js")  # pages of use before decisions and evidence
html_copy_source = False
html_logo = "_static/logo.svg"
html_favicon = "_static/logo.svg"
html_sidebars = {page: [] for page in ("index", "start", "gallery", "publishing")}  # pages without a section
html_theme_options = {
    "logo": {"text": "testsite-sim"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "search_as_you_type": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
