"""A range on one of several shares that add up to 1 is refused: it was pulled back to its centre in every member."""

import pytest

import testsite_sim as ts

RANGED = {"value": 1 / 24, "range": [0.02, 0.08]}
SHARES = [1 / 24] * 24


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("waterstof/lillo-by-product", "plant.demand.hourly_share.3", RANGED),
        ("waterstof/bus-depot-antwerp", "plant.refuelling.fleets.0.hourly_share.3", None),
        ("flanders-wind-farm/test-site", "weather.climate.wind.frequency.2", None),
    ],
)
def test_a_range_on_one_share_is_refused_by_its_name(name: str, key: str, value: dict[str, object] | None) -> None:
    stated = value
    if stated is None:  # of a list whose shares differ
        at = ts.load(name).scenario
        for step in key.split("."):
            at = at[int(step)] if step.isdecimal() else getattr(at, step)
        stated = {"value": float(at), "range": [0.5 * float(at), 1.5 * float(at)]}
    ending = ".".join(key.split(".")[-2:])
    with pytest.raises(ts.ConfigurationError) as error:
        ts.load(name, {key: stated})
    assert f"{ending} has a range, and the shares add up to 1, so that none varies alone" in str(error.value)


def test_whole_lists_are_compared_by_a_sweep_as_the_sentence_says() -> None:
    other = [0.5 / 24] * 12 + [1.5 / 24] * 12
    case = ts.load("waterstof/lillo-by-product", {"weather.end": "2023-01-03"})
    case.sweep({"plant.demand.hourly_share": [SHARES, other]}).check()
