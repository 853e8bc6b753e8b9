"""What a levelised cost is made of: each part of the cost over the same discounted output."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.inputs import checked_number
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.economics.finance import levelised_cost

ELECTRICITY = "electricity"
# Name and units of a cost, the components that it is of, the output that it is over, the factor from SI.
COSTS = (
    ("levelised_cost_of_hydrogen", "EUR/kg", ("electrolysers", "store"), "hydrogen_made", 1.0),
    ("levelised_cost_of_energy", "EUR/MWh", ("wind", "photovoltaics"), "energy_delivered", MEGAWATT_HOUR),
)


class Parts(NamedTuple):
    """A levelised cost by its parts.

    Attributes
    ----------
    name
        Of the figure in the summary.
    units
        As the summary states them.
    parts
        Label to value, those that are not zero; they add up to the figure.
    """

    name: str
    units: str
    parts: dict[str, float]


def cost_parts(economics: xr.Dataset, discount_rate: float) -> list[Parts]:
    """Return what the levelised costs of hydrogen and of energy are made of, those that a project has.

    Parameters
    ----------
    economics : xarray.Dataset, dims (year, component)
        As `testsite_sim.economics.simulate_economics` gives it.
    discount_rate : float
        [1/year].

    Returns
    -------
    list of Parts
        For each its name in the summary, its units, and its parts by label.

    Raises
    ------
    DataError
        When the Dataset is that of another step, or the rate is not a number above -1.

    Examples
    --------
    >>> years = {"year": [0, 1], "component": ["electrolysers"]}
    >>> costs = ("capital_cost", "operating_cost", "replacement_cost", "salvage_value")
    >>> spent = {name: (("component", "year"), [[0.0, 0.0]]) for name in costs}
    >>> spent["capital_cost"] = (("component", "year"), [[1000.0, 0.0]])
    >>> made = {"hydrogen_made": ("year", [0.0, 500.0]), "electrolyser_electricity_cost": ("year", [0.0, 1500.0])}
    >>> flow = xr.Dataset({**spent, **made}, years, {"levelised_cost_of_hydrogen": 5.0})
    >>> cost_parts(flow, 0.0)[0].parts
    {'electrolysers, capital': 2.0, 'electricity': 3.0}
    """
    if not isinstance(economics, xr.Dataset) or not {"year", "component", "capital_cost"} <= {*economics.variables}:
        raise DataError(
            "cost_parts: expected the Dataset of the step economics, `run.results['economics'].to_dataset()`."
        )
    discount_rate = checked_number("cost_parts: discount_rate", discount_rate, DataError, least=-1.0, above=True)
    return [
        Parts(name, units, _parts(economics, components, output, discount_rate, factor))
        for name, units, components, output, factor in COSTS
        if name in economics.attrs
    ]


def _parts(
    economics: xr.Dataset, components: tuple[str, ...], output: str, rate: float, factor: float
) -> dict[str, float]:
    """Return the parts of one levelised cost."""
    amounts: dict[str, np.ndarray] = {}
    for component in components:
        if component not in economics["component"]:
            continue
        costs = economics.sel(component=component)
        amounts[f"{component}, capital"] = (costs["capital_cost"] - costs["salvage_value"]).to_numpy()
        amounts[f"{component}, replacement"] = costs["replacement_cost"].to_numpy()
        amounts[f"{component}, operation"] = costs["operating_cost"].to_numpy()
    if output == "hydrogen_made":
        amounts[ELECTRICITY] = economics["electrolyser_electricity_cost"].to_numpy()
        for variable, label in (("water_cost", "water"), ("by_product_cost", "by-product hydrogen")):
            if variable in economics:
                amounts[label] = economics[variable].to_numpy()
    made = economics[output].to_numpy()
    values = {label: levelised_cost(amount, made, rate) for label, amount in amounts.items()}
    return {label: factor * value for label, value in values.items() if value}
