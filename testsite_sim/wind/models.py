"""The wake models by name: the published set-ups, composed of the parts that the kernels have."""

import math
from dataclasses import dataclass, replace

from testsite_kernels.wind.wake import deficit as wake_deficit
from testsite_kernels.wind.wake import state as wake_state
from testsite_kernels.wind.wake.state import Model

from testsite_sim.common.errors import ConfigurationError, nearest

DEFICITS = {
    "none": wake_state.NO_WAKE,
    "top-hat": wake_state.TOP_HAT,
    "top-hat-overlap": wake_state.TOP_HAT_OVERLAP,
    "gaussian": wake_state.GAUSSIAN,
    "gaussian-momentum": wake_state.GAUSSIAN_MOMENTUM,
    "gaussian-overlap": wake_state.GAUSSIAN_OVERLAP,
    "gaussian-madsen-overlap": wake_state.GAUSSIAN_MADSEN_OVERLAP,
    "turbopark": wake_state.TURBOPARK,
}
MIRRORED = ("gaussian-overlap", "gaussian-madsen-overlap", "turbopark")
SUPERPOSITIONS = {"linear": wake_deficit.LINEAR, "squared": wake_deficit.SQUARED, "maximum": wake_deficit.MAXIMUM}
TURBULENCES = {"none": wake_state.NO_TURBULENCE, "crespo-hernandez": wake_state.CRESPO, "frandsen": wake_state.FRANDSEN}
# The coefficients of a model with their bounds, the upper one excluded.
COEFFICIENTS: tuple[tuple[str, float | None, float | None], ...] = (
    ("slope", 0.0, None),
    ("slope_per_intensity", 0.0, None),
    ("width_factor", 0.0, None),
    ("largest_thrust", 0.0, 1.0),
    ("crespo_factor", 0.0, None),
    ("crespo_induction", None, None),
    ("crespo_intensity", None, None),
)


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
    slope, slope_per_intensity : float
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
    slope: float = 0.0
    slope_per_intensity: float = 0.0
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
        if self.mirrors and self.deficit not in MIRRORED:
            raise ConfigurationError(
                f"wake model: the deficit {self.deficit!r} has no mirror at the ground; wanted one of "
                f"{', '.join(MIRRORED)}, or mirrors false."
            )

    @property
    def kernel_model(self) -> Model:
        """The model as the kernel takes it."""
        return Model(
            DEFICITS[self.deficit], SUPERPOSITIONS[self.superposition], TURBULENCES[self.turbulence],
            int(self.refers_to_source), self.slope_per_intensity, self.slope, self.width_factor,
            int(self.width_is_fixed), self.largest_thrust, self.crespo_factor, self.crespo_induction,
            self.crespo_intensity, int(self.mirrors),
        )  # fmt: skip

    @property
    def parts(self) -> str:
        """The parts in a few words, as messages name a model."""
        return ", ".join((self.deficit, self.superposition, f"turbulence {self.turbulence}"))

    @property
    def divides_by_turbulence(self) -> bool:
        """Whether the model has no value at an ambient turbulence intensity of zero."""
        return self.deficit == "turbopark" or (self.turbulence == "crespo-hernandez" and self.crespo_intensity < 0.0)

    @property
    def needs_turbulence(self) -> bool:
        """Whether the ambient turbulence intensity matters."""
        return self.turbulence != "none" or self.deficit == "turbopark" or self.slope_per_intensity != 0.0


_JENSEN = WakeModel(
    "Jensen (1983), Risø-M-2411; Katić et al. (1986), overlap of the discs", "top-hat-overlap", slope=0.04
)
_BASTANKHAH = WakeModel("Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123", "gaussian", slope=0.0324555)
_NIAYIFAR = WakeModel(
    "Niayifar and Porté-Agel (2016), Energies 9, 741, as PyWake composes it", "gaussian", "linear", "crespo-hernandez",
    refers_to_source=True, slope_per_intensity=0.38, slope=0.004,
)  # fmt: skip
_NIAYIFAR_2016 = replace(
    _NIAYIFAR,
    source="Niayifar and Porté-Agel (2016), Energies 9, 741",
    deficit="gaussian-overlap",
    slope_per_intensity=0.3837,
    slope=0.003678,
    crespo_intensity=0.0325,
)
_TURBOPARK = WakeModel(
    "Nygaard et al. (2022), J. Phys.: Conf. Ser. 2265, 022063", "turbopark",
    width_factor=0.25, largest_thrust=0.96, mirrors=True,
)  # fmt: skip
_IEA37 = WakeModel(
    "IEA Wind Task 37 (2018), case studies of wind farm layout optimisation: simplified Gaussian", "gaussian-momentum",
    slope=0.0324555, width_factor=8.0**-0.5, width_is_fixed=True,
)  # fmt: skip

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
