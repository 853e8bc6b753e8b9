"""The wake models by name: the published set-ups, composed of the parts that the kernels have."""

import math
from dataclasses import dataclass, replace
from typing import Any

from testsite_kernels.wind.wake.deficit import (
    gaussian,
    gaussian_madsen_overlap,
    gaussian_momentum,
    gaussian_overlap,
    top_hat,
    top_hat_overlap,
    turbopark,
)
from testsite_kernels.wind.wake.deficit import none as no_wake
from testsite_kernels.wind.wake.model import Deficit, Functions, Turbulence, functions_of
from testsite_kernels.wind.wake.state import LINEAR, MAXIMUM, SQUARED, Parameters
from testsite_kernels.wind.wake.turbulence import crespo_hernandez, frandsen
from testsite_kernels.wind.wake.turbulence import none as no_turbulence

from testsite_sim.common.errors import ConfigurationError, nearest

DEFICITS: dict[str, Deficit] = {
    part.DEFICIT.name: part.DEFICIT
    for part in (
        no_wake,
        top_hat,
        top_hat_overlap,
        gaussian,
        gaussian_momentum,
        gaussian_overlap,
        gaussian_madsen_overlap,
        turbopark,
    )
}
TURBULENCES: dict[str, Turbulence] = {
    part.TURBULENCE.name: part.TURBULENCE for part in (no_turbulence, crespo_hernandez, frandsen)
}
SUPERPOSITIONS = {"linear": LINEAR, "squared": SQUARED, "maximum": MAXIMUM}
# The coefficients of a model with their bounds, the upper one excluded.
COEFFICIENTS: tuple[tuple[str, float | None, float | None], ...] = (
    ("expansion_rate", 0.0, None),
    ("expansion_rate_per_intensity", 0.0, None),
    ("width_factor", 0.0, None),
    ("largest_thrust", 0.0, 1.0),
    ("crespo_factor", 0.0, None),
    ("crespo_induction", None, None),
    ("crespo_intensity", None, None),
)


def add_wake_part(part: Deficit | Turbulence) -> None:
    """Make a deficit or a turbulence of your own known by its name, for a `WakeModel`.

    CONTRIBUTING.md, *Add a wake model*, has a whole one.

    Parameters
    ----------
    part : Deficit or Turbulence
        As `testsite_kernels.wind.wake.model.deficit_model` makes it.

    Raises
    ------
    ConfigurationError
        When there is one of that name already, or it is neither.
    """
    if not isinstance(part, Deficit | Turbulence):
        raise ConfigurationError(f"wake model: a part is a {type(part).__name__}; expected a Deficit or a Turbulence.")
    known: dict[str, Any] = DEFICITS if isinstance(part, Deficit) else TURBULENCES
    if known.get(part.name, part) is not part:
        raise ConfigurationError(f"wake model: there is a part {part.name!r} already; give yours another name.")
    known[part.name] = part


