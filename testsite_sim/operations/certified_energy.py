"""The annual energy that a power-performance test certifies, and how sure it is, by berth."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.random_streams import fill_normal, fill_uniform

from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.operations.certification_time import disturbed_steps, normalised
from testsite_sim.operations.power_performance import annual_energy, power_curve_bins
from testsite_sim.operations.sea_state import SeaState

MEAN_WIND_SPEEDS = (6.0, 7.0, 8.0, 9.0, 10.0, 11.0)  # of the Rayleigh climates that a certificate states [m/s]
_RUNNING, _SCATTER = 8, 9  # purposes of the random numbers


def certified_energy(
    test_site: OffshoreTestSite,
    sea: SeaState,
    times: xr.Dataset,
    wind_speed: ArrayLike,
    power: ArrayLike,
    wind_direction: Floats,
    air_density: Floats | None = None,
    *,
    members: int = 30,
    seed: int = 0,
) -> xr.Dataset:
    """Measure the power curve of a prototype at sea, from starts spread over the record, and evaluate it.

    In every valid step in which the prototype runs, the mast shows the wind with its scatter and the turbine gives what
    its curve says at the undisturbed wind; the pairs until the campaign is complete are averaged by the method of bins.

    Parameters
    ----------
    test_site : OffshoreTestSite
        Berths and the requirements and uncertainties of the power-performance test.
    sea : SeaState
        Wind at hub height.
    times : xarray.Dataset, dims (berth, time)
        As `certification_time` gives it.
    wind_speed, power : array_like, shape (points,)
        The curve of the prototype [m/s], [W].
    wind_direction, air_density : array, (time,)
        As in `certification_time`.
    members : int
        Starts, spread evenly over those from which the campaign is complete.
    seed : int
        Root seed.

    Returns
    -------
    xarray.Dataset, dims (berth, start, mean_wind_speed)
        energy_extrapolated, uncertainty_a, uncertainty_b, uncertainty [J] of a year; energy_of_curve
        (mean_wind_speed) [J], what the curve itself gives.
    """
    test = test_site.power_performance
    speed = normalised(sea, wind_direction, air_density)
    curve_speed, curve_power = (np.asarray(values, np.float64) for values in (wind_speed, power))
    rated, cut_out = float(curve_power.max()), float(curve_speed.max())
    given = np.interp(speed, curve_speed, curve_power, left=0.0, right=0.0)
    running, scatter = np.empty(speed.size), np.empty(speed.size)
    names = ("energy_extrapolated", "uncertainty_a", "uncertainty_b", "uncertainty")
    found = np.empty((len(names), len(test_site.berths), members, len(MEAN_WIND_SPEEDS)))
    for b in range(len(test_site.berths)):
        duration = times["power_performance"].isel(berth=b).to_numpy()
        possible = np.flatnonzero(np.isfinite(duration))
        valid = ~disturbed_steps(test_site, b, wind_direction)
        for k, start in enumerate(possible[np.linspace(0, possible.size - 1, members).astype(int)]):
            steps = slice(int(start), int(start + duration[start] / sea.step))
            fill_uniform(seed, _RUNNING, k, b, running)
            fill_normal(seed, _SCATTER, k, b, scatter)
            used = valid[steps] & (running[steps] < test_site.prototype_availability) & (speed[steps] <= cut_out)
            shown = speed[steps][used] * (1.0 + float(test.wind_scatter) * scatter[steps][used])
            curve = power_curve_bins(shown, given[steps][used], bin_width=float(test.bin_width))
            result = annual_energy(
                curve,
                MEAN_WIND_SPEEDS,
                power_uncertainty=float(test.power_uncertainty) * rated,
                speed_uncertainty=float(test.speed_uncertainty) * curve["wind_speed"].to_numpy(),
                cut_out=cut_out,
            )
            for n, name in enumerate(names):
                found[n, b, k] = result[name].to_numpy()
    fine = np.arange(float(curve_speed[0]), cut_out, 0.01)
    truth = annual_energy(power_curve_bins(fine, np.interp(fine, curve_speed, curve_power)), MEAN_WIND_SPEEDS)
    texts = ("annual energy of the measured curve", "category A of its", "category B of its", "standard")
    data: dict[str, object] = {
        name: (
            ("berth", "start", "mean_wind_speed"),
            found[n],
            {"units": "J", "long_name": text if n == 0 else f"{text} uncertainty"},
        )
        for n, (name, text) in enumerate(zip(names, texts, strict=True))
    }
    data["energy_of_curve"] = (
        "mean_wind_speed",
        truth["energy_measured"].to_numpy(),
        {"units": "J", "long_name": "annual energy of the curve itself"},
    )
    return xr.Dataset(
        data,
        coords={
            "berth": [berth.name for berth in test_site.berths],
            "start": np.arange(members),
            "mean_wind_speed": ("mean_wind_speed", np.array(MEAN_WIND_SPEEDS), {"units": "m s-1"}),
        },
    )
