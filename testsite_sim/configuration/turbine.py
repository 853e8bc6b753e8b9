"""Turbine types: published curves, a type of windpowerlib's library, or similarity to another type."""

import itertools
import math
from typing import Annotated

from pydantic import model_validator
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.rotor_bounds import tips_below_ground
from testsite_sim.common.yaw_bounds import LARGEST_YAW_EXPONENT
from testsite_sim.configuration.base import Component, Configuration, CurvePoints, SourcedConfiguration
from testsite_sim.configuration.quantities import Length, Power, Speed, Unit

BETZ_LIMIT = 16.0 / 27.0
YawExponent = Annotated[float, Unit("", "an exponent of a cosine", "1.88", 0.0, LARGEST_YAW_EXPONENT)]


class TurbineCurves(Configuration):
    """Power and thrust coefficient against wind speed at 1.225 kg/m³, from cut-in to cut-out."""

    wind_speed: CurvePoints
    power: CurvePoints
    thrust_coefficient: CurvePoints

    @model_validator(mode="after")
    def _consistent(self) -> "TurbineCurves":
        lengths = {name: len(getattr(self, name).values) for name in type(self).model_fields}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"the curves have different lengths: {lengths}")
        self.power.values_in("W", "power")
        if self.thrust_coefficient.units != "1":
            raise ValueError(f'thrust_coefficient wants units "1", found {self.thrust_coefficient.units}')
        speeds = self.wind_speed.values_in("m/s", "wind_speed")
        # Published curves often have a vertical step at cut-out: the last power, and zero, at one wind speed.
        falls = any(b < a for a, b in itertools.pairwise(speeds))
        if speeds[0] < 0.0 or falls or any(a == b for a, b in zip(speeds, speeds[2:], strict=False)):
            raise ValueError("wind_speed must rise from zero or above, with at most two points at a vertical step")
        return self


class TurbineConfiguration(SourcedConfiguration):
    """A turbine type: its size, and exactly one of `curves`, `library` and `similar_to`.

    `library` names a type of windpowerlib, such as `V112/3300`, which has no thrust: that is the one of
    `thrust_similar_to`, a type of like control with published curves, or else follows from the power by momentum
    theory, a low estimate. `similar_to` scales another type: the same power and thrust coefficients at wind speeds
    scaled by the cube root of the ratio of rated power per rotor area; `thrust_similar_to` scales alike. `cut_out` ends
    a curve, and holds its last power where it ends before; with `ride_through` the power falls in a straight line from
    the end of the curve to zero at that speed, instead of at once. Turned out of the wind by γ, power falls by (cos
    γ)^`yaw_power_exponent` where it goes with the cube of the wind, thrust by (cos γ)^`yaw_thrust_exponent`; where they
    are not stated they are 1.88 and 1, as in FLORIS.
    """

    rated_power: Power
    rotor_diameter: Length
    hub_height: Length
    curves: TurbineCurves | None = None
    library: str | None = None
    similar_to: "Annotated[TurbineConfiguration, Component('turbine')] | None" = None
    thrust_similar_to: "Annotated[TurbineConfiguration, Component('turbine')] | None" = None
    cut_out: Speed | None = None
    ride_through: Speed | None = None
    yaw_power_exponent: YawExponent | None = None
    yaw_thrust_exponent: YawExponent | None = None

    @model_validator(mode="after")
    def _one_curve(self) -> "TurbineConfiguration":
        given = [name for name in ("curves", "library", "similar_to") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of curves, library, similar_to; found {given or 'none'}")
        if self.thrust_similar_to is not None and self.library is None:
            raise ValueError("thrust_similar_to gives a type of the library its thrust; expected with library alone")
        if self.curves is not None:
            self._physical(self.curves)
        return self

    @model_validator(mode="after")
    def _clear_of_the_ground(self) -> "TurbineConfiguration":
        fault = tips_below_ground(float(self.hub_height), float(self.rotor_diameter))
        if fault:
            raise ValueError(fault.removesuffix("."))
        return self

    def _physical(self, curves: TurbineCurves) -> None:
        """Refuse curves that break the Betz limit or the rated power."""
        area = 0.25 * math.pi * self.rotor_diameter**2
        speeds, powers = curves.wind_speed.values_in("m/s"), curves.power.values_in("W")
        for speed, power in zip(speeds, powers, strict=True):
            coefficient = power / (0.5 * STANDARD_AIR_DENSITY * area * speed**3) if speed > 0.0 else 0.0
            if coefficient > BETZ_LIMIT:
                raise ValueError(
                    f"the power of {power / 1e6:g} MW at {speed:g} m/s means a power coefficient of "
                    f"{coefficient:.3f}, above the Betz limit of 0.593; check power and rotor_diameter"
                )
        highest = max(powers)
        if highest > 1.02 * self.rated_power:
            raise ValueError(f"the power curve reaches {highest / 1e6:g} MW, above rated_power")
