"""The wake models by name: the published set-ups, composed of the parts that the kernels have."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
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
from testsite_kernels.wind.wake.deflection import gaussian_2016, jimenez_2010
from testsite_kernels.wind.wake.deflection import none as no_deflection
from testsite_kernels.wind.wake.functions import Functions, functions_of
from testsite_kernels.wind.wake.model import Deficit, Deflection, Turbulence
from testsite_kernels.wind.wake.state import LINEAR, MAXIMUM, SQUARED, Parameters
from testsite_kernels.wind.wake.turbulence import crespo_hernandez, frandsen
from testsite_kernels.wind.wake.turbulence import none as no_turbulence

from testsite_sim.common.errors import ConfigurationError, nearest

if TYPE_CHECKING:
    from testsite_sim.configuration.wind import Wind

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
DEFLECTIONS: dict[str, Deflection] = {
    part.DEFLECTION.name: part.DEFLECTION for part in (no_deflection, jimenez_2010, gaussian_2016)
}
_functions_of = lru_cache(maxsize=64)(functions_of)
LEAST_EXPANSION = 1e-6  # of a deflected wake by Jiménez: below, the difference that is its deflection loses its digits
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
    ("jimenez_expansion_rate", 0.0, None),
    ("deflection_expansion_rate", 0.0, None),
    ("deflection_expansion_rate_per_intensity", 0.0, None),
)


def add_wake_part(part: Deficit | Turbulence | Deflection) -> None:
    """Make a deficit, a turbulence or a deflection of your own known by its name, for a `WakeModel`.

    CONTRIBUTING.md, *Add a wake model*, has a whole one of each. `add_wake_model` makes the model known to scenarios.

    Parameters
    ----------
    part : Deficit, Turbulence or Deflection
        As `deficit_model`, `turbulence_model` and `deflection_model` of `testsite_kernels.wind.wake.model` make them.

    Raises
    ------
    ConfigurationError
        When there is one of that name already, or it is none of these.
    """
    registries: dict[type, dict[str, Any]] = {Deficit: DEFICITS, Turbulence: TURBULENCES, Deflection: DEFLECTIONS}
    if type(part) not in registries:
        raise ConfigurationError(
            f"wake model: a part is a {type(part).__name__}; expected a Deficit, a Turbulence or a Deflection."
        )
    known = registries[type(part)]
    if known.get(part.name, part) is not part:
        if part.name in _OWN:
            raise ConfigurationError(
                f"wake model: there is a part {part.name!r} already, which this process added before; a file that was "
                "edited or read again is taken by a new process: restart Python, or give the part another name."
            )
        raise ConfigurationError(f"wake model: there is a part {part.name!r} already; give yours another name.")
    if part.name not in known:
        _OWN.add(part.name)
    known[part.name] = part


_OWN: set[str] = set()  # parts that `add_wake_part` added: numba links functions by name, so none is replaced


@dataclass(frozen=True)
class WakeModel:
    """A wake model composed of its parts.

    Parameters
    ----------
    source : str
        The publication.
    deficit, superposition, turbulence : str
        Of `DEFICITS`, `SUPERPOSITIONS`, `TURBULENCES`. The overlap deficits are averaged over the target's rotor.
    deflection : str
        Of `DEFLECTIONS`: how the wake of a turbine that is turned out of the wind is deflected; `none`: it goes
        straight. Without yaw it has no effect.
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
    jimenez_expansion_rate : float
        β of Jiménez et al. (2010): growth of the diameter of a deflected wake per distance.
    deflection_expansion_rate, deflection_expansion_rate_per_intensity : float
        k_b and k_a of the deflection `gaussian-2016`: growth of the width per distance, and its part per effective
        turbulence intensity (defaults: Niayifar and Porté-Agel (2016), as FLORIS has them).

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
    deflection: str = "jimenez-2010"
    jimenez_expansion_rate: float = 0.1
    deflection_expansion_rate: float = 0.004
    deflection_expansion_rate_per_intensity: float = 0.38

    def __post_init__(self) -> None:
        known_parts: dict[str, dict[str, Any]] = {
            "deficit": DEFICITS,
            "superposition": SUPERPOSITIONS,
            "turbulence": TURBULENCES,
            "deflection": DEFLECTIONS,
        }
        for name, known in known_parts.items():
            found = getattr(self, name)
            if found not in known:
                raise ConfigurationError(f"wake model: there is no {name} {found!r}. {nearest(found, known)}")
        for name, least, most in COEFFICIENTS:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                raise ConfigurationError(f"wake model: {name} is {value!r}; expected a number.")
            if not (math.isfinite(value) and (least is None or least <= value) and (most is None or value < most)):
                expected = f"{least:g} or more" if least is not None else "a finite number"
                expected += "" if most is None else f", below {most:g}"
                raise ConfigurationError(f"wake model: {name} is {value:g}; expected {expected}.")
        if self.width_factor == 0.0:
            raise ConfigurationError("wake model: width_factor is 0; expected a width above 0.")
        if not self.jimenez_expansion_rate >= LEAST_EXPANSION:
            raise ConfigurationError(
                f"wake model: jimenez_expansion_rate is {self.jimenez_expansion_rate:g}; expected "
                f"{LEAST_EXPANSION:g} or more, for example 0.1."
            )
        if self.deflection_expansion_rate == self.deflection_expansion_rate_per_intensity == 0.0:
            raise ConfigurationError(
                "wake model: deflection_expansion_rate and deflection_expansion_rate_per_intensity are both 0; "
                "expected a growth above 0."
            )
        if self.mirrors and not DEFICITS[self.deficit].may_mirror:
            mirrored = [name for name, part in DEFICITS.items() if part.may_mirror]
            raise ConfigurationError(
                f"wake model: the deficit {self.deficit!r} has no mirror at the ground; expected one of "
                f"{', '.join(mirrored)}, or mirrors false."
            )

    def functions(self, yawed: bool) -> Functions:
        """Return the compiled functions of the parts, kernel input; `yawed`: whether any turbine is."""
        deflection = DEFLECTIONS[self.deflection if yawed else "none"]
        return _functions_of(DEFICITS[self.deficit], TURBULENCES[self.turbulence], deflection)

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
            jimenez_expansion=float(self.jimenez_expansion_rate),
            deflection_expansion_per_intensity=float(self.deflection_expansion_rate_per_intensity),
            deflection_expansion=float(self.deflection_expansion_rate),
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
    def deflects_by_turbulence(self) -> bool:
        """Whether the deflection, and so the flow of a farm that is yawed, depends on the turbulence intensity."""
        return DEFLECTIONS[self.deflection].needs_turbulence and self.deficit != "none"

    @property
    def needs_turbulence(self) -> bool:
        """Whether the ambient turbulence intensity matters where no turbine is yawed."""
        of_width = self.expansion_rate_per_intensity != 0.0
        return self.turbulence != "none" or DEFICITS[self.deficit].needs_turbulence or of_width


