"""Every strategy in quarter-hours, sold day-ahead or settled after its own nomination; the balances close."""

import pytest

import testsite_sim as ts
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.chain.dispatching import dispatch
from testsite_sim.chain.simulation import until_wind
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.dispatch import STRATEGIES

QUARTERS = ("weather.start=2023-02-01", "weather.end=2023-02-05", "weather.step=15 minute")
SETTLED = ("market.imbalance=single-2020", "market.forecast=day-ahead")


def dispatched(settings: tuple[str, ...], flown):
    """Return the step `plant` of a period that stands for no year."""
    return dict(dispatch(prepare(load_scenario("flanders-wind-farm/test-site", settings)), *flown, None))["plant"]


@pytest.fixture(scope="module")
def flown():
    steps = until_wind(prepare(load_scenario("flanders-wind-farm/test-site", QUARTERS)))
    return steps["wind"]["power_delivered"], steps["weather"]["day_ahead_price"]


@pytest.mark.parametrize("market", ["day-ahead", "settled"])
@pytest.mark.parametrize("name", STRATEGIES)
def test_each_strategy_runs_in_quarter_hours(flown, name: str, market: str) -> None:
    settings = (*QUARTERS, f"dispatch.strategy={name}", *(SETTLED if market == "settled" else ()))
    found = dispatched(settings, flown)
    assert found.attrs["step"] == 900.0
    assert found.sizes["time"] == 4 * 96
    assert found.attrs["energy_balance_residual"] <= 1e-9
    assert found.attrs["hydrogen_balance_residual"] <= 1e-9
    assert found.attrs["objective_value"] <= found.attrs["objective_value_optimum"] * (
        1.0 + 1e-3
    )  # the gap of the discrete optimum
    if market == "settled":
        assert found.attrs["cash_balance_residual"] <= 1e-9
        parts = found["revenue_day_ahead"] + found["revenue_imbalance"]
        assert float(found["revenue"].sum()) == pytest.approx(float(parts.sum()), rel=1e-12)


@pytest.mark.parametrize("name", ["firm-band", "rolling-horizon", "perfect-foresight"])
def test_revenue_is_the_sum_of_what_every_market_and_fee_pays(flown, name: str) -> None:
    settings = (
        *QUARTERS,
        *SETTLED,
        f"dispatch.strategy={name}",
        "market.support=12 EUR/MWh",
        "grid.injection_fee=2 EUR/MWh",
        "grid.purchase_fee=15 EUR/MWh",
        "grid.import_limit=5 MW",
        "dispatch.reserves=[{product: fcr, power: 0.2 MW}, {product: afrr-down, power: 1 MW}]",
    )
    found = dispatched(settings, flown)
    sold, bought = (found[each] * 900.0 / 3.6e9 for each in ("power_exported", "power_imported"))
    parts = {each: float(found[each].sum()) for each in found if str(each).startswith(("revenue_", "penalty_"))}
    assert set(parts) == {
        "revenue_day_ahead",
        "revenue_imbalance",
        "revenue_availability",
        "revenue_activation",
        "penalty_activation",
    }
    due = parts.pop("penalty_activation")
    paid = sum(parts.values()) - due + 10.0 * float(sold.sum()) - 15.0 * float(bought.sum())
    assert float(found["revenue"].sum()) == pytest.approx(paid, rel=1e-9)
    assert found.attrs["energy_balance_residual"] <= 1e-9
    assert found.attrs["hydrogen_balance_residual"] <= 1e-9


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        ("{name: firm-band, band: 50 MW}", "wider than the plant can balance"),
        ("{name: price-threshold, produce_below: 90 EUR/MWh, generate_above: 60 EUR/MWh}", "would do both at once"),
        ("{name: rolling-horizon, horizon: 15 minute}", "shorter than two intervals"),
    ],
)
def test_a_strategy_that_cannot_be_followed_is_reported(flown, strategy: str, message: str) -> None:
    settings = (*QUARTERS, f"dispatch.strategy={strategy}")
    with pytest.raises(ConfigurationError, match=message):
        dispatched(settings, flown)


def test_the_first_filling_counts_once_in_the_full_load_hours_of_a_fuel_cell() -> None:
    """The fault: two days that empty the store stood for 182 emptied stores a year."""
    never = {"name": "price-threshold", "produce_below": "-4000 EUR/MWh", "generate_above": "-4000 EUR/MWh"}
    period = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    case = ts.load("waterstof/balancing", {**period, "dispatch.strategy": never, "plant.demand": None})
    run = case.run()
    years, plant = run.results["lifetime"].sizes["year"], case.scenario.machines
    energy = float(run.results["plant"]["power_fuel_cells"].sum()) * 3600.0
    hours = run.summary["fuel_cell_full_load_hours"].value
    assert energy > 0.0
    # nothing is made: the first filling is all that the fuel cell ever has
    most = float(run.results["plant"].attrs["first_filling"]) * 33.33 * 3.6e6 / years
    assert 0.0 < hours * 3600.0 * float(plant.fuel_cells[0].capacity) <= most
