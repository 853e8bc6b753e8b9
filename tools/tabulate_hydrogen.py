"""Tabulate the real-gas properties of hydrogen that the kernels interpolate.

    pip install CoolProp && python tools/tabulate_hydrogen.py

Writes testsite_sim/plant/hydrogen_properties.nc: compressibility, enthalpy and entropy over pressure and
temperature, and compressibility over density and temperature, from the equation of state of Leachman, Jacobsen,
Penoncello and Lemmon (2009), J. Phys. Chem. Ref. Data 38, 721, for normal hydrogen as CoolProp evaluates it.
"""

from pathlib import Path

import CoolProp
import numpy as np
import xarray as xr
from CoolProp import AbstractState

TABLE = Path(__file__).resolve().parents[1] / "testsite_sim" / "hydrogen" / "hydrogen_properties.nc"
PRESSURE = np.geomspace(0.5e5, 1100e5, 57)  # [Pa]
TEMPERATURE = np.linspace(200.0, 860.0, 56)  # [K]
DENSITY = np.linspace(0.0, 66.0, 34)  # [kg/m3]


def tabulate() -> xr.Dataset:
    """Return the table; the entropy is that of the gas plus R ln(p / 1 Pa), which is smooth over ln p."""
    state = AbstractState("HEOS", "Hydrogen")
    gas_constant = state.gas_constant() / state.molar_mass()
    by_pressure = np.empty((3, PRESSURE.size, TEMPERATURE.size))
    for i, pressure in enumerate(PRESSURE):
        for j, temperature in enumerate(TEMPERATURE):
            state.update(CoolProp.PT_INPUTS, pressure, temperature)
            entropy = state.smass() + gas_constant * np.log(pressure)
            by_pressure[:, i, j] = state.compressibility_factor(), state.hmass(), entropy
    by_density = np.ones((DENSITY.size, TEMPERATURE.size))
    for i, density in enumerate(DENSITY[1:], start=1):
        for j, temperature in enumerate(TEMPERATURE):
            state.update(CoolProp.DmassT_INPUTS, density, temperature)
            by_density[i, j] = state.p() / (density * gas_constant * temperature)
    over_pressure, over_density = ("pressure", "temperature"), ("density", "temperature")
    return xr.Dataset(
        {
            "compressibility": (over_pressure, by_pressure[0], {"units": "1"}),
            "enthalpy": (over_pressure, by_pressure[1], {"units": "J kg-1"}),
            "entropy_over_logarithm": (
                over_pressure,
                by_pressure[2],
                {"units": "J kg-1 K-1", "long_name": "specific entropy plus R ln(p / 1 Pa)"},
            ),
            "compressibility_of_density": (over_density, by_density, {"units": "1"}),
        },
        coords={
            "pressure": ("pressure", PRESSURE, {"units": "Pa"}),
            "temperature": ("temperature", TEMPERATURE, {"units": "K"}),
            "density": ("density", DENSITY, {"units": "kg m-3"}),
        },
        attrs={
            "title": "Real-gas properties of normal hydrogen",
            "source": f"CoolProp {CoolProp.__version__} (MIT): equation of state of Leachman et al. (2009), "
            "doi:10.1063/1.3160306",
            "gas_constant": gas_constant,
        },
    )


def main() -> None:
    """Write the table next to the code that reads it."""
    table = tabulate()
    encoding = {name: {"zlib": True, "complevel": 9, "shuffle": True} for name in table.data_vars}
    table.to_netcdf(TABLE, engine="h5netcdf", encoding=encoding)


if __name__ == "__main__":
    main()
