"""From gross to net energy: a budget of losses whose terms multiply up, and how sure the net is."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from testsite_sim.configuration.wind import EnergyUncertainty

PERCENTILES = (50, 75, 90)


def loss_budget(gross: float, steps: Sequence[tuple[str, float]]) -> xr.Dataset:
    """Return the losses from the gross to the net energy, each over what was there before it.

    The categories are those of IEC 61400-15 and of WindPRO: wakes, blockage, availability, turbine performance,
    environmental, electrical, curtailment.

    Parameters
    ----------
    gross : float
        Energy of all turbines standing alone, always running [J].
    steps : sequence of (str, float)
        Each loss with the energy that is left after it [J], in order.

    Returns
    -------
    xarray.Dataset, dims (term,)
        loss [1], energy_after [J]; attributes gross and net [J]: gross times the product of (1 - loss) is net.
    """
    left = np.array([gross, *(energy for _, energy in steps)])
    before, after = left[:-1], left[1:]
    loss = 1.0 - np.divide(after, before, out=np.ones_like(after), where=before > 0.0)
    return xr.Dataset(
        {
            "loss": ("term", loss, {"units": "1", "long_name": "share of the energy before it that is lost"}),
            "energy_after": ("term", after, {"units": "J", "long_name": "energy that is left after the loss"}),
        },
        coords={"term": ("term", [name for name, _ in steps], {"long_name": "category of loss"})},
        attrs={"gross": float(gross), "net": float(left[-1])},
    )


def energy_uncertainty(
    uncertainty: EnergyUncertainty, net: float, sensitivity: float, losses: Mapping[str, float]
) -> xr.Dataset:
    """Return the uncertainty of the net energy and the energies exceeded with 50, 75 and 90 %.

    Components of the wind speed count times the sensitivity of the energy to it; components of a loss count as a share
    of that loss. All are independent standard uncertainties of a normal distribution and add by squares.

    Parameters
    ----------
    uncertainty : EnergyUncertainty
        The components.
    net : float
        Net energy of a year [J].
    sensitivity : float
        Relative change of the energy over the relative change of the wind speed.
    losses : mapping
        The losses by category [1], of which `wakes` counts here.

    Returns
    -------
    xarray.Dataset, dims (component, percentile)
        relative_uncertainty (component) [1], energy_exceeded (percentile) [J]; attributes total [1], sensitivity.
    """
    from testsite_sim.common.special_functions import ndtri

    wakes = losses.get("wakes", 0.0) / max(1.0 - losses.get("wakes", 0.0), 1e-9)
    parts = {
        "wind measurement": float(uncertainty.wind_measurement) * sensitivity,
        "vertical extrapolation": float(uncertainty.vertical_extrapolation) * sensitivity,
        "long-term climate": float(uncertainty.long_term) * sensitivity,
        "variability of years": float(uncertainty.interannual) * sensitivity / np.sqrt(float(uncertainty.years)),
        "wake model": float(uncertainty.wake_model) * wakes,
        "power curve": float(uncertainty.power_curve),
        "other losses": float(uncertainty.other_losses),
    }
    total = float(np.sqrt(sum(part**2 for part in parts.values())))
    exceeded = [net * (1.0 + float(ndtri(1.0 - percentile / 100.0)) * total) for percentile in PERCENTILES]
    return xr.Dataset(
        {
            "relative_uncertainty": (
                "component",
                list(parts.values()),
                {"units": "1", "long_name": "standard uncertainty of the energy"},
            ),
            "energy_exceeded": (
                "percentile",
                exceeded,
                {"units": "J", "long_name": "energy of a year exceeded with this probability"},
            ),
        },
        coords={
            "component": ("component", list(parts), {"long_name": "source of the uncertainty"}),
            "percentile": ("percentile", list(PERCENTILES), {"units": "%", "long_name": "probability"}),
        },
        attrs={"total": total, "sensitivity": sensitivity},
    )
