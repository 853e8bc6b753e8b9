"""Measure what an ensemble costs on a cluster, and where it would saturate: time of a member, bytes, tasks a second.

    PYTHONPATH=.:kernels python -m tools.measure_cluster [SCENARIO …] [--members 100]
    PYTHONPATH=.:kernels python -m tools.measure_cluster --light 50,100,200,400 [--each 25]

A scheduler and workers of this machine, each a process; bytes are those of what is pickled. The scheduler, the client
and the store are loaded alone by tasks that return members without computing them. The last table follows from the
others: a million members with tasks of half a second.

`--light` has that number of workers, whose tasks only wait half a second and return the most members that a task may
have, `--each` of them in a process: how many of them one scheduler, one client and one store keep at work.
"""

import argparse
import pickle
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.ensemble.local_cluster import Cluster
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.ensemble.chunks import CHUNK_SECONDS, LARGEST_CHUNK, Chunks
from testsite_sim.ensemble.cluster import OnCluster, connected
from testsite_sim.ensemble.cluster_worker import Answer
from testsite_sim.ensemble.database import DATABASE
from testsite_sim.ensemble.execution import fill
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.ensemble.store import Finished, Store

MILLION = 1_000_000
NOTHING = 50_000  # members that cost nothing
ROUNDS = 20  # tasks that a light worker does
START_SECONDS = 600.0  # that light workers may take to be there
LIGHT = """
import asyncio, sys
from distributed import Worker

async def main():
    options = dict(nthreads=1, host="127.0.0.1", dashboard=False, memory_limit=0)
    workers = await asyncio.gather(*(Worker(sys.argv[1], **options) for _ in range(int(sys.argv[2]))))
    await asyncio.gather(*(each.finished() for each in workers))

asyncio.run(main())
"""
MANY = 96  # tasks in flight a thread, as if there were that many more workers


