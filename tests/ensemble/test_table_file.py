"""Tables reach other processes with all of their bits, whatever they hold; what one writes is not seen by others."""

from pathlib import Path

import numpy as np
import pytest

from testsite_sim.ensemble.table_file import ARRAYS, read_tables, write_tables


def arrays() -> list[np.ndarray]:
    """Return arrays at the edges of pieces and pages: none, one byte, zeros alone, one past a piece, zeros between."""
    random, gap = np.random.default_rng(1), np.zeros(3 * 2**16)
    gap[[0, -1]] = 1.0, -0.0
    sizes = (0, 1, 7, 8, 4095, 4096, 4097, 2**16 - 1, 2**16, 2**16 + 1, 2**17 + 8)
    return [np.zeros(50_000), gap, *(random.integers(0, 256, size, np.uint8) for size in sizes), np.zeros((5, 0, 3))]


def test_every_array_comes_back_to_the_bit_and_can_be_written_to_in_private(tmp_path: Path) -> None:
    held = [(("a name", k), array) for k, array in enumerate(arrays())]
    write_tables(tmp_path / "tables", held)
    kept = (tmp_path / f"tables{ARRAYS}").read_bytes()
    one, other = read_tables(tmp_path / "tables"), read_tables(tmp_path / "tables")
    for (key, found), (_, again), (name, array) in zip(one, other, held, strict=True):
        assert (key, found.dtype, found.shape) == (name, array.dtype, array.shape)
        assert found.tobytes() == array.tobytes()
        found[...] = 7
        assert again.tobytes() == array.tobytes()
    assert (tmp_path / f"tables{ARRAYS}").read_bytes() == kept


@pytest.mark.parametrize("held", [[], [("an empty array", np.zeros(0))], [("no array", 3)]])
def test_where_no_array_holds_anything_the_rest_comes_back(held: list[tuple[str, object]], tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", held)
    found = read_tables(tmp_path / "tables")
    assert [name for name, _ in found] == [name for name, _ in held]
    assert [np.shape(each) for _, each in found] == [np.shape(each) for _, each in held]


def test_zeros_take_no_room_on_disk(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", [("a table", np.zeros(2**22))])
    about = (tmp_path / f"tables{ARRAYS}").stat()
    assert about.st_size == 2**25
    assert getattr(about, "st_blocks", 0) * 512 < 2**16
