"""A balancing plant for the kernel that runs it, in the benchmarks."""

from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.rule import Rule
from testsite_kernels.dispatch.run import PlantOutput, Years

from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, Tank
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.execution import Surroundings, _output, _running, _series, plain_control
from testsite_sim.plant.machines import arrivals_of, machines_of, new_plant

HOUR = 3600.0


def balancing_plant(electrolyser: float, tank: float, fuel_cell: float) -> PlantConfiguration:
    """Return the shipped machines at other sizes: powers [W], content of the tank [kg]."""
    return PlantConfiguration(
        electrolysers=(
            load_component("electrolyser", "pem-10mw", Electrolyser).model_copy(update={"capacity": electrolyser}),
        ),
        store=load_component("hydrogen-store", "pressurised-5t", Tank).model_copy(update={"capacity": tank}),
        fuel_cells=(load_component("fuel-cell", "pem-1mw", FuelCell).model_copy(update={"capacity": fuel_cell}),),
    )


def surroundings_of(wind: np.ndarray, price: np.ndarray, demand: float) -> Surroundings:
    """Return hours of wind [W], price [EUR/J] and a constant demand [kg/s]."""
    time = np.datetime64("2023-01-01T00", "ns") + np.arange(wind.size) * np.timedelta64(1, "h")
    none = np.zeros(wind.size)
    stamps = xr.DataArray(time, coords={"time": time}, dims="time")
    return Surroundings(stamps, HOUR, wind, none, none, np.full(wind.size, demand), price, none, 0.0)


class RunningYears:
    """The arguments of `run_plant` for hours of a plant under a rule that promises a power [W]."""

    def __init__(
        self, plant: PlantConfiguration, around: Surroundings, rule: Rule, promised: float, years: int
    ) -> None:
        grid = Grid.model_validate({"export_limit": "90 MW"})
        control = plain_control(around, 90e6, rule)
        control.promised[:] = promised
        self.plant, self.around, self.years = plant, around, years
        self.machines = machines_of(plant, grid, HOUR)
        self.control, self.series = control, _series(around, control)
        self.arrivals = arrivals_of(None, around.time.to_numpy()[0])

    def arguments(self, **series: Any) -> tuple[Any, ...]:
        """Return the arguments, with a new plant and other series where they are given; totals alone are kept."""
        state = new_plant(self.plant, self.machines, self.arrivals)
        output: PlantOutput = _output(self.machines, state, 0, self.years)
        running = _running(self.machines, state, self.control.reserve, HOUR)
        years = Years(self.around.wind.size, 0.0)
        return running, self.control.rule, self.series._replace(**series), years, output
