"""The campaigns that take hours: every reader is in them, they go on where they were stopped, and CI runs them all."""

import json
import os
import sys
import types
from pathlib import Path

import pytest

from testsite_sim.common import reading_apart
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.weather.formats import FORMATS
from tools import fuzzing, keep_corpus, processes, reading_in_forks, run_campaigns
from tools.fuzzing import Count, Totals
from tools.kills import Kills
from tools.run_campaigns import Result, Step, changed, chosen, failed, fuzzed, killed, steps

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the campaigns want Linux")


def test_every_reader_is_fuzzed() -> None:
    from tools import fuzz_scenarios, fuzz_weather

    assert set(run_campaigns.WEATHER) == {*FORMATS, *fuzz_weather.OTHERS}
    assert set(run_campaigns.SCENARIOS) == set(fuzz_scenarios.TARGETS)


def test_every_case_of_faults_is_tried() -> None:
    from tools import inject_faults

    assert set(run_campaigns.FAULTS) == set(inject_faults.cases(""))


def test_ci_runs_every_step_once() -> None:
    workflow = load_document(ROOT / ".github" / "workflows" / "campaigns.yml").data
    matrix = workflow["jobs"]["campaign"]["strategy"]["matrix"]["step"]
    names = [step.name for only in matrix for step in chosen(steps(1.0), str(only))]
    assert sorted(names) == sorted(step.name for step in steps(1.0))


def test_a_step_that_is_not_there_is_refused() -> None:
    with pytest.raises(SystemExit, match="fuzz-grub"):
        chosen(steps(1.0), "kills,fuzz-grub")


def test_campaigns_go_on_with_the_steps_that_have_not_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Aims at a step that another ends by a signal between one that ended and one that is still to come."""
    text = "| a file | 9 | changed | 1,200 | 1,200 refused |\\n| a file | 9 | cut | 34 | 34 refused |"
    done = f"import pathlib; pathlib.Path(r'{tmp_path}/count').open('a').write('1'); print('{text}')"
    stop = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    programs = {"first": done, "second": stop, "third": "raise SystemExit(1)"}
    every = [Step(name, 1.0, (f"program_{name}",), changed) for name in programs]
    for name, program in programs.items():
        (tmp_path / f"program_{name}.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(run_campaigns, "steps", lambda share: every)
    monkeypatch.setattr(run_campaigns, "lowest_priority", lambda: None)
    monkeypatch.setattr(sys, "argv", ["run_campaigns", "-o", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="second was stopped"):
        run_campaigns.main()
    (tmp_path / "program_second.py").write_text("print('fine')")
    with pytest.raises(SystemExit) as ended:
        run_campaigns.main()
    assert ended.value.code == 1  # the third has found something
    assert (tmp_path / "count").read_text() == "1"
    rows = (tmp_path / "out" / "campaigns.md").read_text().splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| first", "| second", "| third"]
    assert [row.split(" | ")[-2:] for row in rows] == [["1,234", "0 |"], ["0", "0 |"], ["0", "1 |"]]


def test_what_a_step_leaves_is_counted(tmp_path: Path) -> None:
    (tmp_path / "knmi").mkdir()
    Totals(executions=7, taken=2, findings=1).write(tmp_path / "knmi")
    assert fuzzed(tmp_path, "", 0) == (7, 1)
    Totals(executions=7, taken=2).write(tmp_path / "knmi")
    assert fuzzed(tmp_path, "knmi: the process ended with -11; see there", 0) == (7, 1)
    lines = [{"result": each} for each in ("same results", "one sentence", "hangs")]
    (tmp_path / "run.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    assert failed(tmp_path, "", 0) == (3, 1)
    kills = Kills(tmp_path)
    kills.add("worker")
    kills.add("worker")
    kills.add_whole()
    assert killed(tmp_path, "", 1) == (2, 1)
    assert (str(Kills(tmp_path)), Kills(tmp_path).whole) == ("2 worker", 1)
    assert Result(**vars(Result(0, 1.0, 1.0, 2, 1))) == Result(0, 1.0, 1.0, 2, 1)


def test_a_fuzzer_goes_on_with_other_inputs(tmp_path: Path) -> None:
    """Aims at a generator that begins at the same input after each start."""
    fed: list[bytes] = []

    def feed(name: str, content: bytes) -> None:
        fed.append(content)
        if len(content) % 2:
            raise DataError("odd")

    good = [("a", b"0123456789")]
    for seconds in (0.02, 0.04):
        before = len(fed)
        count = Count("target", feed, tmp_path)
        fuzzing.mutate_for(count, good, seconds, 0, [b"token"])
        assert len(fed) > before
    totals = Totals.read(tmp_path)
    assert totals.executions == len(fed)
    assert totals.taken == sum(len(each) % 2 == 0 for each in fed)
    assert totals.findings == 0
    assert totals.seconds >= 0.04
    assert fed[1:before] != fed[before + 1 :][: before - 1]


def test_what_a_copy_reaches_is_reported_also_of_one_that_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reached: list[int] = []
    monkeypatch.setitem(sys.modules, "atheris", types.SimpleNamespace(_trace_branch=reached.append))
    monkeypatch.setattr(reading_apart, "subprocess", reading_apart.subprocess)
    monkeypatch.setattr(reading_in_forks, "READERS", ())
    reading_in_forks.read_apart_in_forks()
    trace = "import sys, os\nfor place in (5, 5, 70_000): sys.modules['atheris']._trace_branch(place)\n"
    said = {"name": "a file", "kind": "text", "library": "Python", "seconds": 5.0}
    (tmp_path / "file").touch()
    for end in ("", "os.kill(os.getpid(), 9)"):
        reached.clear()
        if end:
            with pytest.raises(DataError, match="by signal 9"):
                reading_apart.read_apart(trace + end, tmp_path / "file", **said)
        else:
            assert reading_apart.read_apart(trace, tmp_path / "file", **said).returncode == 0
        assert sorted(reached) == [5, 5, 70_000]
    reading_in_forks.end_copy()


@pytest.mark.slow
def test_a_copy_reads_file_after_file_each_with_bounds_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Aims at what a file leaves for the next one: bounds, words, CPU time that is counted twice, files held open."""
    import resource

    monkeypatch.setattr(reading_apart, "subprocess", reading_apart.subprocess)
    monkeypatch.setattr(reading_in_forks, "READERS", ())
    reading_in_forks.read_apart_in_forks()
    said = {"name": "a file", "kind": "text", "library": "Python"}
    (tmp_path / "file").touch()

    def read(code: str, seconds: float = 5.0) -> str:
        return reading_apart.read_apart(code, tmp_path / "file", seconds=seconds, **said).stdout.decode()

    number = "import os; print(os.getpid())"
    first = read(number)
    assert read(number, seconds=0.0) == first != f"{os.getpid()}\n"
    read("import time\nwhile time.process_time() < 1.1: pass")  # more than the file before it could have taken
    assert read(number) == first
    with pytest.raises(DataError, match=r"^refused$"):
        read("print('refused', end=''); sys.exit(3)")
    with pytest.raises(DataError, match="makes Python hang"):
        read("while True: pass", seconds=0.0)

    def counted_by_the_system() -> float:
        each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(times.ru_utime + times.ru_stime for times in each)

    assert processes.used() == pytest.approx(counted_by_the_system(), abs=0.3)  # not twice the second above
    second = read(number)
    assert second != first
    read(f"import h5py; sys.kept = h5py.File({str(tmp_path / 'kept.h5')!r}, 'w')")
    assert read(number) not in (first, second)
    reading_in_forks.end_copy()


