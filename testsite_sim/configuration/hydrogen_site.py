"""A hydrogen site: panels, electrolysers, by-product, store, refuelling station, fuel cell, battery, side streams."""

from typing import Annotated

from pydantic import Field, model_validator
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.configuration.base import Component, Configuration, Seed, SourcedConfiguration
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.electrolysis import COLDEST, HOTTEST
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand
from testsite_sim.configuration.photovoltaics import Photovoltaics
from testsite_sim.configuration.quantities import (
    EnergyPrice,
    Fraction,
    HydrogenPrice,
    MassFlow,
    PositiveNumber,
    Temperature,
)
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.configuration.storage import HydrogenStore


class ByProduct(SourcedConfiguration):
    """Hydrogen that another plant cannot use: a constant flow, with a profile of the day, or a column of the record.

    `hourly_factor` multiplies the rate by the hour of the day (UTC); `from_record` takes the series
    `by_product_hydrogen` of the weather file. `price` is paid for what is taken.
    """

    rate: MassFlow | None = None
    hourly_factor: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=24, max_length=24)] | None = (
        None
    )
    from_record: bool = False
    price: HydrogenPrice

    @model_validator(mode="after")
    def _one_source(self) -> "ByProduct":
        if (self.rate is None) != self.from_record:
            raise ValueError("wanted either `rate` or `from_record: true`, one of them")
        if self.from_record and self.hourly_factor is not None:
            raise ValueError("`hourly_factor` belongs to `rate`; leave it out with `from_record`")
        return self


class Refuelling(Configuration):
    """A station and the fleets that come to it; `seed` is that of their arrivals."""

    station: Annotated[RefuellingStation, Component("refuelling-station")]
    fleets: Annotated[
        tuple[Annotated[VehicleFleet, Component("refuelling-fleet")], ...], Field(strict=False, min_length=1)
    ]
    seed: Seed


class OxygenSale(Configuration):
    """Oxygen of the electrolysers: the share that finds a buyer, and what it earns."""

    sold: Fraction
    price: HydrogenPrice


class HeatSale(Configuration):
    """Heat of the machines: the share of the cooling water's heat that is usable, where, what it earns.

    `least_temperature` is that of the user: a machine that runs colder gives none. The usable heat of a fuel cell is
    stated with its stacks.
    """

    sold: Fraction
    electrolyser_usable: Fraction
    least_temperature: Temperature
    price: EnergyPrice

    @model_validator(mode="after")
    def _water(self) -> "HeatSale":
        if not COLDEST < self.least_temperature <= HOTTEST:
            raise ValueError(f"least_temperature {self.least_temperature - ZERO_CELSIUS:g} degC; wanted 0 to 140 degC")
        return self


class WaterPurchase(Configuration):
    """Water for the electrolysers, per mass of tap water; how much of it they take is stated with their stacks."""

    price: HydrogenPrice


class SideStreams(SourcedConfiguration):
    """What leaves and enters beside hydrogen and electricity, each with its price."""

    oxygen: OxygenSale | None = None
    heat: HeatSale | None = None
    water: WaterPurchase | None = None


class SiteControl(Configuration):
    """How the site is run.

    Electrolysers follow wind and panels; below the level `assist_level` of what the site can store, or when the grid
    is cheaper than `assist_price`, they also draw from the grid. The fuel cell runs when its electricity earns
    `generate_above` or more, from the store only above `reserve_level`.
    """

    assist_level: Fraction = 0.0
    assist_price: EnergyPrice | None = None
    generate_above: EnergyPrice | None = None
    reserve_level: Fraction = 0.0


class HydrogenSite(Configuration):
    """What a hydrogen site is made of; what is left out does not exist."""

    photovoltaics: Annotated[Photovoltaics, Component("photovoltaics")] | None = None
    electrolysers: Annotated[
        tuple[Annotated[Electrolyser, Component("electrolyser")], ...], Field(strict=False, max_length=2)
    ] = ()
    by_product: Annotated[ByProduct, Component("by-product")] | None = None
    store: Annotated[HydrogenStore, Component("hydrogen-store")] | None = None
    refuelling: Refuelling | None = None
    demand: Annotated[HydrogenDemand, Component("hydrogen-demand")] | None = None
    fuel_cell: Annotated[FuelCell, Component("fuel-cell")] | None = None
    battery: Annotated[Battery, Component("battery")] | None = None
    side_streams: Annotated[SideStreams, Component("side-streams")] | None = None
    control: SiteControl = SiteControl()

    @model_validator(mode="after")
    def _fits_together(self) -> "HydrogenSite":
        if not self.electrolysers and self.by_product is None:
            raise ValueError("wanted a source of hydrogen: `electrolysers`, `by_product`, or both")
        if self.refuelling is None and self.fuel_cell is None and self.demand is None:
            raise ValueError("wanted a use of hydrogen: `refuelling`, `fuel_cell` or `demand`, or several of them")
        for machine in self.electrolysers:
            if machine.stacks is None:
                raise ValueError(
                    f"electrolyser {machine.title!r} states `consumption`; a site wants `stacks`, whose ageing and "
                    "heat it follows"
                )
        if self.store is not None and self.refuelling is not None:
            needed, given = self.refuelling.station.supply_pressure, self.store.delivery_pressure
            if given < needed * (1.0 - 1e-9):
                raise ValueError(
                    f"the store delivers down to {given / 1e5:g} bar; the station wants {needed / 1e5:g} bar: raise "
                    "`store.delivery_pressure` or lower `refuelling.station.supply_pressure`"
                )
        return self
