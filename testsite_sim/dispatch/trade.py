"""A plant in its market, and what a dispatch of it is worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.rule import Rule
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.machines import LEVELS, RATES, Plant

from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.capacity import Reserves
from testsite_sim.dispatch.execution import NO_RULE, Control, Executed, Surroundings, described, plain_control
from testsite_sim.dispatch.market import MarketCurve, energy_market
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settlement import QuarterPrices, settled, settled_market
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.machines import machines_of
from testsite_sim.plant.results import Described


@dataclass(frozen=True)
class Trade:
    """A plant, what it works in, what it is paid: after a nomination [W] the prices of deviations; reserves."""

    plant: PlantConfiguration
    grid: Grid
    around: Surroundings
    objective: Objective
    wind: bool = True
    margins: Margins = Margins()  # noqa: RUF009 (a tuple of numbers)
    nominated: xr.DataArray | None = None
    quarters: QuarterPrices | None = None
    imbalance: Imbalance | None = None
    reserves: Reserves | None = None

    @cached_property
    def reduced(self) -> ReducedPlant:
        """What optimisers plan on, less what reserves keep."""
        return reduced_plant(self.plant, self.grid, self.margins)

    @cached_property
    def machines(self) -> Plant:
        """The machines as their kernel takes them, less what reserves keep."""
        return machines_of(self.plant, self.grid, self.around.step, self.margins)

    @property
    def power(self) -> Floats:
        """Power of wind and panels [W]; below zero their own consumption, as far as the grid can bring it."""
        return np.maximum(self.around.wind + self.around.photovoltaics, -self.reduced.import_limit)

    @property
    def market(self) -> MarketCurve:
        """What a net export earns, after a nomination that of its deviation."""
        around, plant = self.around, self.reduced
        if self.nominated is None or self.quarters is None:
            curve = energy_market(around.price, plant, around.support, around.purchase_fee)
        else:
            nominated = self.nominated.to_numpy()
            curve = settled_market(nominated, around.price, self.quarters, plant, around.support, around.purchase_fee)
        return replace(curve, fixed=curve.fixed + around.contract_fixed) if around.contracts else curve

    @property
    def signal(self) -> Floats | None:
        """The imbalance price that is known when each interval begins [EUR/J]; None without settlement."""
        return None if self.quarters is None else np.asarray(self.quarters.known(self.around.price))

    @property
    def settles_nothing_later(self) -> bool:
        """Whether what the kernel books as sales and purchases is all that is paid for energy."""
        settled_later = (self.reserves, self.nominated, *self.around.contracts)
        return all(each is None for each in settled_later)

    def control(self, rule: Rule = NO_RULE) -> Control:
        """Return the control of a rule in this market; an export that costs money is curtailed."""
        limit = UNLIMITED if self.grid.export_limit is None else float(self.grid.export_limit)
        found = replace(plain_control(self.around, limit, rule), margins=self.margins)
        if self.reserves is None:
            return found
        return replace(found, ordered=self.reserves.ordered, reserve=self.reserves.kernel)


@dataclass(frozen=True)
class Dispatched:
    """A dispatch: what the machines did, the same as a Dataset with its settlement, and how it was controlled.

    `described` is that Dataset, or makes it: most candidates of a plan are asked for what they earn alone.
    `true_ahead`: how many intervals ahead were planned on true forecasts, of a rolling horizon on such. `facts`: what
    a plan proved and how it was made, attributes of the Dataset.
    """

    executed: Executed | None
    described: xr.Dataset | Callable[[], xr.Dataset]
    control: Control
    true_ahead: int | None = None
    facts: Mapping[str, float | str] = field(default_factory=dict)

    @cached_property
    def result(self) -> xr.Dataset:
        """What the machines did as a Dataset, with its settlement."""
        return self.described if isinstance(self.described, xr.Dataset) else self.described()

    def earned(self, trade: "Trade") -> float:
        """Return the objective value [EUR], see `earned`: of a dispatch that nothing settles without its Dataset."""
        if isinstance(self.described, xr.Dataset) or self.executed is None or not trade.settles_nothing_later:
            return earned(self.result, trade.objective)
        rates, levels = self.executed.output.rates, self.executed.output.levels
        step, done = trade.around.step, self.executed.done
        rate = dict(zip(RATES, rates[:done].T, strict=True))
        level = dict(zip(LEVELS, levels[:done].T, strict=True))
        found = {name: np.ascontiguousarray((rate | level)[name]) for name in _VALUED}
        return _value(found, (rate["sales"] - rate["purchases"]) * step, step, trade.objective)


def settle(executed: Executed, trade: Trade, name: str, more: Mapping[str, Described] | None = None) -> xr.Dataset:
    """Return what was done as a Dataset, with reserves booked and deviations settled.

    Parameters
    ----------
    executed : Executed
        What the machines did.
    trade : Trade
        The plant in its market.
    name : str
        Of the strategy.
    more : mapping, optional
        Variables to add to what the plant did: dimensions, values, attributes.
    """
    result = described(executed, wind=trade.wind, reserves=trade.reserves is not None, more=more)
    result.attrs["strategy"] = name
    if trade.reserves is not None:
        result = trade.reserves.booked(result)
    if trade.nominated is None or trade.quarters is None:
        return result
    promised = trade.nominated if trade.reserves is None else trade.nominated + trade.reserves.net_order
    return settled(result, promised, result["price"], trade.quarters)


def earned(result: xr.Dataset, objective: Objective) -> float:
    """Return the objective value of a dispatch, as the optimum counts it [EUR].

    Electricity sold minus bought, less the penalty of every kilogram that customers or vehicles asked for and did not
    get, less the price of by-product that was taken, plus the value of what is left in
    store and pipeline.
    """
    found = {name: result[name].to_numpy() for name in _VALUED if name in result}
    return _value(found, result["revenue"].to_numpy(), float(result.attrs["step"]), objective)


_CONTENTS = ("hydrogen_stored", "hydrogen_in_pipeline")
_VALUED = ("hydrogen_unmet", "hydrogen_unserved", "hydrogen_by_product", *_CONTENTS)


def _value(found: Mapping[str, Floats], revenue: Floats, step: float, objective: Objective) -> float:
    """Return the objective value of rates [kg/s] and contents [kg] by name, and of the revenue [EUR]; see `earned`."""

    def mass(name: str) -> float:
        return float(found[name].sum()) * step if name in found else 0.0

    short = mass("hydrogen_unmet") + mass("hydrogen_unserved")
    left = sum(float(found[name][-1]) for name in _CONTENTS if name in found)
    value = float(revenue.sum()) - objective.penalty * short + objective.end_value * left
    return value - objective.by_product_price * mass("hydrogen_by_product")
