"""The lead plants that the roadmap may activate, each simulated through the chain."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear

FIGURES = (
    ("hydrogen_produced", "kg year-1", "hydrogen that the plant makes in a year"),
    ("hydrogen_delivered", "kg year-1", "hydrogen that it delivers to customers in a year"),
    ("hydrogen_to_fuel_cell", "kg year-1", "hydrogen that its fuel cell uses in a year"),
    ("hydrogen_by_product", "kg year-1", "hydrogen that it takes from industry in a year"),
    ("electrolyser_hours", "hour year-1", "hours at full load of its electrolyser in a year"),
    ("consumption", "J kg-1", "electricity per hydrogen"),
    ("price_paid", "EUR J-1", "price paid for the electricity of its electrolyser"),
    ("fuel_cell_hours", "hour year-1", "hours at full load of its fuel cell in a year"),
    ("fuel_cell_efficiency", "1", "efficiency of its fuel cell, lower heating value"),
    ("cost_of_hydrogen", "EUR kg-1", "levelised cost of its hydrogen in the scenario"),
    ("cost_of_electricity", "EUR J-1", "levelised cost of the electricity of its fuel cell in the scenario"),
    ("net_present_value", "EUR", "net present value of the scenario"),
    ("price_year", "1", "year in whose prices its scenario states its money, before it is converted"),
    ("heat_sold", "J year-1", "residual heat that it sells in a year"),
    ("heat_revenue", "EUR year-1", "what it is paid for it"),
    ("electricity_given", "J year-1", "electricity of its fuel cell in a year"),
    ("served", "1", "hydrogen that it delivers over what is asked for"),
    ("energy_balance_residual", "1", "largest mismatch of its energy balance, relative"),
    ("hydrogen_balance_residual", "1", "largest mismatch of its hydrogen balance, relative"),
)


def lead_plants(study: Waterstof, years: Mapping[str, PlantYear]) -> xr.Dataset:
    """Return the simulated year of every lead plant, dims (plant,), with its place, owner, year and scenario.

    A figure is nan where a plant has no such part.
    """
    plants = study.cluster.plants
    runs = [years[name] for name in plants]
    variables = {
        f"plant_{name}": ("plant", np.array([getattr(run, name) for run in runs]), {"units": units, "long_name": text})
        for name, units, text in FIGURES
    }
    coordinates = {
        f"plant_{name}": ("plant", [getattr(plant, name) for plant in plants.values()])
        for name in ("place", "owner", "scenario", "year", "source")
    }
    sizes = {
        f"plant_{name}": (
            "plant",
            np.array([float(getattr(plant, name)) for plant in plants.values()]),
            {"units": units, "long_name": text},
        )
        for name, units, text in (
            ("dispensing", "kg s-1", "hydrogen that it is built to dispense, mean over a day"),
            ("fuel_cell", "W", "power of its fuel cell"),
        )
    }
    return xr.Dataset({**variables, **sizes}, coords={"plant": list(plants), **coordinates})
