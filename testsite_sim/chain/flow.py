"""The step of wind of a scenario: what acts on its turbines, and the table that an ensemble reads their flow from."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.weather import wind_at_hubs
from testsite_sim.weather.stations import stations_at_hubs
from testsite_sim.wind import (
    Farm,
    FarmTable,
    Mechanisms,
    configured_model,
    energy_sensitivity,
    power_at_connection,
    simulate,
    tabulate_farm,
)
from testsite_sim.wind.farm_in_wind import near_turbines
from testsite_sim.wind.stations import inflow_of_stations, interpolation_of

TURBULENCE_POINTS = 5  # of the table, where the turbulence varies and the wake model asks for it


def simulate_wind(
    prepared: Prepared, weather: xr.Dataset, availability: xr.DataArray, running: xr.Dataset | None = None
) -> xr.Dataset:
    """Simulate the wind farm of a scenario.

    Parameters
    ----------
    prepared : Prepared
        The scenario; with a table, the flow is read from it.
    weather : xarray.Dataset, dims (time, height)
        At the hub heights of the farm.
    availability : xarray.DataArray, dims () or (time, turbine)
        Of the turbines [1].
    running : xarray.Dataset, optional
        What `wind_at_connection` gave, which is then not simulated again.

    Returns
    -------
    xarray.Dataset, dims (time, turbine, mechanism)
        As `testsite_sim.wind.simulate`; attribute `attribution`, where the positions come from.
    """
    wind = prepared.scenario.wind_farm.wind
    found = simulate(
        prepared.farm,
        _inflow(prepared, prepared.farm, weather),
        _acting(prepared, availability),
        table=prepared.table,
        sensitivity=wind.uncertainty is not None and prepared.sensitivity,
        groups=_groups(prepared),
        workers=prepared.threads,
        running=running,
        each_turbine=prepared.each_turbine,
    )
    given = [prepared.scenario.wind_farm.farm.attribution]
    if wind.neighbours is not None:
        given.append(wind.neighbours.attribution)
    attribution = "; ".join(each for each in given if each)
    return found.assign_attrs({"attribution": attribution} if attribution else {})


def needs_more_flows(prepared: Prepared) -> bool:
    """Return whether what each loss takes needs more flows than the power at the connection."""
    stated = prepared.scenario.wind_farm
    others = stated.wind.neighbours is not None or stated.wind.blockage != "none"
    return prepared.table is None and (others or stated.operations.maintenance is not None)


def wind_at_connection(prepared: Prepared, weather: xr.Dataset, availability: xr.DataArray) -> xr.Dataset:
    """Simulate the power of the wind farm of a scenario at its connection alone.

    Parameters
    ----------
    prepared, weather, availability
        As in `simulate_wind`; without a table.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        As `testsite_sim.wind.power_at_connection`.
    """
    inflow = _inflow(prepared, prepared.farm, weather)
    acting = _acting(prepared, availability)
    return power_at_connection(prepared.farm, inflow, acting, groups=_groups(prepared), workers=prepared.threads)


def _groups(prepared: Prepared) -> tuple[str, ...]:
    """Return the farms whose power is sold apart from that of the others."""
    return tuple(dict.fromkeys(prepared.farm.farms or ())) if prepared.scenario.sale.concessions else ()


def with_sensitivity(
    prepared: Prepared, weather: xr.Dataset, availability: xr.DataArray, wind: xr.Dataset
) -> xr.Dataset:
    """Return what `simulate_wind` gave without the sensitivity to the wind speed, with it.

    Parameters
    ----------
    prepared, weather, availability
        As in `simulate_wind`; without a table.
    wind : xarray.Dataset
        What it gave where `prepared.sensitivity` was left out.
    """
    inflow, power = _inflow(prepared, prepared.farm, weather), wind["power"].to_numpy()
    acting = _acting(prepared, availability)
    found = energy_sensitivity(prepared.farm, inflow, acting, power, workers=prepared.threads)
    return wind.assign(energy_sensitivity=found)


def _acting(prepared: Prepared, availability: xr.DataArray) -> Mechanisms:
    """Return what acts on the turbines of a scenario."""
    wind, operations = prepared.scenario.wind_farm.wind, prepared.scenario.wind_farm.operations
    cables = operations.electrical
    return Mechanisms(
        storms=None if wind.restart_below_cut_out is None else float(wind.restart_below_cut_out),
        wakes=configured_model(wind),
        neighbours=prepared.neighbours,
        neighbour_inflow=None if prepared.table is not None else _around(prepared),
        blockage=wind.blockage,
        wake_loss=float(wind.wake_loss),
        availability=availability if availability.ndim else float(availability),
        performance=float(operations.losses.performance),
        environmental=float(operations.losses.environmental),
        regulatory_curtailment=float(operations.losses.curtailment),
        electrical=float(operations.electrical_loss or 0.0) if cables is None else 0.0,
        cables=None if cables is None else (float(cables.no_load), float(cables.at_rated_power)),
    )


def _inflow(prepared: Prepared, farm: Farm, weather: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind of a farm at hub heights, with the turbulence of the location where it has none."""
    stated = prepared.scenario.location.turbulence_intensity
    turbulence = weather.get("turbulence_intensity", None if stated is None else xr.DataArray(float(stated)))
    wind = weather[["wind_speed", "wind_direction", "air_density"]]
    if prepared.stations:
        winds = stations_at_hubs(prepared.stations, farm.per_turbine("hub_height"), prepared.scenario.weather)
        wind = inflow_of_stations(farm, prepared.stations, winds, interpolation_of(prepared.scenario.weather))
    return wind if turbulence is None else wind.assign(turbulence_intensity=turbulence)


