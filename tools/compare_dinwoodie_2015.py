"""Run the reference cases of Dinwoodie et al. (2015); write table and sentences of docs/validation/operations.md.

From a checkout: `PYTHONPATH=.:kernels python tools/compare_dinwoodie_2015.py`; with `--sentences` only the sentences,
from the table as it stands.
"""

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.operations.fleets import calm, open_sea, reference_case
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import SeaState, simulate_maintenance
from tools.validation_pages import PAGES, listed, marked, tables, with_marked

TURBINES, MEMBERS = 80, 30
POUND = 1.2  # [EUR] as assumed in the configuration
# lowest and highest time-based availability of the paper's models, as far as its tables and charts could be read
PAPER = {
    "base": "0.808–0.844",
    "more vessels and technicians": "0.855–0.896",
    "fewer vessels": "0.582–0.776",
    "fewer technicians": "0.35–0.79",
    "failure rates x 2": "0.370–0.696",
    "no heavy lift": "0.815–0.886",
    "no weather": "0.951–0.960",
    "only manual-reset": "0.932–0.961",
    "only major-replacement": "0.969–0.987",
}
# the same of the direct cost [million GBP a year]
PAPER_COST = {"base": "14.48–25.17", "no heavy lift": "3.90–5.56"}


def variants(sea: SeaState) -> Iterator[tuple[str, Maintenance, SeaState]]:
    """Yield name, configuration and sea of every variant, then of every switch of our own."""
    changes: dict[str, dict[str, Any]] = {
        "base": {},
        "more vessels and technicians": {"numbers": {"crew-transfer": 5}, "technicians": 30},
        "fewer vessels": {"numbers": {"crew-transfer": 1}},
        "more technicians": {"technicians": 30},
        "fewer technicians": {"technicians": 10},
        "failure rates x 0.5": {"rates": 0.5},
        "failure rates x 2": {"rates": 2.0},
        "no heavy lift": {"drop": ["major-replacement"]},
        "no weather": {},
        **{f"only {task}": {"only": task} for task in reference_case().tasks},
        "switch: a heavy lift may be interrupted": {"tasks": {"major-replacement": {"uninterrupted": False}}},
        "switch: a heavy-lift vessel for every replacement": {"thresholds": {"heavy-lift": 1}},
        "switch: each vessel has its own technicians": {"crews": {"technicians_shared": False}},
        "switch: fewer technicians, each vessel has its own": {
            "crews": {"technicians_shared": False},
            "technicians": 10,
        },
        "switch: vessels sail for any window": {"crews": {"minimum_window": "0 hour"}},
        "switch: vessels sail twice a shift, for any window": {
            "crews": {"minimum_window": "0 hour", "sailings_per_vessel_and_shift": 2}
        },
        "switch: two turbines per vessel and shift": {"crews": {"turbines_per_vessel_and_shift": 2}},
        "switch: crews take further jobs": {"crews": {"further_jobs_in_shift": True}},
        "switch: a stopped turbine does not wear": {"clocks": "operating"},
        "switch: fewer vessels, a stopped turbine does not wear": {
            "clocks": "operating",
            "numbers": {"crew-transfer": 1},
        },
        "switch: failures do not stop the turbine": {
            "tasks": {n: {"stops_turbine": False} for n, task in reference_case().tasks.items() if task.every is None}
        },
        "switch: charters end on the day": {"charters": "fixed"},
    }
    for name, change in changes.items():
        yield name, reference_case(**change), calm(sea) if name == "no weather" else sea


def table() -> list[str]:
    """Return the lines of the table."""
    sea = open_sea()
    speed = sea.wind_speed
    # the shape of a 3 MW turbine's power curve: cubic from 4 to 13 m/s, cut out at 25 m/s
    power = 3e6 * np.clip((speed**3 - 4.0**3) / (13.0**3 - 4.0**3), 0.0, 1.0) * (speed < 25.0)
    lines = [
        "| variant | time-based, mean (5–95 %) | energy-based | paper, time | parts | vessels | direct cost "
        "| paper, cost |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, case, weather in variants(sea):
        found = simulate_maintenance(case, weather, TURBINES, members=MEMBERS, power=power, workers=2)
        time = found["availability_time"].to_numpy()
        low, high = np.quantile(time, [0.05, 0.95])
        parts, vessels, total = (
            float(found[cost].mean("member").sum()) / POUND / 1e6
            for cost in ("cost_parts", "cost_vessel", "cost_total")
        )
        lines.append(
            f"| {name} | {time.mean():.4f} ({low:.3f}–{high:.3f}) | {float(found['availability_energy'].mean()):.4f} "
            f"| {PAPER.get(name, '')} | {parts:.2f} | {vessels:.2f} | {total:.2f} | {PAPER_COST.get(name, '')} |"
        )
    return lines


def sentences(rows: list[list[str]]) -> list[str]:
    """Return what can be said of the table, from its rows."""
    by_name = {row[0]: row for row in rows[1:]}
    lines = []
    for what, column, paper in (("availability", 1, 3), ("direct cost", 6, 7)):
        inside, outside = [], []
        for name, row in by_name.items():
            if row[paper]:
                value = float(row[column].split()[0])
                low, high = (float(part) for part in row[paper].split("–"))
                digits = 3 if column == 1 else 2
                rounded = round(value, digits)
                text = f"{name} ({rounded:.{digits}f}, models {row[paper]})"
                (inside if low <= rounded <= high else outside).append(text)
        known = len(inside) + len(outside)
        lines.append(
            f"- **{what.capitalize()}: {len(inside)} of the {known} variants whose range of the four models could be "
            f"read lie in it**: {listed(inside)}. Outside: {listed(outside)}."
        )

    def availability(name: str) -> str:
        return f"{float(by_name[name][1].split()[0]):.2f}"

    lines += [
        "- Each switch matters: with technicians of its own each vessel keeps the base case "
        f"({availability('switch: each vessel has its own technicians')}) but fewer technicians fall from "
        f"{availability('fewer technicians')} to {availability('switch: fewer technicians, each vessel has its own')}; "
        f"vessels that sail for any window give {availability('switch: vessels sail for any window')}, a second "
        f"sailing {availability('switch: vessels sail twice a shift, for any window')}; a heavy lift that may be "
        f"interrupted {availability('switch: a heavy lift may be interrupted')}.",
        f"- Fewer vessels and doubled rates collapse ({availability('fewer vessels')}, "
        f"{availability('failure rates x 2')}): failures at calendar rates keep arriving at turbines that stand still, "
        "and the queue grows for ten years. With `clocks: operating` fewer vessels give "
        f"{availability('switch: fewer vessels, a stopped turbine does not wear')}.",
        f"- Parts cost {by_name['base'][4]} million a year, {by_name['no weather'][4]} without weather; 4.503 are "
        "expected if every job is done.",
        f"- Failures that do not stop the turbine give {availability('switch: failures do not stop the turbine')}: "
        "this is the convention by which WOMBAT lands at 0.97.",
    ]
    return lines


def main() -> None:
    """Write table and sentences."""
    path = PAGES / "operations.md"
    page = path.read_text(encoding="utf-8")
    if "--sentences" not in sys.argv:
        page = with_marked(page, "table of Dinwoodie", table())
    rows = tables(marked(page, "table of Dinwoodie"))[0]
    path.write_text(with_marked(page, "statements on Dinwoodie", sentences(rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
