"""What runs import, imported once by a process whose copies run cases."""

import gc
from collections.abc import Sequence
from importlib import import_module

from testsite_sim.cases.case import Case
from testsite_sim.cases.drawing_ahead import prepare_to_draw
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.cases.study import StudyCase
from testsite_sim.common.own_process import is_own_process

OF_ALL = (
    "concurrent.futures.thread",
    "filelock",
    "h5netcdf.legacyapi",
    "importlib.metadata",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "numba.np.arrayobj",
    "numba.np.linalg",
    "numba.np.npyimpl",
    "pandas.io.formats.csvs",
    "testsite_sim.output.results",
    "testsite_sim.report",
)
OF_SCENARIOS = ("testsite_sim.cases.compiling_ahead", "testsite_sim.chain", "windpowerlib")
OF_STUDIES = (
    "fontTools.subset",
    "matplotlib.backends.backend_pdf",
    "scipy.stats",
    "testsite_sim.common.special_functions",
    "testsite_sim.studies.framework.report.figures",
    "testsite_sim.studies.framework.report.page",
    "testsite_sim.studies.framework.report.series",
    "testsite_sim.studies.framework.report.summary",
    "testsite_sim.studies.framework.simulation",
)
STUDY_PARTS = ("prepare", "simulate", "figures", "narrative")


def import_for_runs(cases: Sequence[Case]) -> None:
    """Import what the runs of cases import; nothing is computed, and no thread is started.

    Parameters
    ----------
    cases : sequence of Case
        What copies of this process are about to run.
    """
    modules = [*OF_ALL]
    if any(isinstance(case, ScenarioCase) for case in cases):
        modules += OF_SCENARIOS
    studies = [case.study for case in cases if isinstance(case, StudyCase)]
    if studies:
        modules += OF_STUDIES
    for module in modules:
        import_module(module)
    for study in studies:
        for part in STUDY_PARTS:
            study.part(part)
    if is_own_process():
        prepare_to_draw()
    gc.freeze()  # what looks for garbage in a copy would copy all of it
