"""An electrolysis cell of any kind: what its kernel takes, its voltage, its Faraday efficiency."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from testsite_kernels.electrolysis.electrochemistry import CurrentEfficiency
from testsite_kernels.electrolysis.pem import TERMS
from testsite_kernels.numerics.constants import HYDROGEN_PER_CHARGE, ZERO_CELSIUS

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.user_warnings import warn_user
from testsite_sim.configuration.electrolysis import ElectrolysisCell, FaradayEfficiency, Measured

MILLIAMPERE_PER_SQUARE_CENTIMETRE = 10.0  # [A/m²]
_LONG_NAMES = {
    "reversible": "reversible voltage",
    "anode": "overvoltage of the anode, or of both electrodes",
    "cathode": "overvoltage of the cathode",
    "ohmic": "ohmic voltage",
    "concentration": "overvoltage of concentration",
}


@dataclass(frozen=True)
class Cell:
    """A cell as kernel and parameters.

    Parameters
    ----------
    title : str
        What it is.
    polarisation : callable
        Kernel that fills the terms of the voltage (n, 6) for current densities and temperatures (n).
    parameters : NamedTuple
        Its first argument.
    efficiency : CurrentEfficiency
        Faraday efficiency.
    rated_current_density : float
        [A/m²]
    operating_temperature : float
        [K]
    largest_current_density : float
        Below which the voltage is finite [A/m²].
    """

    title: str
    polarisation: Callable[..., None]
    parameters: Any
    efficiency: CurrentEfficiency
    rated_current_density: float
    operating_temperature: float
    largest_current_density: float = np.inf

    def terms(self, current_density: ArrayLike, temperature: ArrayLike) -> NDArray[np.float64]:
        """Return the five terms of the voltage [V] and the slope [V m²/A], shape (…, 6), of broadcast arguments."""
        i, t = np.broadcast_arrays(np.asarray(current_density, np.float64), np.asarray(temperature, np.float64))
        filled = np.empty((i.size, len(TERMS)))
        self.polarisation(self.parameters, np.ascontiguousarray(i.ravel()), np.ascontiguousarray(t.ravel()), filled)
        return filled.reshape(*i.shape, len(TERMS))

    def voltage(self, current_density: ArrayLike, temperature: ArrayLike) -> NDArray[np.float64]:
        """Return the voltage [V] at current densities [A/m²] and temperatures [K]."""
        return np.asarray(self.terms(current_density, temperature)[..., :5].sum(axis=-1))

    def current_efficiency(self, current_density: ArrayLike, temperature: ArrayLike) -> NDArray[np.float64]:
        """Return the share of the current that makes hydrogen."""
        square, celsius = np.asarray(current_density, float) ** 2, np.asarray(temperature, float) - ZERO_CELSIUS
        p = self.efficiency
        f1 = p.f1 + p.f1_slope * celsius
        return np.asarray((p.f2 + p.f2_slope * celsius) * square / (f1 + square))

    def current_at(
        self, power_density: ArrayLike, temperature: ArrayLike, rise: ArrayLike = 0.0
    ) -> NDArray[np.float64]:
        """Return the current density [A/m²] at which current times voltage, risen by ageing [V], is a power [W/m²].

        Newton's method on i V(i), which is convex: from above it falls to the root and does not pass it.
        """
        p, t, d = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (power_density, temperature, rise)))
        highest = 0.999999 * self.largest_current_density
        i = np.minimum(p / np.maximum(self.terms(np.zeros_like(p), t)[..., 0], 0.5), highest)
        for _ in range(60):
            terms = self.terms(i, t)
            voltage = terms[..., :5].sum(axis=-1) + d
            change = (p - i * voltage) / (voltage + i * terms[..., 5])
            i = np.clip(i + change, 0.0, highest)
            if np.all(np.abs(change) <= 1e-13 * np.maximum(i, 1e-6)):
                break
        return i


def current_efficiency_of(stated: FaradayEfficiency) -> CurrentEfficiency:
    """Return the Faraday efficiency in SI."""
    square = MILLIAMPERE_PER_SQUARE_CENTIMETRE**2
    return CurrentEfficiency(
        float(stated.f1) * square, float(stated.f1_slope) * square, float(stated.f2), float(stated.f2_slope)
    )


def check_cell(cell: Cell) -> Cell:
    """Return the cell if it is physical where it is rated.

    Raises
    ------
    ConfigurationError
        When its voltage is not finite or below the reversible one, or its Faraday efficiency is not between 0 and 1.
    """
    loads = np.linspace(0.05, 1.0, 20) * cell.rated_current_density
    terms = cell.terms(loads, cell.operating_temperature)
    if not np.all(np.isfinite(terms)) or np.any(terms[:, 1:5] < 0.0) or np.any(terms[:, 5] <= 0.0):
        raise ConfigurationError(
            f"electrolysis cell {cell.title!r}: its voltage is not finite, falls with current or lies below the "
            f"reversible voltage at {cell.operating_temperature - ZERO_CELSIUS:g} degC; check coefficients and units."
        )
    made = cell.current_efficiency(loads, cell.operating_temperature)
    if np.any(made <= 0.0) or np.any(made > 1.0):
        raise ConfigurationError(
            f"electrolysis cell {cell.title!r}: its Faraday efficiency reaches {float(made.max()):g}; "
            "expected above 0 and at most 1."
        )
    return cell


def outside_measured(measured: Measured, current_density: ArrayLike, temperature: ArrayLike) -> NDArray[np.bool_]:
    """Return where current densities [A/m²] and temperatures [K] lie outside the points that a cell was fitted to.

    One per cent of the current density and one kelvin are the rounding of published points.
    """
    i, t = np.asarray(current_density, np.float64), np.asarray(temperature, np.float64)
    (least, most), (coldest, hottest) = measured.current_density, measured.temperature
    inside = (i >= 0.99 * least) & (i <= 1.01 * most) & (t >= coldest - 1.0) & (t <= hottest + 1.0)
    return np.asarray(~inside)


def warn_outside_measured(stated: ElectrolysisCell) -> None:
    """Warn when a cell is rated where it was not measured."""
    measured = stated.measured
    if measured is None or not outside_measured(measured, stated.rated_current_density, stated.operating_temperature):
        return
    (least, most), (coldest, hottest) = measured.current_density, measured.temperature
    warn_user(
        f"electrolysis cell {stated.title!r} was fitted to points from {least:.4g} to {most:.4g} A/m² and from "
        f"{coldest - ZERO_CELSIUS:.3g} to {hottest - ZERO_CELSIUS:.3g} degC and is rated at "
        f"{stated.rated_current_density:.4g} A/m² and {stated.operating_temperature - ZERO_CELSIUS:.3g} degC: "
        "its voltage there is an extrapolation."
    )


@finite_arguments("hydrogen: polarisation")
def polarisation(cell: Cell, current_density: ArrayLike, temperature: float | None = None) -> xr.Dataset:
    """Return voltage, its terms and what hydrogen costs in electricity, against current density.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : array_like, shape (n,)
        [A/m²], above zero.
    temperature : float, optional
        [K]; None: that of operation.

    Returns
    -------
    xarray.Dataset, dims (current_density,)
        `voltage` and its terms [V], `current_efficiency`, `specific_consumption` DC [J/kg].
    """
    i = np.asarray(current_density, np.float64)
    at = cell.operating_temperature if temperature is None else temperature
    terms = cell.terms(i, at)
    made = cell.current_efficiency(i, at)
    voltage = terms[:, :5].sum(axis=1)
    data: dict[str, Any] = {
        f"voltage_{name}": ("current_density", terms[:, k], {"units": "V", "long_name": _LONG_NAMES[name]})
        for k, name in enumerate(TERMS[:5])
    }
    data["voltage"] = ("current_density", voltage, {"units": "V", "long_name": "cell voltage"})
    data["current_efficiency"] = ("current_density", made, {"units": "1", "long_name": "Faraday efficiency"})
    consumption = voltage / (made * HYDROGEN_PER_CHARGE)
    data["specific_consumption"] = (
        "current_density",
        consumption,
        {"units": "J kg-1", "long_name": "electricity (DC) per hydrogen"},
    )
    axis = ("current_density", i, {"units": "A m-2", "long_name": "current density"})
    return xr.Dataset(data, coords={"current_density": axis}, attrs={"title": cell.title, "temperature": at})
