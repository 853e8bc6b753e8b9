"""Alkaline cells: configured or fitted parameters in, kernel parameters out (kernel `alkaline_electrolyser`)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares
from testsite_kernels.alkaline_electrolyser import LyeCell, UllebergCell, lye_polarisation, ulleberg_polarisation

from testsite_sim.configuration.electrolysis import ElectrolysisCell, Lye, Ulleberg
from testsite_sim.errors import DataError
from testsite_sim.hydrogen.cell import MILLIAMPERE_PER_SQUARE_CENTIMETRE, Cell, current_efficiency_of

_PER_MILLIAMPERE = math.log(MILLIAMPERE_PER_SQUARE_CENTIMETRE)  # ln i0 in A/m² from that in mA/cm²


def ulleberg_cell(stated: ElectrolysisCell, model: Ulleberg) -> Cell:
    """Return a cell after Ulleberg (2003)."""
    parameters = UllebergCell(float(model.reversible_voltage), *map(float, (*model.r, *model.s, *model.t)))
    return _alkaline(stated, ulleberg_polarisation, parameters)


def lye_cell(stated: ElectrolysisCell, model: Lye) -> Cell:
    """Return a cell of four fitted parameters after Jin et al. (2025)."""
    parameters = LyeCell(
        path_length=float(model.path_length),
        transfer=float(model.transfer),
        exchange_slope=float(model.exchange_slope),
        exchange_offset=float(model.exchange_offset) + _PER_MILLIAMPERE,
        pressure=float(model.pressure),
        concentration=float(model.concentration),
    )
    return _alkaline(stated, lye_polarisation, parameters)


def _alkaline(stated: ElectrolysisCell, kernel: object, parameters: object) -> Cell:
    """Return the cell of a kernel."""
    return Cell(
        stated.title, kernel, parameters, current_efficiency_of(stated.faraday),  # type: ignore[arg-type]
        float(stated.rated_current_density), float(stated.operating_temperature),
    )  # fmt: skip


@dataclass(frozen=True)
class LyeFit:
    """Four parameters fitted to measured voltages, as the configuration takes them, and what is left [V]."""

    path_length: float  # [m]
    transfer: float
    exchange_slope: float  # [K]
    exchange_offset: float  # of ln i0, i0 in mA/cm²
    residual: NDArray[np.float64]  # fitted minus measured [V]

    @property
    def root_mean_square(self) -> float:
        """Root mean square of the residual [V]."""
        return float(np.sqrt(np.mean(self.residual**2)))


def fit_lye_cell(
    current_density: ArrayLike,
    temperature: ArrayLike,
    voltage: ArrayLike,
    pressure: ArrayLike,
    concentration: ArrayLike,
) -> LyeFit:
    """Fit the four parameters of an alkaline cell to measured points by least squares.

    Parameters
    ----------
    current_density, temperature, voltage, pressure, concentration : array_like, shape (n,)
        [A/m²], [K], [V], [Pa] and mass fraction of potassium hydroxide of every point.

    Raises
    ------
    DataError
        When there are fewer than five points or one of the quantities does not fit the others.
    """
    names = ("current_density", "temperature", "voltage", "pressure", "concentration")
    values = (current_density, temperature, voltage, pressure, concentration)
    columns = {n: np.asarray(v, np.float64) for n, v in zip(names, values, strict=True)}
    i, t, v, p, w = np.broadcast_arrays(*columns.values())
    if v.ndim != 1 or v.size < 5:
        raise DataError(f"fit of an alkaline cell: wanted at least five points in one row, found shape {v.shape}.")
    for name, column in columns.items():
        if not (np.all(np.isfinite(column)) and np.all(column > 0.0)):
            raise DataError(f"fit of an alkaline cell: {name} must be finite and above zero.")
    baths = np.unique(np.column_stack([p, w]), axis=0)

    def residual(x: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.empty(v.size)
        for pressure_, concentration_ in baths:
            mine = (p == pressure_) & (w == concentration_)
            cell = LyeCell(x[0] * 1e-2, x[1], x[2] * 1e3, x[3], pressure_, concentration_)
            terms = np.empty((int(mine.sum()), 6))
            lye_polarisation(cell, i[mine], t[mine], terms)
            found[mine] = terms[:, :5].sum(axis=1)
        return np.asarray(found - v)

    # In cm, 1, 1000 K, 1: of one size, from the middle of the published sets.
    start = [0.55, 0.15, -5.0, 15.0 + _PER_MILLIAMPERE]
    fitted = least_squares(residual, start, x_scale=[0.1, 0.02, 1.0, 3.0], xtol=1e-14, ftol=1e-14, gtol=1e-14)
    length, transfer, slope, offset = fitted.x
    return LyeFit(length * 1e-2, transfer, slope * 1e3, offset - _PER_MILLIAMPERE, residual(fitted.x))
