"""What every configuration model shares: strict, frozen, unknown keys refused; components found by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, TypeAdapter, field_validator
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from testsite_sim.configuration.quantities import Quantity, parse_quantity

LARGEST_SEED = 2**63 - 1  # what the kernels count with
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]


class Configuration(BaseModel):
    """Base of all configuration models."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        validate_default=True,
        defer_build=True,  # until a model is first used: a scenario uses a part of them
    )


class SourcedConfiguration(Configuration):
    """Base of what one configuration file describes: it says what it is and where its figures come from.

    Every file that ships states a source; a user's own may leave it out.
    """

    title: str
    source: str = ""


def refuse_all(faults: Sequence[str]) -> None:
    """Raise a ValueError that lists all faults, a line each; none where there are none."""
    if faults:
        raise ValueError("\n".join(faults))


def unused_of(model: BaseModel, names: Sequence[str], owner: str) -> list[str]:
    """Return what is wrong with keys that nothing uses without their owner: a sentence for each that is stated.

    One that says its default passes: a resolved scenario states it.
    """
    stated = [name for name in names if name in model.model_fields_set]
    return [
        f"`{name}` belongs to {owner}, and changes nothing without it; leave it out"
        for name in stated
        if getattr(model, name) != _default_of(type(model).model_fields[name])
    ]


def refuse_ranges_of_shares(name: str, shares: Sequence[float]) -> None:
    """Raise a ValueError where one of the shares that add up to 1 has a range: no other value of it adds up to 1."""
    for place, share in enumerate(shares):
        if isinstance(share, Quantity) and share.range is not None:
            raise ValueError(
                f"{name}.{place} has a range, and the shares add up to 1, so that none varies alone; leave the range "
                f"out, and compare whole lists instead, by a sweep of `{name}`"
            )


def _default_of(field: FieldInfo) -> Any:
    """Return the default of a field, read like the user's own text."""
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(kind).validate_python(field.default)


@dataclass(frozen=True)
class Component:
    """Marks a field whose value may be a name: `turbine: vestas-v90-3.0` reads `configs/turbine/….yaml`."""

    kind: str

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the field to editors: a name, or the component written inline."""
        name = {"type": "string", "description": f"name or path, of configs/{self.kind}"}
        return {"anyOf": [name, handler(schema)]}


class CurvePoints(Configuration):
    """A table of numbers in one stated unit, as the measured or published curve gives them."""

    units: str
    values: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]

    @field_validator("units", mode="before")
    @classmethod
    def _of_a_plain_number(cls, units: object) -> object:
        """Take 1 without quotes, and the dash of a data sheet, for the unit of a number without one."""
        return "1" if units == "-" or (units == 1 and isinstance(units, int) and not isinstance(units, bool)) else units

    def values_in(self, units: str, name: str = "values") -> tuple[float, ...]:
        """Return the values in other units of the same dimension; as they are written where the units are the same.

        `name` is what an error calls the table.

        Raises
        ------
        ValueError
            When the units of the table are unknown or of another dimension.
        """
        if self.units == units:
            return self.values
        try:
            factor = parse_quantity(f"1 {self.units}", units)
        except ValueError as error:
            raise ValueError(
                f"{name} wants units of the dimension of {units}, {str(error).replace('1 ', '', 1)}"
            ) from error
        return tuple(value * factor for value in self.values)


def quantities(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, Quantity]]:
    """Yield every quantity of a model with its dotted path, in the order of the fields."""
    for name in type(model).model_fields:
        yield from _quantities_of(getattr(model, name), f"{prefix}{name}")


def _quantities_of(value: Any, path: str) -> Iterator[tuple[str, Quantity]]:
    """Walk models, lists and mappings."""
    if isinstance(value, Quantity):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from quantities(value, f"{path}.")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _quantities_of(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _quantities_of(item, f"{path}.{index}")


def sourced_parts(model: BaseModel, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield path, title and source of a model and of every part of it that says where its figures come from."""
    if isinstance(model, SourcedConfiguration):
        yield path, model.title, model.source
    for name in type(model).model_fields:
        value = getattr(model, name)
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        for key, part in [("", value), *parts]:
            if isinstance(part, BaseModel):
                yield from sourced_parts(part, ".".join(str(word) for word in (path, name, key) if word != ""))


def assumptions(model: BaseModel) -> list[dict[str, Any]]:
    """Return every quantity with a source, evidence, a range or the mark of an assumption: path, value, range, mark."""
    return [
        _standing(path, quantity)
        for path, quantity in quantities(model)
        if quantity.source is not None or quantity.range is not None or quantity.assumption or quantity.evidence
    ]


def _standing(path: str, quantity: Quantity) -> dict[str, Any]:
    """Return one row of the table; a source that begins with the word is that of an assumption."""
    source = quantity.source or ""
    is_assumption = quantity.assumption or source.startswith("assumption")
    return {
        "name": path,
        "value": _shown(quantity.text),
        "range": None if quantity.range_text is None else " to ".join(map(_shown, quantity.range_text)),
        "source": source.removeprefix("assumption").removeprefix(":").strip(),
        "assumption": is_assumption,
    }


def _shown(text: str | float) -> str:
    """Return a value as it was written; numbers without a trailing zero."""
    return text if isinstance(text, str) else f"{text:g}"
