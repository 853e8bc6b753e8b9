"""The store loses nothing that it has confirmed, at whatever moment it is killed, and is never half used."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.ensemble import store as store_module
from testsite_sim.ensemble.database import APPLICATION, DATABASE, FORMAT, create, read_members
from testsite_sim.ensemble.store import Finished, Store

OUTPUTS = 5
SERIES = "dispatch/power"
WAL = f"{DATABASE}-wal"
WRITER = """
import sys
from pathlib import Path
from tests.ensemble.test_store import opened, member

store = opened(Path(sys.argv[1]), int(sys.argv[2]), series=True)
missing = [k for k in range(store.cases) if not store.done[k]]
print("opened", *(k for k in range(store.cases) if store.done[k]), flush=True)
for begin in range(0, len(missing), 3):
    store.append([member(k, series=True) for k in missing[begin : begin + 3]])
    print(*missing[begin : begin + 3], flush=True)
"""


def member(number: int, *, series: bool = False) -> Finished:
    return Finished(number, np.arange(OUTPUTS) + 100.0 * number, {SERIES: np.arange(200.0) + number} if series else {})


def header(*, series: bool = False) -> dict[str, object]:
    return {"identity": {}, "outputs": [{}] * OUTPUTS, "series": {SERIES: {}} if series else {}}


def opened(folder: Path, cases: int = 40, *, series: bool = False) -> Store:
    """Return a store that is begun, or gone on with."""
    store = Store(folder, cases).__enter__()
    if store.read_header() is None:
        store.clear()
        store.begin(header(series=series))
    else:
        store.recover()
    return store


def close(store: Store) -> None:
    store.__exit__()


def filled(folder: Path, numbers: range, *, series: bool = False) -> None:
    """Write members in transactions of two, and close."""
    store = opened(folder, series=series)
    for first in numbers[::2]:
        store.append([member(k, series=series) for k in (first, first + 1) if k in numbers])
    close(store)


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of the database and its log, as a kill in this moment would leave them."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def test_the_log_cut_at_any_byte_leaves_whole_transactions(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    for first in (0, 2, 4):
        store.append([member(k) for k in (first, first + 1)])
    left = copied(tmp_path / "a", tmp_path / "left")
    close(store)
    log = (left / WAL).read_bytes()
    found = set()
    for cut in [*range(0, len(log), 97), len(log)]:
        here = copied(left, tmp_path / "b")
        (here / WAL).write_bytes(log[:cut])
        again = opened(here)
        count = int(again.done.sum())
        assert np.flatnonzero(again.done).tolist() == list(range(count))
        for number in range(count):
            np.testing.assert_array_equal(again.values[number], member(number).values)
        found.add(count)
        again.append([member(k) for k in range(6)])
        assert again.done[:6].all()
        close(again)
    assert found == {0, 2, 4, 6}


@pytest.mark.parametrize("name", [DATABASE, WAL])
def test_a_changed_byte_is_refused_or_loses_transactions_but_never_gives_other_figures(
    tmp_path: Path, name: str
) -> None:
    store = opened(tmp_path / "a", series=True)
    for first in range(0, 12, 2):
        store.append([member(k, series=True) for k in (first, first + 1)])
    left = copied(tmp_path / "a", tmp_path / "left")
    close(store)
    content = (left if name == WAL else tmp_path / "a").joinpath(name).read_bytes()
    generator, outcomes = random.Random(0), set()
    for _ in range(150):
        here = copied(left if name == WAL else tmp_path / "a", tmp_path / "b")
        changed = bytearray(content)
        changed[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
        (here / name).write_bytes(changed)
        try:
            again = opened(here, series=True)
        except DataError as refusal:
            assert "\n" not in str(refusal)
            outcomes.add("refused")
        else:
            for number in np.flatnonzero(again.done).tolist():
                np.testing.assert_array_equal(again.values[number], member(number).values)
                np.testing.assert_array_equal(again.series(number)[SERIES], member(number, series=True).series[SERIES])
            outcomes.add(int(again.done.sum()))
            close(again)
    assert len(outcomes) > 1
    assert name == WAL or outcomes == {"refused", 12}  # a byte that no row needs, or refused


@pytest.mark.parametrize("text", [b"CREATE TABLE members", b"INTEGER PRIMARY KEY", b"ensemble"])
def test_letters_that_are_none_are_refused(tmp_path: Path, text: bytes) -> None:
    filled(tmp_path / "a", range(2), series=True)
    path = tmp_path / "a" / DATABASE
    content = path.read_bytes()
    for at in range(len(text)):
        path.write_bytes(content.replace(text, text[:at] + b"\xb4" + text[at + 1 :], 1))
        with pytest.raises(DataError, match=DATABASE):
            opened(tmp_path / "a", series=True)


@pytest.mark.slow
def test_killed_at_any_moment_it_keeps_what_it_has_confirmed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    confirmed: set[int] = set()
    generator, kills, left_behind = random.Random(1), 0, 0
    while kills < 40:
        command = [sys.executable, "-c", WRITER, str(tmp_path / "a"), "100000"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline().split()
        assert first[0] == "opened"
        assert confirmed <= {int(each) for each in first[1:]}
        time.sleep(generator.uniform(0.0, 0.05))
        process.send_signal(signal.SIGKILL)
        printed, _ = process.communicate()
        kills += 1
        whole = printed.rpartition("\n")[0]  # the last line may be cut
        confirmed |= {int(each) for each in whole.split()}
        left_behind += (tmp_path / "a" / WAL).exists()
        kept = read_members(tmp_path / "a" / DATABASE)
        assert confirmed <= kept.keys()
        for number, values in kept.items():
            np.testing.assert_array_equal(values, member(number).values)
    assert left_behind == 40
    assert len(confirmed) > 40


def test_a_full_disk_keeps_what_was_confirmed_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    store = opened(tmp_path / "a", 2000, series=True)
    number, refused = 0, 0
    for room in (3_000, 10_000, 50_000, 51_000, 200_000, 1_000_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))  # a file cannot grow beyond
        try:
            while number < 150 * (refused + 1):
                store.append([member(k, series=True) for k in range(number, number + 5)])
                number += 5
        except OSError as error:
            assert error.strerror == "the disk is full or fails"
            refused += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert np.flatnonzero(store.done).tolist() == list(range(number))
        assert sorted(read_copy(tmp_path / "a", tmp_path / "b")) == list(range(number))
    assert refused >= 4
    store.append([member(k, series=True) for k in range(number, number + 5)])
    close(store)
    again = opened(tmp_path / "a", 2000, series=True)
    assert int(again.done.sum()) == number + 5
    close(again)


def read_copy(folder: Path, to: Path) -> dict[int, np.ndarray]:
    """Read a store that this process has open: from a copy made by another process, since a lock ends with a close."""
    shutil.rmtree(to, ignore_errors=True)
    subprocess.run(["cp", "-r", str(folder), str(to)], check=True)
    return read_members(to / DATABASE)


@settings(deadline=None, max_examples=10)
@given(st.permutations(range(30)), st.lists(st.integers(1, 6), min_size=1, max_size=30))
def test_members_in_any_order_and_batches_give_the_same_table(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    store = opened(folder, 30)
    left = list(order)
    while left:
        size = sizes[len(left) % len(sizes)]
        store.append([member(number) for number in left[:size]])
        left = left[size:]
    close(store)
    again = opened(folder, 30)
    assert again.done.all()
    np.testing.assert_array_equal(again.values, np.stack([member(k).values for k in range(30)]))
    close(again)
    fewer = opened(folder, 12)  # as `--members` may be lowered
    assert fewer.done.shape == (12,)
    assert fewer.done.all()
    close(fewer)


def test_a_run_that_is_repeated_with_other_figures_is_an_error(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    store.append([member(1)])
    store.append([member(1), member(2)])
    with pytest.raises(DataError, match="run 1 was repeated and gave other figures"):
        store.append([Finished(1, np.zeros(OUTPUTS), {})])
    assert np.flatnonzero(store.done).tolist() == [1, 2]
    close(store)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE members SET number = 9 WHERE number = 2",
        "UPDATE members SET figures = zeroblob(40) WHERE number = 2",
        "UPDATE members SET figures = zeroblob(8), digest = zeroblob(16) WHERE number = 2",
        "UPDATE members SET figures = 'text' WHERE number = 2",
        "UPDATE series SET samples = zeroblob(1600) WHERE number = 2",
        "UPDATE series SET name = 'wind/power' WHERE number = 2",
        "DELETE FROM series WHERE number = 2",
        "DELETE FROM members WHERE number = 2",
        "UPDATE ensemble SET header = '{}'",
        "DELETE FROM ensemble",
        "CREATE TRIGGER late AFTER INSERT ON members BEGIN DELETE FROM members; END",
        "CREATE TABLE mine (a)",
        "DROP TABLE series",
    ],
)
def test_a_database_that_was_changed_is_refused_in_one_sentence_and_left_as_it_is(tmp_path: Path, change: str) -> None:
    filled(tmp_path / "a", range(5), series=True)
    path = tmp_path / "a" / DATABASE
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(change)
    connection.close()
    before = path.read_bytes()
    with (
        pytest.raises(DataError, match=r"is damaged|is not the database") as refusal,
        Store(tmp_path / "a", 40) as store,
    ):
        store.recover()
    assert refusal.value.exit_code == 3
    assert "\n" not in str(refusal.value)
    assert path.read_bytes() == before
    close(opened_anew(tmp_path / "a"))


def opened_anew(folder: Path) -> Store:
    """Return a store that is begun anew, as by `--force`."""
    store = Store(folder, 40).__enter__()
    store.clear()
    store.begin(header())
    assert not store.done.any()
    return store


def with_pragma(setting: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA {setting}")
        connection.close()

    return change


@pytest.mark.parametrize(
    ("change", "sentence", "replaced"),
    [
        (lambda path: path.write_bytes(b""), "is not the database of an ensemble", False),
        (lambda path: path.write_text("mine" * 100), "is not the database of an ensemble", False),
        (with_pragma("application_id = 7"), "is not the database of an ensemble", False),
        (with_pragma(f"user_version = {FORMAT - 1}"), f"in format {FORMAT - 1}, and this version writes", True),
        (with_pragma(f"user_version = {FORMAT + 1}"), f"in format {FORMAT + 1}, and this version writes", True),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "is damaged", True),
        (lambda path: path.write_bytes(path.read_bytes()[:150]), "is damaged", True),
    ],
)
def test_what_is_foreign_of_another_format_or_cut_is_refused_and_only_ours_is_replaced(
    tmp_path: Path, change: Callable[[Path], None], sentence: str, replaced: bool
) -> None:
    filled(tmp_path / "a", range(30))
    path = tmp_path / "a" / DATABASE
    change(path)
    before = path.read_bytes()
    with pytest.raises(DataError, match=sentence) as refusal, Store(tmp_path / "a", 40) as store:
        store.read_header()
    assert "\n" not in str(refusal.value)
    assert path.read_bytes() == before
    if replaced:
        close(opened_anew(tmp_path / "a"))
        return
    with pytest.raises(DataError, match=sentence):
        opened_anew(tmp_path / "a")
    store_module.remove_store(tmp_path / "a")
    assert path.read_bytes() == before


def test_the_log_of_another_ensemble_is_not_played_into_a_new_one(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    store.append([member(k) for k in range(9)])
    left = copied(tmp_path / "a", tmp_path / "left")
    close(store)
    (left / DATABASE).unlink()  # as a kill between the removal of the file and of its log leaves it
    assert (left / WAL).exists()
    create(left / DATABASE, header())
    assert read_members(left / DATABASE) == {}
    again = opened(left)
    assert not again.done.any()
    close(again)


def test_a_second_process_is_refused_and_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    with pytest.raises(ConfigurationError, match="another process runs this ensemble"):
        opened(tmp_path / "a")
    (tmp_path / "a" / "lock").unlink()  # by hand: the database is still locked
    with pytest.raises(ConfigurationError, match="another process has it open"), Store(tmp_path / "a", 40) as second:
        second.read_header()
    close(store)
    close(opened(tmp_path / "a"))


def test_members_are_read_without_writing_where_a_process_was_killed(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    store.append([member(k) for k in range(3)])
    left = copied(tmp_path / "a", tmp_path / "left")
    close(store)
    before = {path.name: path.read_bytes() for path in left.iterdir()}
    for path in left.iterdir():
        path.chmod(0o444)
    left.chmod(0o555)
    assert sorted(read_members(left / DATABASE)) == [0, 1, 2]
    assert {path.name: path.read_bytes() for path in left.iterdir()} == before
    left.chmod(0o755)


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    filled(tmp_path / "a", range(2))
    connection = sqlite3.connect(tmp_path / "a" / DATABASE)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_large_table_lies_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LARGEST_IN_MEMORY", 100)
    store = opened(tmp_path / "a")
    store.append([member(4)])
    np.testing.assert_array_equal(store.values[4], member(4).values)
    assert isinstance(store.values, np.memmap)
    close(store)
