"""The stores of a plant for its kernel: by mass or of banks, any number, and what reserves keep of each."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.storage.banks import Banks
from testsite_kernels.storage.properties import Isotherms
from testsite_kernels.storage.stores import Stores
from testsite_kernels.storage.tank import Tank as MassStore

from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.plant import AnyStore, PlantConfiguration
from testsite_sim.configuration.storage import HydrogenStore
from testsite_sim.plant.banks import held_mass, initial_mass, kernel_banks
from testsite_sim.plant.compression import POINTS, electricity_table, table_axes
from testsite_sim.plant.kept import Kept, Margins, Usable, kept_for
from testsite_sim.plant.labels import labels_of
from testsite_sim.plant.properties import isotherms_at

AT_ANY_PRESSURE = -1.0  # [Pa], below the pressure of zero that stores by mass have
ANY_TEMPERATURE = 300.0  # [K] of a store by mass among banks: it has no volume, so that nothing follows from it


def banks_of(plant: PlantConfiguration) -> Banks:
    """Return the banks of all stores, store after store, without margins; a store by mass is one without a volume."""
    parts = [_mass_bank(store) if isinstance(store, Tank) else _cascade(store) for store in plant.stores]
    if len(parts) == 1:
        return parts[0]
    numbers = np.cumsum([0, *(part.minimum.size for part in parts)])
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("volume", "minimum", "capacity", "fill_limit", "draw_limit")
    }
    orders = {
        name: np.concatenate([getattr(part, name) + first for part, first in zip(parts, numbers, strict=False)])
        for name in ("fill_order", "draw_order")
    }
    temperatures = [
        temperature
        for store in plant.stores
        for temperature in (
            [ANY_TEMPERATURE] if isinstance(store, Tank) else [float(bank.temperature) for bank in store.cascade.banks]
        )
    ]
    isotherms = _no_isotherms() if not plant.of_banks else isotherms_at(temperatures)
    return Banks(isotherms=isotherms, **joined, **orders)


def _no_isotherms() -> Isotherms:
    """Return the isotherms of stores by mass, which have no pressure."""
    return Isotherms(np.zeros((0, 0, 2)), np.zeros(0), 0.0)


def _cascade(store: HydrogenStore) -> Banks:
    """Return the banks of a store with pressures."""
    compressor = store.compressor
    reached = float(store.supply_pressure if compressor is None else compressor.maximum_discharge_pressure)
    return kernel_banks(store.cascade, reached)


def _mass_bank(tank: Tank) -> Banks:
    """Return a store by mass as a bank without a volume."""
    whole = whole_tank(tank)
    one = {name: np.array([getattr(whole, name)]) for name in MassStore._fields}
    return Banks(
        isotherms=_no_isotherms(),
        volume=np.zeros(1),
        fill_order=np.zeros(1, np.int64),
        draw_order=np.zeros(1, np.int64),
        **one,
    )


def whole_tank(tank: Tank) -> MassStore:
    """Return a store by mass for the kernel, without margins."""
    size = float(tank.capacity)
    return MassStore(
        minimum=float(tank.minimum_level * tank.capacity),
        capacity=size,
        fill_limit=float(tank.filling_per_capacity) * size,
        draw_limit=float(tank.withdrawal_per_capacity) * size,
    )


def capacity_of(store: AnyStore) -> float:
    """Return what a store holds full [kg]: banks at their highest pressure, or at that of what fills them."""
    return float(store.capacity) if isinstance(store, Tank) else float(_cascade(store).capacity.sum())


def of_capacity(store: AnyStore, capacity: float) -> AnyStore:
    """Return a store of another capacity [kg]: of banks all volumes grow alike, and its compressor stays as it is."""
    if isinstance(store, Tank):
        return store.model_copy(update={"capacity": capacity})
    share = capacity / capacity_of(store)
    banks = tuple(bank.model_copy(update={"volume": float(bank.volume) * share}) for bank in store.cascade.banks)
    return store.model_copy(update={"cascade": store.cascade.model_copy(update={"banks": banks})})


def is_one_tank(plant: PlantConfiguration) -> bool:
    """Return whether a plant has one store, by mass."""
    return len(plant.stores) == 1 and not plant.of_banks


def mass_store(plant: PlantConfiguration, margins: Margins) -> MassStore:
    """Return the one store by mass of a plant for the kernel; nothing where it has none, several, or one of banks."""
    if not is_one_tank(plant):
        return MassStore(0.0, 0.0, 0.0, 0.0)
    tank = whole_tank(plant.stores[0])  # type: ignore[arg-type]
    if not margins.drawn and not margins.filled:
        return tank
    content, room = kept_of(plant, margins)
    return MassStore(
        minimum=tank.minimum + float(content.mass[0]),
        capacity=tank.capacity - float(room.mass[0]),
        fill_limit=max(tank.fill_limit - float(room.rate[0]), 0.0),
        draw_limit=max(tank.draw_limit - float(content.rate[0]), 0.0),
    )


def kernel_stores(plant: PlantConfiguration, margins: Margins) -> Stores:
    """Return all stores of a plant for the kernel, less what reserves keep of them."""
    stores, counts = plant.stores, _counts(plant)
    of_store = np.repeat(np.arange(len(stores)), counts)
    first_logarithm, spacing = table_axes()
    work = np.zeros((len(stores), POINTS, POINTS))
    for k, store in enumerate(stores):
        if isinstance(store, HydrogenStore) and store.compressor is not None:
            work[k] = electricity_table(store.compressor).work
    found = Stores(
        banks=banks_of(plant) if stores else _no_banks(),
        of_store=of_store,
        supply_pressure=np.repeat([_pressure(store, "supply", 1e5) for store in stores] or np.empty(0), counts),
        delivery_pressure=np.repeat(
            [_pressure(store, "delivery", AT_ANY_PRESSURE) for store in stores] or np.empty(0), counts
        ),
        compressor_capacity=np.array([through_of(store) for store in stores]),
        work=work,
        first_logarithm=first_logarithm,
        suction_step=spacing,
        ratio_step=spacing,
    )
    if not margins.drawn and not margins.filled:
        return found
    content, room = kept_of(plant, margins)
    banks = found.banks._replace(
        minimum=(_least(plant, found.banks) if margins.drawn else found.banks.minimum) + content.mass,
        capacity=found.banks.capacity - room.mass,
        fill_limit=np.maximum(found.banks.fill_limit - room.rate, 0.0),
        draw_limit=np.maximum(found.banks.draw_limit - content.rate, 0.0),
    )
    return found._replace(banks=banks, compressor_capacity=np.maximum(found.compressor_capacity - room.through, 0.0))


def _counts(plant: PlantConfiguration) -> list[int]:
    """Return of how many banks each store is."""
    return [1 if isinstance(store, Tank) else len(store.cascade.banks) for store in plant.stores]


def _no_banks() -> Banks:
    """Return the banks of a plant without a store."""
    none, order = np.zeros(0), np.zeros(0, np.int64)
    return Banks(_no_isotherms(), none, none, none, none, none, order, order)


def _pressure(store: AnyStore, name: str, by_mass: float) -> float:
    """Return the pressure of supply or of delivery of a store [Pa]; `by_mass` of one that has none."""
    return by_mass if isinstance(store, Tank) else float(getattr(store, f"{name}_pressure"))


def through_of(store: AnyStore) -> float:
    """Return what the compressor of a store lets through [kg/s]."""
    compressor = None if isinstance(store, Tank) else store.compressor
    return UNLIMITED if compressor is None else float(compressor.capacity)


def initial_content(plant: PlantConfiguration) -> Floats:
    """Return the mass in every bank of all stores initially [kg], shape (bank,)."""
    return np.concatenate(
        [
            [float(store.initial_level * store.capacity)] if isinstance(store, Tank) else initial_mass(store.cascade)
            for store in plant.stores
        ]
        or [np.empty(0)]
    )


def _least(plant: PlantConfiguration, banks: Banks) -> Floats:
    """Return the content of each bank at which it gives nothing more [kg]: its minimum, or its delivery pressure."""
    found, b = banks.minimum.copy(), 0
    for store in plant.stores:
        for bank in (None,) if isinstance(store, Tank) else store.cascade.banks:
            if bank is not None:
                found[b] = max(found[b], held_mass(bank, float(store.delivery_pressure)))  # type: ignore[union-attr]
            b += 1
    return found


def kept_of(plant: PlantConfiguration, margins: Margins) -> tuple[Kept, Kept]:
    """Return what reserves keep of the stores for orders up, and for orders down; see `kept_for`."""
    banks, stores = banks_of(plant), plant.stores
    counts = _counts(plant)
    labels = [
        label if isinstance(store, Tank) else f"{label}, bank {k + 1},"
        for store, label, count in zip(stores, labels_of(stores), counts, strict=True)
        for k in range(count)
    ]
    usable = Usable(
        first=initial_content(plant),
        least=_least(plant, banks) if margins.drawn else banks.minimum,
        capacity=banks.capacity,
        draw_limit=banks.draw_limit,
        fill_limit=banks.fill_limit,
        draw_order=banks.draw_order,
        fill_order=banks.fill_order,
        of_store=np.repeat(np.arange(len(stores)), counts),
        through=np.array([through_of(store) for store in stores]),
        labels=labels,
    )
    return kept_for(margins, usable)
