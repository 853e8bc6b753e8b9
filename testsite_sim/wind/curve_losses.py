"""Losses that act on the power curve of a turbine: underperformance, soiling and ice take nothing at rated power."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.wind.curve_losses import BEGIN, LEFT, NEXT, PER_LOSS, WIDTH, LossCurves, power_after_losses

from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.threads import in_parts

RATED = 1.0 - 1e-9  # of the largest power of a curve: from there on it is rated
BINS = 2048  # of a curve: most hold one point or none, so that the kernel need not look further
EARLIER = 1.0 - 1e-12  # of the edge of a bin: a power just above it may count to the bin before, by rounding


class AfterLosses(NamedTuple):
    """Power of a farm [W]: over (time, loss + 1) before and after each loss; over (time, group) after all of them."""

    total: Floats
    by_group: Floats


def degraded_power(turbine: Turbine, loss: float, points: Floats) -> Floats:
    """Return the power that is left of powers on the curve of a turbine whose rotor takes less of the wind.

    A rotor that takes a share `loss` less than the curve says gives, below rated power, as much as it would in a wind
    whose cube is smaller by that share: P(v (1 - loss)^(1/3)). At rated power the control makes up for it: nothing is
    lost. So the curve shifts towards stronger wind, as IEC 61400-12-1 corrects a curve for the air density.

    Parameters
    ----------
    turbine : Turbine
        With its curve.
    loss : float
        Share of the power below rated [1].
    points : ndarray
        Powers on the curve [W].

    Examples
    --------
    >>> even = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    >>> (degraded_power(even, 0.03, np.array([1e6, 2e6, 3e6])) / 1e6).round(3).tolist()
    [0.98, 1.977, 3.0]
    """
    speed, power = rising_part(turbine)
    found = np.interp(np.interp(points, power, speed) * np.cbrt(1.0 - loss), speed, power)
    return np.where(points >= RATED * power[-1], points, np.minimum(found, points))


def rising_part(turbine: Turbine) -> tuple[Floats, Floats]:
    """Return wind speed and power of a curve up to rated power, both rising: where it falls on the way, it is level."""
    speed, power = np.asarray(turbine.wind_speed, np.float64), np.asarray(turbine.power, np.float64)
    last = int(np.argmax(power >= RATED * power.max()))
    speed, power = speed[: last + 1], np.maximum.accumulate(power[: last + 1])
    kept = np.concatenate([[True], np.diff(power) > 0.0])
    return speed[kept], power[kept]


def after_curve_losses(
    farm: Farm,
    power: Floats,
    share: xr.DataArray,
    losses: Mapping[str, float],
    groups: tuple[str, ...] = ("",),
    workers: int | None = 1,
) -> AfterLosses:
    """Return the power of a farm before and after losses that act on the curves of its turbines, one after the other.

    Parameters
    ----------
    farm : Farm
        The turbines.
    power : ndarray, shape (time, turbines)
        Of each turbine while it runs [W].
    share : xarray.DataArray, dims () or (time, turbine)
        Of each interval in which it runs [1].
    losses : mapping
        Shares of the power below rated [1].
    groups : tuple of str
        The farms of `farm.farms` to sum over; one empty name: all turbines are one.
    workers : int, optional
        Threads; None: one a processor. They change no bit.
    """
    types, kind = farm.types
    curves = loss_curves(types, list(losses.values()))
    group = group_of_turbines(farm, groups)
    runs = share.transpose("time", "turbine").to_numpy() if share.ndim else np.float64(share)
    runs = np.ascontiguousarray(np.broadcast_to(runs, power.shape), np.float64)
    total, by_group = np.empty((power.shape[0], len(losses) + 1)), np.empty((power.shape[0], len(groups)))
    power = np.ascontiguousarray(power)

    def part(first: int, last: int) -> None:
        hours = slice(first, last)
        power_after_losses(power[hours], runs[hours], kind, curves, group, total[hours], by_group[hours])

    in_parts(part, power.shape[0], workers)
    return AfterLosses(total, by_group)


def group_of_turbines(farm: Farm, groups: tuple[str, ...]) -> Integers:
    """Return by number which of the farms of `farm.farms` each turbine belongs to; one empty name: all are one."""
    if groups == ("",):
        return np.zeros(len(farm.turbines), np.int64)
    return np.array([groups.index(name) for name in farm.farms or ()], np.int64)


def loss_curves(types: Sequence[Turbine], losses: Sequence[float]) -> LossCurves:
    """Return what losses, one after the other, leave of the power on the curves of turbine types, for the kernels.

    Parameters
    ----------
    types : sequence of Turbine
        The types.
    losses : sequence of float
        Shares of the power below rated [1].
    """
    curves = [_points(turbine, losses) for turbine in types]
    rows = np.zeros((len(types), max(points.size for points, _ in curves) + 1, LEFT + PER_LOSS * len(losses)))
    rows[:, :, NEXT] = rows[:, :, WIDTH] = np.inf
    bins, bins_per_watt = np.zeros((len(types), BINS), np.int64), np.zeros(len(types))
    for k, (points, left) in enumerate(curves):
        nothing_lost, whole = rows[k, 0], rows[k, 1 : points.size + 1]
        nothing_lost[WIDTH], nothing_lost[LEFT + 1 :: PER_LOSS] = 1.0, 1.0
        nothing_lost[NEXT] = np.nextafter(max(points[0], 0.0), np.inf)
        whole[:, BEGIN], whole[:-1, NEXT], whole[:-1, WIDTH] = points, points[1:], np.diff(points)
        whole[:, LEFT::PER_LOSS], whole[:-1, LEFT + 1 :: PER_LOSS] = left.T, np.diff(left).T
        if points[-1] > 0.0:
            bins_per_watt[k] = BINS / points[-1]
            ends = np.maximum.accumulate(rows[k, :, NEXT])
            bins[k] = np.searchsorted(ends, EARLIER * np.arange(BINS) / bins_per_watt[k], side="right")
    return LossCurves(rows, bins, bins_per_watt)


def _points(turbine: Turbine, losses: Sequence[float]) -> tuple[Floats, Floats]:
    """Return powers on a curve between which the power that is left is linear, and what is left of them by loss."""
    speed, power = rising_part(turbine)
    left = np.cumprod([1.0 - loss for loss in losses])
    moved = [speed / np.cbrt(share) for share in left if share > 0.0]
    bends = np.unique(np.concatenate([speed, *moved]))
    points = np.unique(np.interp(bends[bends <= speed[-1]], speed, power))
    just_below = np.nextafter(RATED * power[-1], 0.0)  # what is lost falls to nothing in one step, at rated power
    points = np.unique(np.append(points[points < just_below], [just_below, RATED * power[-1], power[-1]]))
    return points, np.stack([degraded_power(turbine, 1.0 - share, points) for share in left])
