"""Hypothesis strategies for balancing plants and their input series."""

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from testsite_sim.dispatch import BalancingPlant, LoadTable


def series(values, step=3600, start="2023-01-01"):
    """Return values as a DataArray(time)."""
    time = np.datetime64(start, "ns") + np.arange(len(values)) * np.timedelta64(step, "s")
    return xr.DataArray(np.asarray(values, float), dims="time", coords={"time": time})


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
    return BalancingPlant(
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
