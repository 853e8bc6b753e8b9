"""Hypothesis strategies for whole plants of every kind of machine, and for how they are dispatched."""

import functools

from hypothesis import strategies as st

from tests.plant.halle import by_product, electrolyser, fuel_cell, halle
from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.storage import HydrogenPipeline
from testsite_sim.configuration.strategy import strategy

DEMAND = {"title": "x", "source": "x", "rate": "40 kg/day", "hourly_share": [1 / 24] * 24}
STRATEGIES = (
    strategy("none"),
    strategy("surplus", promised_power="300 kW"),
    strategy("price-threshold"),
    strategy("firm-band", promised_power="300 kW", band="20 kW"),
    strategy("imbalance", promised_power="300 kW"),
    strategy("self-consumption"),
    strategy("self-consumption", grid_import_below_level=1.0, store_above_level=0.3, generate_above="100 EUR/MWh"),
    strategy("self-consumption", grid_import_below_price="20 EUR/MWh"),
    strategy("rolling-horizon", horizon="8 hour"),
    strategy("perfect-foresight"),
)


@functools.cache
def electrolysers():
    """Return electrolysers of some hundred kilowatts: by a curve, with start and standby, and by stacks."""
    curve = electrolyser("pem-10mw")
    hot = {"standby_power_per_capacity": 0.02, "start_energy_per_capacity": 600.0}  # [J/W]
    return (
        curve.model_copy(update={"title": "by curve", "capacity": 2e5, **hot}),
        curve.model_copy(update={"title": "of nothing at rest", "capacity": 3e5, "minimum_load": 0.0}),
        electrolyser("halle-pem-30"),
        electrolyser("halle-alkaline-30"),
    )


@functools.cache
def fuel_cells():
    """Return fuel cells of some ten kilowatts by efficiency and by stacks."""
    return fuel_cell("pem-1mw").model_copy(update={"title": "by curve", "capacity": 1.2e5}), fuel_cell("halle-90kw")


@functools.cache
def tank() -> Tank:
    """Return a store by mass of 60 kg."""
    stated = load_component("hydrogen-store", "pressurised-5t", Tank)
    return stated.model_copy(update={"capacity": 60.0})


@functools.cache
def pipelines():
    """Return pipelines that a demand of some kilograms an hour fills and empties: with a compressor, and without."""
    line = load_component("hydrogen-pipeline", "offshore-45km", HydrogenPipeline)
    small = line.model_copy(update={"length": 2e3, "diameter": 0.05, "supply_pressure": 10e5})
    least = small.model_copy(update={"initial_pressure": 30e5})
    plain = {"compressor": None, "maximum_pressure": 10e5, "initial_pressure": 10e5, "delivery_pressure": 5e5}
    return small, least, small.model_copy(update=plain)


@st.composite
def whole_plants(draw) -> PlantConfiguration:
    """Draw a plant: up to three electrolysers, two fuel cells and two stores of either kind, all else or not.

    The numbers of machines are those for which every plant with equipment has places, so that one kernel runs them all.
    """
    count = draw(st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (2, 0), (3, 2), (3, 2)]))
    makers = [draw(st.sampled_from(electrolysers())) for _ in range(count[0])]
    users = [draw(st.sampled_from(fuel_cells())) for _ in range(count[1])]
    whole = halle()
    demand = draw(st.sampled_from([None, DEMAND]))
    streams = whole.side_streams
    if streams is not None and any(machine.stacks is None for machine in makers):  # a curve has oxygen alone
        streams = streams.model_copy(update={"heat": None, "water": None})
    return PlantConfiguration(
        electrolysers=tuple(makers),
        fuel_cells=tuple(users),
        store=draw(
            st.sampled_from([None, tank(), whole.store, (tank(), tank()), (tank(), whole.store), (whole.store, tank())])
        ),
        battery=draw(st.sampled_from([None, whole.battery])),
        photovoltaics=draw(st.sampled_from([None, whole.photovoltaics])),
        by_product=by_product() if not makers or draw(st.booleans()) else None,
        refuelling=draw(st.sampled_from([None, whole.refuelling])),
        demand=demand,
        pipeline=None if demand is None else draw(st.sampled_from([None, *pipelines()])),
        side_streams=draw(st.sampled_from([None, streams])) if makers else None,
    )
