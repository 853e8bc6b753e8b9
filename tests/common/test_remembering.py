"""What is remembered is found by its content, and the oldest is forgotten."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.remembering import Remembered, digest_of

DATA = xr.Dataset({"a": ("time", [1.0, 2.0])}, coords={"time": np.array(["2023-01-01", "2023-01-02"], "M8[ns]")})


@pytest.mark.parametrize(
    "other",
    [
        DATA.assign(a=DATA["a"] + 1.0),
        DATA.assign(b=DATA["a"]),
        DATA.rename(a="b"),
        DATA.assign_attrs(latitude=51.0),
        DATA.assign(a=DATA["a"].assign_attrs(units="kW")),
        DATA.assign_coords(time=DATA["time"] + np.timedelta64(1, "h")),
        DATA.assign(a=DATA["a"].astype(np.float32)),
    ],
)
def test_data_that_differ_in_anything_have_another_digest(other):
    assert digest_of(other) != digest_of(DATA)
    assert digest_of(DATA.copy(deep=True)) == digest_of(DATA)


def test_the_oldest_result_is_made_again():
    made: list[int] = []
    results: Remembered[int] = Remembered(2)

    def get(number: int) -> int:
        return results.get(number, lambda: made.append(number) or number)

    assert [get(1), get(2), get(1), get(3), get(1), get(2)] == [1, 2, 1, 3, 1, 2]
    assert made == [1, 2, 3, 2]
