"""A plant of the windIO format: the annual energy of its turbines, with their wakes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import Drawing, Log, Simulated, Summary, Work, silent
from testsite_sim.cases.publishing import run_case
from testsite_sim.cases.run import Run
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.configuration.loading import Files
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.output.run_directory import SCENARIO

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.report.drawing import FiguresWritten
    from testsite_sim.wind.windio import Plant

IGNORED = "ignored_without_effect.json"
DESCRIPTION = "A plant of the windIO format (IEA Wind Task 37): the annual energy of its turbines, with their wakes."


@dataclass(frozen=True)
class WindioCase:
    """A windIO plant by its file.

    The copy of the plant in a run directory is one file, without includes, and runs again to the same results; a
    resource of many numbers stands next to it as NetCDF. What the plant states and what does not change its energy is
    in `ignored_without_effect.json`, path to reason.

    Attributes
    ----------
    path
        Its file.
    include_root
        The folder that includes may reach; None: the plant's own folder.
    """

    path: Path
    include_root: Path | None = None
    packages: Sequence[str] = ()

    @cached_property
    def plant(self) -> "Plant":
        """The plant, read and checked."""
        from testsite_sim.wind.windio import read_windio

        return read_windio(self.path, include_root=self.include_root)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.plant.name

    def run(self, out: str | Path | None = None, *, force: bool = False, log: Log = silent) -> Run:
        """Run it, in memory or into a run directory; see `testsite_sim.cases.publishing.run_case`."""
        return run_case(self, out, force=force, log=log)

    def check(self) -> None:
        """Read the plant as a run would.

        Raises
        ------
        ConfigurationError, DataError
            What a run would refuse.
        """
        _ = self.plant

    def simulate(self, work: Work) -> Simulated:
        """Return the wind resource, and the energy of every turbine."""
        from testsite_sim.wind import annual_energy_production
        from testsite_sim.wind.windio import write_plant

        plant = self.plant
        work.done("prepare")
        found = annual_energy_production(plant.farm, plant.resource, plant.model, blockage=plant.blockage)
        wind = found.rename(
            annual_energy_production="energy", annual_energy_without_wakes="energy_without_wakes"
        ).assign_attrs(
            wake_model=plant.model.source,
            blockage=plant.blockage,
            ignored_without_effect=[f"{key}: {reason}" for key, reason in plant.ignored_without_effect.items()],
        )
        work.done("wind")
        resource = plant.resource.drop_vars("probability", errors="ignore")
        weather = resource.assign_attrs(title=plant.name, source="the wind resource of the plant")
        with temporary_folder() as folder:
            write_plant(plant.data, folder, SCENARIO)
            text = (folder / SCENARIO).read_text(encoding="utf-8")
        writers = (partial(_write_plant, plant), partial(_write_ignored, plant))
        return Simulated({"weather": weather, "wind": wind}, text, writers)

    def summarise(self, steps: "Mapping[str, xr.Dataset]") -> Summary:
        """Return the figures of the plant."""
        from testsite_sim.common.units import GIGAWATT_HOUR, SECONDS_PER_YEAR

        plant, wind = self.plant, steps["wind"]
        energy, alone = float(wind["energy"].sum()), float(wind["energy_without_wakes"].sum())
        rated = float(wind["rated_power"].sum())
        of = "" if plant.is_whole else ", of the winds that its run_configuration chooses alone"
        return {
            name: {"value": value, "units": units, "description": description}
            for name, value, units, description in (
                ("installed_wind_power", rated / 1e6, "MW", "rated power of the farm"),
                (
                    "annual_energy_production",
                    energy / GIGAWATT_HOUR,
                    "GWh",
                    f"energy in 8,760 h, with wakes{of}",
                ),
                ("annual_energy_without_wakes", alone / GIGAWATT_HOUR, "GWh", "energy of the turbines standing alone"),
                (
                    "flow_loss",
                    1.0 - energy / alone if alone > 0.0 else None,
                    "1",
                    "energy lost to all wakes and blockage, over that of the turbines standing alone",
                ),
                ("capacity_factor", energy / (rated * SECONDS_PER_YEAR), "1", "mean power over rated power"),
                ("cases", float(wind.attrs["cases"]), "count", "winds that were simulated"),
                (
                    "ignored_without_effect",
                    float(len(plant.ignored_without_effect)),
                    "count",
                    f"keys of the plant that do not change its energy, each with the reason in {IGNORED}",
                ),
            )
        }

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return the layout of the farm, and the report."""
        from testsite_sim.report import named_figures, write_report

        def page(figures: "FiguresWritten") -> str:
            return write_report(self.title, DESCRIPTION, summary, figures, simulated.scenario, [], results)

        return Drawing(named_figures(results), page=page)


def _write_plant(plant: "Plant", folder: Path) -> None:
    """Write the plant as it was read, a large resource next to it."""
    from testsite_sim.wind.windio import write_plant

    write_plant(plant.data, folder, SCENARIO)


def _write_ignored(plant: "Plant", folder: Path) -> None:
    """Write what of the plant has no effect, path to reason."""
    text = json.dumps(dict(plant.ignored_without_effect), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / IGNORED).write_text(text, encoding="utf-8", newline="\n")


def is_windio(path: Path, files: Files | None = None) -> bool:
    """Return whether a YAML file is a windIO plant: it has a site and a wind_farm at its top.

    Raises
    ------
    ConfigurationError
        When the file cannot be read or does not parse.
    """
    if path.suffix not in (".yaml", ".yml") or not isfile(path):  # also of a name too long
        return False
    files = files or Files()
    data: Any
    try:
        data = files.read(path).data
    except ConfigurationError:
        data = load_document(path, str).data  # with the includes that a plant may have
    return isinstance(data, dict) and {"site", "wind_farm"} <= data.keys()