class LargestChunks(Chunks):
    """Chunks of the most members from the first on."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers)
        self._seconds = CHUNK_SECONDS / LARGEST_CHUNK


def empty_part(key: str, expected: dict[str, str], numbers: list[int], outputs: tuple[str, ...]) -> Answer:
    """Return members of zeros, as if they had taken as long as a task should."""
    values = np.zeros(len(outputs))
    return Answer("", {}, CHUNK_SECONDS / LARGEST_CHUNK * len(numbers), [Finished(k, values, {}) for k in numbers])


def waiting_part(key: str, expected: dict[str, str], numbers: list[int], outputs: tuple[str, ...]) -> Answer:
    """Return members of zeros once the time of a task is over, without computing."""
    time.sleep(CHUNK_SECONDS)
    return empty_part(key, expected, numbers, outputs)


def filled(folder: Path, cases: int, outputs: tuple[str, ...], run: Any) -> tuple[float, int]:
    """Fill a store; return how long it took [s] and what it takes on disk [byte]."""
    began = time.perf_counter()
    with Store(folder, cases) as store:
        store.clear()
        store.begin({"identity": {}, "outputs": [{"name": name} for name in outputs], "series": {}})
        fill(store, run, 0, cases, lambda more: None)
        took = time.perf_counter() - began
    return took, (folder / DATABASE).stat().st_size


def measure(name: str, settings: Sequence[str], members: int, base: Path) -> dict[str, float]:
    """Measure a scenario on one worker and on two."""
    plan = plan_members(load_scenario(name, list(settings)), members=members)
    runner = MemberRunner(plan)
    summary, _ = runner.summary(1)
    outputs = tuple(summary)
    content = len(pickle.dumps((plan, runner.records)))
    answer = Answer("tcp://127.0.0.1:40000", {}, 1.0, [runner.run(k, outputs) for k in range(1, 5)])
    found = {
        "bytes to a worker": content,
        "bytes back a member": len(pickle.dumps(answer)) / 4,
        "figures": len(outputs),
    }
    cluster = Cluster(base)
    try:
        for workers in (1, 2):
            cluster.worker()
            with connected(cluster.address, print) as client:
                client.wait_for_workers(workers)
                with OnCluster(client, plan, runner.records) as there:
                    filled(base / f"warm-{workers}", 4 * workers + 4, outputs, there.run(outputs))
                    took, disk = filled(base / f"run-{workers}", members, outputs, there.run(outputs))
                    found[f"members/s with {workers}"] = members / took
                    if workers == 2:
                        with (
                            patch("testsite_sim.ensemble.cluster_worker.work", empty_part),
                            patch("testsite_sim.ensemble.cluster.TASKS_A_THREAD", MANY),
                        ):
                            took, disk = filled(base / "many", NOTHING, outputs, there.run(outputs))
                            found["members/s at most"], found["bytes on disk a member"] = NOTHING / took, disk / NOTHING
                            with patch("testsite_sim.ensemble.chunks.LARGEST_CHUNK", 1):
                                took, _ = filled(base / "single", NOTHING // 10, outputs, there.run(outputs))
                                found["tasks/s at most"] = NOTHING / 10 / took
    finally:
        cluster.end()
    return found


def measure_light(name: str, settings: Sequence[str], counts: Sequence[int], each: int, base: Path) -> None:
    """Print how many tasks a second light workers finish, by their number, and how many of them that keeps at work."""
    plan = plan_members(load_scenario(name, list(settings)), members=1)
    runner = MemberRunner(plan)
    outputs = tuple(runner.summary(1)[0])
    cluster, started = Cluster(base), 0
    print("| workers | tasks | lasted [s] | tasks/s | at work | members/s |\n|---|---|---|---|---|---|", flush=True)
    try:
        with (
            connected(cluster.address, lambda line: None) as client,
            patch("testsite_sim.ensemble.cluster_worker.work", waiting_part),
            patch("testsite_sim.ensemble.cluster.Chunks", LargestChunks),
        ):
            for count in sorted(counts):
                while started < count:
                    more = min(each, count - started)
                    cluster.python("-c", LIGHT, cluster.address, str(more))
                    started += more
                client.wait_for_workers(count, timeout=START_SECONDS)
                with OnCluster(client, plan, runner.records) as there:
                    filled(base / f"first-{count}", 2 * LARGEST_CHUNK * count, outputs, there.run(outputs))
                    tasks = ROUNDS * count
                    took, _ = filled(base / f"light-{count}", LARGEST_CHUNK * tasks, outputs, there.run(outputs))
                rate = tasks / took
                text = f"{rate:.0f} | {rate * CHUNK_SECONDS / count:.0%} | {rate * LARGEST_CHUNK:,.0f}"
                print(f"| {count} | {tasks} | {took:.1f} | {text} |", flush=True)
    finally:
        cluster.end()


def plan_of(found: dict[str, float]) -> dict[str, str]:
    """Return the plan of a million members."""
    rate = found["members/s with 1"]
    a_task = min(max(1.0, CHUNK_SECONDS * rate), LARGEST_CHUNK)
    most = min(found["members/s at most"] / rate, found["tasks/s at most"] * a_task / rate)
    return {
        "work": f"{MILLION / rate / 3600:.0f} core hours",
        "on 2 cores": f"{MILLION / found['members/s with 2'] / 3600:.0f} h",
        "on 64 workers": f"{MILLION / rate / 64 / 3600:.1f} h",
        "workers at which one scheduler and one writer saturate": f"{most:.0f}",
        "then done in": f"{MILLION / rate / most / 60:.0f} min",
        "sent, to 64 workers": f"{64 * found['bytes to a worker'] / 1e6:.0f} MB",
        "back": f"{MILLION * found['bytes back a member'] / 1e9:.2f} GB",
        "on disk": f"{MILLION * found['bytes on disk a member'] / 1e9:.2f} GB",
    }


def main() -> None:
    """Print what was measured, and the plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", default=["flanders-wind-farm/test-site"])
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--light", help="numbers of light workers, as 50,100,200")
    parser.add_argument("--each", type=int, default=25, help="light workers in a process")
    options = parser.parse_args()
    if options.light:
        counts = [int(each) for each in options.light.split(",")]
        with tempfile.TemporaryDirectory() as base:
            measure_light(options.scenarios[0], options.set, counts, options.each, Path(base))
        return
    for name in options.scenarios:
        with tempfile.TemporaryDirectory() as base:
            found = measure(name, options.set, options.members, Path(base))
        print(name)
        for what, value in {**found, **plan_of(found)}.items():
            print(f"  {what:<56}{value if isinstance(value, str) else f'{value:,.1f}'}")


if __name__ == "__main__":
    main()
