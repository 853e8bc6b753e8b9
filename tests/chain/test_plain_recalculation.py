"""A month of the test site without wakes and the money of Lillo, worked out again from what is printed.

Nothing of the library calculates here: the record is read by h5py, all else stands in the resolved scenario.
"""

import math
from pathlib import Path

import h5py
import numpy as np
import pytest

import testsite_sim as ts
from testsite_sim.configuration.writing import plain_data
from testsite_sim.weather.record import record_path

MONTH = {
    "weather.start": "2023-02-01",
    "weather.end": "2023-03-01",
    "weather.climate": None,
    "wind.wake_model": "none",
    "economics.scale_to_year": "by-repetition",
}
FIRST, HOURS = 31 * 24, 28 * 24


def number(written: object) -> float:
    """Return the number of a quantity as a scenario states it."""
    value = written["value"] if isinstance(written, dict) else written
    return float(str(value).split()[0])


def curve(turbine: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return wind speeds [m/s] and power [W]; of a similar type at the same power coefficients."""
    if "curves" in turbine:
        table, speed, power = turbine["curves"], 1.0, 1.0
    else:
        table, rated = turbine["similar_to"]["curves"], number(turbine["rated_power"])
        power = rated / number(turbine["similar_to"]["rated_power"])
        area = (number(turbine["rotor_diameter"]) / number(turbine["similar_to"]["rotor_diameter"])) ** 2
        speed = (power / area) ** (1.0 / 3.0)
    watt = {"kW": 1e3, "MW": 1e6, "W": 1.0}[table["power"]["units"]]
    return np.array(table["wind_speed"]["values"]) * speed, np.array(table["power"]["values"]) * power * watt


def test_a_month_is_that_of_plain_numpy() -> None:
    case = ts.load("flanders-wind-farm/test-site", MONTH)
    run = case.run()
    stated = plain_data(case.scenario)
    with h5py.File(Path(record_path("hollandse-kust-noord-2023"))) as file:
        kelvin, speeds = (
            file[name][FIRST : FIRST + HOURS] * file[name].attrs.get("scale_factor", np.ones(1))[0]
            for name in ("air_temperature", "wind_speed")
        )
        levels = file["height"][:].astype(float)
    wind = run.results["wind"].to_dataset()
    total = np.zeros(HOURS)
    turbines = {group["turbine"]["title"]: group["turbine"] for group in stated["farm"]["groups"].values()}
    for at, name in enumerate(wind["turbine_type"].to_numpy()):
        hub = number(turbines[name]["hub_height"])
        above = int(np.searchsorted(levels, hub))
        share = math.log(hub / levels[above - 1]) / math.log(levels[above] / levels[above - 1])
        speed = speeds[:, above - 1] * (1.0 - share) + speeds[:, above] * share
        density = (101325.0 - 100.0 * hub / 8.0) / (287.058 * (kelvin - 0.0065 * (hub - 1.0)))
        points, power = curve(turbines[name])
        found = np.interp(speed * (density / 1.225) ** (1.0 / 3.0), points, power)
        found[(speed < points[0]) | (speed > points[-1])] = 0.0
        np.testing.assert_allclose(wind["power"][:, at], found, rtol=1e-9, atol=1e-3)
        total += found
    total *= number(stated["operations"]["availability"]) * (1.0 - number(stated["operations"]["electrical_loss"]))
    np.testing.assert_allclose(wind["power_delivered"], total, rtol=1e-12, atol=1e-6)
    assert run.summary["energy_production"].value == pytest.approx(total.sum() / 1e9, rel=1e-13)


def test_the_money_of_lillo_is_that_of_plain_numpy() -> None:
    """Costs of the scenario; energy, heat and hydrogen of each year, and the years of new stacks, of the results."""
    case = ts.load("waterstof/lillo-fuel-cell")
    run = case.run()
    stated = plain_data(case.scenario)
    cell, money, plant = stated["plant"]["fuel_cells"][0], stated["economics"], run.results["plant"].to_dataset()
    life = run.results["lifetime"].to_dataset()
    years = int(number(money["lifetime"]))
    worth = (1.0 + number(money["discount_rate"])) ** -np.arange(years + 1.0)
    capital = number(cell["cost"]["capital"]) * number(cell["capacity"]) * 1e3
    replaced = life["fuel_cell_replacements"].to_numpy()[:, 0] * number(cell["cost"]["replacement"]) * capital
    running = number(cell["cost"]["operating"]) / 100.0 * capital + replaced
    bought = life["hydrogen_by_product"].to_numpy() * number(stated["plant"]["by_product"]["price"])
    heat = life["heat_sold"].to_numpy() / 3.6e9 * number(stated["plant"]["side_streams"]["heat"]["price"])
    sold = float((plant["price"] * plant["power_exported"]).sum()) * 3600.0
    assert run.summary["electricity_revenue"].value == pytest.approx(sold, rel=1e-13)
    cost = np.append(capital, running + bought)
    revenue = np.append(0.0, life["electricity_revenue"].to_numpy() + heat)
    assert life["electricity_revenue"][0] == pytest.approx(sold, rel=1e-13)
    assert run.summary["net_present_value"].value == pytest.approx(float(((revenue - cost) * worth).sum()), rel=1e-13)
    energy = np.append(0.0, life["energy_fuel_cells"].to_numpy() / 3.6e9)
    level = float(((cost - np.append(0.0, heat)) * worth).sum() / (energy * worth).sum())
    assert run.summary["levelised_cost_of_fuel_cell_energy"].value == pytest.approx(level, rel=1e-13)
