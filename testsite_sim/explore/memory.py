"""Farms that were simulated before: a change that is taken back, or made in both variants, finds its farm there."""

from testsite_sim.chain import has_same_farm
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.explore.answers import Answer

MOST_FARMS = 8
MOST_BYTES = 1_000_000_000  # of them all; the latest is kept in any case


class Memory:
    """The latest answer of each of the farms that a session simulated last, as many as have room."""

    def __init__(self) -> None:
        self._answers: list[Answer] = []  # the latest first

    def keep(self, found: Answer) -> None:
        """Keep an answer, instead of an earlier one of the same farm, and forget what has no room."""
        scenario = found.case.scenario
        others = [each for each in self._answers if not has_same_farm(each.case.scenario, scenario)]
        self._answers = [found]
        room = MOST_BYTES - _size(found)
        for each in others[: MOST_FARMS - 1]:
            room -= _size(each)
            if room < 0:
                break
            self._answers.append(each)

    def of(self, scenario: Scenario) -> Answer | None:
        """Return the answer whose farm is that of a scenario, in the same weather; None where there is none."""
        return next((each for each in self._answers if has_same_farm(each.case.scenario, scenario)), None)


def _size(found: Answer) -> int:
    """Return the bytes of an answer."""
    return sum(step.nbytes for step in found.steps.values())