def _around(prepared: Prepared) -> xr.Dataset | None:
    """Return the undisturbed wind at the hub heights of the neighbours."""
    if prepared.neighbours is None:
        return None
    heights = prepared.neighbours.per_turbine("hub_height")
    weather = wind_at_hubs(prepared.scenario.weather, prepared.record, heights)
    return _inflow(prepared, prepared.neighbours, weather)


def near_in(prepared: Prepared) -> str:
    """Say where turbines of a scenario stand nearer to each other than a rotor diameter; empty where none do."""
    farm, others = prepared.farm, prepared.neighbours
    if others is None:
        return near_turbines(farm, len(farm.turbines))
    x, y = (np.concatenate([np.asarray(getattr(each, name)) for each in (farm, others)]) for name in ("x", "y"))
    return near_turbines(Farm(x, y, [*farm.turbines, *others.turbines]), len(farm.turbines))


def tabulate(prepared: Prepared, turbulence: tuple[float, float] | None = None, *, complete: bool = True) -> FarmTable:
    """Make the table of the farm of a scenario, for the shear of its record.

    Parameters
    ----------
    prepared : Prepared
        The scenario.
    turbulence : tuple of two floats, optional
        The range that the location's turbulence intensity may take [1], where it is varied.
    complete : bool
        As in `tabulate_farm`.
    """
    scenario, neighbours = prepared.scenario, prepared.neighbours
    if prepared.stations:
        raise ConfigurationError(
            "weather.stations: a table of the farm holds for one wind; state `ensemble: {flow: exact, weather: {kind: "
            "record}}`."
        )
    wind = scenario.wind_farm.wind
    stated = float(scenario.location.turbulence_intensity or 0.0)
    low, high = turbulence or (stated, stated)
    if "turbulence_intensity" in prepared.record:
        series = prepared.record["turbulence_intensity"]
        low, high = float(series.min()), float(series.max())
    model = configured_model(wind)
    yawed = any(each is not None and each.yaw is not None for each in (prepared.farm, neighbours))
    needed = model.needs_turbulence or (yawed and model.deflects_by_turbulence)
    varies = needed and high > low
    points = np.linspace(low, high, TURBULENCE_POINTS) if varies else np.array([stated])
    reference = float(prepared.farm.per_turbine("hub_height").max())
    return tabulate_farm(
        prepared.farm,
        _share(prepared, prepared.farm, reference),
        model,
        turbulence_intensities=points.tolist(),
        blockage=wind.blockage,
        neighbours=neighbours,
        neighbour_share=None if neighbours is None else _share(prepared, neighbours, reference),
        workers=prepared.threads,
        complete=complete,
    )


def _share(prepared: Prepared, farm: Farm, reference: float) -> Floats:
    """Return the mean wind speed at each hub of a farm over that at a height of reference [1]."""
    heights = farm.per_turbine("hub_height")
    levels = wind_at_hubs(prepared.scenario.weather, prepared.record, [*heights, reference])
    means = levels["wind_speed"].mean("time")
    found = means.sel(height=heights) / float(means.sel(height=reference))
    return np.asarray(found.to_numpy(), np.float64)
