"""Write `docs/performance.md`: what simulations take on this machine, next to the peers in the same process.

    pip install -e '.[peers]'
    python tools/write_performance.py [--turbines 80 400] [--skip-runs]

Kernels and peers are timed by CPU seconds on one thread, the least of several; threads by the least wall seconds, in
turns; whole runs by CPU and wall seconds of their process, the second one of each. The peer's time grows with the
square of the number of turbines: above 80 it is given the first hours of the record alone, and its time scaled, so that
the page takes minutes.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
RUNS = (
    "flanders-wind-farm/test-site",
    "flanders-wind-farm/belgian-zone",
    "waterstof/halle-station",
    "waterstof/balancing-perfect-foresight",
    "flanders-wind-farm/study",
    "waterstof/study",
)
VERSIONED = ("numpy", "numba", "xarray", "matplotlib", "py_wake", "highspy")
HEAD = """# How fast it is

Written by `tools/write_performance.py`, on {machine}, {processors} processors, {system}, Python {python};
{versions}; {date}. {load}
Times of a machine that does other work as well scatter; the least of several CPU times, and ratios within one process,
scatter least.
"""


def machine() -> str:
    """Return the name of the processor."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load() -> str:
    """Return a sentence on how busy the machine is, where the system says."""
    return f"Its load was {os.getloadavg()[0]:.1f} when this was begun." if hasattr(os, "getloadavg") else ""


def whole_runs(names: Sequence[str]) -> str:
    """Return the table of whole processes: the second run of each scenario, kernels compiled."""
    rows = ["| scenario | CPU [s] | wall [s] |\n|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "testsite_sim", "run", "--quiet", "--force", "-o", str(Path(folder, "run"))]
        for name in names:
            subprocess.run([*command, name], check=True)
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([*command, name], check=True)
            wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            rows.append(f"| {name} | {used:.1f} | {wall:.1f} |")
    return "## A whole run\n\nFrom the command to the finished folder, figures and report included.\n\n" + "\n".join(
        rows
    )


def hours_of(count: int, hours: int) -> int:
    """Return how many hours a farm the peer simulates: the more turbines, the fewer."""
    return max(1, min(hours, hours * 80 * 80 * 3 // (count * count)))


def wakes(counts: Sequence[int], hours: int) -> str:
    """Return the table of wake models, next to PyWake on the same farm, curve and hours."""
    import numpy as np
    from py_wake.examples.data.hornsrev1 import V80
    from py_wake.site import UniformSite

    from benchmarks.peers import pywake as peer
    from testsite_sim.wind import Farm, simulate_farm

    machine_of_peer = V80()
    turbine, inflow, speed, direction = peer.case(machine_of_peer, hours)
    rows = [
        "| wake model | turbines | ours [s] | a pair and hour [ns] | PyWake [s] | of its hours | ratio | difference |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for count in counts:
        few = hours_of(count, hours)
        x, y = peer.layout(count)
        farm = Farm(x, y, turbine)
        for name, model in peer.peers(UniformSite([1.0], ti=peer.INTENSITY), machine_of_peer).items():
            ours, result = peer.timed(lambda f=farm, n=name: simulate_farm(f, inflow, n, workers=1), 5)
            theirs, other = peer.timed(
                lambda m=model, at=(x, y), n=few: peer.simulated(m, *at, speed[:n], direction[:n]), 1
            )
            theirs *= hours / few
            difference = np.abs(result["wind_speed_effective"].to_numpy()[:few] / other - 1.0).max()
            pair = 1e9 * ours / (count * (count - 1) / 2 * hours)
            row = (
                name,
                count,
                f"{ours:.4f}",
                f"{pair:.2f}",
                f"{theirs:.2f}",
                f"{few:,}",
                f"{theirs / ours:.0f}",
                f"{difference:.0e}",
            )
            rows.append(f"| {' | '.join(map(str, row))} |")
    title = """## Wakes next to PyWake

CPU seconds of {hours:,} hours on one thread each; PyWake's are scaled from its first hours where it took
fewer. A pair is a turbine upwind of another; the difference is the largest of effective wind speeds, relative.

"""
    return title.format(hours=hours) + "\n".join(rows)


def threads(counts: Sequence[int], hours: int) -> str:
    """Return the table of one thread and of two, of every preset on the first farm and of the first on the others."""
    from py_wake.examples.data.hornsrev1 import V80
    from py_wake.site import UniformSite

    from benchmarks.peers import pywake as peer
    from testsite_sim.wind import Farm, simulate_farm

    machine_of_peer = V80()
    turbine, inflow, _, _ = peer.case(machine_of_peer, hours)
    names = list(peer.peers(UniformSite([1.0], ti=peer.INTENSITY), machine_of_peer))
    rows = ["| wake model | turbines | one thread [s] | two threads [s] | ratio |\n|---|---|---|---|---|"]
    for number, count in enumerate(counts):
        farm = Farm(*peer.layout(count), turbine)
        for name in names if number == 0 else ["bastankhah"]:
            simulate_farm(farm, inflow, name, workers=2)
            one, two = peer.times_of(lambda w, f=farm, n=name: simulate_farm(f, inflow, n, workers=w))
            rows.append(f"| {name} | {count:,} | {one:.3f} | {two:.3f} | {one / two:.2f} |")
    return f"## Threads\n\nWall seconds of {hours:,} hours.\n\n" + "\n".join(rows)


def years() -> str:
    """Return the table of a thousand plant-years, and of the exact optimum of one next to HiGHS."""
    from benchmarks.peers import highs as peer

    many, half = peer.ManyYears(), peer.MEMBERS // 2
    parts = (slice(0, half), slice(half, peer.MEMBERS))
    rows = ["| a thousand different years of a plant | one thread, CPU [s] | two threads, wall [s] |\n|---|---|---|"]
    with peer.ThreadPoolExecutor(2) as pool:
        for name, number in (("rule firm-band", peer.FIRM_BAND), ("rule price-threshold", peer.PRICE_THRESHOLD)):
            many.rule(number, slice(0, 2))
            one = peer.least(lambda n=number: many.rule(n, slice(0, peer.MEMBERS)), 3)
            two = peer.least(lambda n=number: list(pool.map(many.rule, (n, n), parts)), 5, time.perf_counter)
            rows.append(f"| {name} | {one:.2f} | {two:.2f} |")
    return "## Years of a plant\n\n" + "\n".join(rows)


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turbines", type=int, nargs="+", default=[80, 400])
    parser.add_argument("--large", type=int, default=1600, help="turbines of the large farm on one thread and on two")
    parser.add_argument("--hours", type=int, default=8760)
    parser.add_argument("--output", type=Path, default=PAGE)
    parser.add_argument("--skip-runs", action="store_true", help="leave whole runs out")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    head = HEAD.format(
        machine=machine(),
        processors=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        versions=", ".join(f"{name} {metadata.version(name)}" for name in VERSIONED),
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        load=load(),
    )
    of_threads = threads([arguments.turbines[0], arguments.large], arguments.hours)
    parts = [head, wakes(arguments.turbines, arguments.hours), of_threads, years()]
    if not arguments.skip_runs:
        parts.insert(1, whole_runs(RUNS))
    arguments.output.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
