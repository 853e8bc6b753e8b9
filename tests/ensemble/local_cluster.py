"""A Dask cluster on this machine, of real processes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


class Cluster:
    """A scheduler and workers of this machine, as processes of their own.

    `tls`: the options by which both show a certificate to each other; without, they speak plain tcp.
    """

    def __init__(self, folder: Path, tls: tuple[str, ...] = ()) -> None:
        self.folder, self.tls = folder, tls
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        protocol = ("--protocol", "tls") if tls else ()
        self.scheduler = self.start(
            *("scheduler", *protocol, "--port", "0", "--dashboard-address", ":0", "--host", "127.0.0.1"),
            *("--scheduler-file", str(file)),
        )
        end = time.monotonic() + 60.0
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address = json.loads(file.read_text())["address"]

    def start(self, what: str, *options: str, path: str = "") -> "subprocess.Popen[bytes]":
        return self.python("-m", f"distributed.cli.dask_{what}", *options, *self.tls, path=path)

    def python(self, *arguments: str, path: str = "") -> "subprocess.Popen[bytes]":
        places = [path, *(each for each in sys.path if each)] if path else [each for each in sys.path if each]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def worker(self, path: str = "") -> "subprocess.Popen[bytes]":
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", path=path)

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
