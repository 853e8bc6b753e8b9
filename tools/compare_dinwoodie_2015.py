"""Run the reference cases of Dinwoodie et al. (2015); print the table of docs/validation/operations.md.

From a checkout: `PYTHONPATH=.:kernels python tools/compare_dinwoodie_2015.py`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.operations.fleets import calm, open_sea, reference_case
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import SeaState, simulate_maintenance

TURBINES, MEMBERS = 80, 30
POUND = 1.2  # [EUR] as assumed in the configuration
# lowest and highest time-based availability of the paper's models, as far as its tables and charts could be read
PAPER = {
    "base": "0.808–0.844", "more vessels and technicians": "0.855–0.896", "no heavy lift": "0.815–0.886",
    "no weather": "0.951–0.960", "only manual-reset": "0.932–0.961", "only major-replacement": "0.969–0.987",
    "fewer technicians": "0.35–0.79",
}  # fmt: skip


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
            "crews": {"technicians_shared": False}, "technicians": 10
        },
        "switch: vessels sail for any window": {"crews": {"minimum_window": "0 hour"}},
        "switch: vessels sail twice a shift, for any window": {
            "crews": {"minimum_window": "0 hour", "sailings_per_vessel_and_shift": 2}
        },
        "switch: two turbines per vessel and shift": {"crews": {"turbines_per_vessel_and_shift": 2}},
        "switch: crews take further jobs": {"crews": {"further_jobs_in_shift": True}},
        "switch: a stopped turbine does not wear": {"clocks": "operating"},
        "switch: fewer vessels, a stopped turbine does not wear": {
            "clocks": "operating", "numbers": {"crew-transfer": 1}
        },
        "switch: failures do not stop the turbine": {
            "tasks": {task: {"stops_turbine": False} for task in reference_case().tasks}
        },
        "switch: charters end on the day": {"charters": "fixed"},
    }  # fmt: skip
    for name, change in changes.items():
        yield name, reference_case(**change), calm(sea) if name == "no weather" else sea


def main() -> None:
    """Print the table."""
    sea = open_sea()
    speed = sea.wind_speed
    # the shape of a 3 MW turbine's power curve: cubic from 4 to 13 m/s, cut out at 25 m/s
    power = 3e6 * np.clip((speed**3 - 4.0**3) / (13.0**3 - 4.0**3), 0.0, 1.0) * (speed < 25.0)
    print("| variant | time-based, mean (5–95 %) | energy-based | paper, time | parts | vessels | direct cost |")
    print("|---|---|---|---|---|---|---|")
    for name, case, weather in variants(sea):
        found = simulate_maintenance(case, weather, TURBINES, members=MEMBERS, power=power, workers=2)
        time = found["availability_time"].to_numpy()
        low, high = np.quantile(time, [0.05, 0.95])
        parts, vessels, total = (
            float(found[cost].mean("member").sum()) / POUND / 1e6
            for cost in ("cost_parts", "cost_vessel", "cost_total")
        )
        print(
            f"| {name} | {time.mean():.4f} ({low:.3f}–{high:.3f}) | {float(found['availability_energy'].mean()):.4f} "
            f"| {PAPER.get(name, '')} | {parts:.2f} | {vessels:.2f} | {total:.2f} |"
        )


if __name__ == "__main__":
    main()
