"""A small study of a market, with everything that a study consists of."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from testsite_sim.configuration.quantities import Fraction, Number, Power, RatePerYear
from testsite_sim.report.style import ONE_COLUMN, new_figure
from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.registry import Headline, Study
from testsite_sim.studies.framework.report import Narrative, Table, draw_tornado
from testsite_sim.studies.framework.uncertainty import sampled
from testsite_sim.studies.framework.words import Words

HOSTILE = '</script><script>alert(1)</script> <img src=x onerror=alert(2)> {{ 7 * 7 }} $x^2$ & "quoted"'


class Toy(StudyConfiguration):
    strong: Number
    weak: Number
    growth: RatePerYear
    share: Fraction
    power: Annotated[dict[str, Power], "by place"]


DATA = {
    "study": "toy",
    "title": f"Toy {HOSTILE}",
    "description": HOSTILE,
    "uncertainty": {"members": 40, "seed": 2, "ranking_samples": 16},
    "strong": {"value": 2.0, "source": f"a paper {HOSTILE}", "range": [1.0, 3.0]},
    "weak": {"value": 1.0, "source": "assumption: ours", "range": [0.9, 1.1]},
    "growth": {"value": "5 %/year", "range": ["0 %/year", "10 %/year"]},
    "share": 0.25,
    "power": {"one": {"value": "5 MW", "source": "x", "range": ["4 MW", "6 MW"]}},
}


def prepare(configuration: Toy) -> NDArray[np.int64]:
    return np.arange(2009, 2021)


def simulate(configuration: Toy, years: NDArray[np.int64], draws: Mapping[str, NDArray[np.float64]]) -> xr.Dataset:
    value = sampled(configuration, draws)
    size = (4.0 * value("strong") + value("weak"))[:, None] * (1.0 + value("growth"))[:, None] ** (years - 2009)
    jobs = np.stack([0.0 * size, size], axis=1)
    return xr.Dataset(
        {
            "jobs": (("member", "scenario", "year"), jobs, {"units": "1", "long_name": "jobs"}),
            "jobs_end": (("member", "scenario"), jobs[..., -1]),
            "payback": (("member", "scenario"), np.where(jobs[..., -1] > 15.0, 5.0, np.inf)),
            "cost": ("member", 3e6 * value("power.one"), {"units": "EUR"}),
        },
        coords={"scenario": ["none", "all"], "year": years},
        attrs={"scenario": "all"},
    )


def draw_path(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    middle = results["jobs"].sel(scenario="all").median("member")
    figure = new_figure(ONE_COLUMN, 2.0)
    axes = figure.subplots()
    axes.plot(middle["year"], middle)
    axes.set_title(words["variable.jobs"])
    return figure, middle.to_dataframe().reset_index()


def write_narrative(configuration: Toy, results: xr.Dataset, words: Words) -> Narrative:
    table = pd.DataFrame({"market": ["b", "a", "c"], "year": [2010, 2009, 2011], "size": [9.0, 10.0, 100.0]})
    return Narrative(f"How much? {HOSTILE}", ["Ten."], ["Times."], ["None."], [Table("Sizes", table)])


HEADLINES = (Headline("jobs_end", "1"), Headline("payback", "year"), Headline("cost", "million EUR", 1e-6))
FIGURES = {"path": draw_path, "tornado": lambda results, words: draw_tornado(results, words, HEADLINES[:1])}
_HERE = "tests.studies.toy"
TOY = Study(
    f"{_HERE}:Toy",
    f"{_HERE}:prepare",
    f"{_HERE}:simulate",
    HEADLINES,
    f"{_HERE}:FIGURES",
    f"{_HERE}:write_narrative",
    _HERE,
)
