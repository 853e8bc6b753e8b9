"""A hydrogen plant: any number of machines of each kind, each by a curve or by stacks, a store by mass or by banks."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, Seed
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.photovoltaics import Photovoltaics
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.configuration.side_streams import SideStreams
from testsite_sim.configuration.storage import HydrogenStore

MACHINES = 20  # of a kind, at most: a compiled kernel is made for each number above two


class Refuelling(Configuration):
    """A station and the fleets that come to it; `seed` is that of their arrivals."""

    station: Annotated[RefuellingStation, Component("refuelling-station")]
    fleets: Annotated[
        tuple[Annotated[VehicleFleet, Component("refuelling-fleet")], ...], Field(strict=False, min_length=1)
    ]
    seed: Seed


class PlantConfiguration(Configuration):
    """What a hydrogen plant is made of; what is left out does not exist.

    Electrolysers and fuel cells are called in their order. A store is one by mass (`capacity`) or of banks with
    pressures (`cascade`).
    """

    electrolysers: Annotated[
        tuple[Annotated[Electrolyser, Component("electrolyser")], ...], Field(strict=False, max_length=MACHINES)
    ] = ()
    store: Annotated[Tank | HydrogenStore, Component("hydrogen-store")] | None = None
    fuel_cells: Annotated[
        tuple[Annotated[FuelCell, Component("fuel-cell")], ...], Field(strict=False, max_length=MACHINES)
    ] = ()
    battery: Annotated[Battery, Component("battery")] | None = None
    photovoltaics: Annotated[Photovoltaics, Component("photovoltaics")] | None = None
    by_product: Annotated[ByProduct, Component("by-product")] | None = None
    refuelling: Refuelling | None = None
    demand: Annotated[HydrogenDemand, Component("hydrogen-demand")] | None = None
    side_streams: Annotated[SideStreams, Component("side-streams")] | None = None

    @property
    def years_differ(self) -> bool:
        """Whether a machine of the plant changes by its use, or its vehicles come at random."""
        stacks = [machine.stacks for machine in self.electrolysers] + [cell.stacks for cell in self.fuel_cells]
        others = (self.battery, self.photovoltaics, self.refuelling)
        return any(part is not None for part in (*stacks, *others))

    @model_validator(mode="after")
    def _fits_together(self) -> "PlantConfiguration":
        self._check_side_streams()
        source = bool(self.electrolysers) or self.by_product is not None
        for name, stated in (
            ("store", self.store is not None),
            ("fuel_cells", bool(self.fuel_cells)),
            ("refuelling", self.refuelling is not None),
            ("demand", self.demand is not None),
        ):
            if stated and not source:
                raise ValueError(f"`{name}` wants a source of hydrogen: add `electrolysers`, `by_product`, or both")
        if self.refuelling is not None and isinstance(self.store, HydrogenStore):
            needed, given = self.refuelling.station.supply_pressure, self.store.delivery_pressure
            if given < needed * (1.0 - 1e-9):
                raise ValueError(
                    f"the store delivers down to {given / 1e5:g} bar; the station wants {needed / 1e5:g} bar: raise "
                    "`store.delivery_pressure` or lower `refuelling.station.supply_pressure`"
                )
        return self

    def _check_side_streams(self) -> None:
        """Refuse side streams that no machine gives or takes."""
        if self.side_streams is None:
            return
        for stated, name in ((self.side_streams.oxygen, "oxygen"), (self.side_streams.water, "water")):
            if stated is not None and not self.electrolysers:
                raise ValueError(f"`side_streams` states {name}, and there are no `electrolysers`; leave it out")
        if self.side_streams.heat is not None and not (self.electrolysers or self.fuel_cells):
            raise ValueError("`side_streams` states heat, and no `electrolysers` or `fuel_cells` give it; leave it out")
