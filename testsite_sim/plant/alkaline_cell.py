"""Alkaline cells: configured parameters in, kernel parameters out (kernel `alkaline_electrolyser`)."""

import math
from typing import Any

from testsite_kernels.electrolysis.alkaline import LyeCell, UllebergCell, lye_polarisation, ulleberg_polarisation

from testsite_sim.configuration.electrolysis import ElectrolysisCell, Lye, Ulleberg
from testsite_sim.plant.cell import MILLIAMPERE_PER_SQUARE_CENTIMETRE, Cell, current_efficiency_of

LOGARITHM_PER_MILLIAMPERE = math.log(MILLIAMPERE_PER_SQUARE_CENTIMETRE)  # ln i0 in A/m² from that in mA/cm²


def ulleberg_cell(stated: ElectrolysisCell, model: Ulleberg) -> Cell:
    """Return a cell after Ulleberg (2003)."""
    parameters = UllebergCell(float(model.reversible_voltage), *map(float, (*model.r, *model.s, *model.t)))
    return _alkaline(stated, ulleberg_polarisation, parameters)


def lye_cell(stated: ElectrolysisCell, model: Lye) -> Cell:
    """Return a cell of four fitted parameters after Jin et al. (2025)."""
    parameters = LyeCell(
        path_length=float(model.path_length),
        transfer=float(model.transfer),
        exchange_slope=float(model.exchange_slope),
        exchange_offset=float(model.exchange_offset) + LOGARITHM_PER_MILLIAMPERE,
        pressure=float(model.pressure),
        concentration=float(model.concentration),
    )
    return _alkaline(stated, lye_polarisation, parameters)


def _alkaline(stated: ElectrolysisCell, kernel: Any, parameters: Any) -> Cell:
    """Return the cell of a kernel."""
    return Cell(
        stated.title,
        kernel,
        parameters,
        current_efficiency_of(stated.faraday),
        float(stated.rated_current_density),
        float(stated.operating_temperature),
    )
