"""The step of wind of a scenario: what acts on its turbines, and the table that an ensemble reads their flow from."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.chain.preparation import Prepared
from testsite_sim.weather import at_hub_heights
from testsite_sim.wind import Farm, FarmTable, Mechanisms, simulate, tabulate_farm, wake_model

TURBULENCE_POINTS = 5  # of the table, where the turbulence varies and the wake model asks for it


def simulate_wind(prepared: Prepared, weather: xr.Dataset, availability: xr.DataArray) -> xr.Dataset:
    """Simulate the wind farm of a scenario.

    Parameters
    ----------
    prepared : Prepared
        The scenario; with a table, the flow is read from it.
    weather : xarray.Dataset, dims (time, height)
        At the hub heights of the farm.
    availability : xarray.DataArray, dims () or (time, turbine)
        Of the turbines [1].

    Returns
    -------
    xarray.Dataset, dims (time, turbine, mechanism)
        As `testsite_sim.wind.simulate`; attribute `attribution`, where the positions come from.
    """
    wind, operations = prepared.scenario.wind_farm.wind, prepared.scenario.wind_farm.operations
    cables = operations.electrical
    acting = Mechanisms(
        storms=None if wind.restart_below_cut_out is None else float(wind.restart_below_cut_out),
        wakes=wind.wake_model,
        neighbours=prepared.neighbours,
        neighbour_inflow=None if prepared.table is not None else _around(prepared),
        blockage=wind.blockage,
        availability=availability if availability.ndim else float(availability),
        performance=float(operations.losses.performance),
        environmental=float(operations.losses.environmental),
        regulatory_curtailment=float(operations.losses.curtailment),
        electrical=float(operations.electrical_loss or 0.0) if cables is None else 0.0,
        cables=None if cables is None else (float(cables.no_load), float(cables.at_rated_power)),
    )
    found = simulate(
        prepared.farm,
        _inflow(prepared, weather),
        acting,
        table=prepared.table,
        sensitivity=wind.uncertainty is not None,
        workers=prepared.threads,
    )
    attribution = prepared.scenario.wind_farm.farm.attribution
    return found.assign_attrs({"attribution": attribution} if attribution else {})


def _inflow(prepared: Prepared, weather: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind in weather at hub heights, with the turbulence of the site where it has none."""
    site = xr.DataArray(float(prepared.scenario.site.turbulence_intensity))
    turbulence = weather.get("turbulence_intensity", site)
    return weather[["wind_speed", "wind_direction", "air_density"]].assign(turbulence_intensity=turbulence)


def _around(prepared: Prepared) -> xr.Dataset | None:
    """Return the undisturbed wind at the hub heights of the neighbours."""
    if prepared.neighbours is None:
        return None
    heights = prepared.neighbours.per_turbine("hub_height")
    weather = at_hub_heights(prepared.record, heights, prepared.scenario.weather.shear_exponent)
    return _inflow(prepared, weather)


def tabulate(prepared: Prepared, turbulence: tuple[float, float] | None = None) -> FarmTable:
    """Make the table of the farm of a scenario, for the shear of its record.

    Parameters
    ----------
    prepared : Prepared
        The scenario.
    turbulence : tuple of two floats, optional
        The range that the site's turbulence intensity may take [1], where it is varied.
    """
    scenario, neighbours = prepared.scenario, prepared.neighbours
    wind = scenario.wind_farm.wind
    site = float(scenario.site.turbulence_intensity)
    low, high = turbulence or (site, site)
    if "turbulence_intensity" in prepared.record:
        series = prepared.record["turbulence_intensity"]
        low, high = float(series.min()), float(series.max())
    varies = wake_model(wind.wake_model).needs_turbulence and high > low
    points = np.linspace(low, high, TURBULENCE_POINTS) if varies else np.array([site])
    reference = float(prepared.farm.per_turbine("hub_height").max())
    return tabulate_farm(
        prepared.farm,
        _share(prepared, prepared.farm, reference),
        wind.wake_model,
        turbulence_intensities=points.tolist(),
        blockage=wind.blockage,
        neighbours=neighbours,
        neighbour_share=None if neighbours is None else _share(prepared, neighbours, reference),
        workers=prepared.threads,
    )


def _share(prepared: Prepared, farm: Farm, reference: float) -> Floats:
    """Return the mean wind speed at each hub of a farm over that at a height of reference [1]."""
    heights = farm.per_turbine("hub_height")
    levels = at_hub_heights(prepared.record, [*heights, reference], prepared.scenario.weather.shear_exponent)
    means = levels["wind_speed"].mean("time")
    found = means.sel(height=heights) / float(means.sel(height=reference))
    return np.asarray(found.to_numpy(), np.float64)
