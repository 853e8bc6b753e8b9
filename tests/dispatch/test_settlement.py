"""Imbalance prices and settlement: the published values, and that the money adds up."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.loading import load_component
from testsite_sim.dispatch.settlement import belgian_prices, quarter_prices, settle_nomination, system_imbalance

STATED = {
    name: load_component("imbalance", name, Imbalance) for name in ("single-2020", "dual-2018", "offshore-band-2009")
}


def series(values) -> xr.DataArray:
    time = np.datetime64("2018-02-21T00", "ns") + np.arange(len(values)) * np.timedelta64(1, "h")
    return xr.DataArray(np.asarray(values, float), coords={"time": time}, dims="time")


def settle_by(name: str, nominated: xr.DataArray, delivered: xr.DataArray, price: xr.DataArray) -> xr.Dataset:
    return settle_nomination(nominated, delivered, price, quarter_prices(STATED[name], delivered - nominated, price))


def test_the_table_of_21_february_2018() -> None:
    # Elia's table: +215.2 MW, alpha 1.46, MDP 28.67, POS 27.21, NEG 28.67; then +146.7, 1.48, 27.19; +57.2, 0, 28.67.
    # The seven quarter-hours before are not published: they are chosen so that the mean of eight gives alpha 1.46.
    before = (8.0 * np.sqrt(1.46 * 15_000.0) - 215.2) / 7.0
    system = np.array([*[before] * 7, 215.2, 146.7, 57.2])
    found = belgian_prices("dual_2018", system, np.full(10, 60.0), np.full(10, 28.67))
    np.testing.assert_allclose(found["alpha"][7], 1.46, atol=1e-12)
    np.testing.assert_allclose(found["long_price"][7], 27.21, atol=1e-9)
    np.testing.assert_array_equal(found["short_price"][7:], 28.67)
    assert found["alpha"][8] == pytest.approx(1.48, abs=0.02)
    assert found["long_price"][8] == pytest.approx(27.19, abs=0.02)
    assert found["alpha"][9] == 0.0
    assert found["long_price"][9] == 28.67


def test_a_shortage_of_the_system_prices_the_other_way_round() -> None:
    found = belgian_prices("dual_2018", np.full(8, -200.0), np.full(8, 70.0), np.full(8, 20.0))
    assert found["long_price"][7] == 70.0
    assert found["short_price"][7] == pytest.approx(70.0 + 200.0**2 / 15_000.0)


@pytest.mark.parametrize(("size", "alpha"), [(150.0, 0.0), (300.0, 18.1), (450.0, 100.0), (600.0, 181.9)])
def test_the_additional_component_since_2020(size: float, alpha: float) -> None:
    found = belgian_prices("single_2020", np.full(2, -size), np.full(2, 100.0), np.full(2, 100.0))
    assert found["alpha"][1] == pytest.approx(alpha, abs=0.05)
    assert found["long_price"][1] == found["short_price"][1] == pytest.approx(100.0 + alpha, abs=0.05)
    tempered = belgian_prices("single_2020", np.full(2, -size), np.full(2, 300.0), np.full(2, 300.0))
    assert tempered["alpha"][1] == pytest.approx(0.5 * alpha, abs=0.05)
    assert belgian_prices("single_2020", np.full(2, -size), np.full(2, 500.0), np.full(2, 0.0))["alpha"][1] == 0.0


def test_the_system_imbalance_has_its_quantiles_and_its_persistence() -> None:
    stated = STATED["single-2020"]
    found = system_imbalance(stated, 200_000)
    np.testing.assert_allclose(np.quantile(found, stated.probabilities[1:-1]), stated.quantiles.values[1:-1], atol=6.0)
    assert float(found.std()) == pytest.approx(123.8, rel=0.05)  # of the measured series
    assert np.corrcoef(found[1:], found[:-1])[0, 1] == pytest.approx(0.69, abs=0.03)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(STATED)))
def test_who_delivers_what_was_nominated_earns_the_day_ahead_price_and_cash_adds_up(seed: int, name: str) -> None:
    generator = np.random.default_rng(seed)
    nominated, price = series(generator.uniform(0.0, 8e7, 48)), series(generator.uniform(-50.0, 200.0, 48) / 3.6e9)
    exact = settle_by(name, nominated, nominated, price)
    assert float(np.abs(exact["revenue_imbalance"]).max()) == 0.0
    np.testing.assert_allclose(exact["revenue_day_ahead"], nominated * price * 3600.0, rtol=1e-12)
    found = settle_by(name, nominated, series(generator.uniform(0.0, 8e7, 48)), price)
    assert found.attrs["cash_balance_residual"] <= 1e-9


def test_the_band_pays_nine_tenths_and_costs_eleven() -> None:
    nominated, price = series(np.full(4, 10e6)), series(np.full(4, 50.0 / 3.6e9))
    found = settle_by("offshore-band-2009", nominated, series([12e6, 8e6, 13e6, 7e6]), price)
    np.testing.assert_allclose(found["revenue_imbalance"], [2 * 45.0, -2 * 55.0, 3 * 45.0, -3 * 55.0], rtol=1e-12)


def test_the_ladder_follows_the_day_ahead_price_or_keeps_the_prices_of_its_years() -> None:
    error, price = series(np.zeros(48)), series(np.linspace(0.0, 300.0, 48) / 3.6e9)
    moves = quarter_prices(STATED["single-2020"], error, price)
    stays = quarter_prices(STATED["single-2020"].model_copy(update={"follows_day_ahead": False}), error, price)
    np.testing.assert_allclose(
        moves.marginal - stays.marginal, np.repeat(price.to_numpy(), 4) * 3.6e9 - 40.5, atol=1e-9
    )
    np.testing.assert_array_equal(moves.system, stays.system)
    short = moves.system < 0.0
    assert np.all(moves.marginal[short] >= np.repeat(price.to_numpy(), 4)[short] * 3.6e9 - 1e-9)


def test_what_does_not_fit_is_reported() -> None:
    ones = np.ones(4)
    with pytest.raises(DataError, match=r"no regime 'single_2021'. Nearest: single_2020"):
        belgian_prices("single_2021", ones, ones, ones)
    with pytest.raises(DataError, match="expected one length"):
        belgian_prices("single_2020", ones, ones, np.ones(3))
    with pytest.raises(DataError, match="not finite"):
        belgian_prices("single_2020", ones, ones, ones * np.nan)
    odd = xr.DataArray(
        ones, coords={"time": np.datetime64("2020-01-01", "ns") + np.arange(4) * np.timedelta64(600, "s")}, dims="time"
    )
    with pytest.raises(DataError, match="600 s is no whole number of quarter-hours"):
        settle_by("dual-2018", odd, odd, odd)
    few = quarter_prices(STATED["dual-2018"], *[series(np.zeros(3))] * 2)
    with pytest.raises(DataError, match="prices of 12 quarter-hours for 4 intervals of 4; expected 16"):
        settle_nomination(*[series(ones)] * 3, few)
    written = STATED["dual-2018"].model_dump(mode="json")
    with pytest.raises(ValueError, match="volume must rise"):
        Imbalance.model_validate(written | {"volume": {"units": "MW", "values": [0.0] * 13}})
