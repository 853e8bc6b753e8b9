"""One study from its name to a finished run directory, or to its figures alone."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.catalogue import find_scenario, names
from testsite_sim.configuration.loading import checked, load_scenario_document, override
from testsite_sim.configuration.study import StudyConfiguration
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY
from testsite_sim.running import Say, running, write_provenance

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.studies.registry import Study

STUDY_SCENARIO = "study"  # scenarios/<name of the study>/study.yaml
LONGEST_CHAIN = 10


def study_of(scenario: str) -> str | None:
    """Return the name of the study that a scenario file states, its parents included; None for a run of the chain.

    Raises
    ------
    ConfigurationError
        When there is no such scenario.
    """
    path = find_scenario(scenario)
    for _ in range(LONGEST_CHAIN):
        data = load_document(path).data
        if not isinstance(data, dict):
            return None
        if "study" in data:
            return str(data["study"])
        parent = data.get("extends")
        if not isinstance(parent, str):
            return None
        path = find_scenario(parent, path.parent)
    return None


def scenario_of_study(name: str) -> str | None:
    """Return the scenario that ships for a study named on the command line, None where the name is no study."""
    scenario = f"{name}/{STUDY_SCENARIO}"
    return scenario if scenario in names("scenarios") else None


def study_of_run(directory: Path) -> str | None:
    """Return the name of the study that a run directory holds, None where it holds none."""
    scenario = directory / SCENARIO
    return study_of(str(scenario)) if scenario.is_file() else None


def load_study(scenario: str, overrides: Sequence[str] = ()) -> tuple["Study", StudyConfiguration]:
    """Read and check a study by the name or path of its file, with overrides `a.b=VALUE`.

    Raises
    ------
    ConfigurationError
        Naming file, line and remedy.
    """
    from testsite_sim.studies import STUDIES
    from testsite_sim.studies.registry import study_by_name

    name = study_of(scenario)
    if name is None:
        raise ConfigurationError(f"{scenario}: states no `study`; it is a scenario of the chain.")
    study = study_by_name(STUDIES, name)
    model: type[StudyConfiguration] = study.part("configuration")
    document, path = load_scenario_document(scenario, model)
    for assignment in overrides:
        override(document, assignment, model, path.parent)
    return study, checked(model, document)


def simulate_study(study: "Study", configuration: StudyConfiguration) -> "xr.Dataset":
    """Return the members of a study with the ranking of its assumptions."""
    from testsite_sim.ensemble.assumptions import draw
    from testsite_sim.studies.ranking import rank
    from testsite_sim.studies.uncertainty import study_assumptions

    uncertainty = configuration.uncertainty
    assumptions = study_assumptions(configuration)
    simulate = partial(study.part("simulate"), configuration)
    members = simulate(draw(assumptions, uncertainty.members, uncertainty.seed))
    ranking = rank(
        simulate, assumptions, [headline.variable for headline in study.headlines],
        base_samples=uncertainty.ranking_samples, seed=uncertainty.seed,
    )  # fmt: skip
    merged: xr.Dataset = members.merge(ranking)
    return merged.assign_attrs(members.attrs)


def words_of(study: "Study", configuration: StudyConfiguration) -> dict[str, str]:
    """Return the words of a study in its language, those that all studies share among them, its wording filled in."""
    from testsite_sim.report.study import WORDS

    own: Mapping[str, Mapping[str, str]] = study.part("words")
    words = {**WORDS[configuration.language], **own[configuration.language]}
    for name, text in configuration.wording.items():
        words = {key: word.replace(f"{{{name}}}", text) for key, word in words.items()}
    return words


def run_study(
    study: "Study", configuration: StudyConfiguration, target: Path, *, force: bool = False, say: Say
) -> dict[str, Any]:
    """Run a study and write its run directory, whole or not at all; return its summary.

    Raises
    ------
    ConfigurationError, DataError
        What the user can mend; nothing is left on disk then.
    """
    with running(target, force, say) as (directory, clock):
        results = simulate_study(study, configuration)
        clock.done("study")
        from testsite_sim.output.results import write_results
        from testsite_sim.report.study import draw_study_figures, summarise_study, write_study_report
        from testsite_sim.studies.uncertainty import percentiles, study_assumptions

        words = words_of(study, configuration)
        summary = summarise_study(results, study.headlines, words)
        text = to_yaml(configuration)
        directory.write_text(SCENARIO, text)
        directory.write_json(SUMMARY, summary)
        write_results({"study": results, "percentiles": percentiles(results)}, directory.path / RESULTS,
                      configuration.title, text)  # fmt: skip
        clock.done("results")
        figures = study.part("figures")
        paths = draw_study_figures(figures, results, words, directory.path / "figures", ("svg", "png", "pdf"))
        clock.done("figures")
        story = study.part("story")(configuration, results, words)
        page = write_study_report(
            configuration,
            story,
            results,
            study.headlines,
            words,
            paths,
            study_assumptions(configuration),
            text,
        )
        directory.write_text(REPORT, page)
        clock.done("report")
        write_provenance(directory, clock, packages=["SALib"])
    return summary


def redraw_figures(directory: Path, folder: Path, formats: Sequence[str], overrides: Sequence[str]) -> list[Path]:
    """Write the figures of the run directory of a study again, from its results; return the files."""
    from testsite_sim.output.results import read_results
    from testsite_sim.report.study import draw_study_figures

    study, configuration = load_study(str(directory / SCENARIO), overrides)
    results = read_results(directory)["study"].to_dataset()
    return draw_study_figures(study.part("figures"), results, words_of(study, configuration), folder, formats)


def write_figures(
    study: "Study", configuration: StudyConfiguration, folder: Path, formats: Sequence[str]
) -> list[Path]:
    """Simulate a study and write its figures with the data of each; return the files."""
    from testsite_sim.report.study import draw_study_figures

    results = simulate_study(study, configuration)
    return draw_study_figures(study.part("figures"), results, words_of(study, configuration), folder, formats)
