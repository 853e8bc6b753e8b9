"""What was changed on the page, as overrides of the scenario: those that the command line takes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.overrides import Override, read_overrides
from testsite_sim.configuration.quantities import Quantity, number_and_unit, parse_quantity
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.explore.controls import ROTATION, SPACING, STACKS

LAYOUT = {SPACING: "100 %", ROTATION: "0 degree"}  # the layout as it stands
SET = "--set "  # before a change, in what messages call it


@dataclass(frozen=True)
class Changes:
    """The texts of what differs from the scenario, by dotted key; an empty text leaves the key out.

    Attributes
    ----------
    choices
        Of whole parts: a farm, a market, a machine, a strategy, a model.
    amounts
        Of what is inside them, and of all else.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """All of them, the choices first."""
        return {**self.choices, **self.amounts}

    @property
    def layout(self) -> dict[str, str]:
        """How the layout is changed."""
        return {path: text for path, text in self.amounts.items() if path in LAYOUT}

    def chosen(self, path: str, name: str, standing: str = "") -> "Changes":
        """Return the changes with another part; what was changed inside the old one is forgotten.

        `standing` is the part of the scenario.
        """
        others = {key: text for key, text in self.choices.items() if key != path}
        inside = (f"{path}.", *(LAYOUT if path == "farm" else ()))
        amounts = {key: text for key, text in self.amounts.items() if not key.startswith(inside)}
        return Changes(others if name == standing else {**others, path: name}, amounts)

    def amended(self, path: str, text: str, standing: str | None) -> "Changes":
        """Return the changes with another amount; `standing` is that of the scenario, None where it has none."""
        amounts = {key: value for key, value in self.amounts.items() if key != path}
        is_of_another = any(path.startswith(f"{key}.") for key in self.choices)
        is_back = text.strip() == standing and not is_of_another
        return Changes(self.choices, amounts if is_back else {**amounts, path: text.strip()})


def changed_case(base: ScenarioCase, changes: Changes) -> ScenarioCase:
    """Return a scenario with what was changed on the page.

    Raises
    ------
    ConfigurationError
        The same sentences that the command line has for `--set`.
    """
    stated = [change for path, text in changes.texts.items() for change in _stated(path, text)]
    case = base.changed(stated) if stated else base
    derived = [*_capacities(case.scenario, changes), *_layout(case.scenario, changes)]
    return case.changed(derived) if derived else case


def on_the_command_line(case: ScenarioCase) -> list[str]:
    """Return what follows `--set` on a command line that makes the same scenario, a change of the layout apart."""
    return [
        change.origin.removeprefix(SET) for change in read_overrides(case.overrides) if change.origin.startswith(SET)
    ]


def _stated(path: str, text: str) -> list[Override]:
    """Return the override of one change, empty text leaving the key out; that of a layout or of stacks comes later."""
    if path in LAYOUT or path.endswith(STACKS):
        return []
    return read_overrides([f"{path}={text or 'null'}"])


def _capacities(scenario: Scenario, changes: Changes) -> list[Override]:
    """Return the overrides of numbers of stacks, each with the capacity that they make."""
    found: list[Override] = []
    for path, text in changes.amounts.items():
        if not path.endswith(STACKS):
            continue
        found += read_overrides([f"{path}={text or 'null'}"])
        above = path.removesuffix(f".{STACKS}")
        stacks = scenario.machines.electrolysers[int(above.rpartition(".")[2])].stacks
        if stacks is not None and text.isdecimal():
            one = stacks.stack_capacity
            number, unit = number_and_unit(one.text if isinstance(one, Quantity) else f"{float(one):.17g} W")
            found += read_overrides([f"{above}.capacity={int(text) * number:.12g} {unit}"])
    return found


def _layout(scenario: Scenario, changes: Changes) -> list[Override]:
    """Return the overrides of a layout that was stretched or turned."""
    if scenario.farm is None or not changes.layout:
        return []
    stated = {**LAYOUT, **changes.layout}
    spacing, rotation = _fraction(stated[SPACING]), _angle(stated[ROTATION])
    return moved_turbines(scenario.farm, spacing, rotation)


def moved_turbines(farm: FarmConfiguration, spacing: float, rotation: float) -> list[Override]:
    """Return the overrides that stretch a farm about its middle and turn it, to a centimetre.

    Parameters
    ----------
    farm : FarmConfiguration
        As it stands.
    spacing : float
        Distances over those of the farm [1].
    rotation : float
        Clockwise [degree].

    Examples
    --------
    >>> from testsite_sim.cases.scenario import load_scenario
    >>> farm = load_scenario("flanders-wind-farm/test-site").farm
    >>> len(moved_turbines(farm, 1.5, 0.0)) == 2 * len(farm.groups)
    True
    """
    east = [x for group in farm.groups.values() for x in group.x]
    north = [y for group in farm.groups.values() for y in group.y]
    middle = sum(east) / len(east), sum(north) / len(north)
    turn = math.radians(rotation)
    cosine, sine = math.cos(turn), math.sin(turn)
    found = []
    for name, group in farm.groups.items():
        places: dict[str, list[float]] = {"x": [], "y": []}
        for x, y in zip(group.x, group.y, strict=True):
            dx, dy = spacing * (x - middle[0]), spacing * (y - middle[1])
            places["x"].append(round(middle[0] + cosine * dx + sine * dy, 2))
            places["y"].append(round(middle[1] - sine * dx + cosine * dy, 2))
        found += [Override(("farm", "groups", name, axis), values, "layout") for axis, values in places.items()]
    return found


def _fraction(text: str) -> float:
    """Return the distances over those of the farm."""
    try:
        number, unit = number_and_unit(text)
    except ValueError:
        number, unit = math.nan, "?"
    value = number / 100.0 if unit == "%" else number
    if unit not in ("", "%") or not 0.2 <= value <= 10.0:
        raise ConfigurationError(f"{SPACING}: found {text!r}; expected a share from 20 % to 1000 %, for example 120 %.")
    return value


def _angle(text: str) -> float:
    """Return the turn of the layout [degree]."""
    try:
        value = parse_quantity(text, "degree")
    except ValueError as error:
        raise ConfigurationError(f"{ROTATION}: {error}; expected an angle, for example `15 degree`.") from None
    if not -360.0 <= value <= 360.0:
        raise ConfigurationError(f"{ROTATION}: found {text!r}; expected -360 degree to 360 degree.")
    return value
