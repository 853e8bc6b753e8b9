"""The store loses nothing that it has confirmed, at whatever byte a write breaks off."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.ensemble import store as store_module
from testsite_sim.ensemble.store import Finished, Store, is_whole, read_segment

OUTPUTS = 5


def member(number: int) -> Finished:
    return Finished(number, np.arange(OUTPUTS) + 100.0 * number, {})


def opened(folder: Path, cases: int = 40, *, series: bool = False) -> Store:
    store = Store(folder, cases)
    store.__enter__()
    store.open_values(OUTPUTS)
    store.recover(series)
    return store


def test_a_segment_cut_at_any_byte_is_removed_and_the_others_stand(tmp_path: Path) -> None:
    first = opened(tmp_path / "a")
    first.append([member(k) for k in (3, 1)])
    first.append([member(k) for k in (2, 7)])
    first.lock.release()
    last = max((tmp_path / "a").glob("segment-*"))
    content = last.read_bytes()
    for cut in range(len(content)):
        assert hashlib.sha256(content[:cut]).hexdigest()[:32] != last.stem[-32:]
        if cut % 199:  # all that recovery does with the cuts between is to compare their digests
            continue
        last.write_bytes(content[:cut])
        assert not is_whole(last, last.stem[-32:])
        store = Store(tmp_path / "a", 40)
        store.open_values(OUTPUTS)
        store.recover(False)
        assert np.flatnonzero(store.done).tolist() == [1, 3]
        assert store.removed == 1
        assert not last.exists()
    last.write_bytes(content)
    again = opened(tmp_path / "a")
    assert np.flatnonzero(again.done).tolist() == [1, 2, 3, 7]
    np.testing.assert_array_equal(again.values[7], member(7).values)
    again.lock.release()


def test_a_changed_byte_and_a_half_written_file_are_removed(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    store.append([member(1)])
    store.lock.release()
    path = next((tmp_path / "a").glob("segment-*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (tmp_path / "a" / "segment-0-00000009-x.h5.new").write_bytes(b"half")
    again = opened(tmp_path / "a")
    assert not again.done.any()
    assert again.removed == 2
    assert {each.name for each in (tmp_path / "a").iterdir()} == {"lock"}
    again.lock.release()


@settings(deadline=None, max_examples=10)
@given(st.permutations(range(30)), st.lists(st.integers(1, 6), min_size=1, max_size=30), st.integers(2, 5))
def test_members_in_any_order_and_batches_give_the_same_table(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], sizes: list[int], merged: int
) -> None:
    folder = tmp_path_factory.mktemp("order")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "MERGED_AT_ONCE", merged)
        store = opened(folder, 30)
        left = list(order)
        while left:
            size = sizes[len(left) % len(sizes)]
            store.append([member(number) for number in left[:size]])
            left = left[size:]
        store.lock.release()
    again = opened(folder, 30)
    assert again.done.all()
    np.testing.assert_array_equal(again.values, np.stack([member(k).values for k in range(30)]))
    on_disk = np.concatenate([read_segment(path)[0] for path in folder.glob("segment-*")])
    assert sorted(on_disk.tolist()) == list(range(30))  # none lost, none doubled
    again.lock.release()


def test_merging_that_is_killed_before_it_removes_its_parts_doubles_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path / "a", 40)
    for number in range(store_module.MERGED_AT_ONCE - 1):
        store.append([member(number % 40)])
    copies = tmp_path / "copies"
    shutil.copytree(tmp_path / "a", copies)
    store.append([member(39)])
    assert len(list((tmp_path / "a").glob("segment-1-*"))) == 1
    assert not list((tmp_path / "a").glob("segment-0-*"))
    store.lock.release()
    for path in copies.glob("segment-0-*"):
        shutil.copy(path, tmp_path / "a")
    again = opened(tmp_path / "a", 40)
    assert again.done.all()
    again.lock.release()


def test_two_values_of_one_member_are_an_error(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    store.append([member(1)])
    store.append([Finished(1, np.zeros(OUTPUTS), {})])
    store.lock.release()
    with pytest.raises(DataError, match="holds other values than its neighbours"):
        opened(tmp_path / "a")


def test_a_member_counts_only_with_its_series(tmp_path: Path) -> None:
    store = opened(tmp_path / "a", series=True)
    store.append([Finished(k, member(k).values, {"balancing/power": np.arange(9.0) + k}) for k in (1, 2)])
    store.lock.release()
    store.series_file(2).write_bytes(store.series_file(2).read_bytes()[:-1])
    again = opened(tmp_path / "a", series=True)
    assert np.flatnonzero(again.done).tolist() == [1]
    again.lock.release()


def test_a_second_process_is_refused_and_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    store = opened(tmp_path / "a")
    with pytest.raises(ConfigurationError, match=r"another process runs this ensemble"):
        opened(tmp_path / "a")
    store.lock.release()
    opened(tmp_path / "a").lock.release()


def test_a_large_table_lies_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LARGEST_IN_MEMORY", 100)
    store = opened(tmp_path / "a")
    store.append([member(4)])
    np.testing.assert_array_equal(store.values[4], member(4).values)
    assert isinstance(store.values, np.memmap)
    store.lock.release()
