"""Studies: from markets to a decision.

Each study is a folder that holds everything of it: `configuration` (the model of `scenarios/<study>/study.yaml`),
`model` (members, years and markets as Datasets), `figures`, `narrative` and its texts in each language. `framework`
holds what they share: sampling, ranking and the report. `STUDIES` maps the name of a study to its parts.
"""

from testsite_sim.studies import flanders_wind_farm, waterstof
from testsite_sim.studies.framework.registry import Study

STUDIES: dict[str, Study] = {"flanders-wind-farm": flanders_wind_farm.STUDY, "waterstof": waterstof.STUDY}

__all__ = ["STUDIES", "Study"]
