"""What a more reliable fleet is worth: the mechanism by which a test site earns its money."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.operations.maintenance import simulate_maintenance
from testsite_sim.operations.sea_state import SeaState


class FailureRates(NamedTuple):
    """Failures of a turbine [year-1]: of the new design, of the design after the test, of a mature one."""

    before: float
    after: float
    mature: float


def value_of_reliability(
    maintenance: Maintenance,
    sea: SeaState,
    turbines: int,
    rates: FailureRates,
    *,
    power: NDArray[np.float64],
    price: float,
    members: int = 50,
    seed: int = 0,
    workers: int = 1,
) -> xr.Dataset:
    """Compare the fleet as it would start without and with the test site.

    Parameters
    ----------
    maintenance : Maintenance
        Of the fleet; its failure rates are those of a mature turbine and are scaled to the new design's.
    sea : SeaState
        Wind and waves of the years compared.
    turbines : int
        How many.
    rates : FailureRates
        Failures of a turbine.
    power : array, (time,) or (turbine, time)
        What a turbine would produce [W].
    price : float
        Of energy [EUR/J].
    members, seed, workers
        As in `simulate_maintenance`; both fleets see the same random numbers.

    Returns
    -------
    xarray.Dataset, dims (member, fleet)
        availability_energy [1], cost_total [EUR year-1], revenue_lost [EUR year-1]; value (member) [EUR year-1]: what
        the second fleet (after) saves of both.

    Raises
    ------
    ConfigurationError
        When a rate is negative, or the mature one is not above zero.
    """
    if min(rates) < 0.0 or rates.mature <= 0.0:
        raise ConfigurationError(
            f"value of reliability: found rates {rates.before:g}, {rates.after:g}, {rates.mature:g} a year; expected "
            "none below zero, and the mature one above it."
        )
    fleets = []
    for rate in (rates.before, rates.after):
        found = simulate_maintenance(
            _scaled(maintenance, rate / rates.mature),
            sea,
            turbines,
            members=members,
            seed=seed,
            power=power,
            workers=workers,
        )
        lost = found["energy_lost"].sum("task") * price / found.attrs["years"]
        fleets.append(
            xr.Dataset(
                {
                    "availability_energy": found["availability_energy"],
                    "cost_total": found["cost_total"],
                    "revenue_lost": lost.assign_attrs(units="EUR year-1", long_name="energy not sold"),
                }
            )
        )
    result = xr.concat(fleets, xr.DataArray(["before", "after"], dims="fleet", name="fleet"))
    total = result["cost_total"] + result["revenue_lost"]
    result["value"] = (total.sel(fleet="before", drop=True) - total.sel(fleet="after", drop=True)).assign_attrs(
        units="EUR year-1", long_name="saved by the test site"
    )
    return result


def _scaled(maintenance: Maintenance, factor: float) -> Maintenance:
    """Return the maintenance with all failure rates times a factor."""
    tasks = {
        name: task.model_copy(
            update={
                "rate": None if task.rate is None else Quantity(task.rate * factor),
                "life": None if task.life is None else Quantity(task.life / max(factor, 1e-300)),
            }
        )
        for name, task in maintenance.tasks.items()
    }
    return maintenance.model_copy(update={"tasks": tasks})
