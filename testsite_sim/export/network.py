"""A scenario as a network of PyPSA: a component a machine, and by name what a linear network does not hold."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.common.units import HOUR, MEGAWATT_HOUR
from testsite_sim.common.version import __version__
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settings import objective_of
from testsite_sim.export.tables import Exported
from testsite_sim.plant.by_product import BY_PRODUCT, by_product_series
from testsite_sim.plant.electrolysis import dispatch_curve
from testsite_sim.plant.fuel_cell import efficiency_curve
from testsite_sim.plant.kept import Margins

if TYPE_CHECKING:
    import pypsa

MEGAWATT = 1e6  # [W]
ELECTRICITY, HYDROGEN, GRID, STORED = "electricity", "hydrogen", "grid", "hydrogen store"
EVEN = 1e-9  # relative: curves whose values differ by less are constant
NEEDS = "export: a PyPSA network needs `pip install 'testsite-sim[pypsa]'`"


@dataclass
class _Network:
    """A network that is being made, and by name what it does not hold."""

    network: "pypsa.Network"
    plant: xr.Dataset
    hours: float
    not_linear: list[dict[str, str]]
    machines: dict[str, str]

    @property
    def index(self) -> pd.Index:
        """The snapshots."""
        snapshots: pd.Index = self.network.snapshots
        return snapshots

    def add(self, component: str, name: str, title: str = "", **values: Any) -> None:
        """Add a component; series are given as arrays over the snapshots."""
        series: dict[str, Any] = {
            key: pd.Series(value, index=self.index) if isinstance(value, np.ndarray) else value
            for key, value in values.items()
        }
        self.network.add(component, name, **series)
        if title:
            self.machines[name] = title

    def state(self, component: str, what: str, instead: str) -> None:
        """State what of a component is not linear, and what stands instead."""
        self.not_linear.append({"component": component, "not represented": what, "instead": instead})

    def series(self, name: str) -> Floats:
        """Return a series of the results; zeros where there is none."""
        if name not in self.plant:
            return np.zeros(self.index.size)
        return np.asarray(self.plant[name].to_numpy(), np.float64)


def network_of(exported: Exported) -> "pypsa.Network":
    """Return a scenario as a network of PyPSA, in MW, MWh and EUR; hydrogen by its lower heating value.

    Wind and photovoltaic power, prices and the demand of hydrogen are those of the run. An electrolyser and a fuel cell
    are a link each, a store by mass a `Store` between two links that limit its flow, a battery a storage unit; the
    market is a generator at the day-ahead price that gives and takes, behind a link of export and one of import. What
    is asked for and not delivered costs what the economics of the scenario sell hydrogen for, and what is left in the
    store at the end is worth as much, as in `testsite_sim.dispatch.optimum`; `optimum` of a solved network is minus its
    objective. What is not linear is stated by name in `network.meta["testsite_sim"]["not_linear"]`; where that list is
    empty, PyPSA finds the optimum of `strategy: perfect-foresight`.

    Parameters
    ----------
    exported : Exported
        A run of a scenario with a connection to the grid.

    Raises
    ------
    ConfigurationError
        When PyPSA is not installed, or it is not the run of a scenario.
    """
    scenario = exported.scenario
    if scenario is None or "plant" not in exported.results.children:
        raise ConfigurationError(
            f"export: {exported.title!r} is no run of a scenario with a dispatch, which a PyPSA network is made of."
        )
    plant = exported.results["plant"].to_dataset()
    with _quiet():
        try:
            import pypsa
        except ImportError as error:
            raise ConfigurationError(f"{NEEDS} ({error}).") from error
        network = pypsa.Network(name=exported.title)
        snapshots: Any = pd.DatetimeIndex(plant["time"].to_numpy(), name="snapshot")
        network.set_snapshots(snapshots)
        hours = float(plant.attrs["step"]) / HOUR
        weights = network.snapshot_weightings
        network.snapshot_weightings = pd.DataFrame(hours, index=weights.index, columns=weights.columns)
        made = _Network(network, plant, hours, [], {})
        made.add("Bus", ELECTRICITY, carrier=ELECTRICITY)
        made.add("Bus", GRID, carrier=ELECTRICITY)
        _add_renewables(made, scenario)
        _add_market(made, scenario)
        _add_hydrogen(made, scenario, exported.results)
        _add_battery(made, scenario)
        for carrier in sorted(_carriers(network) | {ELECTRICITY, HYDROGEN}):
            made.add("Carrier", carrier)
    network.meta = {
        "testsite_sim": {
            "version": __version__,
            **exported.about,
            "machines": made.machines,
            "hydrogen": f"lower heating value, {LOWER_HEATING_VALUE / MEGAWATT_HOUR:.8g} MWh/kg",
            "objective": "minus the objective value of the dispatch: sales less purchases, less unmet hydrogen, plus "
            "the value of what is left in the store",
            "not_linear": made.not_linear,
        }
    }
    return network


def _carriers(network: Any) -> set[str]:
    """Return the carriers that components of a network have: PyPSA warns of one that is not defined."""
    tables = (network.buses, network.generators, network.links, network.loads, network.stores, network.storage_units)
    return {str(carrier) for table in tables for carrier in table["carrier"]} - {""}


def network_bytes(exported: Exported) -> bytes:
    """Return the network as the NetCDF file that `pypsa.Network` reads."""
    network = network_of(exported)
    with temporary_folder() as folder, _quiet():
        path = folder / "network.nc"
        network.export_to_netcdf(str(path))
        return path.read_bytes()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the notes of PyPSA on its own future, and on packages, from the user, who cannot act on them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        level = logging.getLogger("pypsa").level
        logging.getLogger("pypsa").setLevel(logging.ERROR)
        try:
            yield
        finally:
            logging.getLogger("pypsa").setLevel(level)


def _add_renewables(made: _Network, scenario: Scenario) -> None:
    """Add wind and panels, which may be curtailed; what a standing farm draws is a load."""
    machines = scenario.machines
    for name, key, title in (
        ("wind", "power_wind", "wind farm at its connection"),
        (
            "photovoltaics",
            "power_photovoltaics",
            "" if machines.photovoltaics is None else machines.photovoltaics.title,
        ),
    ):
        if key not in made.plant:
            continue
        power = made.series(key) / MEGAWATT
        size = max(float(power.max(initial=0.0)), 1e-9)
        made.add(
            "Generator", name, title, bus=ELECTRICITY, carrier=name, p_nom=size, p_max_pu=np.maximum(power, 0.0) / size
        )
        if (power < 0.0).any():
            made.add("Load", f"{name}, own consumption", bus=ELECTRICITY, p_set=np.maximum(-power, 0.0))


def _add_market(made: _Network, scenario: Scenario) -> None:
    """Add the market at the day-ahead price, behind the limits, fees and support of the connection."""
    plant, grid = made.plant, scenario.grid
    price = made.series("price") * MEGAWATT_HOUR
    sale = made.series("support") * MEGAWATT_HOUR
    fee = float(grid.purchase_fee or 0.0) * MEGAWATT_HOUR
    sources = sum(
        float(np.abs(made.series(name)).max(initial=0.0)) for name in ("power_wind", "power_photovoltaics")
    ) + sum(float(cell.capacity) for cell in scenario.machines.fuel_cells)
    battery = scenario.machines.battery
    sources += 0.0 if battery is None else float(battery.power)
    limit = sources if grid.export_limit is None else float(grid.export_limit)
    bought = float(grid.import_limit or 0.0)
    made.add(
        "Generator",
        "market",
        "day-ahead market",
        bus=GRID,
        carrier=ELECTRICITY,
        p_min_pu=-1.0,
        p_nom=(limit + bought) / MEGAWATT,
        marginal_cost=price,
    )
    made.add("Link", "export", bus0=ELECTRICITY, bus1=GRID, p_nom=limit / MEGAWATT, marginal_cost=-sale)
    if bought > 0.0:
        made.add("Link", "import", bus0=GRID, bus1=ELECTRICITY, p_nom=bought / MEGAWATT, marginal_cost=fee)
        if bool((sale > fee).any()):
            made.state(
                "import",
                "either import or export in an interval, where a sale is supported by more than the fee of a purchase",
                "both at once, which earns the difference",
            )
    if scenario.market is not None and scenario.market.imbalance is not None:
        made.state("market", "market.imbalance: a nomination whose deviations are settled", "day-ahead prices alone")
    if scenario.market is not None and scenario.market.concessions:
        made.state(
            "market", "market.concessions: each farm stops by itself", "all at the mean support of what was sold"
        )
    for offer in () if scenario.dispatch is None else scenario.dispatch.reserves:
        made.state("market", f"dispatch.reserves: {offer.product.title}", "no reserve is kept, paid or called")
    if "power_missing" in plant and float(plant["power_missing"].sum()) > 0.0:
        made.state(ELECTRICITY, "power that the plant lacked", "the network may have no solution there")


def _add_hydrogen(made: _Network, scenario: Scenario, results: xr.DataTree) -> None:
    """Add electrolysers, fuel cells, store, by-product and demand of hydrogen."""
    machines = scenario.machines
    if not machines.electrolysers and machines.by_product is None:
        return
    made.add("Bus", HYDROGEN, carrier=HYDROGEN)
    for number, electrolyser in enumerate(machines.electrolysers, 1):
        name, curve = f"electrolyser {number}", dispatch_curve(electrolyser)
        made.add(
            "Link",
            name,
            electrolyser.title,
            bus0=ELECTRICITY,
            bus1=HYDROGEN,
            carrier="electrolysis",
            p_nom=float(electrolyser.capacity) / MEGAWATT,
            efficiency=float(curve.production[-1]) * LOWER_HEATING_VALUE,
        )
        _state_curve(made, name, np.asarray(curve.production) * LOWER_HEATING_VALUE)
        for key, value, units in (
            ("minimum_load", float(curve.minimum_load), ""),
            ("start energy", float(curve.start_energy) / MEGAWATT_HOUR, " MWh"),
            ("standby power", float(curve.standby_power) / MEGAWATT, " MW"),
        ):
            if value > 0.0:
                made.state(name, f"{key} of {value:.4g}{units}", "none")
        if electrolyser.stacks is not None:
            made.state(name, "stacks: temperature and ageing", "new stacks, warm")
    for number, cell in enumerate(machines.fuel_cells, 1):
        name, efficiency = f"fuel cell {number}", np.asarray(efficiency_curve(cell)[1])
        made.add(
            "Link",
            name,
            cell.title,
            bus0=HYDROGEN,
            bus1=ELECTRICITY,
            carrier="fuel cell",
            p_nom=float(cell.capacity) / MEGAWATT / float(efficiency[-1]),
            efficiency=float(efficiency[-1]),
        )
        _state_curve(made, name, efficiency)
        if cell.minimum_load > 0.0:
            made.state(name, f"minimum_load of {float(cell.minimum_load):.4g}", "none")
        if cell.stacks is not None:
            made.state(name, "stacks: ageing", "new stacks")
    for kind, count in (("electrolysers", len(machines.electrolysers)), ("fuel cells", len(machines.fuel_cells))):
        if count > 1:
            made.state(kind, "machines called in their order", "in the order of their cost")
    _add_supply(made, scenario, results)
    _add_store(made, scenario)


def _state_curve(made: _Network, name: str, efficiency: Floats) -> None:
    """State that a part-load curve is not constant."""
    low, high = float(efficiency.min()), float(efficiency.max())
    if high - low > EVEN * high:
        made.state(
            name,
            f"part-load curve: efficiency (LHV) of {low:.4g} to {high:.4g} by load",
            f"that at rated load, {float(efficiency[-1]):.4g}",
        )


def _per_energy(price: float) -> float:
    """Return a price per hydrogen [EUR/kg] per lower heating value [EUR/MWh]."""
    return price / LOWER_HEATING_VALUE * MEGAWATT_HOUR


def _add_supply(made: _Network, scenario: Scenario, results: xr.DataTree) -> None:
    """Add the demand of hydrogen, what it costs not to meet it, by-product and what the station takes."""
    machines, flow = scenario.machines, LOWER_HEATING_VALUE / MEGAWATT
    objective = objective_of(scenario.economics, reduced_plant(machines, scenario.grid, Margins()), machines.by_product)
    demand = (made.series("hydrogen_delivered") + made.series("hydrogen_unmet")) * flow
    if machines.demand is not None and demand.max(initial=0.0) > 0.0:
        size = float(demand.max())
        made.add("Load", "hydrogen demand", machines.demand.title, bus=HYDROGEN, p_set=demand)
        made.add(
            "Generator",
            "hydrogen unmet",
            bus=HYDROGEN,
            carrier=HYDROGEN,
            p_nom=size,
            p_max_pu=demand / size,
            marginal_cost=_per_energy(objective.penalty),
        )
    if machines.by_product is not None:
        weather = results["weather"].to_dataset()
        offered = (
            made.series("hydrogen_by_product")
            if machines.by_product.from_record and BY_PRODUCT not in weather
            else by_product_series(machines.by_product, weather).to_numpy()
        ) * flow
        size = max(float(offered.max(initial=0.0)), 1e-9)
        price = _per_energy(float(machines.by_product.price))
        made.add(
            "Generator",
            "by-product hydrogen",
            machines.by_product.title,
            bus=HYDROGEN,
            carrier=HYDROGEN,
            p_nom=size,
            p_max_pu=offered / size,
            marginal_cost=price,
        )
    if machines.refuelling is not None:
        made.add(
            "Load",
            "refuelling station",
            machines.refuelling.station.title,
            bus=HYDROGEN,
            p_set=made.series("hydrogen_to_station") * flow,
        )
        made.add(
            "Load", "refuelling station, electricity", bus=ELECTRICITY, p_set=made.series("power_station") / MEGAWATT
        )
        made.state("refuelling station", "arrivals, banks and pressures", "what it took in the run, as loads")


def _add_store(made: _Network, scenario: Scenario) -> None:
    """Add the store between the links that limit its flow; its content at the end is worth what hydrogen is."""
    stores = scenario.machines.stores
    if not stores:
        return
    reduced = reduced_plant(scenario.machines, scenario.grid, Margins())
    objective = objective_of(scenario.economics, reduced, scenario.machines.by_product)
    energy, flow = LOWER_HEATING_VALUE / MEGAWATT_HOUR, LOWER_HEATING_VALUE / MEGAWATT
    most = reduced.tank_capacity * energy / made.hours  # what fills or empties it in one interval
    # PyPSA counts the content of a store at the end of every snapshot, times its duration.
    worth = np.zeros(made.index.size)
    worth[-1] = -_per_energy(objective.end_value) / made.hours
    made.add("Bus", STORED, carrier=HYDROGEN)
    made.add(
        "Store",
        STORED,
        " + ".join(store.title for store in stores),
        bus=STORED,
        carrier=HYDROGEN,
        e_nom=reduced.tank_capacity * energy,
        e_min_pu=reduced.tank_minimum / reduced.tank_capacity if reduced.tank_capacity > 0.0 else 0.0,
        e_initial=reduced.tank_initial * energy,
        e_cyclic=False,
        marginal_cost_storage=worth,
    )
    for name, limit, ends in (
        ("store filling", reduced.charge_limit, (HYDROGEN, STORED)),
        ("store withdrawal", reduced.discharge_limit, (STORED, HYDROGEN)),
    ):
        size = most if limit >= UNLIMITED else min(limit * flow, most)
        made.add("Link", name, bus0=ends[0], bus1=ends[1], carrier=HYDROGEN, p_nom=size)
    if scenario.machines.of_banks:
        made.state(
            STORED, "banks with pressures, and the electricity of their compressor", "a store by mass without losses"
        )
    if len(stores) > 1:
        made.state(STORED, "several stores, each with its limits, filled and emptied in their order", "their sums")


def _add_battery(made: _Network, scenario: Scenario) -> None:
    """Add the battery; its levels are shares of its capacity."""
    battery = scenario.machines.battery
    if battery is None:
        return
    power, room = float(battery.power), float(battery.maximum_level - battery.minimum_level)
    made.add(
        "StorageUnit",
        "battery",
        battery.title,
        bus=ELECTRICITY,
        carrier="battery",
        p_nom=power / MEGAWATT,
        max_hours=float(battery.capacity) * room / power / HOUR,
        state_of_charge_initial=float(battery.capacity)
        * float(battery.initial_level - battery.minimum_level)
        / MEGAWATT_HOUR,
        efficiency_store=float(battery.charging_efficiency),
        efficiency_dispatch=float(battery.discharging_efficiency),
        cyclic_state_of_charge=False,
    )
    made.state("battery", "ageing", "its capacity when new, from its lowest to its highest level")
