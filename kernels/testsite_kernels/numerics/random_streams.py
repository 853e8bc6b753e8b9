"""Counter-based random numbers: Philox4x32-10, so that every draw has an address and no order.

Source: Salmon, Moraes, Dror and Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3, SC'11.
A draw is addressed by (seed; purpose, member, stream, number): the same bits for any number of workers, and a
change in one stream (one more failure mode) leaves the others as they were.
"""

import math

import numpy as np

from testsite_kernels.numerics.compile_options import kernel, part

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)


@part
def philox(seed: int, purpose: int, member: int, stream: int, number: int) -> tuple[np.uint64, np.uint64]:
    """Return two 64-bit words of Philox4x32-10 with counter (number, stream, member, purpose) and key = seed."""
    c0 = np.uint64(number) & _MASK
    c1 = np.uint64(stream) & _MASK
    c2 = np.uint64(member) & _MASK
    c3 = np.uint64(purpose) & _MASK
    k0 = np.uint64(seed) & _MASK
    k1 = np.uint64(seed) >> _SHIFT
    for _ in range(10):
        p0 = _MULTIPLIER_0 * c0
        p1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _MASK, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return (c1 << _SHIFT) | c0, (c3 << _SHIFT) | c2


@part
def uniform(seed: int, purpose: int, member: int, stream: int, number: int) -> float:
    """Return a number above 0 and below 1, at the middle of one of 2^52 cells."""
    word, _ = philox(seed, purpose, member, stream, number)
    return (float(word >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@part
def weibull(seed: int, purpose: int, member: int, stream: int, number: int, shape: float, scale: float) -> float:
    """Return a Weibull time, in the unit of `scale`; exponential with mean `scale` for shape 1."""
    exponent = -math.log(uniform(seed, purpose, member, stream, number))
    return scale * exponent if shape == 1.0 else scale * exponent ** (1.0 / shape)


@part
def normal(seed: int, purpose: int, member: int, stream: int, number: int) -> float:
    """Return a standard normal number (Box and Muller 1958, the cosine half)."""
    first, second = philox(seed, purpose, member, stream, number)
    u = (float(first >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    v = (float(second >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@part
def normal_pair(seed: int, purpose: int, member: int, stream: int, number: int) -> tuple[float, float]:
    """Return two independent standard normal numbers (Box and Muller 1958); the first is that of `normal`."""
    first, second = philox(seed, purpose, member, stream, number)
    u = (float(first >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    v = (float(second >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    radius = math.sqrt(-2.0 * math.log(u))
    return radius * math.cos(2.0 * math.pi * v), radius * math.sin(2.0 * math.pi * v)


@kernel
def fill_uniform(
    seed: int, purpose: int, member: int, stream: int, values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    """Fill `values[n]` with the draws number 0, 1, … of one stream."""
    for n in range(values.size):
        values[n] = uniform(seed, purpose, member, stream, n)


@kernel
def fill_normal(
    seed: int, purpose: int, member: int, stream: int, values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    """Fill `values[n]` with standard normal draws number 0, 1, … of one stream."""
    for n in range(values.size):
        values[n] = normal(seed, purpose, member, stream, n)
