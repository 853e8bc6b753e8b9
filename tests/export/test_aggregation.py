"""The table for models of energy systems keeps the energy of the run."""

from pathlib import Path

import numpy as np
import pytest

import testsite_sim as ts
from testsite_sim.export import Exported, farm_table


@pytest.mark.parametrize("aggregation", ["interval", "month-hour", "representative-days"])
def test_capacity_factor_is_that_alone_less_the_losses(shipped_run: ts.Run, aggregation: str) -> None:
    frame = farm_table(shipped_run.exported, aggregation, days=2).frame
    product = frame["capacity_factor_alone"] * (1.0 - frame["flow_loss"]) * (1.0 - frame["later_losses"])
    np.testing.assert_allclose(product, frame["capacity_factor"], rtol=1e-9, atol=1e-12)


def test_means_by_month_and_hour_hold_the_energy_of_the_run(shipped_run: ts.Run) -> None:
    frame = farm_table(shipped_run.exported).frame
    wind = shipped_run.results["wind"]
    rated = float(wind["rated_power"].sum())
    assert (frame["duration"].sum(), len(frame)) == (72.0, 24)
    energy = (frame["capacity_factor"] * frame["duration"]).sum() * rated * 3600.0
    assert energy == pytest.approx(float(wind["power_delivered"].sum()) * 3600.0, rel=1e-9)
    alone = (frame["capacity_factor_alone"] * frame["duration"]).sum() * rated * 3600.0
    assert alone == pytest.approx(float(wind["energy_without_wakes"].sum()), rel=1e-9)


def test_as_many_days_as_there_are_give_the_run_itself(shipped_run: ts.Run) -> None:
    every = farm_table(shipped_run.exported, "interval").frame
    table = farm_table(shipped_run.exported, "representative-days", days=3)
    assert table.frame["capacity_factor"].tolist() == every["capacity_factor"].tolist()
    assert set(table.frame["weight"]) == {1}
    assert "+0.00 %" in table.source
    fewer = farm_table(shipped_run.exported, "representative-days", days=2).frame
    assert fewer.groupby("day")["weight"].first().sum() == 3


def test_more_days_than_there_are_and_unknown_aggregations_are_refused(shipped_run: ts.Run) -> None:
    with pytest.raises(ts.ConfigurationError, match="found 3 whole days"):
        farm_table(shipped_run.exported, "representative-days", days=4)
    with pytest.raises(ts.ConfigurationError, match="Nearest: month-hour"):
        farm_table(shipped_run.exported, "month-hours")
    with pytest.raises(ts.ConfigurationError, match="no wind farm"):
        farm_table(Exported("a study", {}, shipped_run.results))


def test_a_name_like_that_of_the_table_is_answered_by_it(shipped_run: ts.Run, tmp_path: Path) -> None:
    with pytest.raises(ts.ConfigurationError, match=r"Nearest: capacity-factors\."):
        shipped_run.export(tmp_path / "table.csv", "csv", tables=["capacity_factors"])
