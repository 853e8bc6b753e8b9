"""The JSON Schema of the scenario file, as editors read it."""

from typing import Any

from pydantic import BaseModel

from testsite_sim.configuration.scenario import Scenario


def scenario_schema(model: type[BaseModel] = Scenario) -> dict[str, Any]:
    """Return the schema of a scenario file, or of the file of a study.

    A scenario that extends another, and a component that extends a named one, may leave out what its parent gives:
    required keys are therefore asked for at the top only, and only of a scenario without `extends`.
    """
    schema = model.model_json_schema()
    for definition in schema["$defs"].values():
        definition.pop("required", None)
        if "properties" in definition:
            definition["properties"]["extends"] = {"type": "string", "description": "name or path of what it extends"}
    required = schema.pop("required")
    schema["properties"]["extends"] = {"type": "string", "description": "name or path of the scenario that it extends"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "anyOf": [{"required": required}, {"required": ["extends"]}],
    }
