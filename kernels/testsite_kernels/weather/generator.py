"""The process behind generated wind: a slow turning vector, steady and unsteady memories, mapped to a climate.

Indices: t time (10 min), c component, i sector. The score of the wind speed is the sum of Gaussian autoregressive
components (Brown, Katz and Murphy 1984, J. Climate Appl. Meteor. 23, 1184); the fast ones are multiplied by a
log-normal activity (a stochastic volatility, Taylor 1986), which gives hourly changes their fat tails.
"""

import math
from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part
from testsite_kernels.numerics.random_streams import normal_pair

_PURPOSE = 20
# First stream of each kind.
_VECTOR, _SPEED, _ACTIVITY, _VECTOR_START, _SPEED_START = 0, 32, 64, 72, 88


@part
def normal_quantile_of_radius(half_square: float) -> float:
    """Return the standard normal score of `half_square`, a standard exponential number.

    The probability is 1 - exp(-x); each tail has a branch of its own, so that neither loses its digits. Source:
    Wichura (1988), Algorithm AS 241 PPND7, Applied Statistics 37, 477: seven digits.
    """
    above = math.exp(-half_square)
    q = 0.5 - above
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
            / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
        )
    tail = above if q > 0.0 else -math.expm1(-half_square)
    r = math.sqrt(-math.log(max(tail, 1e-300)))
    if r <= 5.0:
        r -= 1.6
        value = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) / (
            (0.12021132975 * r + 0.73700164250) * r + 1.0
        )
    else:
        r -= 5.0
        value = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) / (
            (0.012258202635 * r + 0.24197894225) * r + 1.0
        )
    return value if q > 0.0 else -value


@part
def start_of_smooth(state: float, smoothing: float, memory: float, noise: float) -> float:
    """Return a stationary first value of the low-pass filter of an AR(1) process whose first value is `state`.

    y[t] = m y[t-1] + (1 - m) x[t]: its variance is (1 - m)^2 (1 + r m) / ((1 - m^2) (1 - r m)), its covariance with
    x is (1 - m) / (1 - r m).
    """
    both = (1.0 - smoothing) / (1.0 - memory * smoothing)
    variance = both * (1.0 - smoothing) * (1.0 + memory * smoothing) / (1.0 - smoothing * smoothing)
    return both * state + math.sqrt(max(variance - both * both, 0.0)) * noise


class WindVector(NamedTuple):
    """The components of the slow vector, shape (c,), and the low-pass filter that they pass.

    Memories, of the filter too (`smoothing`), are correlations of neighbours in time; weights are such that the
    variances behind the filter add up to one.
    """

    memory: Floats
    weight: Floats
    smoothing: float


class FastWind(NamedTuple):
    """The other components of the wind speed, shape (c,), as those of the vector.

    The first `steady` of them pass a filter; the unsteady ones are multiplied by the activity, of a memory and a spread
    [1] of its own.
    """

    memory: Floats
    weight: Floats
    steady: int
    smoothing: float
    activity_memory: float
    activity_spread: float


class SectorClimate(NamedTuple):
    """The climate by sectors i, shape (i,), first the north.

    `frequency`: of the year; at time t it is frequency (1 + swing season[t]), season +1 in midwinter, -1 in midsummer.
    `scale` [m/s], `shape`: Weibull at the centres of the sectors, linear between.
    """

    frequency: Floats
    swing: Floats
    scale: Floats
    shape: Floats


class ExponentialScore(NamedTuple):
    """-ln(1 - F) of the score, on a grid from `lowest` in steps of `spacing`."""

    lowest: float
    spacing: float
    values: Floats


