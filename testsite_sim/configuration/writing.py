"""From a checked model back to YAML: complete, with sources, reading back as the same model."""

import io
from typing import Any

import numpy as np
from pydantic import BaseModel
from ruamel.yaml import YAML

from testsite_sim.configuration.quantities import Quantity


def plain_data(value: Any) -> Any:
    """Return models, quantities and tuples as dict, list, text and numbers; what is None is left out."""
    if isinstance(value, Quantity):
        return plain_data(value.written())
    if isinstance(value, BaseModel):
        pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
        return {name: plain_data(item) for name, item in pairs if item is not None}
    if isinstance(value, dict):
        return {key: plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    if isinstance(value, np.longdouble):  # whose item is one again
        return plain_data(float(value))
    if isinstance(value, np.integer | np.floating | np.bool_):
        return plain_data(value.item())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def to_yaml(model: BaseModel) -> str:
    """Return a model as YAML text, lists of numbers on one line."""
    writer = YAML(typ="rt", pure=True)
    writer.width = 120
    writer.default_flow_style = False
    writer.allow_unicode = True
    text = io.StringIO()
    writer.dump(_styled(plain_data(model)), text)
    return text.getvalue()


def _styled(value: Any) -> Any:
    """Put lists of plain values and the standing of a quantity on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, dict):
        mapping = CommentedMap({key: _styled(item) for key, item in value.items()})
        if "value" in value:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq([_styled(item) for item in value])
        if all(not isinstance(item, dict | list) for item in value):
            sequence.fa.set_flow_style()
        return sequence
    return value
