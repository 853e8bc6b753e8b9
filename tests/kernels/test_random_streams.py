import numpy as np
import pytest
from scipy import stats
from testsite_kernels.numerics import random_streams
from testsite_kernels.numerics.compile_options import kernel

MASK = 0xFFFFFFFF


@kernel
def words(seed, purpose, member, stream, number):
    return random_streams.philox(seed, purpose, member, stream, number)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        # known answers of Random123, file kat_vectors, philox4x32 with 10 rounds
        ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((MASK,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            0x299F31D0A4093822,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_answers(counter, key, expected):
    first, second = words(np.uint64(key), *(np.uint64(word) for word in reversed(counter)))
    assert (first & MASK, first >> 32, second & MASK, second >> 32) == expected


def test_draws_have_the_distribution_that_they_claim():
    values = np.empty(20000)
    random_streams.fill_uniform(7, 1, 2, 3, values)
    assert stats.kstest(values, "uniform").pvalue > 0.01
    random_streams.fill_normal(7, 1, 2, 3, values)
    assert stats.kstest(values, "norm").pvalue > 0.01


def test_a_stream_does_not_depend_on_how_many_draws_are_asked_for_or_on_other_streams():
    long, short, other = np.empty(100), np.empty(10), np.empty(100)
    random_streams.fill_uniform(7, 1, 2, 3, long)
    random_streams.fill_uniform(7, 1, 2, 3, short)
    random_streams.fill_uniform(7, 1, 3, 3, other)
    assert np.array_equal(long[:10], short)
    assert not np.intersect1d(long, other).size