@kernel
def latent_wind(
    seed: int, member: int, vector: WindVector, fast: FastWind, vector_share: float, score: Floats, angle: Floats
) -> None:
    """Fill the score of the wind speed and the angle of the wind vector (turns, 0 to 1), both over (t,).

    The vector is (p, q) = sum_c weight[c] (P[c], Q[c]), z_v the normal score of its length, x the sum of the other
    components, the unsteady ones times exp(s g - s^2) of the activity g (spread s).
    score = sqrt(vector_share) z_v + sqrt(1 - vector_share) x.
    """
    vector_memory, vector_weight, vector_smoothing = vector
    memory, weight, steady, smoothing, activity_memory, activity_spread = fast
    vectors, components = vector_memory.size, memory.size
    east, north = np.empty((2, vectors)), np.empty((2, vectors))  # before and behind the filter
    state, smooth = np.empty(components + 1), np.empty(components + 1)  # one more where their number is odd
    vector_noise = np.sqrt(1.0 - vector_memory**2)
    noise = np.sqrt(1.0 - memory**2)
    activity_noise = math.sqrt(1.0 - activity_memory**2)
    of_vector, of_rest = math.sqrt(vector_share), math.sqrt(1.0 - vector_share)
    activity = 0.0
    for t in range(score.size):
        p = q = 0.0
        for c in range(vectors):
            first, second = normal_pair(seed, _PURPOSE, member, _VECTOR + c, t)
            if t == 0:
                east[0, c], north[0, c] = first, second
                first, second = normal_pair(seed, _PURPOSE, member, _VECTOR_START + c, 0)
                east[1, c] = start_of_smooth(east[0, c], vector_smoothing, vector_memory[c], first)
                north[1, c] = start_of_smooth(north[0, c], vector_smoothing, vector_memory[c], second)
            else:
                east[0, c] = vector_memory[c] * east[0, c] + vector_noise[c] * first
                north[0, c] = vector_memory[c] * north[0, c] + vector_noise[c] * second
                east[1, c] = vector_smoothing * east[1, c] + (1.0 - vector_smoothing) * east[0, c]
                north[1, c] = vector_smoothing * north[1, c] + (1.0 - vector_smoothing) * north[0, c]
            p += vector_weight[c] * east[1, c]
            q += vector_weight[c] * north[1, c]
        first, _ = normal_pair(seed, _PURPOSE, member, _ACTIVITY, t)
        activity = first if t == 0 else activity_memory * activity + activity_noise * first
        for c in range(0, components, 2):
            first, second = normal_pair(seed, _PURPOSE, member, _SPEED + c, t)
            if t == 0:
                state[c], state[c + 1] = first, second
            else:
                state[c] = memory[c] * state[c] + noise[c] * first
                if c + 1 < components:
                    state[c + 1] = memory[c + 1] * state[c + 1] + noise[c + 1] * second
        steady_sum = unsteady_sum = 0.0
        for c in range(steady):
            if t == 0:
                first, _ = normal_pair(seed, _PURPOSE, member, _SPEED_START + c, 0)
                smooth[c] = start_of_smooth(state[c], smoothing, memory[c], first)
            else:
                smooth[c] = smoothing * smooth[c] + (1.0 - smoothing) * state[c]
            steady_sum += weight[c] * smooth[c]
        for c in range(steady, components):
            unsteady_sum += weight[c] * state[c]
        x = steady_sum + math.exp(activity_spread * (activity - activity_spread)) * unsteady_sum
        score[t] = of_vector * normal_quantile_of_radius(0.5 * (p * p + q * q)) + of_rest * x
        turn = math.atan2(q, p) / (2.0 * math.pi)
        angle[t] = turn if turn >= 0.0 else turn + 1.0


@kernel
def wind_of_latent(
    score: Floats,
    angle: Floats,
    season: Floats,
    share: Floats,
    climate: SectorClimate,
    exponential_score: ExponentialScore,
    speed: Floats,
    direction: Floats,
) -> None:
    """Map score and angle (t,) to wind speed and direction [degree, from] of a climate of sectors.

    Within a sector the direction is uniform. speed = share[t] scale (-ln(1 - F))^(1 / shape).
    """
    frequency, swing, scale, shape = climate
    lowest, spacing, exponential = exponential_score
    sectors = frequency.size
    width = 360.0 / sectors
    for t in range(score.size):
        total = 0.0
        for i in range(sectors):
            total += frequency[i] * (1.0 + swing[i] * season[t])
        left = angle[t] * total
        i = 0
        part_of = frequency[0] * (1.0 + swing[0] * season[t])
        while left > part_of and i < sectors - 1:
            left -= part_of
            i += 1
            part_of = frequency[i] * (1.0 + swing[i] * season[t])
        from_centre = min(left / part_of, 1.0) - 0.5 if part_of > 0.0 else 0.0
        turned = (i + from_centre) * width
        direction[t] = turned if turned >= 0.0 else turned + 360.0
        other = (i + 1) % sectors if from_centre >= 0.0 else (i - 1 + sectors) % sectors
        away = abs(from_centre)
        a = scale[i] + away * (scale[other] - scale[i])
        k = shape[i] + away * (shape[other] - shape[i])
        at = (score[t] - lowest) / spacing
        cell = min(max(int(at), 0), exponential.size - 2)
        e = exponential[cell] + (at - cell) * (exponential[cell + 1] - exponential[cell])
        speed[t] = share[t] * a * max(e, 0.0) ** (1.0 / k)
