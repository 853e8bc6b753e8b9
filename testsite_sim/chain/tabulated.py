"""The step of wind, read from the table of the fleet: the fast path of an ensemble."""

import numpy as np
import xarray as xr
from testsite_kernels.wind.running_power import running_power

from testsite_sim.chain.flow import Flow, described_wind, farm_direction
from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.weather import at_hub_heights
from testsite_sim.wind import Farm, simulate_farm, storm_limits
from testsite_sim.wind.farm import turbine_coordinates
from testsite_sim.wind.fleet_response import FleetResponse, fleet_power, fleet_response, fleet_wind, group_power

TURBULENCE_POINTS = 5  # of the table, where the turbulence varies and the wake model asks for it


def tabulate(prepared: Prepared, turbulence: tuple[float, float] | None = None) -> FleetResponse:
    """Make the table of the fleet of a scenario, for the shear of its record.

    Parameters
    ----------
    prepared : Prepared
        The scenario.
    turbulence : tuple of two floats, optional
        The range that the site's turbulence intensity may take [1], where it is varied.
    """
    from testsite_sim.wind.models import wake_model

    scenario = prepared.scenario
    site = float(scenario.site.turbulence_intensity)
    low, high = turbulence or (site, site)
    if "turbulence_intensity" in prepared.record:
        series = prepared.record["turbulence_intensity"]
        low, high = float(series.min()), float(series.max())
    varies = wake_model(scenario.fleet.wind.wake_model).needs_turbulence and high > low
    points = np.linspace(low, high, TURBULENCE_POINTS) if varies else np.array([site])
    shear = scenario.weather.shear_exponent

    def share(farm: Farm) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        heights = farm.per_turbine("hub_height")
        levels = at_hub_heights(prepared.record, [*heights, reference], shear)
        means = levels["wind_speed"].mean("time")
        found = means.sel(height=heights) / float(means.sel(height=reference))
        return np.asarray(found.to_numpy(), np.float64)

    reference = float(prepared.farm.per_turbine("hub_height").max())
    neighbours = prepared.neighbours
    return fleet_response(
        prepared.farm, share(prepared.farm), scenario.fleet.wind.wake_model, turbulence_intensities=points.tolist(),
        blockage=scenario.fleet.wind.blockage, neighbours=neighbours,
        neighbour_share=None if neighbours is None else share(neighbours), workers=prepared.threads,
    )  # fmt: skip


def tabulated_flow(prepared: Prepared, weather: xr.Dataset) -> Flow:
    """Read the flow from the table of the fleet.

    Beside what the table errs between its points, storms do not change the wakes, turbines that stand still for repair
    weaken the wakes of all others alike (kernel `running_power`), and the air density counts as if it scaled the
    undisturbed wind.

    Parameters
    ----------
    prepared : Prepared
        The scenario, with a response.
    weather : xarray.Dataset, dims (time, height)
        At the hub heights of the farm.
    """
    farm, scenario, response = prepared.farm, prepared.scenario, prepared.response
    if response is None:
        raise ValueError("a flow is read from a response")
    step = step_seconds(weather["time"], "weather", "the record")
    direction = farm_direction(farm, weather)
    site = xr.full_like(direction, float(scenario.site.turbulence_intensity), dtype=np.float64)
    intensity = weather.get("turbulence_intensity", site).to_numpy()
    wind = fleet_wind(response, weather, direction.to_numpy(), intensity)
    power = fleet_power(response, wind)
    # Alone, turbines of one type and height are all alike: one of each stands for them.
    turbines = farm.turbines
    types = list(dict.fromkeys(turbines))
    kind = np.array([types.index(turbine) for turbine in turbines])
    count = np.bincount(kind)
    apart = Farm(np.arange(len(types)) * 1e5, np.zeros(len(types)), types)
    rows = np.searchsorted(weather["height"].to_numpy(), apart.per_turbine("hub_height"))
    inflow = weather[["wind_speed", "air_density"]].isel(height=xr.DataArray(rows, dims="turbine"))
    inflow = inflow.assign(wind_direction=direction.drop_vars("height"))
    alone = simulate_farm(apart, inflow, "none", 1)["power"].to_numpy()
    alone_energy = alone.sum(axis=0)[kind] * step
    left = {"storms": float(alone_energy.sum())}
    if scenario.fleet.wind.restart_below_cut_out is not None:
        limits = storm_limits(apart, inflow["wind_speed"], float(scenario.fleet.wind.restart_below_cut_out)).to_numpy()
        alone = np.minimum(alone, limits)
        left["storms"] = float((alone * count).sum()) * step
        stormy = np.flatnonzero((limits == 0.0).any(axis=1))
        power[stormy] = np.minimum(power[stormy], limits[stormy][:, kind])
    about = {"units": "W", "long_name": "power of the turbine"}
    coordinates = {"time": weather["time"], **turbine_coordinates(farm)}
    series = xr.Dataset({"power": (("time", "turbine"), power, about)}, coords=coordinates)
    left["blockage"] = float(power.sum()) * step
    whole = float(group_power(response, wind).sum()) * step

    def scaled(power: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        """Return the energy [J] of another flow, less what storms take from this one."""
        return float(power.sum()) * step * left["blockage"] / max(whole, 1e-300)

    def left_by(name: str, otherwise: float) -> float:
        return scaled(group_power(response, wind, name)) if name in response.totals else otherwise

    left["neighbours"] = left_by("blockage", left["blockage"])
    left["wakes"] = left_by("neighbours", left["neighbours"])

    def running(share: xr.DataArray) -> xr.DataArray:
        if share.ndim == 0:
            return series["power"].sum("turbine", skipna=False) * share
        total = np.empty(power.shape[0])
        by_turbine = np.ascontiguousarray(share.transpose("turbine", "time").to_numpy(), np.float32)
        running_power(by_turbine, power, alone, kind, total)
        return xr.DataArray(total, coords={"time": weather["time"]}, dims="time")

    def power_with_wind(factor: float) -> float:
        return scaled(group_power(response, wind, factor=factor)) / step

    described = described_wind(series, alone_energy, left, step, scenario.fleet.farm.attribution)
    return Flow(described, running, power_with_wind)
