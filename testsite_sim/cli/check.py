"""`testsite-sim check`: everything that a run would refuse, and the resolved scenario."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.options import INCLUDE_ROOT, SET
from testsite_sim.common.printing import echo


@click.command("check", short_help="Say all that is wrong with a scenario, simulate nothing.")
@click.argument("scenario", shell_complete=complete_scenario)
@SET
@INCLUDE_ROOT
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON: valid, problems, the resolved scenario.")
def check_command(scenario: str, overrides: tuple[str, ...], include_root: Path | None, as_json: bool) -> None:
    """Check SCENARIO (a name, a YAML file or a windIO plant) for all that a run would refuse, and print it resolved."""
    if as_json:
        _check_as_json(scenario, overrides, include_root)
        return
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


def _check_as_json(scenario: str, overrides: tuple[str, ...], include_root: Path | None) -> None:
    """Print whether it is valid, every problem, and what it resolves to; leave as an error would."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.study import StudyCase
    from testsite_sim.cases.windio import WindioCase
    from testsite_sim.common.errors import TestsiteError
    from testsite_sim.configuration.writing import plain_data

    found: dict[str, Any] = {"name": scenario, "valid": True, "problems": []}
    code = 0
    try:
        case = read_case(scenario, overrides, include_root, "check")
        case.check()
        if isinstance(case, WindioCase):
            found["ignored_without_effect"] = dict(case.plant.ignored_without_effect)
        else:
            found["resolved"] = plain_data(case.configuration if isinstance(case, StudyCase) else case.scenario)
    except TestsiteError as error:
        found |= {"valid": False, "problems": list(error.problems)}
        code = error.exit_code
    echo(json.dumps(found, indent=2))
    if code:
        sys.exit(code)
