"""The members of a study, all at once; what the sea says is simulated before."""

from testsite_sim.cases.study import read_study
from testsite_sim.ensemble.assumptions import draw
from testsite_sim.studies.framework.uncertainty import study_assumptions


def test_members_of_flanders_wind_farm(gauge) -> None:
    case = read_study("flanders-wind-farm/study")
    configuration = case.configuration
    simulate, basis = case.study.part("simulate"), case.study.part("prepare")(configuration)
    draws = draw(study_assumptions(configuration), configuration.uncertainty.members, 1)
    simulate(configuration, basis, draws)
    gauge(simulate, configuration, basis, draws)


def test_members_of_waterstof(gauge) -> None:
    case = read_study("waterstof/study")
    configuration = case.configuration
    simulate, basis = case.study.part("simulate"), case.study.part("prepare")(configuration)
    draws = draw(study_assumptions(configuration), configuration.uncertainty.members, 1)
    simulate(configuration, basis, draws)
    gauge(simulate, configuration, basis, draws)
