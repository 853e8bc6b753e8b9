"""The weather generator as plain NumPy: slow, in the order of the equations."""

import numpy as np
from scipy.special import ndtri
from testsite_kernels.numerics.random_streams import normal_pair

PURPOSE = 20


def autoregressive(seed, member, stream, half, memory, count):
    """Return an AR(1) series of unit variance from one half of a stream of pairs."""
    noise = np.array([normal_pair(seed, PURPOSE, member, stream, t)[half] for t in range(count)])
    series = noise.copy()
    for t in range(1, count):
        series[t] = memory * series[t - 1] + np.sqrt(1.0 - memory**2) * noise[t]
    return series


def smoothed(series, smoothing, memory, noise):
    """Return the low-pass filter of an AR(1) series, stationary from the start."""
    covariance = (1.0 - smoothing) / (1.0 - memory * smoothing)
    variance = (1.0 - smoothing) ** 2 / (1.0 - smoothing**2) * (1.0 + memory * smoothing) / (1.0 - memory * smoothing)
    filtered = np.empty_like(series)
    filtered[0] = covariance * series[0] + np.sqrt(variance - covariance**2) * noise
    for t in range(1, series.size):
        filtered[t] = smoothing * filtered[t - 1] + (1.0 - smoothing) * series[t]
    return filtered


def latent_wind(seed, member, vector, vector_smoothing, others, steady, smoothing, activity, vector_share, count):
    """Return score and angle (t,); `vector` and `others` are pairs of memories and weights."""
    p, q = np.zeros(count), np.zeros(count)
    for c, (memory, weight) in enumerate(zip(*vector, strict=True)):
        start = normal_pair(seed, PURPOSE, member, 72 + c, 0)
        for half, total in ((0, p), (1, q)):
            raw = autoregressive(seed, member, c, half, memory, count)
            total += weight * smoothed(raw, vector_smoothing, memory, start[half])
    g = autoregressive(seed, member, 64, 0, activity[0], count)
    calm, rough = np.zeros(count), np.zeros(count)
    for c, (memory, weight) in enumerate(zip(*others, strict=True)):
        raw = autoregressive(seed, member, 32 + c // 2 * 2, c % 2, memory, count)
        if c < steady:
            calm += weight * smoothed(raw, smoothing, memory, normal_pair(seed, PURPOSE, member, 88 + c, 0)[0])
        else:
            rough += weight * raw
    x = calm + np.exp(activity[1] * (g - activity[1])) * rough
    score = np.sqrt(vector_share) * ndtri(-np.expm1(-0.5 * (p**2 + q**2))) + np.sqrt(1.0 - vector_share) * x
    return score, (np.arctan2(q, p) / (2.0 * np.pi)) % 1.0
