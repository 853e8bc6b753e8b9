"""What keeps a farm from giving the energy of turbines that stand alone and always run, in the order of the losses."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import BLOCKAGES
from testsite_sim.wind.models import WakeModel, not_known, wake_model

FLOW_MECHANISMS = ("storms", "wakes", "neighbours", "blockage")
CURVE_LOSSES = ("performance", "environmental")  # these act on the power curve, below rated power
SHARES = (*CURVE_LOSSES, "regulatory_curtailment")
MOST_WAKE_LOSS = 2.0  # above, a farm whose models lose half of its power would give none (bound of input)
MECHANISMS = (*FLOW_MECHANISMS, "availability", *SHARES, "electrical")


@dataclass(frozen=True, eq=False)
class Mechanisms:
    """The mechanisms that act on a farm, in the order in which the losses multiply up; one left out takes nothing.

    The categories are those of IEC 61400-15 and of WindPRO.

    Parameters
    ----------
    storms : float, optional
        How far the wind must fall below cut-out before a turbine that has stopped in a storm starts again [m/s].
    wakes : str or WakeModel
        The wake model; `none`: no wakes.
    neighbours : Farm, optional
        Turbines of other farms, whose wakes and induction count; they are not held down.
    neighbour_inflow : xarray.Dataset, optional
        Their inflow, over (time), (time, turbine) or (time, height); None: that of the farm, then over (time) alone.
    blockage : str
        One of `BLOCKAGES`.
    wake_loss : float
        Factor on the power that wakes, neighbours and blockage take [1]: 1 is that of the models, and an ensemble draws
        by how much they may be wrong.
    availability : float or xarray.DataArray, dims (time, turbine)
        Share of each interval in which a turbine runs [1]; one that stands still through an interval casts no wake in
        it.
    performance, environmental : float
        Shares of the power below rated that turbines fall short of their curve, and lose to soiled, worn or iced
        blades [1]; at rated power they lose nothing, see `degraded_power`.
    regulatory_curtailment : float
        Share that is lost to orders from outside [1].
    electrical : float
        Share that cables and transformers lose [1].
    cables : tuple of float, optional
        Instead of that share: what they lose at no load, and besides at rated power, where it grows with the square of
        the load, both over the rated power of the farm [1].

    Raises
    ------
    ConfigurationError
        When a model does not exist, a share is none, `electrical` and `cables` are both given, or an inflow without
        neighbours.
    """

    storms: float | None = None
    wakes: str | WakeModel = "none"
    neighbours: Farm | None = None
    neighbour_inflow: xr.Dataset | None = None
    blockage: str = "none"
    wake_loss: float = 1.0
    availability: float | xr.DataArray = 1.0
    performance: float = 0.0
    environmental: float = 0.0
    regulatory_curtailment: float = 0.0
    electrical: float = 0.0
    cables: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        wake_model(self.wakes)
        if self.blockage not in BLOCKAGES:
            raise ConfigurationError(not_known("blockage", "blockage", self.blockage, BLOCKAGES))
        if isinstance(self.wake_loss, bool) or not 0.0 <= float(self.wake_loss) <= MOST_WAKE_LOSS:
            raise ConfigurationError(
                f"mechanisms: wake_loss is {self.wake_loss!r}; expected a factor from 0 to {MOST_WAKE_LOSS:g}."
            )
        if self.neighbour_inflow is not None and self.neighbours is None:
            raise ConfigurationError("mechanisms: neighbour_inflow is given without neighbours.")
        if self.electrical and self.cables is not None:
            raise ConfigurationError("mechanisms: electrical and cables both state what cables lose; give one of them.")
        no_load, at_rated = (0.0, 0.0) if self.cables is None else self.cables
        shares = {name: getattr(self, name) for name in (*SHARES, "electrical")}
        shares |= {"cables[0]": no_load, "cables[1]": at_rated}
        if not isinstance(self.availability, xr.DataArray):
            shares["availability"] = self.availability
        elif not (self.availability.to_numpy().min() >= 0.0 and self.availability.to_numpy().max() <= 1.0):
            raise ConfigurationError("mechanisms: availability has values outside 0 to 1.")
        for name, share in shares.items():
            if isinstance(share, bool) or not isinstance(share, int | float | np.number) or not 0.0 <= share <= 1.0:
                raise ConfigurationError(f"mechanisms: {name} is {share!r}; expected a share from 0 to 1.")

    @property
    def share(self) -> xr.DataArray:
        """The share of each interval in which a turbine runs [1], one or over (time, turbine)."""
        share = self.availability
        return share if isinstance(share, xr.DataArray) else xr.DataArray(float(share))

    @property
    def curve_losses(self) -> dict[str, float]:
        """The losses that act on the power curve, by name [1]."""
        return {name: float(getattr(self, name)) for name in CURVE_LOSSES}

    def with_wake_loss(self, power: Floats, alone: Floats) -> Floats:
        """Return the power of turbines whose loss to wakes is multiplied by the factor, of those that stand alone.

        Parameters
        ----------
        power, alone : ndarray, of one shape
            Of the models, and without wakes [W].
        """
        factor = float(self.wake_loss)
        if factor == 1.0:
            return power
        return np.asarray(np.maximum(alone - factor * (alone - power), np.minimum(alone, 0.0)))

    def after_cables(self, power: Floats, rated: float) -> Floats:
        """Return the power that leaves cables and transformers.

        What the no-load losses take in a calm is bought by the grid operator of the connection and not counted.
        """
        if self.cables is None:
            return power * (1.0 - float(self.electrical))
        no_load, at_rated = self.cables
        load = power / rated
        lost = no_load + at_rated * load**2
        return np.asarray(np.maximum(power - lost * rated, 0.0))
