"""Power, wakes and availability of a farm over time, aggregated as models of energy systems take them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.units import DAY, HOUR, MEGAWATT_HOUR
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.export.tables import Column, Exported, Table

NAME = "capacity-factors"
INTERVAL, MONTH_HOUR, REPRESENTATIVE_DAYS = "interval", "month-hour", "representative-days"
DAYS = 12  # representative days where none are stated: an assumption, about one a month
_VALUES = (
    Column("capacity_factor_alone", "1", "power of the turbines standing alone, always running, over rated power"),
    Column("flow_loss", "1", "loss to all wakes, blockage and storms, of the power before it"),
    Column("availability", "1", "share of the turbines that run, mean over time"),
    Column(
        "later_losses",
        "1",
        "loss from there to the connection, of the power before it: availability, performance, "
        "environment, curtailment by rules, cables",
    ),
    Column("capacity_factor", "1", "power at the connection over rated power, before the grid curtails it"),
)
_PRICE = Column("price", "EUR/MWh", "day-ahead price of electricity, mean")


@dataclass(frozen=True)
class _Farm:
    """The power of a farm over time [W]: standing alone, with wakes, at the connection; availability, price."""

    time: pd.DatetimeIndex
    step: float
    rated: float
    alone: Floats
    running: Floats
    delivered: Floats
    availability: Floats
    price: Floats | None

    def values(self, rows: NDArray[np.int64]) -> list[float]:
        """Return the columns of the intervals of some numbers together."""
        alone, running, delivered = (float(each[rows].sum()) for each in (self.alone, self.running, self.delivered))
        total = self.rated * rows.size
        found = [
            alone / total,
            1.0 - running / alone if alone > 0.0 else 0.0,
            float(self.availability[rows].mean()),
            1.0 - delivered / running if running > 0.0 else 0.0,
            delivered / total,
        ]
        return found if self.price is None else [*found, float(self.price[rows].mean()) * MEGAWATT_HOUR]


Rows = tuple[tuple[Column, ...], list[list[object]], str]  # columns that name a row, rows, how they were aggregated
_Aggregation = Callable[[_Farm, int], Rows]


def has_farm(exported: Exported) -> bool:
    """Return whether there is a farm whose power over time is known."""
    return (
        exported.scenario is not None
        and exported.scenario.farm is not None
        and "wind" in exported.results.children
        and {"power", "power_delivered"} <= set(exported.results["wind"].data_vars)
    )


def farm_table(exported: Exported, aggregation: str = MONTH_HOUR, days: int = DAYS) -> Table:
    """Return capacity factor, losses and availability of a farm over time, aggregated.

    In every row, capacity_factor = capacity_factor_alone × (1 − flow_loss) × (1 − later_losses): losses are weighted by
    power, availability by time.

    Parameters
    ----------
    exported : Exported
        A run of a scenario with a wind farm.
    aggregation : str
        `interval`, every interval of the run; `month-hour`, the mean of each hour of the day (UTC) of each month;
        `representative-days`, days of the record that stand for others, chosen by clustering (Ward's method on the
        hourly capacity factors, and prices where there are any, each over its standard deviation; of each cluster the
        day nearest to its mean), with the number of days that each stands for.
    days : int
        How many representative days.

    Raises
    ------
    ConfigurationError
        When there is no such aggregation, no farm, or fewer whole days than are asked for.
    """
    aggregations: dict[str, _Aggregation] = {
        INTERVAL: _by_interval,
        MONTH_HOUR: _by_month_and_hour,
        REPRESENTATIVE_DAYS: _by_days,
    }
    if aggregation not in aggregations:
        raise ConfigurationError(
            f"export: there is no aggregation {aggregation!r}. {nearest(aggregation, aggregations)}"
        )
    if not has_farm(exported) or exported.scenario is None:
        raise ConfigurationError(
            f"export: {exported.title!r} has no wind farm whose power over time is in its results."
        )
    farm = _farm_of(exported.results, exported.scenario)
    keys, rows, said = aggregations[aggregation](farm, days)
    columns = (*keys, *_VALUES, *(() if farm.price is None else (_PRICE,)))
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(NAME, "Wind farm for models of energy systems", columns, frame, said)


def _farm_of(results: xr.DataTree, scenario: Scenario) -> _Farm:
    """Return the power of a farm; that of turbines standing alone is simulated again, in the same weather."""
    from testsite_sim.wind import Mechanisms, build_farm, simulate

    weather, wind = results["weather"].to_dataset(), results["wind"].to_dataset()
    farm = replace(build_farm(scenario.wind_farm.farm), yaw=None)  # standing alone, a turbine stands in the wind
    inflow = weather[["wind_speed", "wind_direction", "air_density"]].sel(
        height=np.unique(farm.per_turbine("hub_height"))
    )
    alone = simulate(farm, inflow, Mechanisms())["power"].sum("turbine").to_numpy()
    share = results["operations"]["availability"]
    over_turbines = share.mean([name for name in share.dims if name != "time"]).to_numpy()
    price = weather["day_ahead_price"].to_numpy() if "day_ahead_price" in weather else None
    return _Farm(
        time=pd.DatetimeIndex(wind["time"].to_numpy()),
        step=float(wind.attrs["step"]),
        rated=float(farm.per_turbine("rated_power").sum()),
        alone=np.asarray(alone, np.float64),
        running=np.asarray(wind["power"].to_numpy().sum(axis=1, dtype=np.float64)),
        delivered=np.asarray(wind["power_delivered"].to_numpy(), np.float64),
        availability=np.array(np.broadcast_to(over_turbines, wind["time"].shape), np.float64),
        price=None if price is None or not np.isfinite(price).all() else np.asarray(price, np.float64),
    )


def _by_interval(farm: _Farm, days: int) -> Rows:
    """Return a row an interval."""
    rows: list[list[object]] = [[farm.time[k], *farm.values(np.array([k]))] for k in range(farm.time.size)]
    return (Column("time", "UTC", "start of the interval"),), rows, f"every interval of {farm.step:g} s"


def _by_month_and_hour(farm: _Farm, days: int) -> Rows:
    """Return the mean of every hour of the day in every month, of all years of the run together."""
    number = pd.Series(np.arange(farm.time.size))
    rows: list[list[object]] = []
    month, hour = farm.time.month.to_numpy(), farm.time.hour.to_numpy()
    for _, group in number.groupby([month, hour]):
        first = group.iloc[0]
        rows.append(
            [int(month[first]), int(hour[first]), group.size * farm.step / HOUR, *farm.values(group.to_numpy())]
        )
    keys = (
        Column("month", "1", "of the year, 1 to 12"),
        Column("hour", "1", "of the day, UTC, 0 to 23"),
        Column("duration", "h", "of the run that the row is the mean of"),
    )
    return keys, rows, "means by month and hour of the day (UTC); losses weighted by power, availability by time"


def _by_days(farm: _Farm, days: int) -> Rows:
    """Return days of the run that stand for all of its whole days, with how many days each stands for."""
    per_day = round(DAY / farm.step)
    first = int(np.flatnonzero(farm.time == farm.time.normalize())[0]) if farm.time.size else 0
    count = (farm.time.size - first) // per_day
    if not 1 <= days <= count:
        raise ConfigurationError(f"export: found {count} whole days in the run; expected 1 to {count} for `days`.")
    numbers = first + np.arange(count * per_day).reshape(count, per_day)
    features = [farm.delivered] if farm.price is None else [farm.delivered, farm.price]
    profile = np.concatenate([each[numbers] / max(float(each.std()), 1e-300) for each in features], axis=1)
    member = fcluster(linkage(profile, "ward"), days, "maxclust") if days < count else np.arange(1, count + 1)
    rows: list[list[object]] = []
    mean = 0.0
    chosen = []
    for cluster in np.unique(member):
        inside = np.flatnonzero(member == cluster)
        distance = ((profile[inside] - profile[inside].mean(axis=0)) ** 2).sum(axis=1)
        chosen.append((int(inside[np.argmin(distance)]), inside.size))
    for day, weight in sorted(chosen):
        mean += weight * float(farm.delivered[numbers[day]].sum())
        for k in numbers[day]:
            rows.append([farm.time[k].normalize(), weight, farm.time[k], *farm.values(np.array([k]))])
    whole = float(farm.delivered[numbers].sum())
    off = 100.0 * (mean / whole - 1.0) if whole > 0.0 else 0.0
    keys = (
        Column("day", "UTC", "representative day"),
        Column("weight", "count", "days of the run that it stands for"),
        Column("time", "UTC", "start of the interval"),
    )
    said = (
        f"{len(chosen)} representative days of {count}: Ward clusters of daily profiles, of each the day nearest to "
        f"its mean; weighted, they give {off:+.2f} % of the energy of the run more than it has"
    )
    return keys, rows, said
