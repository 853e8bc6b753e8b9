"""Random numbers of members: one stream per root seed, number and purpose, whatever else runs."""

import zlib

import numpy as np

from testsite_sim.configuration.base import LARGEST_SEED


def _sequence(seed: int, number: int, purpose: str) -> np.random.SeedSequence:
    """Return what the stream starts from."""
    return np.random.SeedSequence(seed, spawn_key=(number, zlib.crc32(purpose.encode())))


def stream(seed: int, number: int, purpose: str) -> np.random.Generator:
    """Return the stream (Philox) of a member for a purpose."""
    return np.random.Generator(np.random.Philox(_sequence(seed, number, purpose)))


def stream_seed(seed: int, number: int, purpose: str) -> int:
    """Return the seed of a member for a purpose, within the bounds of the configuration."""
    return int(_sequence(seed, number, purpose).generate_state(1, np.uint64)[0]) & LARGEST_SEED
