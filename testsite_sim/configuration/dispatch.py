"""How a plant is dispatched: the strategy, the power that is kept in reserve for the grid, the contracts."""

from typing import Annotated, ClassVar

from pydantic import Field

from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.capacity import CapacityOffer
from testsite_sim.configuration.contracts import Contract
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import Strategy


class Dispatch(Configuration):
    """The strategy of a plant, power kept in reserve for the grid (up by fuel cells, down by electrolysers), contracts.

    A strategy without settings may be its plain name. A wind farm without a plant has contracts alone.
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "capacity": "power kept in reserve for the grid is `dispatch.reserves`",
        "control": "a plant is run by `dispatch.strategy`, as before by the name self-consumption",
    }

    strategy: Strategy | None = None
    reserves: Annotated[tuple[CapacityOffer, ...], Field(strict=False)] = ()
    contracts: Annotated[tuple[Annotated[Contract, Component("contract")], ...], Field(strict=False)] = ()


def check_reserves(plant: PlantConfiguration, dispatch: Dispatch) -> None:
    """Refuse reserves that the machines of a plant are not there for, or not fast enough.

    Raises
    ------
    ValueError
        Naming product and machine.
    """
    for offer in dispatch.reserves:
        product = offer.product
        for machines, name, against in (
            (plant.fuel_cells, "fuel_cells", "down"),
            (plant.electrolysers, "electrolysers", "up"),
        ):
            if product.direction == against:
                continue
            times = [machine.response_time for machine in machines]
            if not times or any(time is None for time in times):
                raise ValueError(f"dispatch.reserves: {product.title} wants `{name}` with their `response_time`")
            slowest = max(float(time) for time in times if time is not None)
            if slowest > product.full_activation_time:
                raise ValueError(
                    f"dispatch.reserves: {product.title} wants full power within "
                    f"{float(product.full_activation_time):g} s; the {name} take {slowest:g} s"
                )
        if not plant.stores:
            raise ValueError(f"dispatch.reserves: {product.title} wants a `store` that answers its orders")
