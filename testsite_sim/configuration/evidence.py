"""Evidence: what was published about a quantity, where it stands, and how it was read."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration

Kind = Literal["article", "report", "web", "press", "data", "software"]
Read = Literal["page", "abstract", "excerpt", "data file"]


class Reference(Configuration):
    """A publication, with enough to find it."""

    kind: Kind
    author: str
    title: str
    year: int
    published_in: str = ""  # journal with volume and pages, publisher, or repository with commit
    address: Annotated[str, Field(pattern=r"^(https?|doi):")]


class Finding(Configuration):
    """What a publication states of a quantity: value or range as published, for which year and in which prices.

    `read` says what of the publication was read: the page itself, its abstract, an excerpt that a search showed, or a
    data file. `translations` holds `quantity` in other languages.
    """

    quantity: str
    translations: dict[str, str] = Field(default_factory=dict)
    value: str = ""
    range: Annotated[tuple[str, str], Field(strict=False)] | None = None
    year: int | None = None
    prices: str = ""
    reference: str
    where: str
    read: Read

    @model_validator(mode="after")
    def _states_something(self) -> "Finding":
        if not self.value and self.range is None:
            raise ValueError("expected a value or a range")
        return self


class Evidence(SourcedConfiguration):
    """An evidence base: publications, and what they state; each quantity of a study names the findings it rests on."""

    references: Annotated[dict[str, Reference], Field(min_length=1)]
    findings: Annotated[dict[str, Finding], Field(min_length=1)]

    @model_validator(mode="after")
    def _references_are_known_and_used(self) -> "Evidence":
        for name, finding in self.findings.items():
            if finding.reference not in self.references:
                raise ValueError(f"findings.{name}: there is no reference {finding.reference!r}")
        used = Counter(finding.reference for finding in self.findings.values())
        idle = [name for name in self.references if name not in used]
        if idle:
            raise ValueError(f"references: nothing is taken from {idle[0]!r}")
        return self
