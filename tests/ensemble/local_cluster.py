"""A Dask cluster on this machine, of real processes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


class Cluster:
    """A scheduler and workers of this machine, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self.start("scheduler", "--port", "0", "--dashboard-address", ":0", "--host", "127.0.0.1",
                                    "--scheduler-file", str(file))  # fmt: skip
        end = time.monotonic() + 60.0
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end
            time.sleep(0.05)
        self.address = json.loads(file.read_text())["address"]

    def start(self, what: str, *options: str, path: str = "") -> "subprocess.Popen[bytes]":
        places = [path, *(each for each in sys.path if each)] if path else [each for each in sys.path if each]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *options],
            env=environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, path: str = "") -> "subprocess.Popen[bytes]":
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", path=path)

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
