"""One windIO plant from its file to a finished run directory: its annual energy, turbine by turbine."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY
from testsite_sim.running import Say, running, write_provenance

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.wind.windio import Plant

IGNORED = "ignored_without_effect.json"
DESCRIPTION = "A plant of the windIO format (IEA Wind Task 37): the annual energy of its turbines, with their wakes."


def is_windio(path: Path) -> bool:
    """Tell whether a YAML file is a windIO plant: it has a site and a wind_farm at its top."""
    data = load_document(path, str).data if path.suffix in (".yaml", ".yml") and path.is_file() else None
    return isinstance(data, dict) and {"site", "wind_farm"} <= data.keys()


def check_plant(path: Path, include_root: Path | None = None) -> list[str]:
    """Read a windIO plant as a run would, and return what of it has no effect, a line each.

    Raises
    ------
    ConfigurationError, DataError
        What a run would refuse.
    """
    from testsite_sim.wind.windio import read_windio

    plant = read_windio(path, include_root=include_root)
    return [f"{key}: without effect: {reason}" for key, reason in plant.ignored_without_effect.items()]


def run_plant(
    path: Path, target: Path, *, force: bool = False, include_root: Path | None = None, say: Say
) -> dict[str, Any]:
    """Run a windIO plant and write its run directory, whole or not at all; return its summary.

    The copy of the plant in the run directory is one file, without includes, and runs again to the same results; a
    resource of many numbers stands beside it as NetCDF. What the plant states and what does not change its energy is
    in `ignored_without_effect.json`, path to reason.

    Parameters
    ----------
    path, target : Path
        The plant, and its run directory.
    force : bool
        Replace a run directory that stands there.
    include_root : Path, optional
        The folder that includes may reach; None: the plant's own folder.
    say : callable
        Takes a line of what is being done.

    Raises
    ------
    ConfigurationError, DataError
        What the user can mend; nothing is left on disk then.
    """
    with running(target, force, say) as (directory, clock):
        from testsite_sim.output.results import write_results
        from testsite_sim.report import draw_figures, write_report
        from testsite_sim.wind import annual_energy_production
        from testsite_sim.wind.windio import read_windio, write_plant

        plant = read_windio(path, include_root=include_root)
        clock.done("prepare")
        found = annual_energy_production(plant.farm, plant.resource, plant.model, blockage=plant.blockage)
        wind = found.rename(
            annual_energy_production="energy", annual_energy_without_wakes="energy_without_wakes"
        ).assign_attrs(
            wake_model=plant.model.source,
            blockage=plant.blockage,
            ignored_without_effect=[f"{key}: {reason}" for key, reason in plant.ignored_without_effect.items()],
        )
        clock.done("wind")
        summary = _summarise(wind, plant)
        write_plant(plant.data, directory.path, SCENARIO)
        text = (directory.path / SCENARIO).read_text(encoding="utf-8")
        directory.write_json(IGNORED, dict(plant.ignored_without_effect))
        directory.write_json(SUMMARY, summary)
        resource = plant.resource.drop_vars("probability", errors="ignore")
        attributes = {"title": plant.name, "source": "the wind resource of the plant"}
        results = {"weather": resource.assign_attrs(attributes), "wind": wind}
        tree = write_results(results, directory.path / RESULTS, plant.name, text)
        clock.done("results")
        figures = draw_figures(tree, directory.path / "figures")
        clock.done("figures")
        directory.write_text(REPORT, write_report(plant.name, DESCRIPTION, summary, figures, text, [], tree))
        clock.done("report")
        write_provenance(directory, clock)
    return summary


def _summarise(wind: "xr.Dataset", plant: "Plant") -> dict[str, dict[str, Any]]:
    """Return the figures of a plant."""
    from testsite_sim.common.units import GIGAWATT_HOUR, SECONDS_PER_YEAR

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
