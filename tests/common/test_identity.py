"""Results kept by identity are made once per object, and go with it."""

import gc
import weakref

from testsite_sim.common.identity import kept_by_identity


class Thing:
    def __init__(self, number: int) -> None:
        self.number = number


def test_a_result_is_made_once_per_object_and_not_shared_by_equal_ones() -> None:
    calls: list[int] = []

    @kept_by_identity
    def doubled(thing: Thing) -> list[int]:
        calls.append(thing.number)
        return [2 * thing.number]

    first, second = Thing(1), Thing(1)
    assert doubled(first) is doubled(first)
    assert doubled(second) is not doubled(first)
    assert calls == [1, 1]


def test_a_result_goes_with_its_object_so_that_a_new_one_at_its_address_has_its_own() -> None:
    @kept_by_identity
    def number(thing: Thing) -> int:
        return thing.number

    for value in range(200):  # addresses are used again at once
        assert number(Thing(value)) == value
    thing = Thing(7)
    alive = weakref.ref(thing)
    number(thing)
    del thing
    gc.collect()
    assert alive() is None
