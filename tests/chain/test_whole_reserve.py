"""Machines of which nothing is left for dispatch: wholly kept in reserve, or without capacity; `check` and `run` agree.

The edge is a share of exactly none: a machine of a millionth of its size must do nearly what one of nothing does.
"""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import ConfigurationError

TWO_DAYS = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
RESERVE, TEST_SITE = "waterstof/balancing-capacity", "flanders-wind-farm/test-site"
STACKS = {"extends": "pem-10mw-stacks", "response_time": "30 s"}


def case_of(name: str, changes: dict[str, object]) -> ts.ScenarioCase:
    return ts.load(name, TWO_DAYS | {key.replace("__", "."): value for key, value in changes.items()})


def plant_of(name: str, **changes: object) -> xr.Dataset:
    case = case_of(name, changes)
    case.check()
    return case.run().results["plant"].to_dataset()


def usual_plant_of(name: str, **changes: object) -> xr.Dataset:
    """Return the plant alone of a scenario that has nothing unusual: its money and its best are not looked at."""
    prepared = replace(prepare(case_of(name, changes).scenario), optimum=False)
    return next(dataset for step, dataset in simulate_scenario(prepared) if step == "plant")


def offers(**power: str) -> list[dict[str, str]]:
    return [{"product": f"afrr-{way}", "power": each} for way, each in power.items()]


@pytest.mark.parametrize("strategy", ["surplus", "perfect-foresight", "rolling-horizon"])
@pytest.mark.parametrize(
    ("electrolysers", "whole", "nearly"),
    [
        (["pem-10mw"], {"up": "1 MW"}, {"up": "0.999999 MW"}),
        (["pem-10mw"] * 2, {"down": "20 MW"}, {"down": "19.99999 MW"}),
        ([STACKS], {"down": "10 MW"}, {"down": "9.99999 MW"}),
        (["pem-10mw"], {"up": "1 MW", "down": "10 MW"}, {"up": "0.999999 MW", "down": "9.99999 MW"}),
    ],
)
def test_a_machine_that_is_wholly_reserved_does_nothing_else(electrolysers, whole, nearly, strategy: str) -> None:
    first, second = (
        of(RESERVE, plant__electrolysers=electrolysers, dispatch__reserves=offers(**each), dispatch__strategy=strategy)
        for of, each in ((plant_of, whole), (usual_plant_of, nearly))
    )
    for way, name in (("up", "power_fuel_cells"), ("down", "power_electrolysers")):
        if way in whole:
            np.testing.assert_allclose(first[name], first[f"power_activated_{way}"], rtol=1e-12)
            assert float(first[f"power_activated_{way}"].sum()) > 0.0
    for name in ("power_exported", "power_imported", "power_activated_up", "power_activated_down"):
        np.testing.assert_allclose(first[name], second[name], rtol=1e-4, atol=100.0, err_msg=name)
    assert first.attrs["energy_balance_residual"] <= 1e-9
    assert first.attrs["hydrogen_balance_residual"] <= 1e-9


def test_offers_that_fill_a_machine_but_for_rounding_are_kept() -> None:
    three = [{"product": "afrr-up", "power": f"{each} MW"} for each in (0.1, 0.2, 0.7)]
    split, whole = plant_of(RESERVE, dispatch__reserves=three), plant_of(RESERVE, dispatch__reserves=offers(up="1 MW"))
    np.testing.assert_allclose(split["power_exported"], whole["power_exported"], rtol=1e-9)


def test_more_than_a_machine_has_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"1.1 MW offered up exceed the 1 MW of the fuel cells; expected 1 MW or"
    ):
        plant_of(RESERVE, dispatch__reserves=offers(up="1.1 MW"))


# A plant of two fuel cells and a battery has the kernel of plants that ship; without one it would have its own.
WATT_HOUR = {"extends": "lithium-ion-1mwh", "capacity": "1 Wh", "power": "1 W"}


@pytest.mark.parametrize(
    ("kind", "name", "battery"), [("electrolysers", "pem-10mw", None), ("fuel_cells", "pem-1mw", WATT_HOUR)]
)
@pytest.mark.parametrize("strategy", ["price-threshold", "perfect-foresight"])
def test_a_machine_without_capacity_does_nothing(kind: str, name: str, battery: object, strategy: str) -> None:
    key, none = f"plant__{kind}", {"extends": name, "capacity": "0 MW"}

    def with_machines(*machines: object, of=plant_of) -> xr.Dataset:
        more = {"plant__battery": battery, "dispatch__strategy": strategy}
        return of(TEST_SITE, **{key: list(machines)}, **more)

    without = with_machines(name, of=usual_plant_of)
    value = float(without["revenue"].sum())
    for place, machines in enumerate(((none, name), (name, none))):
        with_none = with_machines(*machines)
        if strategy == "price-threshold" and place == 1:
            np.testing.assert_allclose(with_none[f"power_{kind}"], without[f"power_{kind}"], rtol=1e-12)
        assert float(with_none["revenue"].sum()) == pytest.approx(value, rel=1e-3)
    assert float(with_machines(none)[f"power_{kind}"].max()) == 0.0


@pytest.mark.parametrize("strategy", ["self-consumption", "perfect-foresight"])
def test_a_fuel_cell_of_stacks_without_capacity_does_nothing(strategy: str) -> None:
    def with_cells(*cells: object, **more: object) -> xr.Dataset:
        return plant_of("waterstof/lillo-fuel-cell", plant__fuel_cells=list(cells), dispatch__strategy=strategy, **more)

    none = {"extends": "lillo-1mw", "capacity": "0 MW"}
    # Three electrolysers without capacity, so that the kernel is that of other tests of two fuel cells.
    idle = [{"extends": "pem-10mw", "capacity": "0 MW"}] * 3
    two, one, nothing = (
        with_cells("lillo-1mw", none, plant__electrolysers=idle),
        with_cells("lillo-1mw"),
        with_cells(none),
    )
    np.testing.assert_allclose(two["power_fuel_cells"], one["power_fuel_cells"], rtol=1e-9)
    assert float(two["power_electrolysers"].max()) == 0.0
    assert float(nothing["power_fuel_cells"].max()) == 0.0
