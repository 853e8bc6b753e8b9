"""Feed broken files to every weather reader: mutated samples and noise; a reader may refuse, and do nothing else.

    PYTHONPATH=.:kernels python tools/fuzz_weather.py [--seconds 60] [--formats knmi,era5] [--seed 0] [-o FOLDER]

Each format runs in a process of its own with 3 GB of address space beyond what the libraries take, and ten seconds for
each input of up to 1 MB. Whatever is neither a record nor a refusal (exit code 3) is a finding: its input is kept.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.weather.formats import samples
from testsite_sim.errors import TestsiteError
from testsite_sim.weather.control import control_record
from testsite_sim.weather.formats import FORMATS, ImportOptions, import_record

MOST = 1_000_000
TOKENS = (
    b"\0", b"\n", b"\r\n", b",", b";", b"\t", b'"', b"nan", b"inf", b"-1e308", b"9" * 400, b"1e999", b"\xff\xfe",
    b"\xc3\x28", b"2024-02-30", b"0001-01-01T00:00:00", b"9999-12-31T23:59:59Z", b"24", b"(CEST)", b"{}", b"[" * 2000,
    b"null", b"../../etc", b"<script>", b",,,,,,,,", b"STN,YYYYMMDD,HH", b"datetime",
)  # fmt: skip
MAPPING = """
time: {column: stamp, zone: UTC, marks: end}
columns:
  - {column: v, quantity: wind_speed, units: knot, height: 100 m}
"""


def seeds(form: str, folder: Path) -> list[tuple[str, bytes]]:
    """Return small good files of a format: name and content."""
    folder.mkdir(parents=True, exist_ok=True)
    table = "stamp,v\n" + "".join(f"{stamp.isoformat()},{k}\n" for k, stamp in enumerate(samples.HOURS))
    (folder / "mine.csv").write_text(table)
    (folder / "answer.json").write_text(
        '{"Values":[{"ID":"WHIWVC","Values":[{"Timestamp":"2024-01-01T00:00:00+00:00","Value":9}]}]}'
    )
    (folder / "elia.json").write_text('{"results":[{"datetime":"2024-01-01T00:00:00+00:00","imbalanceprice":9}]}')
    made = {
        "era5": [samples.era5(folder / "era5.nc", points=1)],
        "newa": [samples.newa(folder / "newa.nc")],
        "knmi": [samples.knmi(folder / "knmi.txt")],
        "meetnet-vlaamse-banken": [
            samples.meetnet_csv(folder / "whi.csv"), samples.meetnet_text(folder / "WHIWVC.txt", 9.0),
            folder / "answer.json",
        ],
        "elia": [samples.elia_csv(folder / "elia.csv"), folder / "elia.json"],
        "entsoe": [samples.entsoe(folder / "a.csv", True), samples.entsoe(folder / "b.csv", False)],
        "mapped": [folder / "mine.csv"],
    }  # fmt: skip
    return [(path.name, path.read_bytes()) for path in made[form]]


def mutated(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return the content with a few changes, of at most 1 MB."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 2, 8, 64, 1024))
        kind = chance.randrange(8)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = chance.choice(TOKENS)
        elif kind == 3:
            data[at:at] = data[at : at + length] * chance.choice((1, 3, 50))
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            data[at : at + length] = chance.randbytes(min(length, 64))
        elif kind == 6:
            start = chance.randrange(len(other) + 1)
            data[at : at + length] = other[start : start + length]
        else:
            data[at : at + 8] = chance.choice((b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7))
        if len(data) > MOST:
            del data[MOST:]
    return bytes(data)


def work(form: str, seconds: float, seed: int, folder: Path) -> None:
    """Fuzz one format in this process; print executions, records, refusals, slowest, peak memory."""
    warnings.simplefilter("ignore")
    chance = random.Random(seed)
    good = seeds(form, folder / "seeds")
    (folder / "mapping.yaml").write_text(MAPPING)
    options = ImportOptions(mapping=folder / "mapping.yaml")
    inputs = folder / "input"
    inputs.mkdir(exist_ok=True)
    for name, content in good:
        (inputs / name).write_bytes(content)
        import_record(inputs / name, form, options)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 3 * 1024**3, resource.RLIM_INFINITY))
    count = records = findings = 0
    slowest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        name, content = chance.choice(good)
        broken = mutated(content, chance.choice(good)[1], chance)
        if count % 1000 == 999:
            broken = chance.randbytes(chance.choice((0, 1, 100, MOST)))
        (inputs / name).write_bytes(broken)
        began = time.monotonic()
        signal.alarm(10)
        try:
            control_record(import_record(inputs / name, form, options))
            records += 1
        except TestsiteError:
            pass
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            findings += 1
            shutil.copy(inputs / name, folder / f"finding-{form}-{findings}-{name}")
            print(f"{form}: {type(error).__name__}: {str(error)[:200]!r}", flush=True)
            if findings >= 20:
                break
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.monotonic() - began)
        count += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {form} | {count:,} | {records:,} | {count - records - findings:,} | {findings} | {slowest:.2f} s "
        f"| {peak:.0f} MB |",
        flush=True,
    )


def main() -> None:
    """Fuzz each format in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each format")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, default=None)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.output or Path(tempfile.mkdtemp(prefix="fuzz-weather-"))
    forms = arguments.formats.split(",")
    if arguments.here:
        signal.signal(signal.SIGALRM, _late)
        work(forms[0], arguments.seconds, arguments.seed, folder)
        return
    print(
        "| format | executions | records | refused | findings | slowest | peak memory |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    for form in forms:
        place = folder / form
        place.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, __file__, "--here", "--formats", form, "--seconds", str(arguments.seconds),
            "--seed", str(arguments.seed), "-o", str(place),
        ]  # fmt: skip
        code = subprocess.run(command, env=os.environ, check=False).returncode
        if code != 0:
            print(f"{form}: the process ended with {code}; its last input is in {place / 'input'}", flush=True)


def _late(number: int, frame: object) -> None:
    """Turn the alarm into an error."""
    raise TimeoutError("ten seconds are over")


if __name__ == "__main__":
    main()
