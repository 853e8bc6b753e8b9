"""A store of hydrogen through time: supply and demand in; levels, pressures, flows and electricity out."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.storage.banks import FLOWS, BankSeries, BankStore, simulate_banks

from testsite_sim.common.balances import relative_residual
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.configuration.storage import HydrogenStore
from testsite_sim.plant.banks import bank_cost, initial_mass, kernel_banks
from testsite_sim.plant.compression import compressor_cost, electricity_table, no_work

PARTS = 12  # pieces of an interval: 5 min of an hour
_DESCRIPTIONS = {
    "hydrogen_taken": ("kg s-1", "hydrogen taken from the supply"),
    "hydrogen_rejected": ("kg s-1", "hydrogen offered and not taken"),
    "hydrogen_delivered": ("kg s-1", "hydrogen delivered to the demand"),
    "hydrogen_unmet": ("kg s-1", "hydrogen demand not met"),
    "power_compressor": ("W", "electricity of the compressor"),
}


@finite_arguments("hydrogen: simulate_storage")
def simulate_storage(supply: xr.DataArray, demand: xr.DataArray, store: HydrogenStore) -> xr.Dataset:
    """Fill and draw a store of banks.

    The demand is served first from the supply of the same interval, then from the banks in their drawing order, as
    long as they stand above the delivery pressure; what is left of the supply fills them in their filling order.

    Parameters
    ----------
    supply, demand : xarray.DataArray, dims (time,)
        Hydrogen offered and asked for [kg/s].
    store : HydrogenStore
        Compressor, banks, pressures.

    Returns
    -------
    xarray.Dataset, dims (time, bank)
        hydrogen_taken, hydrogen_rejected, hydrogen_delivered, hydrogen_unmet (time) [kg s-1], power_compressor (time)
        [W]; bank_mass [kg] and bank_pressure [Pa] (time, bank) at the end of the interval, bank_capacity and
        bank_minimum [kg] and bank_rating [Pa] (bank). Attributes `step` and `hydrogen_balance_residual` (relative).

    Raises
    ------
    DataError
        When the series do not fit together, have gaps or are negative.
    """
    step, values = aligned_series("storage", {"supply": supply, "demand": demand}, least=0.0)
    compressor = store.compressor
    reached = float(store.supply_pressure if compressor is None else compressor.maximum_discharge_pressure)
    banks, mass = kernel_banks(store.cascade, reached), initial_mass(store.cascade)
    before = float(mass.sum())
    flows = np.empty((values["supply"].size, len(FLOWS)))
    masses, pressures = np.empty((flows.shape[0], mass.size)), np.empty((flows.shape[0], mass.size))
    machine = BankStore(
        banks,
        no_work() if compressor is None else electricity_table(compressor),
        UNLIMITED if compressor is None else float(compressor.capacity),
        float(store.supply_pressure),
        float(store.delivery_pressure),
    )
    out = BankSeries(flows, masses, pressures)
    simulate_banks(machine, mass, np.empty(mass.size), values["supply"], values["demand"], step, PARTS, out)
    data = {
        name: ("time", np.ascontiguousarray(flows[:, k]), {"units": units, "long_name": long_name})
        for k, (name, (units, long_name)) in enumerate(_DESCRIPTIONS.items())
    }
    result = xr.Dataset(data, coords={"time": supply["time"]})
    result["bank_mass"] = (("time", "bank"), masses, {"units": "kg", "long_name": "hydrogen in the bank"})
    result["bank_pressure"] = (("time", "bank"), pressures, {"units": "Pa", "long_name": "pressure in the bank"})
    result["bank_capacity"] = ("bank", banks.capacity, {"units": "kg", "long_name": "hydrogen in the full bank"})
    result["bank_minimum"] = ("bank", banks.minimum, {"units": "kg", "long_name": "cushion gas of the bank"})
    rating = np.array([float(bank.maximum_pressure) for bank in store.cascade.banks])
    result["bank_rating"] = ("bank", rating, {"units": "Pa", "long_name": "rated pressure of the bank"})
    net = (flows[:, 0] - flows[:, 2]).sum() * step
    residual = relative_residual(before + net, float(mass.sum()), before, float(flows[:, 0].sum()) * step)
    result.attrs.update(step=step, hydrogen_balance_residual=residual)
    return result


def storage_cost(store: HydrogenStore) -> dict[str, tuple[float, float]]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of the parts of a store."""
    parts = {f"bank_{number}": bank_cost(bank) for number, bank in enumerate(store.cascade.banks, start=1)}
    return parts if store.compressor is None else parts | {"compressor": compressor_cost(store.compressor)}
