"""The report of a study: the Dataset of its members and its ranking in; figures, a summary and a page out.

`Narrative` is what the study says in sentences, `framework.words` labels everything in one language. What a name needs
is imported when it is first used: a summary needs nothing that draws.
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.studies.framework.report.figures import named_study_figures
    from testsite_sim.studies.framework.report.narrative import Interval, Narrative, Table
    from testsite_sim.studies.framework.report.page import write_study_report
    from testsite_sim.studies.framework.report.summary import summarise_study
    from testsite_sim.studies.framework.report.tornado import draw_tornado

__all__ = [
    "Interval",
    "Narrative",
    "Table",
    "draw_tornado",
    "named_study_figures",
    "summarise_study",
    "write_study_report",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Interval": "narrative",
        "Narrative": "narrative",
        "Table": "narrative",
        "draw_tornado": "tornado",
        "named_study_figures": "figures",
        "summarise_study": "summary",
        "write_study_report": "page",
    },
)
