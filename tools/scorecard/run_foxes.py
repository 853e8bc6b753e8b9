"""Run foxes on a case from the standard input; print the power of each turbine by direction [W]. See `peers.py`."""

import json
import sys

import foxes
import foxes.variables as FV
import numpy as np
import pandas as pd


def main() -> None:
    """Read, run, print."""
    case = json.load(sys.stdin)
    directions = case["directions"]
    table = pd.DataFrame(
        {
            "wd": directions,
            "ws": case["wind"],
            "ti": case["turbulence"],
            "rho": case["density"],
            "weight": 1.0 / len(directions),
        }
    )
    states = foxes.input.states.StatesTable(
        table,
        output_vars=[FV.WS, FV.WD, FV.TI, FV.RHO],
        var2col={FV.WS: "ws", FV.WD: "wd", FV.TI: "ti", FV.RHO: "rho", FV.WEIGHT: "weight"},
    )
    curve = pd.DataFrame({"ws": case["speed"], "P": np.array(case["power"]) / 1e3, "ct": case["thrust"]})
    book = foxes.ModelBook()
    book.turbine_types["measured"] = foxes.models.turbine_types.PCtFile(
        curve, D=case["rotor"], H=case["hub"], P_nominal=max(case["power"]) / 1e3
    )
    farm = foxes.WindFarm()
    foxes.input.farm_layout.add_from_arrays(farm, case["x"], case["y"], turbine_models=["measured"], verbosity=0)
    algorithm = foxes.algorithms.Downwind(
        farm, states, rotor_model="centre", wake_models=case["models"], mbook=book, verbosity=0
    )
    with foxes.Engine.new("single", verbosity=0):
        found = algorithm.calc_farm()
    print(json.dumps((found[FV.P].to_numpy() * 1e3).tolist()))


if __name__ == "__main__":
    main()
