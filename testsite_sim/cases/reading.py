"""Read a case by its name or its file, whatever kind it is."""

from pathlib import Path

from testsite_sim.cases.scenario import ScenarioCase, read_scenario
from testsite_sim.cases.study import StudyCase, read_study, study_of
from testsite_sim.cases.windio import WindioCase, is_windio
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import Files
from testsite_sim.configuration.overrides import Overrides


def read_case(
    name: str,
    overrides: Overrides = (),
    include_root: Path | None = None,
    command: str = "load",
    files: Files | None = None,
) -> ScenarioCase | StudyCase | WindioCase:
    """Read and check a scenario, a study or a windIO plant; each of its files is parsed once.

    Parameters
    ----------
    name : str
        A shipped name, or the path of a YAML file.
    overrides : sequence of str or mapping
        `a.b=VALUE`, or dotted keys to values.
    include_root : Path, optional
        The folder that the includes of a windIO plant may reach; None: the plant's own folder.
    command : str
        What asks for it, as messages name it.
    files : Files, optional
        What has parsed some of the files already.

    Raises
    ------
    ConfigurationError
        Naming file, line and remedy.
    """
    files = files or Files()
    if is_windio(Path(name), files):
        if overrides:
            changes = "overrides do" if command == "load" else "--set does"
            raise ConfigurationError(f"{command}: {name} is a windIO plant, which {changes} not change; edit its file.")
        return WindioCase(Path(name), include_root)
    if include_root is not None:
        option = "include_root" if command == "load" else "--include-root"
        raise ConfigurationError(f"{command}: {option} is for a windIO plant; {name} is none.")
    if study_of(name, files) is not None:
        return read_study(name, overrides, files)
    return read_scenario(name, overrides, files)