def test_inputs_and_counts_of_a_campaign_are_kept_once(tmp_path: Path) -> None:
    """Aims at counts that are added twice, and at inputs that grow without a bound."""
    kept, place = tmp_path / "kept", tmp_path / "knmi"
    (place / "corpus").mkdir(parents=True)
    for number, content in enumerate((b"", b"\0" * 300, b"small", os.urandom(10_000))):
        (place / "corpus" / f"{number}").write_bytes(content)
    (place / "corpus" / "seed-0").write_bytes(b"a seed")
    assert keep_corpus.keep_inputs("knmi", place / "corpus", kept) == 3
    assert fuzzing.kept_inputs("knmi", kept) == [b"", b"small", b"\0" * 300]
    first = (kept / "knmi.zip").read_bytes()
    assert keep_corpus.keep_inputs("knmi", place / "corpus", kept) == 3
    assert (kept / "knmi.zip").read_bytes() == first
    for executions in (7, 7, 9):
        Totals(executions=executions, taken=2, seconds=60.0 * executions, slowest=0.5).write(place)
        keep_corpus.add_counts("knmi", place, kept)
    other = tmp_path / "other" / "knmi"
    other.mkdir(parents=True)
    Totals(executions=1, seconds=60.0, slowest=0.1).write(other)
    keep_corpus.add_counts("knmi", other, kept)
    assert keep_corpus.table(kept).splitlines()[2] == "| knmi | 10.0 min | 10 | 2 | 8 | 0 | 0.50 s | 0 MB |"


def test_what_is_kept_of_the_fuzz_is_small() -> None:
    assert sum(path.stat().st_size for path in fuzzing.CORPUS.iterdir()) < 200_000
