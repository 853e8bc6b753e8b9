"""What `check` asks of a scenario: all that a run would refuse, found without running it."""

from testsite_sim.chain.at_sea import check_campaigns, check_certification
from testsite_sim.chain.preparation import Prepared, prepare
from testsite_sim.common.errors import ConfigurationError, TestsiteError
from testsite_sim.configuration.scenario import Scenario


def check_scenario(scenario: Scenario) -> Prepared:
    """Open and check everything that a scenario names, its campaigns at sea among it.

    Only the campaigns themselves say whether they end within their record: those of every year are gone through.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.

    Returns
    -------
    Prepared
        As `prepare` gives it.

    Raises
    ------
    ConfigurationError, DataError
        What a run would refuse: a sentence for each problem.
    """
    prepared = prepare(scenario)
    if scenario.farm is None:
        return prepared
    operations, found = scenario.wind_farm.operations, list[TestsiteError]()
    if operations.installation is not None:
        found += check_campaigns(operations.installation)
    if operations.certification is not None:
        found += check_certification(operations.certification)
    if found:
        kinds = {type(error) for error in found}
        raise (kinds.pop() if len(kinds) == 1 else ConfigurationError)(
            *(problem for error in found for problem in error.problems)
        )
    return prepared
