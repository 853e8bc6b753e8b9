"""`testsite-sim check`: everything that a run would refuse, and the resolved scenario."""

from pathlib import Path

import click

from testsite_sim.cli.options import INCLUDE_ROOT, SET
from testsite_sim.common.printing import echo


@click.command("check")
@click.argument("scenario")
@SET
@INCLUDE_ROOT
def check_command(scenario: str, overrides: tuple[str, ...], include_root: Path | None) -> None:
    """Validate SCENARIO (a name, a YAML file or a windIO plant) as far as a run would, print it resolved."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.study import StudyCase
    from testsite_sim.cases.windio import WindioCase
    from testsite_sim.configuration.writing import to_yaml

    case = read_case(scenario, overrides, include_root, "check")
    case.check()
    if isinstance(case, WindioCase):
        for key, reason in case.plant.ignored_without_effect.items():
            echo(f"{key}: without effect: {reason}")
    else:
        echo(to_yaml(case.configuration if isinstance(case, StudyCase) else case.scenario), nl=False)
    echo(f"{scenario} is valid.", err=True)
