"""What an ensemble runs: cases by number, each a member of one scenario, or of one of the scenarios of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from testsite_sim.common.arguments import MOST_MEMBERS, whole_number
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.ensemble import Ensemble
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.unused import TURBULENCE
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.ensemble.draws import LatinDraws, SobolDraws, TableDraws
from testsite_sim.ensemble.variation import varied_quantities

TABLE_FROM = 50  # turbines from which on the flow is read from a table, where the scenario does not say


@dataclass(frozen=True)
class Case:
    """One run of the chain: which scenario, the number of its draw, of its weather, and of its seeds; 0: as it is."""

    point: int
    draw: int
    weather: int
    seed_index: int


@dataclass(frozen=True)
class Design:
    """Rows of a sensitivity analysis instead of random members.

    `unit` (row, factor): as SALib made them; `values` (row, assumption) [SI]; numbers of `weather` and seeds (row,).
    """

    kind: str
    unit: NDArray[np.float64]
    values: NDArray[np.float64]
    weather: NDArray[np.int64]
    seed_index: NDArray[np.int64]


OF_THE_TURBINES = ("farm.", "wind.neighbours.", "wind.curve_averaging.")  # drawn, they want the farm built anew


def is_of_the_turbines(scenario: Scenario, path: str) -> bool:
    """Return whether the farm of a scenario is built anew where a quantity is drawn."""
    if path == TURBULENCE:  # wants it too, where the power curves are carried to it
        averaged = None if scenario.wind is None else scenario.wind.curve_averaging
        return averaged is not None and averaged.curve_turbulence is not None
    return path.startswith(OF_THE_TURBINES)


@dataclass(frozen=True)
class Plan:
    """The cases of an ensemble.

    `scenarios`: the one, or those of a sweep, described by `labels` (key to value as written); all share `ensemble`
    and the draws, which are of the quantities of `assumptions`. Case k is member k // points of scenario k % points;
    member 0 is the scenario as it stands.
    """

    scenarios: tuple[Scenario, ...]
    labels: tuple[Mapping[str, Any], ...]
    ensemble: Ensemble
    assumptions: tuple[Assumption, ...]
    members: int
    design: Design | None = None

    def __post_init__(self) -> None:
        if self.ensemble.flow is not None and all(each.farm is None for each in self.scenarios):
            raise ConfigurationError(
                "ensemble.flow: nothing would use it, as there is no `farm` to simulate the flow of; leave it out."
            )
        drawn = list(dict.fromkeys(path for point in range(self.points) for path in self.drawn_of_the_turbines(point)))
        if self.ensemble.flow == "table" and drawn:
            raise ConfigurationError(
                f"ensemble.flow: a table is that of one farm, and {', '.join(drawn)} is drawn, so that each member has "
                "its own; state `flow: exact`, or hold it by `ensemble.hold`."
            )

    @cached_property
    def _paths(self) -> tuple[frozenset[str], ...]:
        """The quantities of every scenario."""
        return tuple(frozenset(path for path, _ in quantities(scenario)) for scenario in self.scenarios)

    def has(self, point: int, path: str) -> bool:
        """Return whether a scenario has a quantity; what it has not is not drawn for it."""
        return path in self._paths[point]

    def drawn_of_the_turbines(self, point: int) -> list[str]:
        """Return the quantities drawn for a scenario that want its farm built anew."""
        return [
            each.path
            for each in self.assumptions
            if is_of_the_turbines(self.scenarios[point], each.path) and self.has(point, each.path)
        ]

    @property
    def points(self) -> int:
        """How many scenarios."""
        return len(self.scenarios)

    @property
    def cases(self) -> int:
        """How many runs of the chain, member 0 of each scenario among them."""
        return (self.members + 1) * self.points

    def case(self, number: int) -> Case:
        """Return what case `number` runs."""
        member, point = divmod(number, self.points)
        if self.design is None or member == 0:
            return Case(point, member, member, member)
        row = member - 1
        return Case(point, member, int(self.design.weather[row]), int(self.design.seed_index[row]))

    def draws(self) -> SobolDraws | LatinDraws | TableDraws:
        """Return the draws of the members."""
        assumptions = list(self.assumptions)
        if self.design is not None:
            return TableDraws(assumptions, self.design.values)
        if self.ensemble.sampling == "sobol":
            return SobolDraws(assumptions, self.ensemble.seed)
        return LatinDraws(assumptions, self.members, self.ensemble.seed)

    def reads_table(self, point: int) -> bool:
        """Return whether the flow of the members of a scenario is read from a table of its farm."""
        farm = self.scenarios[point].farm
        if farm is None or self.drawn_of_the_turbines(point):
            return False
        if self.ensemble.flow is not None:
            return self.ensemble.flow == "table"
        groups = farm.standing.values()
        return sum(len(group.x) for group in groups) >= TABLE_FROM


def plan_members(
    scenario: Scenario,
    *,
    members: int | None = None,
    sweep: Sequence[tuple[Mapping[str, Any], Scenario]] = (),
) -> Plan:
    """Return the plan of an ensemble of random members.

    Parameters
    ----------
    scenario : Scenario
        With its section `ensemble`, or without: then the defaults hold.
    members : int, optional
        How many in addition to member 0; None: as the section says. A sweep may have none.
    sweep : sequence of pairs
        Keys with their values as written, and the scenario with them; without, the scenario alone.

    Raises
    ------
    ConfigurationError
        When a pattern of `vary` or `hold` matches nothing.
    """
    ensemble = scenario.ensemble or Ensemble()
    count = ensemble.members if members is None else members
    count = whole_number(count, "members", 0 if sweep else 1, MOST_MEMBERS)
    swept = {key for label, _ in sweep for key in label}
    varied = [
        each
        for each in varied_quantities(scenario, ensemble.vary, ensemble.hold)
        if not any(each.path == key or each.path.startswith(f"{key}.") for key in swept)
    ]
    labels, scenarios = zip(*sweep, strict=True) if sweep else (({},), (scenario,))
    bare = tuple(each.model_copy(update={"ensemble": None}) for each in scenarios)
    return Plan(bare, tuple(labels), ensemble, tuple(varied), count)
