"""What a scenario names, opened and checked."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import reference_of
from testsite_sim.chain.plant_check import check_plant
from testsite_sim.chain.requirements import refuse_unused, require_horizon, require_weather
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.configuration.capacity import ImbalanceActivation
from testsite_sim.configuration.contracts import ContractForDifference
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.one_frame import counted_from
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.support import LevelisedCostCertificate
from testsite_sim.configuration.weather import Weather
from testsite_sim.dispatch.capacity import margins_for
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settings import offers_of
from testsite_sim.operations.fleet_availability import check_maintenance
from testsite_sim.plant.kept import Margins
from testsite_sim.weather.long_term import ClimateMapping
from testsite_sim.weather.opening import in_climate, mapping_in, open_as_measured
from testsite_sim.weather.stations import Placed, open_stations
from testsite_sim.wind import Farm, FarmTable, Spread, averaged_farm, build_farm, check_models
from testsite_sim.wind.stations import Interpolation, station_weights

# Keys of the weather that say how its record is used: it is opened once for all of them.
NOT_OF_THE_RECORD = {
    "shear_exponent": None,
    "profile": "power-law",
    "air_sea": None,
    "wind_error": None,
    "sensor_height": None,
    "averaging_time": None,
}
# Of what is prepared.
OPENED_AND_BUILT = ("record", "turbines", "neighbours", "reference", "stations", "mapping", "prices")


@dataclass(frozen=True)
class Prepared:
    """What a scenario names, found and checked: the opened record and the farm.

    With a `table` the flow is read from it instead of being simulated; `threads`: of the flow, None: one a
    processor; `log`: whether the events at sea are kept; `optimum`: whether a strategy is compared with the best
    possible; `losses`: whether what each loss of the wind farm takes is found also where it needs more flows than the
    power at the connection; `sensitivity`: whether the uncertainty of the energy, which needs two more flows, is found
    where it is stated; `each_turbine`: whether what every turbine gives is kept; `reference`: the whole record, where a
    short period is scaled to its climate; `stations`: records of the wind at their places, where it varies over the
    farm; `mapping`: how the record was mapped to its climate; `prices`: of the whole record, where means of calendar
    months or years are taken of a part of it.
    """

    scenario: Scenario
    record: xr.Dataset
    turbines: Farm | None
    neighbours: Farm | None = None
    table: FarmTable | None = None
    threads: int | None = None
    log: bool = True
    optimum: bool = True
    losses: bool = True
    sensitivity: bool = True
    each_turbine: bool = True
    reference: xr.Dataset | None = None
    stations: tuple[Placed, ...] = ()
    mapping: ClimateMapping | None = None
    prices: xr.DataArray | None = None

    @property
    def farm(self) -> Farm:
        """The farm; only a plant may stand without."""
        if self.turbines is None:
            raise ValueError("the scenario has no wind farm")
        return self.turbines

    @property
    def hub_heights(self) -> list[float]:
        """The heights of all hubs, those of neighbouring farms among them [m]; empty without turbines."""
        farms = [farm for farm in (self.turbines, self.neighbours) if farm is not None]
        return [float(height) for farm in farms for height in np.unique(farm.per_turbine("hub_height"))]


def prepare(
    scenario: Scenario,
    record: xr.Dataset | None = None,
    *,
    check_sea: bool | None = None,
    opened: Callable[[Weather], xr.Dataset] = open_as_measured,
    known: Prepared | None = None,
) -> Prepared:
    """Open and check everything that a scenario names, and simulate nothing.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    record : xarray.Dataset, optional
        Its weather as `open_as_measured` gives it, where it is open already.
    check_sea : bool, optional
        Whether the weather is checked to serve the maintenance; None: where the record is not open already, since the
        members of an ensemble share that check.
    opened : callable, optional
        What opens the whole record that a short period is scaled to, as `open_as_measured` does.
    known : Prepared, optional
        Another scenario, whose turbines and mapping to a climate are taken where they are the same.

    Raises
    ------
    ConfigurationError
        When a wake model does not exist, or parts contradict each other.
    DataError
        When the weather record is not usable, or lacks what the scenario asks of it: all of it at once.
    """
    stated = None if scenario.farm is None else scenario.wind_farm
    if stated is not None:
        check_models(stated.wind)
    if scenario.dispatch is not None:
        for offer in scenario.dispatch.reserves:
            if isinstance(offer.product.activation, ImbalanceActivation) and scenario.sale.imbalance is None:
                raise ConfigurationError(
                    f"dispatch.reserves: {offer.product.title} is called with the system's imbalance; "
                    "add `market.imbalance` and `market.forecast`, for example single-2020 and day-ahead."
                )
    check_sea = record is None if check_sea is None else check_sea
    own = record is None
    if record is None:
        record = open_as_measured(scenario.weather, wind=False)  # asked for below, with all else
    turbines, neighbours = _farms_of(scenario, known)
    farms = [farm for farm in (turbines, neighbours) if farm is not None]
    record = at_one_price(record, scenario)
    hubs = [float(height) for farm in farms for height in np.unique(farm.per_turbine("hub_height"))]
    require_weather(scenario, record, hubs)
    if own:  # the weather of a member may have other levels
        refuse_unused(scenario, record, hubs)
    mapping = mapping_in(record, scenario.weather, None if known is None else known.mapping)
    prices = _prices_of(scenario, record, opened)
    record = in_climate(record, scenario.weather, mapping)
    _check_machines(scenario, record, turbines)
    reference = reference_of(scenario, record, opened)
    reference = None if reference is None else at_one_price(reference, scenario)
    if stated is None:
        return Prepared(scenario, record, None, reference=reference, mapping=mapping, prices=prices)
    at_sea = stated.operations
    if check_sea and at_sea.maintenance is not None:
        for each in (at_sea.maintenance, *(base.maintenance for base in at_sea.bases.values())):
            check_maintenance(record, each, climate=at_sea.climate, seed=int(at_sea.seed or 0))
    stations = open_stations(scenario.weather, record)
    if turbines is not None and stations:
        station_weights(turbines, stations, Interpolation())  # refuses farms that do not exist
    return Prepared(
        scenario,
        record,
        turbines,
        neighbours,
        reference=reference,
        stations=stations,
        mapping=mapping,
        prices=prices,
    )


def _prices_of(scenario: Scenario, record: xr.Dataset, opened: Callable[[Weather], xr.Dataset]) -> xr.DataArray | None:
    """Return the prices of the whole record where a part is simulated that refers to means of calendar months or years.

    `record` is `opened` as measured: whole where it takes a climate, else cut to its period.
    """
    weather = scenario.weather
    contracts = () if scenario.dispatch is None else scenario.dispatch.contracts
    supports = [sale.support for sale in scenario.sale.concessions.values()]
    refers = any(isinstance(each, ContractForDifference) and each.reference != "interval" for each in contracts) or any(
        isinstance(each, LevelisedCostCertificate) and each.reference_price is None for each in supports
    )
    if not refers or scenario.sale.price is not None or (weather.start is None and weather.end is None):
        return None
    if weather.climate is None:
        record = opened(weather.model_copy(update={"start": None, "end": None, "step": None}))
    return record["day_ahead_price"].dropna("time")


def _farms_of(scenario: Scenario, known: Prepared | None) -> tuple[Farm | None, Farm | None]:
    """Return the turbines of a scenario and its neighbours, those of a prepared one where they are the same."""
    if scenario.farm is None:
        return None, None
    if known is not None and _built_of(scenario) == _built_of(known.scenario):
        return known.turbines, known.neighbours
    stated = scenario.wind_farm
    others = stated.wind.neighbours
    neighbours = None if others is None else _built(counted_from(others, stated.farm), scenario)
    return _built(stated.farm, scenario), neighbours


def prepared_alike(
    known: Prepared, scenario: Scenario, opened: Callable[[Weather], xr.Dataset] = open_as_measured
) -> Prepared:
    """Return a scenario prepared that differs from a prepared one in the values of quantities alone, as a draw does.

    It has what `prepare` gives it, and shares of the other one what these values do not reach.

    Parameters
    ----------
    known : Prepared
        The other one.
    scenario : Scenario
        The checked scenario.
    opened : callable, optional
        What opens a record as measured, uncut where it takes a climate.

    Raises
    ------
    ConfigurationError, DataError
        As `prepare`.
    """
    if _opened(scenario) != _opened(known.scenario) or _built_of(scenario) != _built_of(known.scenario):
        anew = prepare(scenario, opened(scenario.weather), opened=opened, known=known)
        return replace(known, **{name: getattr(anew, name) for name in OPENED_AND_BUILT}, scenario=scenario)
    _check_machines(scenario, known.record, known.turbines)
    reference = None if known.reference is None else at_one_price(known.reference, scenario)
    return replace(known, scenario=scenario, record=at_one_price(known.record, scenario), reference=reference)


def _opened(scenario: Scenario) -> Weather:
    """Return what the records of a scenario, in their climate, are made of."""
    return scenario.weather.model_copy(update=NOT_OF_THE_RECORD)


def _built_of(scenario: Scenario) -> tuple[object, ...]:
    """Return what the turbines of a scenario are made of."""
    if scenario.farm is None:
        return ()
    wind = scenario.wind_farm.wind
    averaged = wind.curve_averaging is not None and wind.curve_averaging.curve_turbulence is not None
    turbulence = scenario.location.turbulence_intensity if averaged else None
    return scenario.farm, wind.neighbours, wind.curve_averaging, turbulence


def _check_machines(scenario: Scenario, record: xr.Dataset, turbines: Farm | None) -> None:
    """Refuse a strategy, machines and reserves that cannot be with each other, or in that weather."""
    require_horizon(scenario, record)
    if scenario.plant is not None:
        rated = 0.0 if turbines is None else float(turbines.per_turbine("rated_power").sum())
        check_plant(scenario, record, rated)
    if scenario.dispatch is not None and scenario.dispatch.reserves:
        whole = reduced_plant(scenario.machines, scenario.grid, Margins())
        step = step_seconds(record["time"], "plant", "weather")
        margins = margins_for(whole, offers_of(scenario.dispatch.reserves), step)
        reduced_plant(scenario.machines, scenario.grid, margins)  # refuses offers that machines or stores cannot keep


def _built(farm: FarmConfiguration, scenario: Scenario) -> Farm:
    """Return the turbines of a farm, with the power curves that the scenario asks for."""
    built, how = build_farm(farm), scenario.wind_farm.wind.curve_averaging
    if how is None:
        return built
    parts = [Spread(float(each.constant), float(each.relative)) for each in (how.within_interval, how.between_places)]
    known = how.curve_turbulence is not None
    return averaged_farm(
        built,
        parts[0].joined(parts[1]),
        turbulence=float(scenario.location.turbulence_intensity or 0.0) if known else None,
        curve_turbulence=float(how.curve_turbulence) if how.curve_turbulence is not None else None,
    )


def at_one_price(record: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """Return the record with the one price of a market that states one, zero without a market."""
    price = scenario.sale.price
    if price is None:
        return record
    attributes = {"units": "EUR J-1", "long_name": "price of electricity, the same at all times"}
    flat = np.full(record.sizes["time"], float(price))
    return record.assign(day_ahead_price=("time", flat, attributes))
