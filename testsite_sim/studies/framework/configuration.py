"""What every study states: its name, its language, how its assumptions are sampled."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration, quantities
from testsite_sim.configuration.evidence import Evidence, Finding, Reference
from testsite_sim.configuration.quantities import Fraction
from testsite_sim.studies.framework.prices import Prices

Language = Literal["en", "nl"]


class Correlation(Configuration):
    """Assumptions that move together: each two of them with this correlation of their normal scores."""

    of: Annotated[tuple[str, ...], Field(strict=False, min_length=2)]
    coefficient: Fraction

    @model_validator(mode="after")
    def _is_below_one(self) -> "Correlation":
        if self.coefficient >= 1.0:
            raise ValueError("coefficient: expected below 1; what is the same is one quantity")
        return self


class Uncertainty(Configuration):
    """How the ranges of the assumptions are sampled.

    `ranking_samples` is the base sample of the Sobol indices, a power of two: the model is evaluated for that
    number of members, times the number of assumptions plus two. `correlations` names the assumptions that move
    together.
    """

    members: Annotated[int, Field(ge=10, le=20_000)] = 500  # of fewer there are no P10 and P90
    seed: Annotated[int, Field(ge=0)] = 1
    ranking_samples: Annotated[int, Field(ge=8, le=8192)] = 512
    correlations: dict[str, Correlation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _samples_are_a_power_of_two(self) -> "Uncertainty":
        if self.ranking_samples & (self.ranking_samples - 1):
            raise ValueError(f"ranking_samples: found {self.ranking_samples}; expected a power of two, like 128")
        return self


class Heading(Configuration):
    """What a study is called in another language than that of its file."""

    title: str
    description: str


class StudyConfiguration(Configuration):
    """Base of the configuration of a study; each study names itself in `study`.

    `prices` names the year in whose euros all money is; without it amounts are as they are stated. Quantities below the
    paths `HELD` keep their values in every member: what is simulated from them is simulated once.
    """

    HELD: ClassVar[tuple[str, ...]] = ()

    study: str
    title: str
    description: str
    language: Language = "en"
    translations: dict[Language, Heading] = Field(default_factory=dict)
    uncertainty: Uncertainty = Uncertainty()
    prices: Prices | None = None
    evidence: Annotated[tuple[Annotated[Evidence, Component("evidence")], ...], Field(strict=False)] = ()

    @property
    def wording(self) -> dict[str, str]:
        """What stands in the words of the study for names in braces, such as the target year."""
        return {}

    @property
    def references(self) -> dict[str, Reference]:
        """The publications of the evidence that quantities rest on, in the order in which they are first cited."""
        found = self.findings
        cited = [found[name].reference for _, quantity in quantities(self) for name in quantity.evidence]
        known = {name: each for base in self.evidence for name, each in base.references.items()}
        return {name: known[name] for name in dict.fromkeys(cited)}

    @property
    def findings(self) -> dict[str, Finding]:
        """The findings of the evidence by name."""
        return {name: finding for base in self.evidence for name, finding in base.findings.items()}

    @model_validator(mode="after")
    def _evidence_agrees(self) -> "StudyConfiguration":
        findings = self.findings
        references: dict[str, Reference] = {}
        if len(findings) < sum(len(base.findings) for base in self.evidence):
            raise ValueError("evidence: two findings have the same name")
        for base in self.evidence:
            for name, reference in base.references.items():
                if references.setdefault(name, reference) != reference:
                    raise ValueError(f"evidence: the reference {name!r} is described in two ways")
        for path, quantity in quantities(self):
            missing = [name for name in quantity.evidence if name not in findings]
            if missing:
                offered = nearest(missing[0], findings) if findings else "The study lists no evidence."
                raise ValueError(f"{path}: evidence: there is no finding {missing[0]!r}. {offered}")
        return self

    @property
    def heading(self) -> Heading:
        """Title and description in the language of the study, where it has them."""
        return self.translations.get(self.language) or Heading(title=self.title, description=self.description)
