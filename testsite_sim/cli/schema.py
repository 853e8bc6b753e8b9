"""`testsite-sim schema`: the JSON Schema of what a file may hold, for editors."""

import click

from testsite_sim.common.printing import echo


@click.command("schema", short_help="Print the JSON Schema of a scenario file, for editors.")
@click.argument("study", required=False)
def schema_command(study: str | None) -> None:
    """Print the JSON Schema of the scenario file, or of the file of a STUDY, for editors."""
    import json

    from testsite_sim.configuration.schema import scenario_schema

    if study is None:
        schema = scenario_schema()
    else:
        from testsite_sim.studies import STUDIES
        from testsite_sim.studies.framework.registry import study_by_name

        schema = scenario_schema(study_by_name(STUDIES, study).part("configuration"))
    echo(json.dumps(schema, indent=2))
