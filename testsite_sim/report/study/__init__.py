"""The report of a study: the Dataset of its members and its ranking in; figures, a summary and a page out.

The words of a language label everything; a study adds its own to `WORDS`. `Story` is what the study says in sentences.
"""

from testsite_sim.report.study.figures import named_study_figures
from testsite_sim.report.study.page import write_study_report
from testsite_sim.report.study.story import Interval, Story, Table
from testsite_sim.report.study.summary import summarise_study
from testsite_sim.report.study.tornado import draw_tornado
from testsite_sim.report.study.words import WORDS

__all__ = [
    "WORDS",
    "Interval",
    "Story",
    "Table",
    "draw_tornado",
    "named_study_figures",
    "summarise_study",
    "write_study_report",
]
