"""The search for the sizes of a plant that are worth most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Drawing, Log, Simulated, Summary, Work, brief, silent
from testsite_sim.cases.publishing import run_case
from testsite_sim.cases.run import Run
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import step_of
from testsite_sim.common.units import HOUR, MINUTE
from testsite_sim.configuration.quantities import Mass, Power, parsed_list
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.storage import HydrogenStore
from testsite_sim.configuration.writing import to_yaml

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.cases.summary import SummaryValue
    from testsite_sim.chain.sizing import Requirement
    from testsite_sim.report.drawing import FiguresWritten

WORTH_SAYING = 10.0  # [s]; a search that takes less is not forecast
ELECTROLYSERS = "2 MW, 5 MW, 10 MW, 20 MW, 40 MW"
TANKS = "500 kg, 2000 kg, 5000 kg, 20000 kg"


@dataclass(frozen=True)
class SizingCase:
    """A scenario whose electrolyser, tank and fuel cell are to be sized.

    Attributes
    ----------
    scenario
        With a plant that has an electrolyser and a store.
    electrolyser, tank
        Capacities to try, `2 MW, 5 MW` or a list of them; one that stands alone is kept. The tank may be banks of
        pressure vessels: all of them grow alike, behind the compressor that is stated.
    fuel_cell
        Capacities between which it is searched for, likewise; None: half and twice that of the scenario.
    objective
        `npv`, the largest value, or `lcoh`, the cheapest hydrogen.
    require
        What a size must keep, each as `hydrogen_unmet < 5 %`.
    store
        Which store of a list is sized as the tank: its place in `plant.store`, from 0; None: the only one, or the only
        one by mass.
    """

    scenario: Scenario
    electrolyser: str | Sequence[str] = ELECTROLYSERS
    tank: str | Sequence[str] = TANKS
    objective: str = "npv"
    require: str | Sequence[str] = ()
    packages: Sequence[str] = ()
    store: int | None = None
    fuel_cell: str | Sequence[str] | None = None

    __repr__ = brief

    def __post_init__(self) -> None:
        if isinstance(self.require, str):  # one requirement, as it is stated on the command line
            object.__setattr__(self, "require", [self.require])
        for name in ("electrolyser", "tank", "fuel_cell", "require"):
            given = getattr(self, name)
            if given is None and name == "fuel_cell":
                continue
            listed = isinstance(given, list | tuple) and all(isinstance(each, str) for each in given)
            if not listed and (name == "require" or not isinstance(given, str)):
                raise ConfigurationError(f"{name}: found {given!r}; expected a list of texts with units.")
        if self.store is not None and (not isinstance(self.store, int) or isinstance(self.store, bool)):
            raise ConfigurationError(f"store: found {self.store!r}; expected the number of a store, from 0.")
        _ = self.sizes, self.fuel_cells, self.requirements

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.scenario.title

    @property
    def requirements(self) -> "list[Requirement]":
        """What a size must keep.

        Raises
        ------
        ConfigurationError
            When one cannot be read, or there is no such figure.
        """
        from testsite_sim.chain.sizing import parse_requirement

        return [parse_requirement(each) for each in self.require]

    @property
    def sizes(self) -> tuple[list[float], list[float]]:
        """The capacities to try of electrolyser [W] and tank [kg].

        Raises
        ------
        ConfigurationError
            When one is neither a power nor a mass.
        """
        electrolysers, tanks = (
            each if isinstance(each, str) else ", ".join(each) for each in (self.electrolyser, self.tank)
        )
        return parsed_list(electrolysers, Power, "electrolyser"), parsed_list(tanks, Mass, "tank")

    @property
    def fuel_cells(self) -> list[float] | None:
        """The capacities between which the fuel cell is searched for [W]; None where none are stated.

        Raises
        ------
        ConfigurationError
            When one is no power.
        """
        stated = self.fuel_cell
        if stated is None:
            return None
        return parsed_list(stated if isinstance(stated, str) else ", ".join(stated), Power, "fuel_cell")

    @property
    def store_key(self) -> str:
        """The key of what is sized as the tank, or the keys: a capacity, or the volumes of the banks.

        Raises
        ------
        ConfigurationError
            When no store is stated where several could be meant, or there is none of that place.
        """
        from testsite_sim.chain.sizing import size_keys, store_to_size

        plant = self.scenario.machines
        return ", ".join(size_keys(plant, store_to_size(plant, self.store)[0]))

    def overrides_of(self, summary: "Mapping[str, SummaryValue]") -> dict[str, str]:
        """Return the sizes of a summary of this search as overrides of its scenario: values by dotted keys."""
        from testsite_sim.chain.sizing import scaled, size_keys, store_to_size

        names = ("best_electrolyser", "best_tank", "best_fuel_cell")
        best = {name: float(summary[name].value or 0.0) for name in names}
        found = {"plant.electrolysers.0.capacity": f"{best['best_electrolyser']:.6g} MW"}
        plant = self.scenario.machines
        stacks = plant.electrolysers[0].stacks
        if stacks is not None:
            sized_stacks = stacks.resized(1e6 * float(f"{best['best_electrolyser']:.6g}"))
            key = "plant.electrolysers.0.stacks"
            found[f"{key}.stack_capacity"] = f"{float(sized_stacks.stack_capacity) / 1e6:.10g} MW"
            if sized_stacks.thermal is not None:
                found[f"{key}.thermal.heat_capacity"] = f"{float(sized_stacks.thermal.heat_capacity) / 1e6:.10g} MJ/K"
        place, store = store_to_size(plant, self.store)
        keys = size_keys(plant, place)
        if isinstance(store, HydrogenStore):
            sized = scaled(self.scenario, 1e6 * best["best_electrolyser"], best["best_tank"], 0.0, self.store)
            grown = sized.machines.stores[place or 0]
            assert isinstance(grown, HydrogenStore)
            found |= {key: f"{bank.volume:.6g} m3" for key, bank in zip(keys, grown.cascade.banks, strict=True)}
        else:
            found[keys[0]] = f"{best['best_tank']:.6g} kg"
        if best["best_fuel_cell"]:
            found["plant.fuel_cells.0.capacity"] = f"{best['best_fuel_cell']:.6g} MW"
        return found

    def run(self, out: str | Path | None = None, *, force: bool = False, log: Log = silent) -> Run:
        """Run it, in memory or into a run directory; see `testsite_sim.cases.publishing.run_case`."""
        return run_case(self, out, force=force, log=log)

    @property
    def _sized_store(self) -> str:
        """What of the stores is sized, for descriptions."""
        if len(self.scenario.machines.stores) == 1:
            return "the tank"
        return f"the tank that is sized, {self.store_key}; the other stores are as stated"

    def check(self) -> None:
        """Open and check everything that it names, and simulate nothing."""
        from testsite_sim.chain import prepare
        from testsite_sim.chain.sizing import check_sizing

        _ = self.sizes, self.requirements
        check_sizing(self.scenario, self.store)
        prepare(self.scenario)

    def simulate(self, work: Work) -> Simulated:
        """Return the figures of every size of the grid, and the best size."""
        from testsite_sim.chain import prepare
        from testsite_sim.chain.sizing import check_sizing, size_plant
        from testsite_sim.common.progress import seldom

        sizes, requirements = self.sizes, self.requirements
        check_sizing(self.scenario, self.store)
        prepared = prepare(self.scenario)
        work.done("prepare")
        found = size_plant(
            prepared,
            *sizes,
            objective=self.objective,
            fuel_cell=self.fuel_cells,
            requirements=requirements,
            store=self.store,
            tried=seldom(work.log, "{} sizes tried"),
            timed=lambda seconds, more: self._forecast(work.log, seconds, more, prepared.record),
        )
        work.done("sizing")
        if found.attrs["edge"]:
            work.log(f"the best lies on the edge of what was searched: {found.attrs['edge']}")
        return Simulated({"sizing": found}, to_yaml(self.scenario))

    def _forecast(self, log: Log, seconds: float, more: int, record: "xr.Dataset") -> None:
        """Say how long the search may take, and what would take less, where it is not done at once."""
        if seconds * more < WORTH_SAYING:
            return
        step = step_of(record["time"].to_numpy())
        faster = ["one capacity alone of what need not be searched for"]
        if step < HOUR:
            hours = "without `weather.step`" if self.scenario.weather.step is not None else "with a record of hours"
            faster.insert(0, f"hours instead of {step / MINUTE:g} minutes, {hours}")
        many = seconds * more
        about = f"{many / MINUTE:.0f} minutes" if many >= 2.0 * MINUTE else f"{many:.0f} s"
        log(
            f"one size takes {seconds:.2g} s ({record.sizes['time']:,} intervals), and about {more} more at most are "
            f"tried: about {about}; faster: {', or '.join(faster)}"
        )

    def summarise(self, steps: "Mapping[str, xr.Dataset]") -> Summary:
        """Return the best sizes, and what they are worth."""
        from testsite_sim.chain.sizing import MEASURES

        best = steps["sizing"].attrs
        unit = "EUR" if self.objective == "npv" else "EUR/kg"
        edge = f"; on the edge of what was searched: {best['edge']}" if best["edge"] else ""
        year = self.scenario.money.price_year
        euros = "euros as stated, of no stated year" if year is None else f"euros of {year}, real"
        required = [
            (
                f"{each.name}_of_best",
                best[f"required_{each.name}"],
                "1" if MEASURES[each.name][0] == "%" else MEASURES[each.name][0],
                f"{MEASURES[each.name][1]}; required {'below' if each.below else 'above'} {each.limit:g}",
            )
            for each in self.requirements
            if each.name != best["objective"]
        ]
        return {
            name: {"value": value, "units": units, "description": description}
            for name, value, units, description in (
                ("best_electrolyser", best["best_electrolyser"] / 1e6, "MW", f"capacity of the electrolyser{edge}"),
                ("best_tank", best["best_tank"], "kg", f"capacity of {self._sized_store}{edge}"),
                ("best_fuel_cell", best["best_fuel_cell"] / 1e6, "MW", f"capacity of the fuel cell{edge}"),
                (best["objective"], best["best_value"], unit, f"of the project with these sizes; {euros}"),
                *required,
                ("trials", float(best["trials"]), "count", "sizes that were simulated"),
            )
        }

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return the response surface, and the report."""
        from testsite_sim.report import named_figures
        from testsite_sim.report.sizing_page import write_sizing_report

        def page(figures: "FiguresWritten") -> str:
            return write_sizing_report(self.scenario, simulated.scenario, summary, figures, results)

        return Drawing(named_figures(results), page=page)
