"""What every study states: its name, its language, how its assumptions are sampled."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from testsite_sim.configuration.base import Configuration

Language = Literal["en", "nl"]


class Uncertainty(Configuration):
    """How the ranges of the assumptions are sampled.

    `ranking_samples` is the base sample of the Sobol indices, a power of two: the model is evaluated for that
    number of members, times the number of assumptions plus two.
    """

    members: Annotated[int, Field(ge=2, le=20_000)] = 500
    seed: Annotated[int, Field(ge=0)] = 1
    ranking_samples: Annotated[int, Field(ge=8, le=8192)] = 512


class Heading(Configuration):
    """What a study is called in another language than that of its file."""

    title: str
    description: str


class StudyConfiguration(Configuration):
    """Base of the configuration of a study; each study names itself in `study`.

    Quantities below the paths `HELD` keep their values in every member: what is simulated from them is simulated once.
    """

    HELD: ClassVar[tuple[str, ...]] = ()

    study: str
    title: str
    description: str
    language: Language = "en"
    translations: dict[Language, Heading] = Field(default_factory=dict)
    uncertainty: Uncertainty = Uncertainty()

    @property
    def wording(self) -> dict[str, str]:
        """What stands in the words of the study for names in braces, such as the target year."""
        return {}

    @property
    def heading(self) -> Heading:
        """Title and description in the language of the study, where it has them."""
        return self.translations.get(self.language) or Heading(title=self.title, description=self.description)
