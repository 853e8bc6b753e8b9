"""Plants of stacks for tests."""

from testsite_sim.configuration.electrolysis import ElectrolysisCell, ElectrolysisStacks
from testsite_sim.configuration.loading import load_component
from testsite_sim.plant.cell import Cell
from testsite_sim.plant.configured_cells import cell_of
from testsite_sim.plant.electrolysis_plant import StackPlant


def cell(name: str) -> Cell:
    return cell_of(load_component("electrolysis-cell", name, ElectrolysisCell))


def stated(name: str = "pem-10mw", **changes) -> ElectrolysisStacks:
    """Return a shipped plant with changes; a model among them is written as its mapping."""
    data = load_component("electrolysis-plant", name, ElectrolysisStacks).model_dump(exclude_none=True)
    for key, value in changes.items():
        if value is None:
            data.pop(key, None)
        elif isinstance(value, dict):
            data[key] = {**data.get(key, {}), **value}
        else:
            data[key] = value
    return ElectrolysisStacks.model_validate(data)


def plant(name: str = "pem-10mw", **changes) -> StackPlant:
    return StackPlant(stated(name, **changes))
