"""What a scenario names, opened and checked."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import reference_of
from testsite_sim.chain.plant_check import check_plant
from testsite_sim.chain.requirements import require_horizon, require_weather
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.capacity import ImbalanceActivation
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.dispatch.capacity import margins_for
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settings import offers_of
from testsite_sim.operations.fleet_availability import check_maintenance
from testsite_sim.plant.machines import Margins
from testsite_sim.weather.opening import in_climate, open_as_measured
from testsite_sim.wind import BLOCKAGES, Farm, FarmTable, build_farm, wake_model


@dataclass(frozen=True)
class Prepared:
    """What a scenario names, found and checked: the opened record and the farm.

    With a `table` the flow is read from it instead of being simulated; `threads`: of the flow, None: one a
    processor; `log`: whether the events at sea are kept; `optimum`: whether a strategy is compared with the best
    possible; `reference`: the whole record, where a short period is scaled to its climate.
    """

    scenario: Scenario
    record: xr.Dataset
    turbines: Farm | None
    neighbours: Farm | None = None
    table: FarmTable | None = None
    threads: int | None = None
    log: bool = True
    optimum: bool = True
    reference: xr.Dataset | None = None

    @property
    def farm(self) -> Farm:
        """The farm; only a plant may stand without."""
        if self.turbines is None:
            raise ValueError("the scenario has no wind farm")
        return self.turbines


def prepare(scenario: Scenario, record: xr.Dataset | None = None) -> Prepared:
    """Open and check everything that a scenario names, and simulate nothing.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    record : xarray.Dataset, optional
        Its weather as `open_as_measured` gives it, where it is open already.

    Raises
    ------
    ConfigurationError
        When a wake model does not exist, or parts contradict each other.
    DataError
        When the weather record is not usable, or lacks what the scenario asks of it: all of it at once.
    """
    stated = None if scenario.farm is None else scenario.wind_farm
    if stated is not None:
        wake_model(stated.wind.wake_model)
    if scenario.dispatch is not None:
        for offer in scenario.dispatch.reserves:
            if isinstance(offer.product.activation, ImbalanceActivation) and scenario.sale.imbalance is None:
                raise ConfigurationError(
                    f"dispatch.reserves: {offer.product.title} is called with the system's imbalance; "
                    "add `market.imbalance` and `market.forecast`, for example single-2020 and day-ahead."
                )
    of_one_run = record is None  # members of an ensemble share a check
    if record is None:
        record = open_as_measured(scenario.weather, wind=False)  # asked for below, with all else
    turbines = None if stated is None else build_farm(stated.farm)
    neighbours = None if stated is None or stated.wind.neighbours is None else build_farm(stated.wind.neighbours)
    farms = [farm for farm in (turbines, neighbours) if farm is not None]
    record = _at_one_price(record, scenario)
    require_weather(scenario, record, [float(h) for farm in farms for h in np.unique(farm.per_turbine("hub_height"))])
    require_horizon(scenario, record)
    record = in_climate(record, scenario.weather)
    if scenario.plant is not None:
        check_plant(scenario, record)
    reference = reference_of(scenario, record)
    if scenario.dispatch is not None and scenario.dispatch.reserves:
        whole = reduced_plant(scenario.machines, scenario.grid, Margins())
        margins_for(whole, offers_of(scenario.dispatch.reserves))  # refuses offers that the machines cannot keep
    if stated is None:
        return Prepared(scenario, record, None, reference=reference)
    at_sea = stated.operations
    if of_one_run and at_sea.maintenance is not None:
        check_maintenance(record, at_sea.maintenance, climate=at_sea.climate, seed=int(at_sea.seed or 0))
    if stated.wind.blockage not in BLOCKAGES:
        found = stated.wind.blockage
        raise ConfigurationError(f"wind.blockage: there is no blockage {found!r}. {nearest(found, BLOCKAGES)}")
    return Prepared(scenario, record, turbines, neighbours, reference=reference)


def _at_one_price(record: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """Return the record with the one price of a market that states one, zero without a market."""
    price = scenario.sale.price
    if price is None:
        return record
    attributes = {"units": "EUR J-1", "long_name": "price of electricity, the same at all times"}
    flat = np.full(record.sizes["time"], float(price))
    return record.assign(day_ahead_price=("time", flat, attributes))
