import numpy as np
from testsite_kernels.numerics.random_streams import fill_normal
from testsite_kernels.weather.metocean import add_autoregressive, low_pass


def test_autoregression_equals_its_recursion():
    noise, found, expected = np.empty(500), np.ones(500), np.empty(500)
    fill_normal(7, 3, 2, 4, noise)
    add_autoregressive(7, 2, 4, 0.9, 2.0, found)
    expected[0] = noise[0]
    for t in range(1, 500):
        expected[t] = 0.9 * expected[t - 1] + np.sqrt(1 - 0.81) * noise[t]
    np.testing.assert_allclose(found, 1.0 + 2.0 * expected, rtol=1e-12)


def test_the_low_pass_keeps_a_constant_and_delays_a_step():
    filtered = np.empty(50)
    low_pass(np.full(50, 3.0), 0.8, filtered)
    np.testing.assert_allclose(filtered, 3.0)
    low_pass(np.r_[np.zeros(10), np.ones(40)], 0.8, filtered)
    np.testing.assert_allclose(filtered[10:], 1.0 - 0.8 ** np.arange(1, 41))
