"""A long search says beforehand how long it may take, and what would take less; no trial seeks the best dispatch."""

import numpy as np
import pytest

import testsite_sim as ts
from testsite_sim.cases import sizing
from testsite_sim.chain import dispatching

SHORT = {"weather.start": "2023-02-01", "weather.end": "2023-02-04", "economics.scale_to_year": "by-repetition"}


@pytest.mark.parametrize(("step", "said"), [(None, "one capacity alone"), ("10 minute", "without `weather.step`")])
def test_a_search_that_takes_long_is_forecast_once(step, said, monkeypatch) -> None:
    monkeypatch.setattr(sizing, "WORTH_SAYING", 0.0)
    case = ts.load("waterstof/balancing", SHORT | ({"weather.step": step} if step else {}))
    lines: list[str] = []
    case.size(electrolyser="2 MW, 5 MW", tank="500 kg, 2000 kg").run(log=lines.append)
    (forecast,) = [line for line in lines if line.startswith("one size takes")]
    assert said in forecast
    assert "about 62 more at most" in forecast  # of a grid of 4 two are done, and the simplex tries 60 at most
    assert f"({72 * (6 if step else 1)} intervals)" in forecast.replace(",", "")


def test_a_trial_is_not_set_next_to_the_best_dispatch(monkeypatch) -> None:
    monkeypatch.setattr(dispatching, "_next_to_the_best", lambda *_: pytest.fail("seeks the best dispatch"))
    found = ts.load("waterstof/balancing", SHORT).size(electrolyser="2 MW, 5 MW", tank="500 kg").run()
    assert np.isfinite(found.summary["net_present_value"].value)
