"""The study Waterstof: lead markets for hydrogen, their roadmap and valley of death."""

from testsite_sim.studies.framework.registry import Headline, Study

STUDY = Study(
    configuration="testsite_sim.studies.waterstof.configuration:Waterstof",
    prepare="testsite_sim.studies.waterstof.model:simulate_plants",
    simulate="testsite_sim.studies.waterstof.model:simulate_waterstof",
    headlines=(
        Headline("demand_last", "t/year", 1e-3),
        Headline("demand_first", "t/year", 1e-3),
        Headline("balancing_power_first", "MW", 1e-6),
        Headline("balancing_power_last", "MW", 1e-6),
        Headline("balancing_margin_last", "EUR/kW/year", 1e3),
        Headline("bus_parity_price", "EUR/kg"),
        Headline("nozzle_cost_first", "EUR/kg"),
        Headline("nozzle_cost_last", "EUR/kg"),
        Headline("bus_break_even_year", "year"),
        Headline("truck_break_even_year", "year"),
        Headline("bus_gap_battery", "EUR/km", 1e3),
        Headline("truck_gap_battery", "EUR/km", 1e3),
        Headline("valley_depth_first", "million EUR", 1e-6),
        Headline("valley_depth_last", "million EUR", 1e-6),
        Headline("valley_length_last", "years"),
        Headline("abatement_cost_last", "EUR/t", 1e3),
        Headline("jobs_first", "1"),
        Headline("net_benefit_last", "million EUR", 1e-6),
        Headline("ideal_cluster_worth_last", "million EUR/year", 1e-6),
    ),
    figures="testsite_sim.studies.waterstof.figures:FIGURES",
    narrative="testsite_sim.studies.waterstof.narrative:write_narrative",
    texts="testsite_sim.studies.waterstof",
    rank="testsite_sim.studies.waterstof.model:simulate_headlines",
)

__all__ = ["STUDY"]
