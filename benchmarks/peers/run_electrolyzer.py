"""Run NREL's electrolyzer on a year of hours, ten PEM stacks with its default cell; print what it took as JSON.

Needs an interpreter with `pip install electrolyzer==0.2.1`; called by `test_electrolysis.py` with the file of power.
"""

import json
import resource
import sys
import time

import numpy as np
from electrolyzer.simulation.bert import run_electrolyzer  # type: ignore[import-not-found]

STACKS = 10


def main(path: str) -> None:
    """Simulate and print."""
    power = np.load(path)
    options = {
        "general": {"verbose": False},
        "electrolyzer": {
            "name": "ten stacks",
            "description": "ten stacks",
            "dt": 3600.0,
            "initialize": False,
            "supervisor": {"system_rating_MW": 9.031757, "n_stacks": STACKS},
            "controller": {"control_type": "EvenSplitEagerDeg"},
            "stack": {
                "cell_type": "PEM",
                "max_current": 2000,
                "temperature": 60,
                "n_cells": 200,
                "include_degradation_penalty": True,
                "hydrogen_degradation_penalty": True,
            },
            "degradation": {
                "eol_eff_percent_loss": 10,
                "PEM_params": {
                    "rate_steady": 1.41737929e-10,
                    "rate_fatigue": 3.33330244e-07,
                    "rate_onoff": 1.47821515e-04,
                },
            },
            "cell_params": {
                "cell_type": "PEM",
                "PEM_params": {
                    "cell_area": 1000,
                    "turndown_ratio": 0.1,
                    "max_current_density": 2,
                    "p_anode": 1.01325,
                    "p_cathode": 30,
                    "alpha_a": 2,
                    "alpha_c": 0.5,
                    "i_0_a": 2.0e-7,
                    "i_0_c": 2.0e-3,
                    "e_m": 0.02,
                    "R_ohmic_elec": 0.05,
                    "f_1": 250,
                    "f_2": 0.996,
                },
            },
            "costs": {},
        },
    }
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        plant, table = run_electrolyzer(options, power)
        seconds.append(time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    rise = float(np.mean([stack.V_degradation for stack in plant.stacks]))
    # The table holds the hydrogen of an interval in kg, whatever its name says.
    print(
        json.dumps(
            {"seconds": min(seconds), "peak_bytes": peak, "hydrogen": float(table["kg_rate"].sum()), "rise": rise}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
