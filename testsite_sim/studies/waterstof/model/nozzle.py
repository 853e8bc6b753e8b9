"""Cost of hydrogen at the nozzle, component by component, from simulated electrolysis and from industry."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import DAY, HOUR, SECONDS_PER_YEAR
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.calendar import Years, over_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear
from testsite_sim.studies.waterstof.model.technology import Experience

COMPONENTS = (
    "electricity",
    "electrolyser",
    "electrolyser-operation",
    "by-product",
    "delivery",
    "storage",
    "station",
    "station-operation",
)
AT_THE_STATION = ("storage", "station", "station-operation")
DAYS_PER_YEAR = SECONDS_PER_YEAR / DAY


@dataclass(frozen=True)
class Energy:
    """Prices [EUR/J], emissions [kg/J] and what electrolysis consumes [J/kg], all (member, year)."""

    wind_price: Floats  # paid by the electrolyser, fee included
    retail_price: Floats
    grid_emissions: Floats
    consumption: Floats


def energy_of(study: Waterstof, value: Values, years: Years, plant: PlantYear) -> Energy:
    """Return prices, emissions and consumption; the simulated plant gives price paid over mean price, and part load.

    Consumption at rated load follows the stated path; at the part loads of the simulated plant it is less.
    """
    price = over_years(study.energy.electricity, value, "energy.electricity", years)
    stated = over_years(study.supply.electrolyser.consumption, value, "supply.electrolyser.consumption", years)
    return Energy(
        wind_price=price * plant.price_ratio + value("supply.electrolyser.fee")[:, None],
        retail_price=price + value("energy.retail_fee")[:, None],
        grid_emissions=over_years(study.energy.grid_emissions, value, "energy.grid_emissions", years),
        consumption=stated * plant.part_load,
    )


def nozzle_components(
    value: Values,
    energy: Energy,
    electrolyser: Experience,
    station: Experience,
    plant: PlantYear,
    buffer: Floats,
    cost_of_capital: Floats,
    by_product_share: Floats,
) -> Floats:
    """Return what hydrogen costs at the nozzle of a station that is used as planned.

    Parameters
    ----------
    value : callable
        Values of the members by dotted path.
    energy : Energy
        Prices and consumption.
    electrolyser, station : Experience
        What they cost.
    plant : PlantYear
        Hours of the electrolyser, and its tank over its hydrogen.
    buffer : array, (member,)
        Store of the station over the hydrogen of a day [1].
    cost_of_capital : array, (member, scenario)
        [1/year].
    by_product_share : array, (member, scenario, year)
        Share of the hydrogen that is bought from industry [1].

    Returns
    -------
    array, (member, scenario, year, component)
        [EUR/kg] of all hydrogen: electrolysis and by-product are weighted by their shares.
    """

    def each(path: str) -> Floats:
        return value(path)[:, None, None]

    seconds = plant.electrolyser_hours * HOUR
    made = 1.0 - by_product_share
    # Capital of electrolysis per yearly mass [EUR/(kg/year)], and of a station.
    electrolysis = (electrolyser.cost * energy.consumption)[:, None] / seconds
    yearly_mass = station_mass(value)[:, None, None]
    stations = station.cost[:, None] / yearly_mass
    rate = cost_of_capital[:, :, None]
    worn = plant.electrolyser_hours / each("supply.electrolyser.operating_life")
    upkeep = each("supply.electrolyser.operating") + each("supply.electrolyser.replacement") * worn
    stored = plant.tank / plant.hydrogen_produced * made + buffer[:, None, None] / DAYS_PER_YEAR
    station_annuity = annuity(rate, each("supply.stations.life"))
    compression = each("supply.stations.compression") * energy.retail_price[:, None]
    return np.stack(
        np.broadcast_arrays(
            (energy.wind_price * energy.consumption)[:, None] * made,
            electrolysis * annuity(rate, each("supply.electrolyser.life")) * made,
            electrolysis * upkeep * made,
            each("supply.by_product.price") * by_product_share,
            each("supply.by_product.delivery") * by_product_share,
            each("supply.stations.storage_cost") * stored * station_annuity,
            stations * station_annuity,
            stations * each("supply.stations.operating") + compression,
        ),
        axis=3,
    )


def station_mass(value: Values) -> Floats:
    """Return what a station dispenses in a year when used as planned [kg/year], (member,)."""
    return value("supply.stations.capacity") * SECONDS_PER_YEAR * value("supply.stations.utilisation")


def emissions_of_hydrogen(value: Values, energy: Energy, by_product_share: Floats) -> Floats:
    """Return what a kilogram at the nozzle has emitted [kg/kg], (member, scenario, year)."""
    electrolysis = (energy.consumption * value("energy.wind_emissions")[:, None])[:, None]
    bought = value("supply.by_product.replacement_emissions")[:, None, None]
    compression = (value("supply.stations.compression")[:, None] * energy.grid_emissions)[:, None]
    return np.asarray(electrolysis * (1.0 - by_product_share) + bought * by_product_share + compression)
