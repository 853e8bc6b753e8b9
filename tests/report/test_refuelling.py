"""Figures of stored and dispensed hydrogen show what the Dataset holds."""

import numpy as np
import pytest

from tests.plant.plants import START, fleet, hours, station, store
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.refuelling import POWERS, simulate_refuelling
from testsite_sim.plant.storage import simulate_storage
from testsite_sim.report.refuelling import draw_station, draw_store


@pytest.fixture(scope="module")
def run():
    came = vehicle_arrivals([fleet("bus-depot-40")], START, START + np.timedelta64(40, "D"), seed=2)
    return simulate_refuelling(hours(np.full(40 * 24, 0.008)), came, station())


def test_the_figure_of_a_station_adds_up(run) -> None:
    figure, data = draw_station(run)
    days = np.array([30.0, 10.0])  # 2 to 31 January, 1 to 10 February
    step = run.attrs["step"]
    assert float((data["served"] * days).sum()) == pytest.approx(float(run["hydrogen_dispensed"].sum()) * step)
    assert float((data["unserved"] * days).sum()) == pytest.approx(float(run["hydrogen_unserved"].sum()) * step)
    assert float(data["requested"].sum()) == pytest.approx(float(run["hydrogen_requested"].sum()) * step / 40.0)
    whole = sum(float(run[name].sum()) for name in POWERS) / float(run["hydrogen_dispensed"].sum()) / 3.6e6
    assert float(data["electricity"].sum()) == pytest.approx(whole)
    began = float(np.isfinite(run["vehicle_waiting_time"]).mean())
    assert float(data["waited_no_longer"][-1]) == pytest.approx(100.0 * began)
    assert len(figure.axes) == 4


def test_the_figure_of_a_store_shows_the_week_of_its_lowest_level(run) -> None:
    _, data = draw_store(run)
    assert data.sizes["time"] == 7 * 24
    level = (run["bank_mass"] - run["bank_minimum"]).sum("bank").to_numpy()
    assert run["time"].to_numpy()[np.argmin(level)] in data["time"].to_numpy()
    assert float(data["bank_pressure"].max()) <= 500.1
    assert np.all(np.diff(data["level"]) <= 0.0)


def test_a_short_store_without_buffer_is_drawn_too() -> None:
    result = simulate_storage(hours([0.01] * 5), hours([0.0] * 5), store())
    _, data = draw_store(result)
    assert data.sizes["time"] == 5
    assert "buffer_pressure" not in data


def test_a_station_without_vehicles_is_drawn() -> None:
    none = vehicle_arrivals([fleet(vehicles=0)], START, START + np.timedelta64(1, "D"))
    _, data = draw_station(simulate_refuelling(hours([0.0] * 24), none, station()))
    assert float(data["electricity"].sum()) == 0.0


def test_banks_of_several_stores_are_labelled_with_the_number_of_their_store(run) -> None:
    numbers = np.array([2] * (run.sizes["bank"] - 1) + [4])
    figure, _ = draw_store(run.assign(bank_store=("bank", numbers)))
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels[0] == "store 2, bank 1"
    assert labels[run.sizes["bank"] - 1] == "store 4, bank 1"
    alone, _ = draw_store(run)
    assert alone.axes[0].get_legend().get_texts()[0].get_text() == "bank 1"
