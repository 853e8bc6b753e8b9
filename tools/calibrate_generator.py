"""Fit the dynamics of a generated climate to measured statistics; print the block `dynamics` for its configuration.

    python tools/calibrate_generator.py MEASURED.parquet CLIMATE [--target "autocorrelation 1 h=0.975"]… [--steps N]

The dynamics of CLIMATE are the start. Each statistic of `testsite_sim.weather.statistics` that is neither of a month
nor of a sector is fitted in units of its sampling error; `--target` replaces a measured value.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from validate_generator import measured_record

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate, WindDynamics
from testsite_sim.weather.generator import generate_weather
from testsite_sim.weather.statistics import combined, sampling_interval, yearly_statistics

NOT_FITTED = ("mean", "frequency", "hour of", "amplitude", "share", "highest", "spread of the yearly")
WEIGHTS = {"kurtosis of 1-h": 3.0, "autocorrelation": 2.0, "turn": 2.0}
HOURS = ("activity_memory", "smoothing", "vector_smoothing")
YEARS = 20


def parameters(dynamics: WindDynamics) -> dict[str, float]:
    """Return the free parameters by name; the second variance of vector and steady is the unit."""
    found = {}
    for group in ("vector", "steady", "unsteady"):
        for k, variance in enumerate(getattr(dynamics, group).variance):
            if group == "unsteady" or k != 1:
                found[f"{group} {k}"] = max(float(variance), 1e-3)
    found["vector_share"] = float(dynamics.vector_share / (1.0 - dynamics.vector_share))
    found["activity_spread"] = float(dynamics.activity_spread)
    return found | {name: float(getattr(dynamics, name)) / 3600.0 for name in HOURS}


def with_parameters(climate: WeatherClimate, values: dict[str, float]) -> WeatherClimate:
    """Return the climate with other dynamics."""
    block: dict[str, Any] = climate.dynamics.model_dump()
    for name, value in values.items():
        group, _, index = name.partition(" ")
        if index:
            shares = list(block[group]["variance"])
            shares[int(index)] = round(value, 5)
            block[group]["variance"] = shares
        elif name == "vector_share":
            block[name] = round(value / (1.0 + value), 4)
        else:
            block[name] = f"{value:.4g} hour" if name in HOURS else round(value, 4)
    return climate.model_copy(update={"dynamics": WindDynamics.model_validate(block)})


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured", type=Path)
    parser.add_argument("climate")
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    climate = load_component("climate", arguments.climate, WeatherClimate)
    measured = yearly_statistics(measured_record(arguments.measured))
    targets, intervals = combined(measured), sampling_interval(measured)
    errors = {name: 0.5 * (high - low) for name, (low, high) in intervals.items()}
    for text in arguments.target:
        name, _, value = text.partition("=")
        targets[name] = float(value)
    fitted = [name for name in targets if not name.startswith(NOT_FITTED)]
    weights = {n: next((w for part, w in WEIGHTS.items() if part in n), 1.0) for n in fitted}
    names = list(parameters(climate.dynamics))
    start = np.log(list(parameters(climate.dynamics).values()))

    def distance(x: np.ndarray) -> np.ndarray:
        tried = with_parameters(climate, dict(zip(names, np.exp(x), strict=True)))
        record = generate_weather(tried, start="2001-01-01", years=YEARS, step=600.0, seed=1)
        found = combined(yearly_statistics(record))
        rows = [(found[n] - targets[n]) / errors[n] * weights[n] for n in fitted]
        return np.append(rows, 0.02 * (x - start))

    best = least_squares(distance, start, diff_step=0.05, max_nfev=arguments.steps, bounds=(start - 4.0, start + 4.0))
    result = with_parameters(climate, dict(zip(names, np.exp(best.x), strict=True)))
    for key, value in result.dynamics.model_dump(exclude={"source"}).items():
        if isinstance(value, dict):
            print(f"  {key}:", *(f"    {k}: [{', '.join(map(str, v))}]" for k, v in value.items()), sep="\n")
        else:
            print(f"  {key}: {value}")


if __name__ == "__main__":
    main()
