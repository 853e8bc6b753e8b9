"""Each cost of a run computed again by hand: plain sums over the hours of results.nc and the resolved scenario."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.shared_folders import ShippedRun
from testsite_sim.cases.scenario import load_scenario

YEAR = 8760.0 * 3600.0
TEN_DAYS = (
    "weather.start=2023-02-01",
    "weather.end=2023-02-11",
    "economics.scale_to_year=by-repetition",
    "economics.lifetime=5 year",
    "economics.salvage=0.1",
)
PLANTS = {
    "export limit": ("waterstof/balancing",),
    "customers and imports": ("flanders-wind-farm/test-site", "grid.import_limit=3 MW",
                              "grid.purchase_fee=8 EUR/MWh", "dispatch.strategy=price-threshold"),
    "levelised electricity": ("waterstof/balancing", "economics.electricity_valuation=levelised-cost"),
    "stacks": ("waterstof/balancing-stacks",),
    "wind alone": ("flanders-wind-farm/test-site", "plant=null", "dispatch=null"),
    "simulated maintenance": (
        "flanders-wind-farm/test-site", "plant=null", "dispatch=null",
        "operations={maintenance: belgian-zone, climate: belgian-zone, seed: 1, electrical_loss: 0.03}",
        "economics.wind.other_operating=40 EUR/kW/year",
        "weather.start=2023-06-01", "weather.end=2023-06-11",  # a calm sea, so that all work can be done
    ),
}  # fmt: skip


class Run:
    """A finished run, as a reader of its files sees it."""

    def __init__(self, folder: Path) -> None:
        self.scenario: Any = load_scenario(str(folder / "scenario.yaml"))
        self.summary = json.loads((folder / "summary.json").read_text())
        with xr.open_datatree(folder / "results.nc") as tree:
            self.tree = tree.load()

    def value(self, name: str) -> float:
        return self.summary[name]["value"]

    def hours(self, group: str) -> dict[str, np.ndarray]:
        data = self.tree[group].to_dataset()
        return {str(name): data[name].to_numpy() for name in data.data_vars if data[name].dims == ("time",)}


def ten_days(shipped_run: ShippedRun, name: str, *settings: str) -> Path:
    return shipped_run(name, *TEN_DAYS, *settings)


@pytest.fixture(scope="module", params=PLANTS)
def plant(request, shipped_run: ShippedRun) -> Run:
    return Run(ten_days(shipped_run, *PLANTS[request.param]))


def discounted(amounts: list[float], rate: float) -> float:
    total = 0.0
    for year, amount in enumerate(amounts):
        total += amount / (1.0 + rate) ** year
    return total


def machine_costs(cost: Any, capacity: float, running: float, years: int, salvage: float) -> list[float]:
    """Return the cost of a machine by year; stacks when their hours have run out."""
    amounts = [cost.capital * capacity]
    for year in range(1, years + 1):
        amount = cost.capital * capacity * cost.operating
        ended = int(year * running / cost.operating_life) - int((year - 1) * running / cost.operating_life)
        if year < years:
            amount += ended * cost.replacement * cost.capital * capacity
        amounts.append(amount)
    amounts[-1] -= salvage * amounts[0]
    return amounts


def added(*lists: list[float]) -> list[float]:
    return [sum(values) for values in zip(*lists, strict=True)]


def by_hand(found: Run) -> dict[str, float]:
    """Return the costs of a fleet with its plant."""
    economics, plant = found.scenario.economics, found.scenario.plant
    years, rate, salvage = round(economics.lifetime), float(economics.discount_rate), float(economics.salvage or 0.0)
    hour, life = found.hours("plant"), found.tree["lifetime"].to_dataset()
    n, step = hour["price"].size, float(found.tree["plant"].attrs["step"])
    per_year = YEAR / (n * step)
    fleet = float(found.tree["wind"]["rated_power"].sum())
    none = [0.0] * (years + 1)
    yearly = float(economics.wind.operating or 0.0) * fleet
    if found.scenario.operations.maintenance is not None:
        # What the days at sea cost replaces the stated cost; the period stands for a year.
        yearly = float(economics.wind.other_operating) * fleet + found.value("maintenance_cost")
    wind = [float(economics.wind.capital) * fleet, *[yearly] * years]
    wind[-1] -= salvage * wind[0]

    def by_year(name: str, factor: float = 1.0) -> list[float]:
        """Return an amount of each year: of a plant as its years say, else that of the period."""
        if plant is not None:
            label = name.replace("power_", "energy_").replace("revenue", "electricity_revenue")
            if label not in life:
                return none
            if name == "power_wind":  # the record again and again, whatever the plant does
                again = np.arange(years * round(YEAR / step)) % n
                sums = (hour[name][again] * step).reshape(years, -1).sum(axis=1)
                np.testing.assert_allclose(life[label], sums, rtol=1e-9)
            return [0.0, *life[label].to_numpy().tolist()]
        return [0.0, *[sum(hour[name]) * factor * per_year] * years] if name in hour else none

    yearly_energy = added(by_year("power_wind", step), [-each for each in by_year("power_curtailed", step)])
    cost_of_energy = discounted(wind, rate) / discounted(yearly_energy, rate)
    cost: dict[str, list[float]] = {"electrolysers": none, "store": none, "fuel_cells": none}
    made, delivered, used, first, sold = none, none, none, 0.0, by_year("revenue")
    if plant is not None:
        for name, machine in (("electrolysers", plant.electrolysers[0]), ("fuel_cells", plant.fuel_cells[0])):
            clock = {"electrolysers": "stack_running_time", "fuel_cells": "fuel_cell_running_time"}[name]
            running = float(life[clock][:, 0].mean())
            cost[name] = machine_costs(machine.cost, machine.capacity, running, years, salvage)
        if plant.years_differ:
            machine = plant.electrolysers[0]
            invested = machine.cost.capital * machine.capacity
            renewed = (life["stacks_replaced"][:, 0] / machine.stacks.stacks).to_numpy().tolist()
            cost["electrolysers"] = [invested, *[invested * machine.cost.operating] * years]
            for year in range(1, years):
                cost["electrolysers"][year] += renewed[year - 1] * invested * machine.cost.replacement
            cost["electrolysers"][-1] -= salvage * invested
            cell, hours = plant.fuel_cells[0], life["fuel_cell_running_time"][:, 0].to_numpy()
            cost["fuel_cells"] = machine_costs(cell.cost, cell.capacity, float(hours.mean()), years, salvage)
        store = plant.store
        invested = store.cost.capital * store.capacity
        cost["store"] = [invested, *[invested * store.cost.operating] * years]
        cost["store"][-1] -= salvage * invested
        first = store.initial_level * store.capacity
        made, delivered, used = (by_year(f"hydrogen_{k}", step) for k in ("produced", "delivered", "to_fuel_cells"))
        if "hydrogen_delivered" not in hour:
            delivered = none
    # The store: what a year leaves in it more than it found, and the first filling bought and sold again.
    stock = [m - d - u for m, d, u in zip(made, delivered, used, strict=True)]
    if plant is not None:
        held = life["hydrogen_stored"].to_numpy()
        np.testing.assert_allclose(stock[1:], np.diff(held, prepend=first), rtol=1e-9, atol=1e-6)
    stock[0], stock[-1] = -first, stock[-1] + first
    electricity = 0.0
    limit = float(found.scenario.grid.export_limit or np.inf)
    fee = float(found.scenario.grid.purchase_fee or 0.0)
    drawn = hour.get("power_electrolysers", np.zeros(n))
    for t in range(n):
        bought = min(hour["power_imported"][t], drawn[t])
        own = drawn[t] - bought
        worth = max(hour["price"][t] + hour["support"][t], 0.0)
        if economics.electricity_valuation == "levelised-cost":
            electricity += own * cost_of_energy
        else:
            electricity += min(own, max(limit - hour["power_exported"][t], 0.0)) * worth
        electricity += bought * (hour["price"][t] + fee)
    # Every year pays per energy what the period pays.
    per_energy = electricity * step / max(sum(drawn) * step, 1e-300)
    paid = [each * per_energy for each in by_year("power_electrolysers", step)] if plant is not None else none
    spent = added(wind, cost["electrolysers"], cost["store"], cost["fuel_cells"])
    price = float(economics.hydrogen_price or 0.0)
    cash = [s + (d + k) * price - c for s, d, k, c in zip(sold, delivered, stock, spent, strict=True)]
    found_by_hand = {
        "levelised_cost_of_energy": cost_of_energy * 3.6e9,
        "net_present_value": discounted(cash, rate),
        "cash_flow": cash,
    }
    if plant is not None:
        of_hydrogen = added(cost["electrolysers"], cost["store"], paid)
        found_by_hand["levelised_cost_of_hydrogen"] = discounted(of_hydrogen, rate) / discounted(made, rate)
    if any(delivered):
        net = [c - s for c, s in zip(spent, sold, strict=True)]
        found_by_hand["break_even_hydrogen_price"] = discounted(net, rate) / discounted(added(delivered, stock), rate)
    return found_by_hand


def test_every_cost_of_a_fleet_and_its_plant_is_what_a_reader_of_its_files_computes(plant: Run) -> None:
    hand = by_hand(plant)
    cash = hand.pop("cash_flow")
    np.testing.assert_allclose(plant.tree["economics"]["cash_flow"], cash, rtol=1e-9, atol=1e-3)
    for name, value in hand.items():
        assert plant.value(name) == pytest.approx(value, rel=1e-9), name
    named = {"levelised_cost_of_energy", "levelised_cost_of_hydrogen", "break_even_hydrogen_price", "net_present_value"}
    assert named & plant.summary.keys() == hand.keys()
    rate = plant.value("internal_rate_of_return")
    if rate is not None:
        scale = sum(abs(amount) for amount in cash)
        assert abs(discounted(cash, rate)) < 1e-9 * scale


def test_a_wind_farm_says_nothing_of_hydrogen(shipped_run: ShippedRun) -> None:
    folder = ten_days(shipped_run, *PLANTS["wind alone"])
    found, report = Run(folder), (folder / "report.html").read_text()
    shown = report[report.index("<h2>What<") : report.index('<h2 id="input">')]
    assert not [name for name in found.summary if "hydrogen" in name]
    assert ">none<" not in shown
    assert "hydrogen" not in shown
    assert "hydrogen in store" not in report


def test_every_cost_of_a_hydrogen_site_is_what_a_reader_of_its_files_computes(shipped_run: ShippedRun) -> None:
    found = Run(ten_days(shipped_run, "waterstof/halle-station"))
    economics, site = found.scenario.economics, found.scenario.plant
    life, money = (found.tree[name].to_dataset() for name in ("lifetime", "economics"))
    rate, price, years = float(economics.discount_rate), float(economics.hydrogen_price or 0.0), life.sizes["year"]
    costs = {
        str(name): [
            float(
                money["capital_cost"].sel(component=name)[year]
                + money["operating_cost"].sel(component=name)[year]
                + money["replacement_cost"].sel(component=name)[year]
                - (0.1 * float(money["capital_cost"].sel(component=name)[0]) if year == years else 0.0)
            )
            for year in range(years + 1)
        ]
        for name in money["component"].to_numpy()
    }
    machines = sum(float(m.cost.capital) * float(m.capacity) for m in site.electrolysers)
    assert costs["electrolysers"][0] == pytest.approx(machines, rel=1e-12)
    assert costs["wind"][0] == pytest.approx(1.5e6 * float(economics.wind.capital), rel=1e-12)
    hour = found.hours("plant")
    fee = float(found.scenario.grid.purchase_fee)
    paid = used = 0.0
    for t in range(hour["price"].size):
        of_hydrogen = hour["power_electrolysers"][t] + hour["power_compressor"][t]
        uses = of_hydrogen + hour["power_station"][t]
        bought = hour["power_imported"][t] * of_hydrogen / uses if uses else 0.0
        paid += (of_hydrogen - bought) * max(hour["price"][t] + hour["support"][t], 0.0)
        paid += bought * (hour["price"][t] + fee)
        used += of_hydrogen
    energy = [0.0, *(life["energy_electrolysers"] + life["energy_compressor"]).to_numpy().tolist()]
    water = [0.0, *(life["water_consumed"].to_numpy() * float(site.side_streams.water.price)).tolist()]
    making = added(costs["electrolysers"], costs["store"], [each * paid / used for each in energy], water)
    made = [0.0, *(life["hydrogen_produced"] - life["hydrogen_vented"]).to_numpy().tolist()]
    assert found.value("levelised_cost_of_hydrogen") == pytest.approx(
        discounted(making, rate) / discounted(made, rate), rel=1e-9
    )
    sold = [0.0, *life["hydrogen_dispensed"].to_numpy().tolist()]
    first = found.value("first_filling")
    content = [first, *(life["hydrogen_stored"] + life["hydrogen_in_station"]).to_numpy().tolist()]
    stock = [-first, *(after - before for before, after in pairwise(content))]
    stock[-1] += first
    electricity = [0.0, *life["electricity_revenue"].to_numpy().tolist()]
    heat = [0.0, *(life["heat_sold"].to_numpy() * float(site.side_streams.heat.price)).tolist()]
    oxygen = money["oxygen_revenue"].to_numpy().tolist()
    spent = added(*costs.values(), water)
    others = added(electricity, heat, oxygen)
    net = [c - o for c, o in zip(spent, others, strict=True)]
    account = added(sold, stock)
    assert found.value("break_even_hydrogen_price") == pytest.approx(
        discounted(net, rate) / discounted(account, rate), rel=1e-9
    )
    value = price * discounted(account, rate) - discounted(net, rate)
    assert found.value("net_present_value") == pytest.approx(value, rel=1e-9)
