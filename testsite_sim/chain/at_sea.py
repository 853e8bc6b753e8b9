"""The step of operations: when turbines run, and what is done at sea."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import TestsiteError
from testsite_sim.common.time_axis import step_of
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.operations import Campaigns, Certification, FleetValue, LimitSweep, Operations
from testsite_sim.operations import (
    FailureRates,
    SeaState,
    availability_of_bases,
    certification_time,
    certified_energy,
    fleet_availability,
    installation_log,
    sea_state,
    simulate_berths,
    simulate_installation,
    simulate_reliability_growth,
    sweep_limits,
    value_of_reliability,
    weather_windows,
)
from testsite_sim.operations.maintenance_tables import Workable, maintenance_tables
from testsite_sim.operations.sea_source import sea_record
from testsite_sim.wind import Farm, build_turbine, loss_budget

GROWTH_MEMBERS = 1000
CALM = 1.5  # [m] the significant wave height up to which crews transfer


def operate(record: xr.Dataset, operations: Operations, farm: Farm, log: bool = True) -> xr.Dataset:
    """Return when turbines run, and what is done at sea for it.

    Parameters
    ----------
    record : xarray.Dataset
        The checked weather.
    operations : Operations
        Availability, or maintenance that is simulated.
    farm : Farm
        The turbines.
    log : bool
        Whether to keep the log of events.

    Returns
    -------
    xarray.Dataset, dims (time, turbine, event)
        availability [1], a constant or over (time, turbine); of simulated maintenance its event log, and jobs, vessels
        and costs as `testsite_sim.operations.maintenance_history` gives them.
    """
    if operations.maintenance is None:
        share = xr.DataArray(float(operations.availability or 0.0))
        return xr.Dataset({"availability": share.assign_attrs(units="1", long_name="availability of the turbines")})
    names = [f"{farm} {name}".strip() for farm, name in zip(farm.farms or (), farm.names or (), strict=True)]
    climate, seed, burn_in = operations.climate, int(operations.seed or 0), float(operations.burn_in)
    bases = {name: (base.maintenance, base.farms) for name, base in operations.bases.items()}
    found = (
        availability_of_bases(
            record,
            operations.maintenance,
            bases,
            dict(zip(names, farm.farms or (), strict=True)),
            climate=climate,
            seed=seed,
            burn_in=burn_in,
            log=log,
        )
        if bases
        else fleet_availability(
            record, operations.maintenance, names, climate=climate, seed=seed, burn_in=burn_in, log=log
        )
    )
    kept = ("time", "task", "vessel", "task_vessel")
    return found.drop_vars([name for name in found.coords if name not in kept])


def budget(wind: xr.Dataset, curtailed: float) -> xr.Dataset:
    """Return the losses from the gross energy of the turbines to the energy that is sold or used.

    Parameters
    ----------
    wind : xarray.Dataset
        The step of wind.
    curtailed : float
        What is not used of the energy at the connection [J].

    Returns
    -------
    xarray.Dataset, dims (term,)
        As `testsite_sim.wind.loss_budget`.
    """
    after = dict(zip(wind["mechanism"].to_numpy().tolist(), wind["energy_after"].to_numpy().tolist(), strict=True))
    gross = after.pop("gross")
    steps = [(name.replace("_", " "), energy) for name, energy in after.items()]
    return loss_budget(gross, [*steps, ("curtailment", steps[-1][1] - curtailed)])


def campaigns(configuration: Campaigns) -> dict[str, xr.Dataset]:
    """Simulate every strategy of installation: dates over the years, what vessels do in the median year, the sweep.

    Returns
    -------
    dict of str to xarray.Dataset
        By the path in the results.
    """
    record = sea_record(configuration, configuration.seed)
    sea = sea_state(record)
    about = _about(record, sea)
    found = {}
    results = {
        name: simulate_installation(strategy, sea, configuration.turbines)
        for name, strategy in configuration.strategies.items()
    }
    year, span = _common_year(list(results.values()))
    for name, strategy in configuration.strategies.items():
        found[f"installation/{name}"] = results[name].assign_attrs(about)
        log = installation_log(strategy, sea, configuration.turbines, year)
        found[f"installation-log/{name}"] = log if span is None else log.assign_attrs(span=span)
    if configuration.windows is not None:
        windows = configuration.windows
        found["weather-windows"] = weather_windows(
            sea,
            [float(each) for each in windows.durations],
            wave_limit=float(windows.wave_limit),
            wind_limit=sea.wind_limit(windows.wind_limit, windows.wind_limit_height),
        )
    sweep: LimitSweep | None = configuration.sweep
    if sweep is not None:
        found["installation/sweep"] = sweep_limits(
            configuration.strategies[sweep.campaign],
            sea,
            configuration.turbines,
            sweep.phase,
            sweep.operation,
            [float(limit) for limit in sweep.wind_limits],
            [float(limit) for limit in sweep.wave_limits],
        )
        if sweep.campaign != (rival := next(iter(configuration.strategies))):
            rivals = found[f"installation/{rival}"]
            found["installation/sweep"].attrs |= {
                "rival": rival,
                "rival_duration_p50": float(rivals["campaign_duration_p50"]),
                "rival_cost_p50": float(rivals["campaign_cost_p50"]),
            }
    return found


def check_campaigns(configuration: Campaigns) -> Iterator[TestsiteError]:
    """Yield why a campaign could not be simulated: an operation never fits, or no campaign ends in the record."""
    try:
        sea = sea_state(sea_record(configuration, configuration.seed))
    except TestsiteError as error:
        yield error
        return
    for name, strategy in configuration.strategies.items():
        try:
            simulate_installation(strategy, sea, configuration.turbines)
        except TestsiteError as error:
            yield type(error)(*(f"operations.installation.strategies.{name}: {problem}" for problem in error.problems))


def check_certification(configuration: Certification) -> Iterator[TestsiteError]:
    """Yield why a test site could not be simulated: measurements or prototypes that never complete in the record."""
    try:
        measured = _measured(configuration)
        simulate_berths(
            configuration.test_site,
            measured.sea,
            measured.times,
            members=configuration.members,
            seed=configuration.seed,
        )
    except TestsiteError as error:
        yield type(error)(*(f"operations.certification: {problem}" for problem in error.problems))
        return
    fleet = configuration.fleet
    if fleet is not None:
        try:
            maintenance_tables(fleet.maintenance, Workable(sea_state(_first_years(fleet, measured.record))))
        except TestsiteError as error:
            yield type(error)(*(f"operations.certification.fleet: {problem}" for problem in error.problems))


def _common_year(results: list[xr.Dataset]) -> tuple[int, float | None]:
    """Return the year whose log is kept of every strategy, and the longest of their campaigns in it [s].

    It is the year of median duration of the first strategy, among those in which the campaigns of all end.
    """
    shared = sorted(set.intersection(*(set(result["year"].to_numpy().tolist()) for result in results)))
    years, duration = results[0]["year"].to_numpy(), results[0]["campaign_duration"].to_numpy()
    if not shared:
        return int(years[np.argmin(duration)]), None
    here = np.flatnonzero(np.isin(years, shared))
    year = int(years[here[np.argsort(duration[here], kind="stable")[here.size // 2]]])
    return year, max(float(result["campaign_duration"].sel(year=year)) for result in results)


def _about(record: xr.Dataset, sea: SeaState) -> dict[str, str | float]:
    """Return what a reader needs to know of the sea: its title, its years, and how much of the time is calm."""
    calm = float((sea.significant_wave_height <= CALM).mean())
    return {"sea": str(record.attrs.get("title", "")), "sea_years": sea.years, "calm_share": calm}


def certify(configuration: Certification) -> dict[str, xr.Dataset]:
    """Simulate the berths of the test site: times to certificates, their use, the growth of reliability."""
    record, sea, direction, density, times = _measured(configuration)
    berths = simulate_berths(
        configuration.test_site, sea, times, members=configuration.members, seed=configuration.seed
    )
    growth = simulate_reliability_growth(
        configuration.test_site.reliability_growth, members=GROWTH_MEMBERS, seed=configuration.seed
    )
    times = times.assign_attrs(_about(record, sea), investment=float(configuration.test_site.investment))
    found = {"certification/times": times, "certification/berths": berths, "certification/reliability": growth}
    if configuration.prototype is not None:
        turbine = build_turbine(configuration.prototype)
        found["certification/energy"] = certified_energy(
            configuration.test_site,
            sea,
            times,
            turbine.wind_speed,
            turbine.power,
            direction,
            density,
            seed=configuration.seed,
        )
    if configuration.fleet is not None:
        found["certification/value"] = _value(configuration.fleet, record, growth, configuration.seed)
    return found


class _Measured(NamedTuple):
    """The record of a test site, its sea state, wind direction and air density, and how long measurements take."""

    record: xr.Dataset
    sea: SeaState
    direction: NDArray[np.float64]
    density: NDArray[np.float64] | None
    times: xr.Dataset


def _measured(configuration: Certification) -> _Measured:
    """Return how long the measurements take from every start of the record."""
    record = sea_record(configuration, configuration.seed)
    sea = sea_state(record)
    direction = record["wind_direction"].isel(height=-1).to_numpy()
    density = record["air_density"].to_numpy() if "air_density" in record else None
    times = certification_time(configuration.test_site, sea, direction, density, configuration.seed)
    return _Measured(record, sea, direction, density, times)


def _first_years(fleet: FleetValue, record: xr.Dataset) -> xr.Dataset:
    """Return the years of the record in which the commercial fleet is simulated."""
    steps = int(fleet.years * SECONDS_PER_YEAR / step_of(record["time"].to_numpy()))
    return record.isel(time=slice(0, steps))


def _value(fleet: FleetValue, record: xr.Dataset, growth: xr.Dataset, seed: int) -> xr.Dataset:
    """Return what the commercial fleet gains in its first years by the failures that the test removed."""
    sea, turbine = sea_state(_first_years(fleet, record)), build_turbine(fleet.turbine)
    speed, curve = np.asarray(turbine.wind_speed, np.float64), np.asarray(turbine.power, np.float64)
    power = np.interp(sea.wind_speed, speed, curve, left=0.0, right=0.0)
    rates = growth["expected_failure_rate"].to_numpy()
    return value_of_reliability(
        fleet.maintenance,
        sea,
        fleet.turbines,
        FailureRates(float(rates[0]), float(rates[-1]), float(fleet.mature_failure_rate)),
        power=power,
        price=float(fleet.price),
        members=fleet.members,
        seed=seed,
    )
