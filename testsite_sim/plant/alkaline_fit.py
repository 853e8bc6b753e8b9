"""Fit the four parameters of an alkaline cell to measured voltages, with their confidence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares
from scipy.special import stdtrit
from testsite_kernels.electrolysis.alkaline import LyeCell, lye_polarisation

from testsite_sim.common.errors import DataError
from testsite_sim.plant.alkaline_cell import LOGARITHM_PER_MILLIAMPERE as _PER_MILLIAMPERE

# What the parameters of the model can be: [cm], 1, [1000 K], 1. A path has a length; the exchange current rises with
# temperature, by at most 166 kJ/mol (20,000 K times the gas constant).
_LOWEST, _HIGHEST = (0.0, 0.01, -20.0, -60.0), (5.0, 2.0, 0.0, 90.0)
_NAMES = ("path_length", "transfer", "exchange_slope", "exchange_offset")
_VOLTMETER = 1e-3  # assumption: no published voltage is better than a millivolt [V]
_LEVEL = 0.95  # of the confidence intervals


@dataclass(frozen=True)
class LyeFit:
    """Four parameters fitted to measured voltages, as the configuration takes them, and what is left [V].

    `confidence` holds half the width of the 95 % confidence interval of each parameter, in its own unit, 0 for one
    that was given; `measured` the lowest and highest current density [A/m²], temperature [K], pressure [Pa] and
    concentration of the points: the fit says nothing of a cell outside them.
    """

    path_length: float  # [m]
    transfer: float
    exchange_slope: float  # [K]
    exchange_offset: float  # of ln i0, i0 in mA/cm²
    residual: NDArray[np.float64]  # fitted minus measured [V]
    confidence: Mapping[str, float]
    measured: Mapping[str, tuple[float, float]]

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
    *,
    exchange_slope: float | None = None,
) -> LyeFit:
    """Fit the four parameters of an alkaline cell to measured points by least squares.

    Parameters
    ----------
    current_density, temperature, voltage, pressure, concentration : array_like, shape (n,)
        [A/m²], [K], [V], [Pa] and mass fraction of potassium hydroxide of every point.
    exchange_slope : float, optional
        Slope of the logarithm of the exchange current over 1/T [K], from elsewhere; None fits it. Points at one
        temperature do not contain it.

    Raises
    ------
    DataError
        When there are fewer than five points, one of the quantities does not fit the others, the points do not
        determine a parameter (its 95 % confidence interval is wider than the parameter is large), or the best value of
        one lies on the edge of what is physical: the model is then not that of the cell.
    """
    columns = _points(current_density, temperature, voltage, pressure, concentration)
    i, t, v, p, w = columns.values()
    baths = np.unique(np.column_stack([p, w]), axis=0)
    free = [k for k in range(4) if exchange_slope is None or _NAMES[k] != "exchange_slope"]
    # In cm, 1, 1000 K, 1: of one size, from the middle of the published sets.
    start = np.array([0.55, 0.15, -5.0 if exchange_slope is None else exchange_slope / 1e3, 15.0 + _PER_MILLIAMPERE])

    def parameters(x: NDArray[np.float64]) -> NDArray[np.float64]:
        full = start.copy()
        full[free] = x
        return full

    def residual(x: NDArray[np.float64]) -> NDArray[np.float64]:
        length, transfer, slope, offset = parameters(x)
        found = np.empty(v.size)
        for pressure_, concentration_ in baths:
            mine = (p == pressure_) & (w == concentration_)
            cell = LyeCell(length * 1e-2, transfer, slope * 1e3, offset, pressure_, concentration_)
            terms = np.empty((int(mine.sum()), 6))
            lye_polarisation(cell, i[mine], t[mine], terms)
            found[mine] = terms[:, :5].sum(axis=1)
        return np.asarray(found - v)

    bounds = np.array(_LOWEST)[free], np.array(_HIGHEST)[free]
    fitted = least_squares(
        residual,
        start[free],
        bounds=bounds,
        x_scale=np.array([0.1, 0.02, 1.0, 3.0])[free],
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
        max_nfev=2000,
    )
    half = _confidence(fitted.jac, fitted.fun)
    # A parameter that the points do not contain at all ends anywhere, on an edge too: that is said first.
    _refuse_undetermined(bounds[1] - bounds[0], half, free, t)
    _refuse_unphysical(fitted.x, bounds, free)
    _refuse_undetermined(np.abs(fitted.x), half, free, t)
    unit = np.array([1e-2, 1.0, 1e3, 1.0])
    length, transfer, slope, offset = parameters(fitted.x) * unit
    widths = dict.fromkeys(_NAMES, 0.0) | {_NAMES[k]: float(half[n] * unit[k]) for n, k in enumerate(free)}
    ranges = {name: (float(column.min()), float(column.max())) for name, column in columns.items() if name != "voltage"}
    return LyeFit(length, transfer, slope, offset - _PER_MILLIAMPERE, residual(fitted.x), widths, ranges)


def _points(*values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the columns of the measured points, of one length and above zero."""
    names = ("current_density", "temperature", "voltage", "pressure", "concentration")
    given = {name: np.asarray(value, np.float64) for name, value in zip(names, values, strict=True)}
    columns = dict(zip(names, np.broadcast_arrays(*given.values()), strict=True))
    shape = columns["voltage"].shape
    if len(shape) != 1 or shape[0] < 5:
        raise DataError(f"fit of an alkaline cell: expected at least five points in one row, found shape {shape}.")
    for name, column in given.items():
        if not (np.all(np.isfinite(column)) and np.all(column > 0.0)):
            raise DataError(f"fit of an alkaline cell: {name} must be finite and above zero.")
    return columns


