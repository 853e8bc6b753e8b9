"""Hypothesis strategies for balancing plants and their input series; plants as a scenario states them, dispatched."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from hypothesis import strategies as st
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.configuration.base import CurvePoints
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import (
    ConsumptionCurve,
    EfficiencyCurve,
    Electrolyser,
    FuelCell,
    PlantCost,
    Tank,
    TankCost,
)
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import AnyStrategy, RollingHorizon, strategy
from testsite_sim.dispatch import Dispatched, Forecast, Objective, ReducedPlant, StrategySettings, Trade
from testsite_sim.dispatch import carry_out as carried_out
from testsite_sim.dispatch.capacity import Reserves
from testsite_sim.dispatch.execution import BY_SCHEDULE, execute
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.load_table import LoadTable

KILOWATT_HOUR = 3.6e6
COST = PlantCost.model_construct(capital=0.0, operating=0.0, replacement=0.0, operating_life=1e9)


def series(values, step=3600, start="2023-01-01"):
    """Return values as a DataArray(time)."""
    time = np.datetime64(start, "ns") + np.arange(len(values)) * np.timedelta64(step, "s")
    return xr.DataArray(np.asarray(values, float), dims="time", coords={"time": time})


def curve_electrolyser(plant: ReducedPlant) -> Electrolyser:
    """Return the electrolyser of a plant as a scenario states it, whatever its curve."""
    table, size = plant.electrolyser_production, plant.electrolyser_capacity
    values = tuple((1.0 / np.asarray(table.value) / KILOWATT_HOUR).tolist())
    return Electrolyser.model_construct(
        title="electrolyser",
        source="x",
        capacity=size,
        response_time=None,
        stacks=None,
        cost=COST,
        minimum_load=plant.electrolyser_minimum_load,
        standby_power_per_capacity=plant.electrolyser_standby_power / size,
        start_energy_per_capacity=plant.electrolyser_start_energy / size,
        consumption=ConsumptionCurve.model_construct(
            load=tuple(np.asarray(table.load).tolist()),
            source="x",
            specific_consumption=CurvePoints.model_construct(units="kWh/kg", values=values),
        ),
    )


def curve_fuel_cell(plant: ReducedPlant) -> FuelCell:
    """Return the fuel cell of a plant as a scenario states it, whatever its curve."""
    table = plant.fuel_cell_yield
    efficiency = tuple((np.asarray(table.value) / LOWER_HEATING_VALUE).tolist())
    return FuelCell.model_construct(
        title="fuel cell",
        source="x",
        capacity=plant.fuel_cell_capacity,
        response_time=None,
        stacks=None,
        cost=COST,
        minimum_load=plant.fuel_cell_minimum_load,
        efficiency=EfficiencyCurve.model_construct(
            load=tuple(np.asarray(table.load).tolist()), source="x", efficiency=efficiency
        ),
    )


def mass_tank(plant: ReducedPlant) -> Tank:
    """Return the tank of a plant as a scenario states it."""
    size = plant.tank_capacity
    return Tank.model_construct(
        title="tank",
        source="x",
        capacity=size,
        minimum_level=plant.tank_minimum / size,
        initial_level=plant.tank_initial / size,
        filling_per_capacity=plant.charge_limit / size,
        withdrawal_per_capacity=plant.discharge_limit / size,
        cost=TankCost.model_construct(capital=0.0, operating=0.0),
    )


def configured(plant: ReducedPlant) -> tuple[PlantConfiguration, Grid]:
    """Return the machines of a plant that exist, and its connection, as a scenario states them."""
    parts = PlantConfiguration.model_construct(
        electrolysers=(curve_electrolyser(plant),) if plant.electrolyser_capacity > 0.0 else (),
        fuel_cells=(curve_fuel_cell(plant),) if plant.fuel_cell_capacity > 0.0 else (),
        store=mass_tank(plant) if plant.tank_capacity > 0.0 else None,
        battery=None,
        photovoltaics=None,
        by_product=None,
        refuelling=None,
        side_streams=None,
        demand="customers",
    )
    grid = Grid.model_construct(
        export_limit=plant.export_limit, import_limit=plant.import_limit, purchase_fee=None, injection_fee=None
    )
    return parts, grid


def as_stated(plant: ReducedPlant) -> ReducedPlant:
    """Return a plant with the rounding of what a scenario states (shares of capacities)."""
    return reduced_plant(*configured(plant), Margins())


def trade(
    wind_power,
    price,
    demand,
    plant: ReducedPlant,
    objective: Objective = Objective(),  # noqa: B008
    *,
    support=0.0,
    purchase_fee=0.0,
    reserves: Reserves | None = None,
    margins: Margins = Margins(),  # noqa: B008
    nomination=None,
    quarters=None,
    imbalance=None,
    step=None,
) -> Trade:
    """Return a plant in its market."""
    around = surroundings(wind_power, price, demand, support=support, purchase_fee=purchase_fee, step=step)
    return Trade(
        *configured(plant),
        around,
        objective,
        margins=margins,
        nominated=nomination,
        quarters=quarters,
        imbalance=imbalance,
        reserves=reserves,
    )


def stated_strategy(name: str, settings: StrategySettings | None = None) -> AnyStrategy:
    """Return a strategy with those settings that it takes."""
    given = {} if settings is None else {key: value for key, value in vars(settings).items() if value is not None}
    found = strategy(name)
    return found.model_copy(update={key: value for key, value in given.items() if key in type(found).model_fields})


def simulate_balancing(
    wind_power,
    price,
    demand,
    plant: ReducedPlant,
    *,
    strategy="price-threshold",
    settings: StrategySettings | None = None,
    **market,
) -> xr.Dataset:
    """Dispatch a plant by a rule; `market` as in `trade`."""
    whole = trade(wind_power, price, demand, plant, **market)
    return complete(carried_out(stated_strategy(strategy, settings), whole), plant)


def simulate_rolling_horizon(
    wind_power,
    price,
    demand,
    plant: ReducedPlant,
    objective: Objective,
    *,
    forecast: Forecast | None = None,
    horizon: float = 48.0 * 3600.0,
    seed: int = 0,
    **market,
) -> xr.Dataset:
    """Dispatch a plant by the optimum of the hours ahead."""
    whole = trade(wind_power, price, demand, plant, objective, **market)
    rolling = RollingHorizon.model_construct(name="rolling-horizon", horizon=horizon, forecast=None, seed=seed)
    return complete(carried_out(rolling, whole, forecast), plant)


def simulate_perfect_foresight(
    wind_power,
    price,
    demand,
    plant: ReducedPlant,
    objective: Objective,
    *,
    known: Sequence[Dispatched] = (),
    **market,
) -> xr.Dataset:
    """Dispatch a plant with the whole future known."""
    whole = trade(wind_power, price, demand, plant, objective, **market)
    return complete(carried_out(strategy("perfect-foresight"), whole, known=known), plant)


def complete(dispatched: Dispatched, plant: ReducedPlant) -> xr.Dataset:
    """Return a dispatch with zeros for machines that the plant does not have."""
    result = dispatched.result
    names = (
        "power_electrolysers",
        "hydrogen_produced",
        "power_fuel_cells",
        "hydrogen_to_fuel_cells",
        "hydrogen_stored",
    )
    absent = [name for name in names if name not in result]
    exists = (
        plant.electrolyser_capacity,
        plant.electrolyser_capacity,
        plant.fuel_cell_capacity,
        plant.fuel_cell_capacity,
        plant.tank_capacity,
    )
    assert absent == [name for name, size in zip(names, exists, strict=True) if size == 0.0]
    return result.assign({name: xr.zeros_like(result["power_wind"]) for name in absent})


def by_schedule(whole: Trade, schedule: np.ndarray):
    """Return what the machines do on set-points, shape (time, 3), with all by-product that finds a use or room."""
    schedule = np.column_stack([schedule, np.full(len(schedule), UNLIMITED)])
    return execute(whole.plant, whole.grid, whole.around, replace(whole.control(BY_SCHEDULE), schedule=schedule))


@st.composite
def plants(draw, convex=False):
    """Draw a plant of 1-100 MW class; `convex`: production concave in power, no minimum load, no start."""
    number = st.floats(0.0, 1.0)
    electrolyser = draw(st.sampled_from([0.0, 5e6, 40e6]))
    fuel_cell = draw(st.sampled_from([0.0, 1e6, 10e6]))
    capacity = draw(st.sampled_from([50.0, 400.0, 20000.0]))
    minimum = capacity * 0.2 * draw(number)
    drop = draw(st.floats(0.0, 0.3))
    dent = 0.0 if convex else draw(st.floats(0.0, 0.3))
    load = np.linspace(0.0, 1.0, 11)
    best = 1.0 / (48 * 3.6e6)
    production = LoadTable(load, best * (1.0 - drop * load) * (1.0 - dent * np.exp(-load / 0.1)))
    yield_ = LoadTable(load, 20 * 3.6e6 * (1.0 - 0.3 * draw(number) * load))
    limits = st.sampled_from([np.inf, 0.05, 0.2])
    return ReducedPlant(
        electrolyser_capacity=electrolyser,
        electrolyser_production=production,
        electrolyser_minimum_load=0.0 if convex else draw(st.sampled_from([0.0, 0.1, 0.4])),
        electrolyser_start_energy=0.0 if convex else draw(st.sampled_from([0.0, 2e9])),
        electrolyser_standby_power=0.0 if convex else draw(st.sampled_from([0.0, 1e5])),
        tank_capacity=capacity,
        tank_minimum=minimum,
        tank_initial=minimum + (capacity - minimum) * draw(number),
        charge_limit=draw(limits),
        discharge_limit=draw(limits),
        fuel_cell_capacity=fuel_cell,
        fuel_cell_yield=yield_,
        fuel_cell_minimum_load=0.0 if convex else draw(st.sampled_from([0.0, 0.1])),
        export_limit=draw(st.sampled_from([np.inf, 60e6, 90e6])),
        import_limit=draw(st.sampled_from([0.0, 0.0, 20e6])),
    )
