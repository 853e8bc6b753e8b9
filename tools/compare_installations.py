"""Simulate the anchors of installation campaigns and the gain of the single lift; write docs/validation/operations.md.

From a checkout: `PYTHONPATH=.:kernels python tools/compare_installations.py`; with `--sentences` only the sentences,
from the tables as they stand.
"""

import itertools
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from testsite_sim.common.units import DAY
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.operations import SeaState, sea_state, simulate_installation, sweep_limits
from testsite_sim.weather.generator import generate_weather
from tools.validation_pages import PAGES, listed, marked, tables, with_marked

YEARS, TURBINES = 30, 80
# farm, turbines, day and month of the first trip, days in the field, what is changed
ANCHORS: tuple[tuple[str, int, tuple[int, int], int, dict[str, Any]], ...] = (
    ("Norther", 44, (1, 2), 84, {}),
    ("Northwester 2", 23, (14, 12), 123, {"number": 2, "further_delay": "91 day"}),
)
WIND, WAVES = (8.0, 10.0, 12.0, 15.0), (1.0, 1.5, 2.0)


def turbine_phase(name: str, **changes: Any) -> Installation:
    """Return a campaign of the turbine phase alone; its vessels are there from the start."""
    written = load_component("installation", name, Installation).model_dump(mode="json")
    start = {key: changes.pop(key) for key in ("start_day", "start_month") if key in changes}
    alone = written["phases"]["turbines"] | {"after": [], "delay": "0 day"} | changes
    alone["vessel"]["mobilisation_duration"] = "0 day"
    return Installation.model_validate(written | {"phases": {"turbines": alone}} | start)


def anchor_table(sea: SeaState) -> list[str]:
    """Return the lines of the table of anchors; `years` are those whose campaign the weather's end leaves whole."""
    lines = [
        "| farm | turbines | vessels | in the field [day] | years | fastest year | P10 | P50 | P90 | slowest year |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for farm, turbines, (day, month), field, changes in ANCHORS:
        case = turbine_phase("conventional", start_day=day, start_month=month, **changes)
        days = simulate_installation(case, sea, turbines)["campaign_duration"].to_numpy() / DAY
        low, p10, p50, p90, high = np.quantile(days, [0.0, 0.1, 0.5, 0.9, 1.0])
        vessels = "one" if not changes else "one, a second after 91 days"
        spread = " | ".join(f"{each:.0f}" for each in (low, p10, p50, p90, high))
        lines.append(f"| {farm} | {turbines} | {vessels} | {field} | {days.size} | {spread} |")
    return lines


def lift_table(sea: SeaState) -> list[str]:
    """Return the lines of the table of five lifts against one."""
    five = simulate_installation(turbine_phase("conventional"), sea, TURBINES)
    one = turbine_phase("single-lift")
    found = sweep_limits(one, sea, TURBINES, "turbines", "lift", list(WIND), list(WAVES))

    def cell(days: float, cost: float) -> str:
        return f"{days / DAY:.0f}, {cost / 1e6:.0f}"

    def line(name: str, values: NDArray[np.object_]) -> str:
        return f"| {name} | " + " | ".join(values) + " |"

    whole = cell(float(five["campaign_duration_p50"]), float(five["campaign_cost_p50"]))
    lines = [
        "| strategy | " + " | ".join(f"Hs ≤ {each:g} m" for each in WAVES) + " |",
        "|---|" + "---|" * len(WAVES),
        line("five lifts", np.array([whole] * len(WAVES), object)),
    ]
    for i, wind in enumerate(WIND):
        cells = [cell(float(found["duration_p50"][i, j]), float(found["cost_p50"][i, j])) for j in range(len(WAVES))]
        lines.append(line(f"one lift up to {wind:g} m/s", np.array(cells, object)))
    return lines


def sentences(anchors: list[list[str]], lifts: list[list[str]]) -> list[str]:
    """Return what can be said of the tables."""
    lines = []
    for farm, _, _, field, years, *spread in anchors[1:]:
        taken, low, p10, p50, p90, high = (float(each) for each in (field, *spread))
        place = (
            "less than in any simulated year"
            if taken < low
            else "among the fastest tenth of the simulated years"
            if taken <= p10
            else "between P10 and P90 of the simulated years"
            if taken <= p90
            else "among the slowest tenth of the simulated years"
            if taken <= high
            else "longer than in any simulated year"
        )
        lines.append(f"- **{farm}** took {taken:.0f} days, {place}, {years} of them, whose median is {p50:.0f}.")
        if farm == "Norther":
            twice = "more than" if 2.0 * taken > high else "not more than"
            lines.append(
                f"- Twice as long, which its owner calls usual, is {twice} the slowest year has: what campaigns "
                "wait for besides weather and technical stops is not simulated."
            )
    five = [float(part) for part in lifts[1][1].split(",")]
    rows = {row[0]: [[float(part) for part in cell.split(",")] for cell in row[1:]] for row in lifts[2:]}
    best = rows[list(rows)[-1]][-1]
    lines.append(
        f"- **The single lift**, {TURBINES} turbines, one vessel: {best[0]:.0f} days against {five[0]:.0f} of five "
        f"lifts, {100.0 * (1.0 - best[0] / five[0]):.0f} % less, and {best[1]:.0f} against {five[1]:.0f} million EUR, "
        "where it bears 15 m/s and 2.0 m."
    )
    heads = lifts[0][1:]
    for index, what in enumerate(("slower", "dearer")):
        worse = [
            f"{name.removeprefix('one lift ')} and {head.removeprefix('Hs ≤ ')}"
            for name, cells in rows.items()
            for head, cell in zip(heads, cells, strict=True)
            if cell[index] > five[index]
        ]
        lines.append(f"- One lift is {what} than five where it bears: {listed(worse)}.")
    return lines


def main() -> None:
    """Write tables and sentences."""
    path = PAGES / "operations.md"
    page = path.read_text(encoding="utf-8")
    if "--sentences" in sys.argv:
        groups = itertools.groupby(marked(page, "installation").splitlines(), lambda line: line.startswith("|"))
        anchors, lifts = (list(lines) for is_table, lines in groups if is_table)
    else:
        climate = load_component("climate", "flemish-site", WeatherClimate)
        sea = sea_state(generate_weather(climate, start="2001-01-01", years=YEARS, seed=1))
        anchors, lifts = anchor_table(sea), lift_table(sea)
    read = tables("\n".join([*anchors, "", *lifts]))
    about = (
        f"{TURBINES} turbines from 1 March, one vessel; medians over the years [days, million EUR], with the limits of "
        "the lift in wind and waves:"
    )
    lines = [*anchors, "", about, "", *lifts, "", *sentences(read[0], read[1])]
    path.write_text(with_marked(page, "installation", lines), encoding="utf-8")


if __name__ == "__main__":
    main()
