"""The ranking finds what matters, and where the answer turns."""

from collections.abc import Mapping

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from tests.studies.framework.sums import TOY, simulate
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.studies.framework import ranking
from testsite_sim.studies.framework.ranking import SHARE_SAMPLES, rank
from testsite_sim.studies.framework.uncertainty import study_assumptions


def test_the_ranking_finds_the_shares_of_variance_of_a_sum() -> None:
    found = rank(simulate, study_assumptions(TOY), ["total", "twice", "never"], base_samples=256, seed=1)
    assert list(found["assumption"].to_numpy()) == ["strong", "weak", "parts.one.power"]
    variance = np.array([16.0 * 1.0, 0.01, 0.0])  # of triangles of half width w: w^2 / 6
    np.testing.assert_allclose(found["sobol_total"].sel(headline="total"), variance / variance.sum(), atol=0.02)
    np.testing.assert_allclose(found["sobol_total"].sel(headline="twice"), found["sobol_total"].sel(headline="total"))
    assert np.isnan(found["sobol_total"].sel(headline="never")).all()
    assert float(found["value_at_high"].sel(headline="total", assumption="strong")) == pytest.approx(13.25)
    assert float(found["value_at_low"].sel(headline="total", assumption="weak")) == pytest.approx(9.15)
    assert float(found["value_central"].sel(headline="total")) == pytest.approx(9.25)


def test_the_ranking_reports_where_an_assumption_alone_reaches_the_threshold() -> None:
    def with_threshold(draws: Mapping[str, NDArray[np.float64]]) -> xr.Dataset:
        dataset = simulate(draws)
        dataset["total"].attrs["threshold"] = 11.25
        return dataset

    found = rank(with_threshold, study_assumptions(TOY), ["total", "twice"], base_samples=8)["turning_value"]
    assert float(found.sel(headline="total", assumption="strong")) == pytest.approx(2.5)
    assert np.isnan(found.sel(headline="total", assumption="weak"))
    assert np.isnan(found.sel(headline="twice")).all()


def test_the_part_that_is_sourced_evaluates_the_base_samples_of_the_ranking_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts: list[int] = []

    def counted(draws: Mapping[str, NDArray[np.float64]]) -> xr.Dataset:
        counts.append(next(iter(draws.values())).size)
        return simulate(draws)

    assumptions = study_assumptions(TOY)
    assert {each.is_sourced for each in assumptions} == {True, False}
    once = rank(counted, assumptions, ["total", "twice"], base_samples=16)
    assert counts[-1] == 16 * SHARE_SAMPLES * 4 - 2 * 16
    monkeypatch.setattr(ranking, "_evaluated_again", lambda *given: ranking._evaluate(*given[:4]))
    xr.testing.assert_identical(rank(counted, assumptions, ["total", "twice"], base_samples=16), once)
    assert counts[-1] == 16 * SHARE_SAMPLES * 4


def test_an_output_that_does_not_vary_has_no_shares_of_variance() -> None:
    found = rank(lambda draws: simulate(draws) * 0.0 + 1.0, study_assumptions(TOY), ["total"], base_samples=8)
    assert float(np.abs(found["sobol_total"]).max()) == 0.0


def test_designs_that_cannot_be_ranked_are_named() -> None:
    with pytest.raises(ConfigurationError, match="power of two"):
        rank(simulate, study_assumptions(TOY), ["total"], base_samples=100)
    with pytest.raises(ConfigurationError, match="nothing to rank"):
        rank(simulate, [], ["total"])
