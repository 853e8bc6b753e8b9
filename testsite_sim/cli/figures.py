"""`testsite-sim figures`: the figures of a study, or of a run again."""

from pathlib import Path

import click

from testsite_sim.cli.options import SET
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.own_process import expect_plain_arrays
from testsite_sim.common.printing import echo

FORMATS = ("svg", "png", "pdf")


@click.command("figures", short_help="Draw the figures of a study or a run.")
@click.argument("study_or_directory")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder; default: figures/<study>, or figures in the run directory.",
)
@click.option("--format", "formats", default="svg,png,pdf", help="Comma-separated: svg, png, pdf.")
@click.option(
    "--language", type=click.Choice(["nl", "en"]), help="Language of the labels of a study; default: its own."
)
@click.option("--force", is_flag=True, help="Replace files of the same names.")
@SET
def figures_command(
    study_or_directory: str,
    output: Path | None,
    formats: str,
    language: str | None,
    force: bool,
    overrides: tuple[str, ...],
) -> None:
    """Draw the figures of a study (flanders-wind-farm, waterstof), or those of a run directory again."""
    expect_plain_arrays()
    from testsite_sim.cases.opening import drawing_of_run
    from testsite_sim.cases.run import made_of_files
    from testsite_sim.cases.study import read_study, scenario_of_study, study_of
    from testsite_sim.output.files import figures_folder
    from testsite_sim.output.run_directory import RESULTS, SCENARIO, file_of_run
    from testsite_sim.studies import STUDIES

    chosen = [each.strip() for each in formats.split(",")]
    unknown = next((each for each in chosen if each not in FORMATS), None)
    if unknown is not None:
        raise ConfigurationError(f"--format: there is no format {unknown!r}. {nearest(unknown, FORMATS)}")
    scenario, directory = scenario_of_study(study_or_directory), Path(study_or_directory)
    override = [f"language={language}"] if language else []
    target = output or (directory / "figures" if scenario is None else Path("figures") / study_or_directory)
    if scenario is None and overrides:
        raise ConfigurationError(f"figures: --set is for a study; {study_or_directory} is none, so run it again.")
    resolved = directory / SCENARIO
    if scenario is None and override and not (resolved.is_file() and study_of(str(resolved)) is not None):
        raise ConfigurationError(f"figures: --language is for a study; {study_or_directory} is none.")
    if scenario is None and not directory.exists():
        raise ConfigurationError(
            f"{study_or_directory}: is not a run directory, and no study has that name. "
            f"{nearest(study_or_directory, STUDIES)}"
        )
    if scenario is None:
        file_of_run(directory, RESULTS)
    with figures_folder(target, force, directory if scenario is None else None) as folder:
        from testsite_sim.output.results import read_results
        from testsite_sim.report import write_figures

        if scenario is None:
            with made_of_files(directory):
                drawing = drawing_of_run(directory, lambda: read_results(directory), override)
        else:
            case = read_study(scenario, (*overrides, *override))
            drawing = case.draw_members(case.members())
        with made_of_files(directory if scenario is None else None):
            paths = write_figures(drawing.figures, folder, chosen)
    for path in paths:
        echo(target / path.name)
