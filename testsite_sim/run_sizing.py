"""The search for the size of a plant, from a scenario to a finished folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.run_directory import RESULTS, SCENARIO, SUMMARY
from testsite_sim.running import Say, running, write_provenance


def run_sizing(
    scenario: Scenario,
    target: Path,
    electrolysers: Sequence[float],
    tanks: Sequence[float],
    *,
    objective: str,
    require: Sequence[str] = (),
    force: bool = False,
    say: Say,
) -> dict[str, Any]:
    """Search for the best size and write grid, figure and summary, whole or not at all; return the summary.

    Raises
    ------
    ConfigurationError, DataError
        What the user can mend; nothing is left on disk then.
    """
    with running(target, force, say) as (directory, clock):
        from testsite_sim.chain import prepare
        from testsite_sim.chain.sizing import MEASURES, parse_requirement, size_plant
        from testsite_sim.output.results import write_results
        from testsite_sim.report.sizing import write_sizing_figure

        requirements = [parse_requirement(each) for each in require]
        prepared = prepare(scenario)
        clock.done("prepare")
        found = size_plant(prepared, electrolysers, tanks, objective=objective, requirements=requirements)
        clock.done("sizing")
        unit = "EUR" if objective == "npv" else "EUR/kg"
        best = found.attrs
        if best["edge"]:
            say(f"the best lies on the edge of what was searched: {best['edge']}")
        edge = f"; on the edge of what was searched: {best['edge']}" if best["edge"] else ""
        year = scenario.money.price_year
        euros = "euros as stated, of no stated year" if year is None else f"euros of {year}, real"
        required = [
            (
                f"{each.name}_of_best",
                best[f"required_{each.name}"],
                "1" if MEASURES[each.name][0] == "%" else MEASURES[each.name][0],
                f"{MEASURES[each.name][1]}; required {'below' if each.below else 'above'} {each.limit:g}",
            )
            for each in requirements
            if each.name != best["objective"]
        ]
        summary = {
            name: {"value": value, "units": units, "description": description}
            for name, value, units, description in (
                ("best_electrolyser", best["best_electrolyser"] / 1e6, "MW", f"capacity of the electrolyser{edge}"),
                ("best_tank", best["best_tank"], "kg", f"capacity of the tank{edge}"),
                ("best_fuel_cell", best["best_fuel_cell"] / 1e6, "MW", f"capacity of the fuel cell{edge}"),
                (best["objective"], best["best_value"], unit, f"of the project with these sizes; {euros}"),
                *required,
                ("trials", float(best["trials"]), "count", "sizes that were simulated"),
            )
        }
        directory.write_text(SCENARIO, to_yaml(scenario))
        directory.write_json(SUMMARY, summary)
        write_results({"sizing": found}, directory.path / RESULTS, scenario.title, to_yaml(scenario))
        write_sizing_figure(found, directory.path / "figures")
        clock.done("figures")
        write_provenance(directory, clock)
    return summary
