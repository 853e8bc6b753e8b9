"""Draw every figure of both studies for `docs/gallery.md`, as small pictures.

python tools/make_gallery.py
"""

from io import BytesIO
from pathlib import Path

import matplotlib
from PIL import Image

from testsite_sim.cases.study import read_study
from testsite_sim.report.style import SETTINGS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "gallery"
STUDIES = ("flanders-wind-farm", "waterstof")
INTRODUCTION = (
    "Every figure of the two studies. `testsite-sim figures flanders-wind-farm` and `testsite-sim figures waterstof` "
    "write them as SVG, PNG and PDF\nwith the data of each as CSV, in Dutch with `--language nl`. "
    "These small pictures are drawn by `python tools/make_gallery.py`."
)
DOTS, COLOURS = 90, 200  # per inch; of the palette


def main() -> None:
    """Write the pictures, and the page that shows them with their captions."""
    FOLDER.mkdir(exist_ok=True)
    page = ["# Gallery", "", INTRODUCTION]
    for name in STUDIES:
        case = read_study(f"{name}/study")
        page += ["", f"## {case.title}"]
        for figure_name, named in case.draw_members(case.members()).figures.items():
            figure, _ = named.draw()
            with matplotlib.rc_context(SETTINGS):
                stream = BytesIO()
                figure.savefig(stream, format="png", dpi=DOTS)
            path = FOLDER / f"{name}-{figure_name}.png"
            picture = (
                Image.open(stream)
                .convert("RGB")
                .quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            )
            picture.save(path, optimize=True)
            page += ["", f"### {figure_name}", f"![{figure_name}](gallery/{path.name})", "", named.caption]
    (ROOT / "docs" / "gallery.md").write_text("\n".join(page) + "\n")


if __name__ == "__main__":
    main()
