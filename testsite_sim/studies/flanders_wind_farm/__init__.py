"""The study Flanders Wind Farm: jobs of an offshore wind industry, and what a test site at sea adds to them."""

from testsite_sim.studies.framework.registry import Headline, Study

STUDY = Study(
    configuration="testsite_sim.studies.flanders_wind_farm.configuration:FlandersWindFarm",
    prepare="testsite_sim.studies.flanders_wind_farm.model:simulate_basis",
    simulate="testsite_sim.studies.flanders_wind_farm.model:simulate_flanders_wind_farm",
    headlines=(
        Headline("jobs_target", "1"),
        Headline("required_share_factor", "1"),
        Headline("jobs_added_target", "1"),
        Headline("job_years_per_public_money", "job-years/million EUR", 1e6),
        Headline("net_public_value", "million EUR", 1e-6),
        Headline("payback_year", "year"),
        Headline("benefit_cost_ratio", "1"),
        Headline("months_saved", "month"),
        Headline("jobs_outlook", "1"),
        Headline("today_net_public_value", "million EUR", 1e-6),
    ),
    figures="testsite_sim.studies.flanders_wind_farm.figures:FIGURES",
    narrative="testsite_sim.studies.flanders_wind_farm.narrative:write_narrative",
    rank="testsite_sim.studies.flanders_wind_farm.model:rank_flanders_wind_farm",
    texts="testsite_sim.studies.flanders_wind_farm",
)

__all__ = ["STUDY"]
