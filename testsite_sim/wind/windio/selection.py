"""Which winds a windIO plant asks to run: `model_outputs_specification`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from testsite_sim.wind.windio.document import Part

OUTPUTS = "a run of testsite-sim writes its own results"


@dataclass(frozen=True)
class Selection:
    """The winds to run: times, wind speeds [m/s], directions [degree]; None: all."""

    part: Part
    times: Sequence[Any] | None
    speeds: NDArray[np.float64] | None
    directions: NDArray[np.float64] | None

    @property
    def is_whole(self) -> bool:
        """Whether all winds are run."""
        return self.times is None and self.speeds is None and self.directions is None

    def chosen_times(self, stamps: Sequence[Any]) -> NDArray[np.int64]:
        """Return the places of the times to run, by number or by stamp.

        Raises
        ------
        Unusable
            When one is not there.
        """
        if self.times is None:
            return np.arange(len(stamps))
        places = {str(stamp).rstrip("Z"): place for place, stamp in enumerate(stamps)}
        found = []
        for each in self.times:
            place = each if isinstance(each, int) else places.get(str(each).rstrip("Z"), -1)
            if isinstance(each, bool) or not 0 <= place < len(stamps):
                self.part.part("times_run").fail("subset", f"there is no time {each!r}; there are {len(stamps)}.")
            found.append(place)
        return np.array(found, np.int64)

    def chosen(self, axis: str, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the places of the wind speeds or directions to run on an axis of the resource.

        Raises
        ------
        Unusable
            When one is not on the axis.
        """
        of_speed = axis == "wind_speed"
        key, expected = ("wind_speeds_run", self.speeds) if of_speed else ("directions_run", self.directions)
        if expected is None:
            return np.arange(values.size)
        near = np.abs(values[None, :] - expected[:, None])
        place = near.argmin(axis=1)
        missing = expected[near[np.arange(expected.size), place] > 1e-6]
        if missing.size:
            self.part.part(key).fail("specific_values", f"{axis} of the resource has no {missing[0]:g}.")
        return np.asarray(place, np.int64)


def read_selection(plant: Part) -> Selection:
    """Return which winds to run; what a plant says of its outputs is listed as without effect.

    Raises
    ------
    Unusable
        When a choice has no values.
    """
    outputs = plant.part("attributes").part("model_outputs_specification")
    plant.part("attributes").ignore("outputs", OUTPUTS)
    outputs.ignore("output_folder", "the folder of the results is that of the command line")
    for key in ("turbine_outputs", "flow_field"):
        outputs.ignore(key, OUTPUTS)
    run = outputs.part("run_configuration")
    times = _chosen(run.part("times_run"), "all_occurences", "subset")
    speeds, directions = (
        _chosen(run.part(key), "all_values", "specific_values") for key in ("wind_speeds_run", "directions_run")
    )
    older = outputs.part("cases_run")  # as the schema had it before 2.0; all of them are all
    if "all_occurences" in older and older.flag("all_occurences", True):
        older.ignore("subset", "all cases are run")
    elif "subset" in older:
        older.refuse(
            "subset", "chooses cases by a number that the schema gives no meaning; expected run_configuration."
        )
    as_numbers = [None if each is None else np.asarray(each, np.float64) for each in (speeds, directions)]
    return Selection(run, times, *as_numbers)


def _chosen(part: Part, everything: str, some: str) -> list[Any] | None:
    """Return the values that are chosen; None: all."""
    if part.flag(everything, some not in part):
        part.ignore(some, f"{everything} is true")
        return None
    values = part.take(some)
    if not isinstance(values, list) or not values:
        part.fail(some, "expected a list of what to run.")
    if some == "specific_values":
        return list(part.numbers(some))
    return values
