"""The members of a study, all at once; what the sea says is simulated before."""

from testsite_sim.run_study import load_study
from testsite_sim.studies import draw, study_assumptions


def test_members_of_flanders_wind_farm(gauge) -> None:
    study, configuration = load_study("flanders-wind-farm/study")
    simulate = study.part("simulate")
    draws = draw(study_assumptions(configuration), configuration.uncertainty.members, 1)
    simulate(configuration, draws)
    gauge(simulate, configuration, draws)


def test_members_of_waterstof(gauge) -> None:
    study, configuration = load_study("waterstof/study")
    simulate = study.part("simulate")
    draws = draw(study_assumptions(configuration), configuration.uncertainty.members, 1)
    simulate(configuration, draws)
    gauge(simulate, configuration, draws)
