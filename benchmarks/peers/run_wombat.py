"""Run WOMBAT's own copy of the Dinwoodie base case once; print CPU seconds, peak memory and availability as JSON.

Needs an interpreter with `pip install wombat==0.13.5`; called by `test_wombat.py`, or by hand.
"""

import json
import resource
import tempfile
import time
from pathlib import Path

import wombat
from wombat import Simulation


def main() -> None:
    """Simulate and print."""
    library = Path(wombat.__file__).parents[1] / "library" / "code_comparison" / "dinwoodie"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dinwoodie"
        _copy(library, copy)
        begin = time.process_time()
        simulation = Simulation(copy, "base.yaml", random_seed=2022)
        made = time.process_time()
        simulation.run()
        end = time.process_time()
        available = float(simulation.metrics.time_based_availability("project", "windfarm").iloc[0, 0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"setup": made - begin, "run": end - made, "peak_bytes": peak, "availability": available}))


def _copy(source: Path, target: Path) -> None:
    """Copy a library, so that its logs are written next to it and not into the installation."""
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
