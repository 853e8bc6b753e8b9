"""Run one strategy on one plant through one series of wind power, price and hydrogen demand."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.dispatch.series import FLOWS, dispatch_series

from testsite_sim.common.balances import carried_on, largest_residual
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.dispatch.capacity import Reserves, nothing_reserved
from testsite_sim.dispatch.market import Support
from testsite_sim.dispatch.plant import BalancingPlant
from testsite_sim.dispatch.strategies import RULES, StrategySettings, check_strategy, rule_of

_DESCRIPTIONS: dict[str, tuple[str, str]] = {
    "power_available": ("W", "wind power available for balancing"),
    "power_exported": ("W", "power sold to the grid"),
    "power_curtailed": ("W", "wind power curtailed"),
    "power_imported": ("W", "power bought from the grid"),
    "power_electrolyser": ("W", "electricity consumption of the electrolyser, with start and standby"),
    "power_fuel_cell": ("W", "net power of the fuel cell"),
    "hydrogen_produced": ("kg s-1", "hydrogen produced by the electrolyser"),
    "hydrogen_to_fuel_cell": ("kg s-1", "hydrogen consumed by the fuel cell"),
    "hydrogen_delivered": ("kg s-1", "hydrogen delivered to the demand"),
    "hydrogen_unmet": ("kg s-1", "hydrogen demand not met"),
    "hydrogen_stored": ("kg", "hydrogen in the tank at the end of the interval"),
    "electrolyser_state": ("1", "state of the electrolyser"),
    "price": ("EUR J-1", "market price of electricity"),
    "support": ("EUR J-1", "support per energy sold, less the fee on it"),
    "revenue": ("EUR", "electricity sold minus electricity bought in the interval"),
}


@finite_arguments("balancing")
def simulate_balancing(
    wind_power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    plant: BalancingPlant,
    *,
    strategy: str = "price-threshold",
    step: float | None = None,
    settings: StrategySettings | None = None,
    nomination: xr.DataArray | None = None,
    signal: xr.DataArray | None = None,
    support: Support = 0.0,
    purchase_fee: float = 0.0,
    reserves: Reserves | None = None,
) -> xr.Dataset:
    """Dispatch electrolyser, tank and fuel cell beside a wind fleet by a rule.

    Parameters
    ----------
    wind_power : xarray.DataArray, dims (time,)
        Wind power at the plant's connection [W].
    price : xarray.DataArray, dims (time,)
        Market price [EUR/J].
    demand : xarray.DataArray, dims (time,)
        Hydrogen demand [kg/s], served from production and tank.
    plant : BalancingPlant
        The plant.
    strategy : str
        One of `RULES`.
    step : float, optional
        Expected step of the series [s]; None takes it from the stamps.
    settings : StrategySettings, optional
        Thresholds, promise, band, reserve.
    nomination : xarray.DataArray, dims (time,), optional
        Power promised to the grid [W]; None: the constant of the settings.
    signal : xarray.DataArray, dims (time,), optional
        The price that the rule looks at [EUR/J], such as the last imbalance price; None: the market price.
    support : float or ndarray, shape (intervals,)
        Paid per energy sold on top of the price [EUR/J]; selling stops where the price that the rule looks at, plus
        support, is negative.
    purchase_fee : float
        Paid per energy bought on top of the price [EUR/J].
    reserves : Reserves, optional
        Power kept ready beside the `plant`, which is then what it leaves for dispatch (`plant_beside`).

    Returns
    -------
    xarray.Dataset, dims (time,)
        Power [W], hydrogen [kg/s, kg], state, revenue [EUR]; attributes `step`, `energy_balance_residual` and
        `hydrogen_balance_residual` (relative).

    Raises
    ------
    ConfigurationError
        When the strategy or its settings are wrong.
    DataError
        When the series do not fit together, have gaps, or power or demand is negative.
    """
    check_strategy(strategy)
    if strategy not in RULES:
        raise ConfigurationError(
            f"balancing: {strategy!r} looks ahead and is no rule; call simulate_rolling_horizon or "
            "simulate_perfect_foresight."
        )
    extra = {name: item for name, item in (("nomination", nomination), ("signal", signal)) if item is not None}
    series = {"wind_power": wind_power, "price": price, "demand": demand} | extra
    seconds, values = aligned_series("balancing", series, step=step)
    wind, market, wanted = values["wind_power"], values["price"], values["demand"]
    refuse_negative(wind_power=wind, demand=wanted)
    look = values.get("signal", market)
    rule, constant = rule_of(strategy, settings or StrategySettings(), plant, wind, look, wanted)
    promised = values.get("nomination", np.full(wind.size, constant))
    flows = np.empty((wind.size, len(FLOWS)))
    states = np.empty(wind.size, np.int8)
    activated = room_for_activation(reserves)
    dispatch_series(
        plant.kernel_plant, nothing_reserved(plant) if reserves is None else reserves.kernel, rule, seconds,
        plant.tank_initial, wind,
        np.where(look + support < 0.0, 0.0, plant.export_limit), look, promised, wanted,
        flows, states, activated,
    )  # fmt: skip
    result = balance_dataset(wind_power, market, wind, wanted, flows, states, seconds, plant, support, purchase_fee)
    result.attrs["strategy"] = strategy
    return result if reserves is None else reserves.booked(result, activated)


def by_rule(
    name: str,
    wind: NDArray[np.float64],
    price: NDArray[np.float64],
    demand: NDArray[np.float64],
    step: float,
    plant: BalancingPlant,
    support: Support,
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return flows (intervals, 9) and states of a rule that is told nothing."""
    rule, promised = rule_of(name, StrategySettings(), plant, wind, price, demand)
    flows, states = np.empty((wind.size, len(FLOWS))), np.empty(wind.size, np.int8)
    sellable = np.where(price + support < 0.0, 0.0, plant.export_limit)
    dispatch_series(
        plant.kernel_plant,
        nothing_reserved(plant),
        rule,
        step,
        plant.tank_initial,
        wind,
        sellable,
        price,
        np.full(wind.size, promised),
        demand,
        flows,
        states,
        np.empty((0, 2)),
    )
    return flows, states