_JENSEN = WakeModel("Jensen (1983), Risø-M-2411, with the overlap of the discs", "top-hat-overlap", expansion_rate=0.1)
_NOJ = replace(
    _JENSEN,
    source="Jensen (1983), Risø-M-2411; Katić et al. (1986); expansion rate 0.04, usual at sea",
    expansion_rate=0.04,
)
_BASTANKHAH = WakeModel(
    "Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123; induction of Madsen et al. (2020), squares summed",
    "gaussian",
    expansion_rate=0.0324555,
)
_BASTANKHAH_2014 = WakeModel(
    "Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123",
    "gaussian-momentum",
    "linear",
    refers_to_source=True,
    expansion_rate=0.0324555,
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

# A name with a year is the set-up of that publication, as PyWake's literature module has it; the others are usual ones.
MODELS: dict[str, WakeModel] = {
    "none": WakeModel("no wakes", "none"),
    "jensen-1983": _JENSEN,
    "noj": _NOJ,
    "noj_noavg": replace(_NOJ, source="Jensen (1983), Risø-M-2411, at the hub", deficit="top-hat"),
    "bastankhah-2014": _BASTANKHAH_2014,
    "bastankhah": _BASTANKHAH,
    "niayifar_crespo": _NIAYIFAR,
    "niayifar_stf": replace(_NIAYIFAR, source=_NIAYIFAR.source + ", with Frandsen's turbulence", turbulence="frandsen"),
    "niayifar-2016": _NIAYIFAR_2016,
    "niayifar_lit": _NIAYIFAR_2016,
    "nygaard-2022": _TURBOPARK,
    "turbopark": _TURBOPARK,
    "iea37": _IEA37,
}


def add_wake_model(name: str, model: WakeModel) -> None:
    """Make a model of your own known by its name in this process, so that a scenario may state it.

    Parameters
    ----------
    name : str
        As `wind.wake_model` of a scenario names it.
    model : WakeModel
        Of parts that exist.

    Raises
    ------
    ConfigurationError
        When another model has that name, or it is none.

    Examples
    --------
    >>> add_wake_model("noj-land", replace(MODELS["noj"], source="expansion on land", expansion_rate=0.075))
    >>> wake_model("noj-land").expansion_rate
    0.075
    >>> del MODELS["noj-land"]
    """
    if not isinstance(name, str) or not isinstance(model, WakeModel):
        raise ConfigurationError(
            f"wake model: found a {type(name).__name__} and a {type(model).__name__}; expected a name and a WakeModel."
        )
    if MODELS.get(name, model) != model:
        raise ConfigurationError(f"wake model: there is a model {name!r} already; give yours another name.")
    MODELS[name] = model


def configured_model(wind: "Wind") -> WakeModel:
    """Return the wake model that a scenario states, with its deflection.

    Raises
    ------
    ConfigurationError
        When there is no such model, or no such deflection; the nearest are offered.
    """
    model = wake_model(wind.wake_model)
    if wind.deflection is None:
        return model
    if wind.deflection not in DEFLECTIONS:
        raise ConfigurationError(not_known("deflection", "deflection", wind.deflection, DEFLECTIONS))
    return replace(model, deflection=wind.deflection)


def not_known(key: str, what: str, name: object, known: Iterable[str]) -> str:
    """Return the sentence about a model of the flow that does not exist, with the nearest that do."""
    return f"wind.{key}: there is no {what} {name!r}. {nearest(name, known)}"


def wake_model(model: str | WakeModel) -> WakeModel:
    """Return a model by name, or the model itself.

    Raises
    ------
    ConfigurationError
        When there is none of that name; the nearest are offered.
    """
    if isinstance(model, WakeModel):
        return model
    if not isinstance(model, str) or model not in MODELS:
        raise ConfigurationError(not_known("wake_model", "wake model", model, MODELS))
    return MODELS[model]
