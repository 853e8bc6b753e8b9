"""Draw every figure of both studies for `docs/gallery.md`, as small pictures.

python tools/make_gallery.py
"""

from io import BytesIO
from pathlib import Path

import matplotlib
from PIL import Image

from testsite_sim.report.style import SETTINGS
from testsite_sim.run_study import load_study, simulate_study, words_of

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
        study, configuration = load_study(f"{name}/study")
        results, words = simulate_study(study, configuration), words_of(study, configuration)
        page += ["", f"## {configuration.title}"]
        for figure_name, draw in study.part("figures").items():
            with matplotlib.rc_context(SETTINGS):
                figure, _ = draw(results, words)
                stream = BytesIO()
                figure.savefig(stream, format="png", dpi=DOTS)
            path = FOLDER / f"{name}-{figure_name}.png"
            picture = (
                Image.open(stream)
                .convert("RGB")
                .quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            )
            picture.save(path, optimize=True)
            caption = words[f"figure.{figure_name}"]
            page += ["", f"### {figure_name}", f"![{figure_name}](gallery/{path.name})", "", caption]
    (ROOT / "docs" / "gallery.md").write_text("\n".join(page) + "\n")


if __name__ == "__main__":
    main()
