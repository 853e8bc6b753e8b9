"""Uncertainty of a study: which quantities have a range, members drawn from them, quantiles; `ranking` goes on.

The model of a study is a function of draws: `simulate(draws)` takes the value of every uncertain quantity in every
member, SI, by its dotted path, and returns a Dataset over member and whatever else. It is vectorised over members.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

import numpy as np
import xarray as xr
from pydantic import BaseModel
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.identity import kept_by_identity
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.quantities import number_and_unit
from testsite_sim.ensemble.assumptions import Assumption, ranged_quantities
from testsite_sim.studies.framework.prices import Priced, price_factors

Draws = Mapping[str, Floats]
Values = Callable[[str], Floats]
PERCENTILES = (10, 50, 90)


def study_assumptions(configuration: BaseModel) -> list[Assumption]:
    """Return every quantity of a configuration that has a range, in the order of its fields.

    A quantity counts as an assumption where it says so or has no source, as verified otherwise. What the configuration
    holds (`HELD` of a study) is left out.
    """
    held = getattr(configuration, "HELD", ())
    factors = _factors(configuration)
    return [
        replace(each, price_factor=factors[each.path]) if each.path in factors else each
        for each in ranged_quantities(configuration)
        if not (held and each.path.startswith(held))
    ]


def sampled(configuration: BaseModel, draws: Draws) -> Values:
    """Return a function from the dotted path of a quantity to its value in every member, (member,).

    A quantity that is not drawn has its configured value in every member. Money is in the prices of the study, where it
    names them; the draws are in those in which the inputs are stated.

    Raises
    ------
    ConfigurationError
        By the returned function, when there is no such quantity; the nearest paths are offered.
    """
    fixed = _stated(configuration)
    factors = _factors(configuration)
    members = next((array.size for array in draws.values()), 1)

    def value(path: str) -> Floats:
        if path in draws:
            drawn = np.asarray(draws[path], dtype=np.float64)
            return drawn * factors[path] if path in factors else drawn
        if path not in fixed:
            raise ConfigurationError(f"study: there is no quantity {path!r}. {nearest(path, fixed)}")
        return np.full(members, fixed[path] * factors.get(path, 1.0))

    return value


def _factors(configuration: BaseModel) -> Mapping[str, float]:
    """Return by what the money of a study is multiplied; nothing where it names no price base."""
    if getattr(configuration, "prices", None) is None:
        return {}
    return price_factors(cast(Priced, configuration))


@kept_by_identity
def _stated(configuration: BaseModel) -> dict[str, float]:
    """Return the stated value of every quantity by its dotted path."""
    return {path: float(quantity) for path, quantity in quantities(configuration)}


def percentiles(dataset: xr.Dataset) -> xr.Dataset:
    """Return P10, P50 and P90 over `member` of every variable that has members, dims (percentile, …).

    The quantiles are values that occur, without interpolation between members, so that what never happens (an
    infinite pay-back) stays infinite; P50 is not the central member.
    """
    numbers = [
        name for name, variable in dataset.data_vars.items() if "member" in variable.dims and variable.dtype.kind == "f"
    ]
    result = xr.Dataset(attrs=dataset.attrs)
    for name in numbers:
        variable = dataset[name]
        axis = variable.get_axis_num("member")
        found = np.quantile(variable.to_numpy(), np.array(PERCENTILES) / 100.0, axis=axis, method="inverted_cdf")
        dims = ("percentile", *[dim for dim in variable.dims if dim != "member"])
        result[name] = (dims, found, variable.attrs)
    coordinates = {name: dataset[name] for name in dataset.coords if "member" not in dataset[name].dims}
    return result.assign_coords(coordinates).assign_coords(percentile=list(PERCENTILES))


def in_written_units(assumption: Assumption, value: float) -> tuple[float, str]:
    """Return a value of an assumption in the unit in which its range is written, and that unit.

    A percentage stays one: a fraction written `10 %` is returned in per cent. Money is in the prices of the study.
    """
    low, high = assumption.written_range
    (first, unit), (last, other) = number_and_unit(low), number_and_unit(high)
    if unit != other:
        return value * assumption.price_factor, assumption.units
    stated = first + (value - assumption.low) / (assumption.high - assumption.low) * (last - first)
    return stated * assumption.price_factor, unit
