"""Studies: from markets to a decision.

In comes what `configs/study-data` and `scenarios/<study>/study.yaml` state with its sources; out come Datasets over
members, years and markets. `uncertainty` draws the members, `ranking` ranks the assumptions, `jobs` computes the jobs
of a region from its share in a market and what must hold for a target. `STUDIES` maps the name of a study to its parts.
"""

from testsite_sim.ensemble.assumptions import Assumption, draw
from testsite_sim.studies.jobs import calibrated_share, required_share, simulate_jobs
from testsite_sim.studies.ranking import rank
from testsite_sim.studies.registry import Headline, Study
from testsite_sim.studies.uncertainty import percentiles, sampled, study_assumptions

STUDIES: dict[str, Study] = {
    "flanders-wind-farm": Study(
        configuration="testsite_sim.configuration.study_wind:FlandersWindFarm",
        simulate="testsite_sim.studies.wind:simulate_flanders_wind_farm",
        headlines=(
            Headline("jobs_target", "1"),
            Headline("required_share_factor", "1"),
            Headline("jobs_added_target", "1"),
            Headline("job_years_per_public_money", "job-years/million EUR", 1e6),
            Headline("net_public_value", "million EUR", 1e-6),
            Headline("payback_year", "year"),
            Headline("benefit_cost_ratio", "1"),
            Headline("months_saved", "month"),
        ),
        figures="testsite_sim.report.study_wind:FIGURES",
        story="testsite_sim.report.study_wind:tell",
        words="testsite_sim.report.study_wind:WORDS",
    ),
    "waterstof": Study(
        configuration="testsite_sim.configuration.study_hydrogen:Waterstof",
        simulate="testsite_sim.studies.hydrogen:simulate_waterstof",
        headlines=(
            Headline("demand_last", "t/year", 1e-3),
            Headline("demand_first", "t/year", 1e-3),
            Headline("bus_parity_price", "EUR/kg"),
            Headline("nozzle_cost_first", "EUR/kg"),
            Headline("nozzle_cost_last", "EUR/kg"),
            Headline("bus_break_even_year", "year"),
            Headline("truck_break_even_year", "year"),
            Headline("valley_depth_first", "million EUR", 1e-6),
            Headline("valley_depth_last", "million EUR", 1e-6),
            Headline("valley_length_last", "years"),
            Headline("abatement_cost_last", "EUR/t", 1e3),
            Headline("jobs_first", "1"),
            Headline("net_benefit_last", "million EUR", 1e-6),
            Headline("ideal_cluster_worth_last", "million EUR/year", 1e-6),
        ),
        figures="testsite_sim.report.study_hydrogen:FIGURES",
        story="testsite_sim.report.study_hydrogen:tell",
        words="testsite_sim.report.study_hydrogen:WORDS",
    ),
}

__all__ = [
    "STUDIES",
    "Assumption",
    "Headline",
    "Study",
    "calibrated_share",
    "draw",
    "percentiles",
    "rank",
    "required_share",
    "sampled",
    "simulate_jobs",
    "study_assumptions",
]
