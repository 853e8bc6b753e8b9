"""Paths of the outputs over the years, for the chart of the report that can be explored."""

from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.units import GIGAWATT_HOUR, KILOWATT_HOUR, MEGAWATT_HOUR
from testsite_sim.studies.framework.uncertainty import percentiles
from testsite_sim.studies.framework.words import Words, label

# From SI to what the chart shows, by the units of a variable.
SERIES_FACTORS = {
    "EUR": (1e-6, "million EUR"), "W": (1e-9, "GW"), "kg": (1e-3, "t"), "J": (1 / GIGAWATT_HOUR, "GWh"),
    "EUR year-1": (1e-6, "million EUR/year"), "kg year-1": (1e-3, "t/year"), "EUR kg-1": (1.0, "EUR/kg"),
    "EUR W-1": (1e3, "EUR/kW"), "EUR J-1": (MEGAWATT_HOUR, "EUR/MWh"), "J kg-1": (1 / KILOWATT_HOUR, "kWh/kg"),
    "kg kg-1": (1.0, "kg/kg"), "year-1": (1.0, "1/year"),
}  # fmt: skip
SERIES_OF = ("market", "application")  # dimensions of which each value has a series of its own


def series_over_years(results: xr.Dataset, words: Words) -> list[dict[str, Any]]:
    """Return P10, P50 and P90 of every output over the years, by scenario, for the chart that can be explored."""
    chosen = [
        str(name)
        for name, variable in results.data_vars.items()
        if variable.dtype.kind == "f"
        and "member" in variable.dims
        and _years_of(variable) is not None
        and set(variable.dims) <= {"member", "scenario", *SERIES_OF, _years_of(variable)}
    ]
    chosen.sort(key=lambda name: "scenario" not in results[name].dims)  # what differs by scenario stands first
    quantiles = percentiles(results[chosen])
    found = []
    for name in chosen:
        variable = quantiles[name]
        title = words.get(f"variable.{name}", variable.attrs.get("long_name", name))
        part = next((dim for dim in SERIES_OF if dim in variable.dims), None)
        if part is None:
            found.append(_one_series(variable, title, words))
            continue
        for value in variable[part].to_numpy():
            of_part = label(words, part, str(value))
            found.append(_one_series(variable.sel({part: value}), f"{title}: {of_part}", words))
    return found


def _one_series(variable: xr.DataArray, title: str, words: Words) -> dict[str, Any]:
    """Return the quantiles of one output over the years by scenario, in the units that are shown."""
    factor, units = SERIES_FACTORS.get(variable.attrs.get("units", "1"), (1.0, variable.attrs.get("units", "1")))
    scenarios = variable["scenario"].to_numpy().tolist() if "scenario" in variable.dims else [""]
    years = _years_of(variable)
    paths = {}
    for scenario in scenarios:
        one = variable.sel(scenario=scenario) if scenario else variable
        table = one.transpose("percentile", years).to_numpy() * factor
        paths[scenario] = [[float(f"{value:.4g}") if np.isfinite(value) else None for value in row] for row in table]
    return {
        "label": title,
        "units": "" if units == "1" else label(words, "unit", units),
        "years": [int(year) for year in variable[years].to_numpy()],
        "names": scenarios,  # in their order, which an object in JSON does not keep
        "paths": paths,
        "scenarios": {scenario: label(words, "scenario", scenario) for scenario in scenarios},
    }


def _years_of(variable: xr.DataArray) -> str | None:
    """Return the dimension of years of a variable, `year` or another that ends in it."""
    return next((str(dim) for dim in variable.dims if str(dim).endswith("year")), None)
