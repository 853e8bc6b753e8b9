"""A configuration with four quantities, and outputs that are sums of them."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.quantities import Fraction, Number, Power
from testsite_sim.studies.framework.uncertainty import sampled


class Part(Configuration):
    share: Fraction
    power: Power


class Toy(Configuration):
    strong: Number
    weak: Number
    idle: Number
    parts: Annotated[dict[str, Part], "by name"]


TOY = Toy.model_validate(
    {
        "strong": {"value": 2.0, "source": "a paper", "range": [1.0, 3.0]},
        "weak": {"value": 1.0, "source": "assumption: ours", "range": [0.9, 1.1]},
        "idle": {"value": 1.0, "range": [1.0, 1.0]},
        "parts": {"one": {"share": 0.25, "power": {"value": "5 MW", "source": "x", "range": ["4 MW", "6 MW"]}}},
    }
)


def simulate(draws: Mapping[str, NDArray[np.float64]]) -> xr.Dataset:
    value = sampled(TOY, draws)
    total = 4.0 * value("strong") + value("weak") + value("parts.one.share")
    return xr.Dataset(
        {
            "total": ("member", total),
            "twice": (("scenario", "member"), np.stack([0.0 * total, 2.0 * total])),
            "never": ("member", np.where(value("strong") > 0.0, np.inf, 0.0)),
        },
        coords={"scenario": ["none", "all"]},
        attrs={"scenario": "all"},
    )
