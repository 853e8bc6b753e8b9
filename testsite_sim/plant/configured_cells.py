"""Electrolysis cells as they are configured: each by the model that its file names."""

from testsite_sim.configuration.electrolysis import ElectrolysisCell
from testsite_sim.plant.alkaline_cell import lye_cell, ulleberg_cell
from testsite_sim.plant.cell import Cell, check_cell
from testsite_sim.plant.pem_cell import pem_cell


def cell_of(stated: ElectrolysisCell) -> Cell:
    """Return a configured cell, checked; see `check_cell` for what is refused."""
    if stated.butler_volmer is not None:
        return check_cell(pem_cell(stated, stated.butler_volmer))
    if stated.ulleberg is not None:
        return check_cell(ulleberg_cell(stated, stated.ulleberg))
    assert stated.lye is not None
    return check_cell(lye_cell(stated, stated.lye))
