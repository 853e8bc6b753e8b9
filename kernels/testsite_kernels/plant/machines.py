"""What a hydrogen plant is made of, as its step takes it, and what it carries on, takes in and gives out.

Index p electrolyser, c fuel cell, s stack, b bank, y year, t interval. Power [W] at AC terminals, hydrogen [kg/s],
contents [kg, J]. A machine that does not exist has a capacity of zero; a store that does not exist has no banks.
"""

from typing import NamedTuple

from testsite_kernels.electrolysis.curve import LoadCurves
from testsite_kernels.electrolysis.stack import ElectrolysisPlant
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.plant.delivery import Pipeline
from testsite_kernels.plant.fuel_cell import FuelCellPlant
from testsite_kernels.plant.refuelling import Arrivals, Station
from testsite_kernels.plant.refuelling import State as StationState
from testsite_kernels.storage.battery import Battery
from testsite_kernels.storage.stores import Stores
from testsite_kernels.storage.tank import Tank

RATES = (
    "power_wind",
    "power_photovoltaics",
    "power_fuel_cells",
    "power_discharged",
    "power_imported",
    "power_missing",
    "power_electrolysers",
    "power_compressor",
    "power_station",
    "power_pipeline",
    "power_charged",
    "power_exported",
    "power_curtailed",
    "heat_electrolysers",
    "heat_fuel_cells",
    "hydrogen_produced",
    "hydrogen_by_product",
    "hydrogen_to_station",
    "hydrogen_to_pipeline",  # to the demand at once, where there is no pipeline
    "hydrogen_delivered",
    "hydrogen_to_fuel_cells",
    "hydrogen_vented",
    "hydrogen_dispensed",
    "hydrogen_requested",
    "hydrogen_unserved",
    "hydrogen_unmet",
    "power_activated_up",
    "power_activated_down",
    "sales",  # [EUR/s]
    "purchases",
    "contracts",  # [EUR/s] of the sales: what contracts pay per energy sold, on top of the market
)
(
    WIND, PANELS, FUEL_CELLS, DISCHARGED, IMPORTED, MISSING, ELECTROLYSERS, COMPRESSOR, STATION, PIPELINE, CHARGED,
    EXPORTED, CURTAILED, HEAT_ELECTROLYSERS, HEAT_FUEL_CELLS, PRODUCED, BY_PRODUCT, TO_STATION, TO_PIPELINE, DELIVERED,
    TO_FUEL_CELLS, VENTED, DISPENSED, REQUESTED, UNSERVED, UNMET, ACTIVATED_UP, ACTIVATED_DOWN, SALES, PURCHASES,
    CONTRACTS,
) = range(len(RATES))  # fmt: skip
LEVELS = (
    "hydrogen_stored",  # [kg] in the store, at the end of the interval
    "hydrogen_in_station",  # [kg] in buffer and banks
    "hydrogen_pending",  # [kg] that vehicles at the station still wait for
    "battery_content",  # [J]
    "battery_capacity_lost",
    "waiting_time",  # [s], summed over vehicles that began to fill or left
    "queue",
    "hydrogen_in_pipeline",  # [kg]
    "pipeline_pressure",  # [Pa], the mean one
)
OF_ELECTROLYSERS = ("electrolyser_power", "electrolyser_hydrogen", "electrolyser_heat", "electrolyser_state")
OF_FUEL_CELLS = ("fuel_cell_power", "fuel_cell_hydrogen", "fuel_cell_heat", "fuel_cell_voltage_lost")
EVENTS_OF_FUEL_CELLS = ("running_time", "starts", "replacements")
BLOCK = 32  # intervals that are booked together: few enough to stay in the fastest memory
COLUMNS = 32  # of a row of rates: as many as are added up eight at a time


class Equipment(NamedTuple):
    """What the plainest plant does not have: stacks, banks, pipeline, station, battery; `has_…` says what there is.

    A place of `electrolysers` that is no machine of stacks has a power of zero. `stores` holds the limits within which
    dispatch works, `whole_stores` those that reserves may use besides; `has_margins` says whether they keep anything.
    """

    electrolysers: tuple[ElectrolysisPlant, ...]
    has_tank: bool
    stores: Stores
    whole_stores: Stores
    has_margins: bool
    has_pipeline: bool
    pipeline: Pipeline  # to the demand
    has_station: bool
    station: Station
    has_battery: bool
    battery: Battery