def room_for_activation(reserves: Reserves | None) -> NDArray[np.float64]:
    """Return room for the power delivered from reserves, shape (intervals, 2); no rows where there are none."""
    return np.empty((0 if reserves is None else reserves.kernel.ordered.shape[0], 2))


def refuse_negative(**series: NDArray[np.float64]) -> None:
    """Raise a DataError for a series that must not be negative."""
    for name, array in series.items():
        if array.min() < 0.0:
            raise DataError(
                f"balancing: {name} is negative in {int((array < 0.0).sum())} interval(s), lowest "
                f"{array.min():g}; "
                "wanted zero or more"
            )


def balance_dataset(
    like: xr.DataArray,
    price: NDArray[np.float64],
    wind: NDArray[np.float64],
    demand: NDArray[np.float64],
    flows: NDArray[np.float64],
    states: NDArray[np.int8],
    step: float,
    plant: BalancingPlant,
    support: Support,
    purchase_fee: float,
) -> xr.Dataset:
    """Name the flows of a dispatch (time, 9; order of `FLOWS`), add what follows and the residuals."""
    columns = {name: np.ascontiguousarray(flows[:, k]) for k, name in enumerate(FLOWS)}
    columns["power_available"] = wind
    columns["hydrogen_unmet"] = demand - columns["hydrogen_delivered"]
    columns["price"] = price
    sold, bought = columns["power_exported"], columns["power_imported"]
    columns["support"] = np.broadcast_to(np.asarray(support, np.float64), price.shape)
    columns["revenue"] = ((price + support) * sold - (price + purchase_fee) * bought) * step
    data = {
        name: ("time", columns.get(name, states), {"units": units, "long_name": long_name})
        for name, (units, long_name) in _DESCRIPTIONS.items()
    }
    result = xr.Dataset(data, coords={"time": like["time"]})
    result["electrolyser_state"].attrs.update(flag_values=[0, 1, 2], flag_meanings="off standby producing")
    result.attrs.update(
        step=step,
        energy_balance_residual=energy_balance_residual(columns),
        hydrogen_balance_residual=hydrogen_balance_residual(columns, plant.tank_initial, step),
    )
    return result


def energy_balance_residual(columns: dict[str, NDArray[np.float64]]) -> float:
    """Return the largest mismatch of sources and uses of power, over the mean of the sources."""
    sources = columns["power_available"] + columns["power_fuel_cell"] + columns["power_imported"]
    uses = columns["power_exported"] + columns["power_curtailed"] + columns["power_electrolyser"]
    return largest_residual(sources, uses, float(sources.mean()))


def hydrogen_balance_residual(columns: dict[str, NDArray[np.float64]], initial: float, step: float) -> float:
    """Return the largest mismatch of tank content and flows, over the largest content or flow."""
    net = columns["hydrogen_produced"] - columns["hydrogen_delivered"] - columns["hydrogen_to_fuel_cell"]
    stored = columns["hydrogen_stored"]
    scales = float(stored.max()), initial, float(columns["hydrogen_produced"].max()) * step
    return largest_residual(carried_on(initial, net * step, stored), stored, *scales)
