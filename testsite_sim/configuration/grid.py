"""The connection of a fleet and its plant to the grid."""

from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.quantities import EnergyCost, Power


class Grid(Configuration):
    """The connection to the grid: no limit of export, no import and no fees where left out.

    `purchase_fee` is due on energy bought, `injection_fee` on energy sold.
    """

    export_limit: Power | None = None
    import_limit: Power | None = None
    purchase_fee: EnergyCost | None = None
    injection_fee: EnergyCost | None = None