class Plant(NamedTuple):
    """The machines as plain numbers and tables.

    Electrolysers are in `curves`, fuel cells in `fuel_cells`, a store by mass in `tank`, all else in `equipment`. Where
    that is None, the kernel is compiled without it: a third of the time to compile, and half the time of an interval.
    `tank` holds the limits within which dispatch works, `whole_tank` those that reserves may use besides.
    """

    curves: LoadCurves
    fuel_cells: tuple[FuelCellPlant, ...]
    tank: Tank
    whole_tank: Tank
    export_limit: float  # [W]
    import_limit: float
    equipment: Equipment | None


class EquipmentState(NamedTuple):
    """What equipment carries from interval to interval, and the vehicles that come to its station."""

    stacks: tuple[Floats, ...]  # of each electrolyser (s, column); no rows of one by its curve
    orders: tuple[Integers, ...]
    clocks: tuple[Floats, ...]
    pressure: Floats  # of the banks of the stores (b)
    mass_before: Floats  # [kg] in them (b) at the start of the interval, where reserves may be ordered
    aims: Floats  # (k) [kg] that a plan wants each store to hold after the interval; empty where it wants nothing
    through: Floats  # (k) [kg] that the compressor of each store can still let through, for reserves
    pipeline: Floats  # (1): mass [kg]
    station: StationState
    station_flows: Floats  # (FLOWS of refuelling), of the last interval
    arrivals: Arrivals
    battery: Floats
    battery_points: Floats
    battery_closed: Floats
    battery_replacements: Floats  # (1), since the start of the year


class PlantState(NamedTuple):
    """What the plant carries from interval to interval; `equipment` is None where the plant has none."""

    curves: Floats  # (p, 1, column): of each electrolyser by its curve, as one stack
    mass: Floats  # of the banks of the stores (b)
    fuel_cells: Floats  # (c, 2): voltage lost, whether it runs
    equipment: EquipmentState | None


class Outside(NamedTuple):
    """What comes from outside in one interval: [W], [kg/s], [EUR/J].

    `contract_price` is the part of the sale price that contracts add. `sellable` [W] is the largest export that does
    not cost money. `ordered_up`, `ordered_down` [W] are what the grid
    orders of the reserves.
    """

    wind: float
    panels: float
    by_product: float
    demand: float
    sale_price: float
    purchase_price: float
    contract_price: float
    sellable: float
    ordered_up: float
    ordered_down: float


class SetPoint(NamedTuple):
    """What a strategy asks of the plant: power of all electrolysers and of all fuel cells [W].

    Electrolysers by their curve stay hot while they stand still, unless `go_cold`. Fuel cells draw on the store only
    where `from_store`; the part of their power that is exported is at most `fuel_cell_export` [W]. So much by-product
    is bought at most [kg/s]; more where it `serves` what demand and station would else go without.
    """

    electrolysers: float
    fuel_cells: float
    go_cold: bool
    from_store: bool
    fuel_cell_export: float
    by_product: float
    serves: bool


class Reserve(NamedTuple):
    """Modules that are kept out of dispatch to answer orders of the grid, at their rated performance.

    `production` [kg/J] of electrolyser modules, which answer orders down; `consumption` [kg/J] of fuel-cell modules,
    which answer orders up. `is_kept` says whether there are any: with equipment the kernel is the same without.
    """

    production: float
    consumption: float
    is_kept: bool = True


class Block(NamedTuple):
    """The results of a block of intervals i: rates, levels, those of the machines; and sizes of the electrolysers.

    What a plant does not have stays at zero, as it was handed over, and is never written.
    """

    rates: Floats  # (i, COLUMNS), of which RATES are used
    sums: Floats  # (COLUMNS) of the rates since the start of the year
    levels: Floats  # (i, LEVELS)
    electrolysers: Floats  # (i, p, OF_ELECTROLYSERS)
    fuel_cells: Floats  # (i, c, OF_FUEL_CELLS)
    events: Floats  # (c, EVENTS_OF_FUEL_CELLS), since the start of the year
    sizes: Floats  # (p): AC power of each electrolyser [W]


class Running(NamedTuple):
    """A plant that runs: machines, state, reserves, length of an interval [s], room for its results.

    `reserve` is None of a plant without equipment and without reserves: for so plain a plant that is another kernel.
    """

    plant: Plant
    state: PlantState
    reserve: Reserve | None
    step: float
    block: Block
