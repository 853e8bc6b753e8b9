"""A hydrogen plant: any number of machines of each kind, each by a curve or by stacks, a store by mass or by banks."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, Seed
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.photovoltaics import Photovoltaics
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.configuration.side_streams import SideStreams
from testsite_sim.configuration.storage import HydrogenPipeline, HydrogenStore

MACHINES = 20  # of a kind, at most: a compiled kernel is made for each number above two
STORES = 20  # at most
AnyStore = Annotated[Tank | HydrogenStore, Component("hydrogen-store")]


class Refuelling(Configuration):
    """A station and the fleets that come to it; `seed` is that of their arrivals."""

    station: Annotated[RefuellingStation, Component("refuelling-station")]
    fleets: Annotated[
        tuple[Annotated[VehicleFleet, Component("refuelling-fleet")], ...], Field(strict=False, min_length=1)
    ]
    seed: Seed


class PlantConfiguration(Configuration):
    """What a hydrogen plant is made of; what is left out does not exist.

    Electrolysers and fuel cells are called in their order. A `store` is one by mass (`capacity`) or of banks with
    pressures (`cascade`), or a list of stores of either kind, which are filled in their order and emptied in their
    order. A pipeline brings hydrogen to the demand.
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "electrolyser": "electrolysers stand in the list `plant.electrolysers`",
        "fuel_cell": "fuel cells stand in the list `plant.fuel_cells`",
        "tank": "a store, by mass or of banks, is `plant.store`",
        "panels": "photovoltaic panels are `plant.photovoltaics`",
        "station": "a refuelling station is `plant.refuelling.station`",
        "fleets": "the fleets of a refuelling station are `plant.refuelling.fleets`",
        "strategy": "the strategy of a plant is `dispatch.strategy`",
        "control": "a plant is run by `dispatch.strategy`, as before by the name self-consumption",
        "capacity": "power kept in reserve for the grid is `dispatch.reserves`",
    }

    electrolysers: Annotated[
        tuple[Annotated[Electrolyser, Component("electrolyser")], ...], Field(strict=False, max_length=MACHINES)
    ] = ()
    store: AnyStore | Annotated[tuple[AnyStore, ...], Field(strict=False, min_length=1, max_length=STORES)] | None = (
        None
    )
    fuel_cells: Annotated[
        tuple[Annotated[FuelCell, Component("fuel-cell")], ...], Field(strict=False, max_length=MACHINES)
    ] = ()
    battery: Annotated[Battery, Component("battery")] | None = None
    photovoltaics: Annotated[Photovoltaics, Component("photovoltaics")] | None = None
    by_product: Annotated[ByProduct, Component("by-product")] | None = None
    refuelling: Refuelling | None = None
    pipeline: Annotated[HydrogenPipeline, Component("hydrogen-pipeline")] | None = None
    demand: Annotated[HydrogenDemand, Component("hydrogen-demand")] | None = None
    side_streams: Annotated[SideStreams, Component("side-streams")] | None = None

    @property
    def years_differ(self) -> bool:
        """Whether a machine of the plant changes by its use, or its vehicles come at random."""
        stacks = [machine.stacks for machine in self.electrolysers] + [cell.stacks for cell in self.fuel_cells]
        others = (self.battery, self.photovoltaics, self.refuelling)
        return any(part is not None for part in (*stacks, *others))

    @property
    def stores(self) -> tuple[Tank | HydrogenStore, ...]:
        """The stores, in the order in which they are filled and emptied."""
        if self.store is None:
            return ()
        return self.store if isinstance(self.store, tuple) else (self.store,)

    @property
    def of_banks(self) -> tuple[HydrogenStore, ...]:
        """The stores of banks with pressures."""
        return tuple(store for store in self.stores if isinstance(store, HydrogenStore))

    @property
    def compresses(self) -> bool:
        """Whether a store has a compressor."""
        return any(store.compressor is not None for store in self.of_banks)

    @property
    def prices_hydrogen(self) -> bool:
        """Whether it sells hydrogen, or holds some whose worth counts."""
        return bool(self.stores) or any(each is not None for each in (self.demand, self.refuelling, self.pipeline))

    @property
    def values_electricity(self) -> bool:
        """Whether electricity of its own makes or compresses hydrogen."""
        return bool(self.electrolysers or self.stores)

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
        if self.pipeline is not None and self.demand is None:
            raise ValueError("`pipeline` brings hydrogen to a `demand`, and there is none; add one, or leave it out")
        self._check_pressures()
        return self

    def _check_pressures(self) -> None:
        """Refuse a store of banks that delivers below the pressure of the station or of the pipeline."""
        for part, name, key in (
            (None if self.refuelling is None else self.refuelling.station, "station", "refuelling.station"),
            (self.pipeline, "pipeline", "pipeline"),
        ):
            for k, store in enumerate(self.stores):
                if not isinstance(store, HydrogenStore) or part is None:
                    continue
                if store.delivery_pressure < part.supply_pressure * (1.0 - 1e-9):
                    place = f"store.{k}" if isinstance(self.store, tuple) else "store"
                    raise ValueError(
                        f"the store delivers down to {store.delivery_pressure / 1e5:g} bar; the {name} wants "
                        f"{part.supply_pressure / 1e5:g} bar: raise `{place}.delivery_pressure` or lower "
                        f"`{key}.supply_pressure`"
                    )

    def _check_side_streams(self) -> None:
        """Refuse side streams that no machine gives or takes."""
        if self.side_streams is None:
            return
        for stated, name in ((self.side_streams.oxygen, "oxygen"), (self.side_streams.water, "water")):
            if stated is not None and not self.electrolysers:
                raise ValueError(f"`side_streams` states {name}, and there are no `electrolysers`; leave it out")
        if self.side_streams.heat is not None and not (self.electrolysers or self.fuel_cells):
            raise ValueError("`side_streams` states heat, and no `electrolysers` or `fuel_cells` give it; leave it out")
        if self.side_streams.heat is not None and self.side_streams.heat.electrolyser_usable and not self.electrolysers:
            raise ValueError(
                "`side_streams.heat.electrolyser_usable` is for `electrolysers`, and `plant` has none; expected 0"
            )
        self._check_streams_of_stacks(self.side_streams)

    def _check_streams_of_stacks(self, streams: SideStreams) -> None:
        """Refuse water and heat of machines by their curves, which state neither."""
        by_curve = [f"electrolysers.{k}" for k, machine in enumerate(self.electrolysers) if machine.stacks is None]
        say = f"{' and '.join(by_curve)} states a load curve alone; take one of `stacks`"
        if by_curve and streams.water is not None:
            raise ValueError(
                f"`side_streams.water` is what the stacks of electrolysers take, and {say}, or leave it out"
            )
        if by_curve and streams.heat is not None and streams.heat.electrolyser_usable:
            raise ValueError(
                f"`side_streams.heat.electrolyser_usable` is heat of the stacks of electrolysers, and {say}; expected 0"
            )
        stacks = [machine.stacks for machine in self.electrolysers] + [cell.stacks for cell in self.fuel_cells]
        if streams.heat is not None and all(each is None for each in stacks):
            raise ValueError("`side_streams` states heat, and no machine has `stacks`, which give it; leave it out")
