"""Packaged records are what their source says, in SI."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from testsite_sim.common.errors import DataError
from testsite_sim.weather import list_records, open_record

ORACLES = Path(__file__).resolve().parents[1] / "oracles"  # rows of the sources


def test_the_default_record_has_a_full_year_of_five_levels() -> None:
    record = open_record("hollandse-kust-noord-2023")
    assert dict(record.sizes) == {"time": 8760, "height": 5}
    assert list(record["height"].to_numpy()) == [1, 50, 100, 150, 200]
    assert record["wind_speed"].attrs["units"] == "m s-1"
    assert bool(record["wind_speed"].notnull().all())
    assert str(record["time"].to_numpy()[0]) == "2023-01-01T00:00:00.000000000"


def test_the_price_is_in_euro_per_joule() -> None:
    price = open_record("hollandse-kust-noord-2023")["day_ahead_price"]
    assert price.attrs["units"] == "EUR J-1"
    assert float(price.min()) * 3.6e9 == pytest.approx(-500.0)
    assert float(price.max()) * 3.6e9 == pytest.approx(463.77, abs=0.1)
    assert float(price.mean()) * 3.6e9 == pytest.approx(95.8, abs=0.1)


def test_every_record_says_where_it_comes_from() -> None:
    summaries = {summary.name: summary for summary in list_records()}
    assert sorted(summaries) == [
        "alpha-ventus-2002-2014",
        "hollandse-kust-noord-2023",
        "north-sea-58n-1994-2023",
        "us-east-coast-2003-2012",
    ]
    for summary in summaries.values():
        assert summary.license in ("MIT", "Apache-2.0")
        assert summary.source
        assert summary.step_seconds == 3600.0
        assert 5.0 < summary.mean_wind_speed < 12.0


def test_an_unknown_record_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(DataError, match="Nearest: hollandse-kust-noord-2023"):
        open_record("hollandse-kust-nord-2023")


def test_packing_loses_no_digit_of_the_source() -> None:
    table = pd.read_csv(ORACLES / "hollandse_kust_noord_2023_rows.csv", parse_dates=["time"])
    record = open_record("hollandse-kust-noord-2023").sel(time=table["time"].to_numpy())
    for height in (1, 50, 100, 150, 200):
        for quantity in ("wind_speed", "wind_direction"):
            packed = record[quantity].sel(height=height).to_numpy()
            np.testing.assert_allclose(packed, table[f"{quantity}_{height}m"], atol=5.1e-5, rtol=0)
    waves = pd.read_csv(ORACLES / "us_east_coast_waves_rows.csv", parse_dates=["time"])
    packed = open_record("us-east-coast-2003-2012")["significant_wave_height"].sel(time=waves["time"].to_numpy())
    np.testing.assert_allclose(packed, waves["significant_wave_height"], atol=5.1e-4, rtol=0)
