"""PEM cells: configured parameters in, kernel parameters out (kernel `pem_electrolyser`)."""

import math

from testsite_kernels.electrolysis.pem import PemCell, pem_polarisation

from testsite_sim.configuration.electrolysis import ButlerVolmer, ElectrolysisCell
from testsite_sim.plant.cell import Cell, current_efficiency_of


def pem_cell(stated: ElectrolysisCell, model: ButlerVolmer) -> Cell:
    """Return a PEM cell: Nernst, Butler–Volmer at both electrodes, Nafion; see the kernel for the equations."""
    content = model.membrane_water_content
    limit = math.inf if model.limiting_current_density is None else float(model.limiting_current_density)
    parameters = PemCell(
        reversible_voltage=float(model.reversible_voltage),
        reversible_slope=float(model.reversible_slope),
        anode_pressure=float(model.anode_pressure),
        cathode_pressure=float(model.cathode_pressure),
        anode_transfer=float(model.anode_transfer),
        cathode_transfer=float(model.cathode_transfer),
        anode_exchange=float(model.anode_exchange_current),
        cathode_exchange=float(model.cathode_exchange_current),
        anode_activation=float(model.anode_activation_energy),
        cathode_activation=float(model.cathode_activation_energy),
        exchange_temperature=float(model.exchange_temperature),
        membrane_thickness=float(model.membrane_thickness),
        water_content=math.nan if content is None else float(content),
        resistance=float(model.resistance),
        limiting_current=limit,
    )
    return Cell(
        stated.title,
        pem_polarisation,
        parameters,
        current_efficiency_of(stated.faraday),
        float(stated.rated_current_density),
        float(stated.operating_temperature),
        limit,
    )