def _confidence(jacobian: NDArray[np.float64], residual: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return half the widths of the confidence intervals; infinite where the points do not contain a parameter."""
    freedom = residual.size - jacobian.shape[1]
    deviation = max(float(np.sqrt(np.sum(residual**2) / max(freedom, 1))), _VOLTMETER)
    _, singular, rows = np.linalg.svd(jacobian, full_matrices=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.nansum((rows / singular[:, None]) ** 2, axis=0))
    return np.asarray(float(stdtrit(max(freedom, 1), 0.5 + 0.5 * _LEVEL)) * deviation * spread)


def _refuse_undetermined(
    widest: NDArray[np.float64], half: NDArray[np.float64], free: list[int], temperature: NDArray[np.float64]
) -> None:
    """Raise where half a confidence interval is wider than it may be at most."""
    # The offset goes with the slope: it is determined when that is.
    open_ = [_NAMES[k] for n, k in enumerate(free) if k < 3 and not half[n] <= widest[n]]
    if open_:
        spread = float(np.ptp(temperature))
        advice = (
            f"; the temperatures span {spread:.3g} K: measure at others, or give `exchange_slope`"
            if "exchange_slope" in open_
            else "; measure from low to high current density"
        )
        raise DataError(
            f"fit of an alkaline cell: the points do not determine {' and '.join(open_)}: the 95 % confidence interval "
            f"of each is wider than its value{advice}."
        )


def _refuse_unphysical(
    found: NDArray[np.float64], bounds: tuple[NDArray[np.float64], NDArray[np.float64]], free: list[int]
) -> None:
    """Raise where a parameter lies on the edge of what is physical."""
    width = bounds[1] - bounds[0]
    edge = [
        f"{_NAMES[k]} at {found[n] * (1e3 if k == 2 else 1.0):.3g} {('cm', '', 'K', '')[k]}".rstrip()
        for n, k in enumerate(free)
        if min(found[n] - bounds[0][n], bounds[1][n] - found[n]) < 1e-6 * width[n]
    ]
    if edge:
        raise DataError(
            f"fit of an alkaline cell: the best fit lies on the edge of what is physical ({', '.join(edge)}): the "
            "model of lye, electrodes and separator is not that of this cell; check units, pressure and concentration."
        )