@dataclass(frozen=True)
class WakeModel:
    """A wake model composed of its parts.

    Parameters
    ----------
    source : str
        The publication.
    deficit, superposition, turbulence : str
        Of `DEFICITS`, `SUPERPOSITIONS`, `TURBULENCES`. The overlap deficits are averaged over the target's rotor.
    refers_to_source : bool
        The deficit refers to the effective wind speed of the source, else to the undisturbed one.
    expansion_rate, expansion_rate_per_intensity : float
        Growth of the wake's width per distance, and its part per effective turbulence intensity.
    width_factor : float
        Width at the rotor over the square root of β and the diameter; over the diameter where `width_is_fixed`.
    largest_thrust : float
        Limit of the thrust coefficient in β.
    crespo_factor, crespo_induction, crespo_intensity : float
        Factor, and exponents of induction and ambient intensity, of Crespo and Hernández.
    mirrors : bool
        The ground mirrors the wakes.

    Raises
    ------
    ConfigurationError
        When a part does not exist; the nearest are offered. When a coefficient is not a finite number or out of its
        range: those of growth and of Crespo zero or more, the width above zero, the largest thrust below 1.
    """

    source: str
    deficit: str
    superposition: str = "squared"
    turbulence: str = "none"
    refers_to_source: bool = False
    expansion_rate: float = 0.0
    expansion_rate_per_intensity: float = 0.0
    width_factor: float = 0.2
    width_is_fixed: bool = False
    largest_thrust: float = 0.899
    crespo_factor: float = 0.73
    crespo_induction: float = 0.8325
    crespo_intensity: float = -0.0325
    mirrors: bool = False

    def __post_init__(self) -> None:
        for name, known in (("deficit", DEFICITS), ("superposition", SUPERPOSITIONS), ("turbulence", TURBULENCES)):
            found = getattr(self, name)
            if found not in known:
                raise ConfigurationError(f"wake model: there is no {name} {found!r}. {nearest(found, known)}")
        for name, least, most in COEFFICIENTS:
            value = getattr(self, name)
            if not (math.isfinite(value) and (least is None or least <= value) and (most is None or value < most)):
                expected = f"{least:g} or more" if least is not None else "a finite number"
                expected += "" if most is None else f", below {most:g}"
                raise ConfigurationError(f"wake model: {name} is {value:g}; expected {expected}.")
        if self.width_factor == 0.0:
            raise ConfigurationError("wake model: width_factor is 0; expected a width above 0.")
        if self.mirrors and not DEFICITS[self.deficit].may_mirror:
            mirrored = [name for name, part in DEFICITS.items() if part.may_mirror]
            raise ConfigurationError(
                f"wake model: the deficit {self.deficit!r} has no mirror at the ground; expected one of "
                f"{', '.join(mirrored)}, or mirrors false."
            )

    @property
    def functions(self) -> Functions:
        """The compiled functions of the parts, kernel input."""
        return functions_of(DEFICITS[self.deficit], TURBULENCES[self.turbulence])

    @property
    def parameters(self) -> Parameters:
        """The parameters, kernel input."""
        deficit, turbulence = DEFICITS[self.deficit], TURBULENCES[self.turbulence]
        return Parameters(
            casts=int(self.deficit != "none"),
            adds_turbulence=int(self.turbulence != "none"),
            sums_squares=int(turbulence.sums_squares),
            superposition=SUPERPOSITIONS[self.superposition],
            induction=deficit.induction,
            refers_to_source=int(self.refers_to_source),
            expansion_per_intensity=float(self.expansion_rate_per_intensity),
            expansion=float(self.expansion_rate),
            width_factor=float(self.width_factor),
            width_is_fixed=int(self.width_is_fixed),
            largest_thrust=float(self.largest_thrust),
            crespo_factor=float(self.crespo_factor),
            crespo_induction=float(self.crespo_induction),
            crespo_intensity=float(self.crespo_intensity),
            mirrors=int(self.mirrors),
        )

    @property
    def has_discs(self) -> bool:
        """Whether the discs of the wakes matter, of speed or of turbulence."""
        return DEFICITS[self.deficit].discs or self.turbulence != "none"

    @property
    def parts(self) -> str:
        """The parts in a few words, as messages name a model."""
        return ", ".join((self.deficit, self.superposition, f"turbulence {self.turbulence}"))

    @property
    def divides_by_turbulence(self) -> bool:
        """Whether the model has no value at an ambient turbulence intensity of zero."""
        of_turbulence = self.turbulence == "crespo-hernandez" and self.crespo_intensity < 0.0
        return DEFICITS[self.deficit].needs_turbulence or of_turbulence

    @property
    def needs_turbulence(self) -> bool:
        """Whether the ambient turbulence intensity matters."""
        of_width = self.expansion_rate_per_intensity != 0.0
        return self.turbulence != "none" or DEFICITS[self.deficit].needs_turbulence or of_width


_JENSEN = WakeModel(
    "Jensen (1983), Risø-M-2411; Katić et al. (1986), overlap of the discs", "top-hat-overlap", expansion_rate=0.04
)
_BASTANKHAH = WakeModel(
    "Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123", "gaussian", expansion_rate=0.0324555
)
_NIAYIFAR = WakeModel(
    "Niayifar and Porté-Agel (2016), Energies 9, 741, as PyWake composes it",
    "gaussian",
    "linear",
    "crespo-hernandez",
    refers_to_source=True,
    expansion_rate_per_intensity=0.38,
    expansion_rate=0.004,
)
_NIAYIFAR_2016 = replace(
    _NIAYIFAR,
    source="Niayifar and Porté-Agel (2016), Energies 9, 741",
    deficit="gaussian-overlap",
    expansion_rate_per_intensity=0.3837,
    expansion_rate=0.003678,
    crespo_intensity=0.0325,
)
_TURBOPARK = WakeModel(
    "Nygaard et al. (2022), J. Phys.: Conf. Ser. 2265, 022063",
    "turbopark",
    width_factor=0.25,
    largest_thrust=0.96,
    mirrors=True,
)
_IEA37 = WakeModel(
    "IEA Wind Task 37 (2018), case studies of wind farm layout optimisation: simplified Gaussian",
    "gaussian-momentum",
    expansion_rate=0.0324555,
    width_factor=8.0**-0.5,
    width_is_fixed=True,
)

MODELS: dict[str, WakeModel] = {
    "none": WakeModel("no wakes", "none"),
    "jensen-1983": _JENSEN,
    "noj": _JENSEN,
    "noj_noavg": replace(_JENSEN, source="Jensen (1983), Risø-M-2411, at the hub", deficit="top-hat"),
    "bastankhah-2014": _BASTANKHAH,
    "bastankhah": _BASTANKHAH,
    "niayifar_crespo": _NIAYIFAR,
    "niayifar_stf": replace(_NIAYIFAR, source=_NIAYIFAR.source + ", with Frandsen's turbulence", turbulence="frandsen"),
    "niayifar-2016": _NIAYIFAR_2016,
    "niayifar_lit": _NIAYIFAR_2016,
    "nygaard-2022": _TURBOPARK,
    "turbopark": _TURBOPARK,
    "iea37": _IEA37,
}


def wake_model(model: str | WakeModel) -> WakeModel:
    """Return a model by name, or the model itself.

    Raises
    ------
    ConfigurationError
        When there is none of that name; the nearest are offered.
    """
    if isinstance(model, WakeModel):
        return model
    if model not in MODELS:
        raise ConfigurationError(f"wind.wake_model: there is no wake model {model!r}. {nearest(model, MODELS)}")
    return MODELS[model]
