"""The names that figures of a summary can have: what asks for one is checked by them before anything is run."""

import re
from collections.abc import Sequence

from testsite_sim.common.errors import ConfigurationError, nearest

# A test holds these against the summaries of all scenarios that ship.
NAMES = frozenset(
    re.findall(
        r"\w+",
        """
    annual_by_product_cost annual_energy_p50 annual_energy_p75 annual_energy_p90 annual_energy_production
    annual_heat_revenue annual_hydrogen_revenue annual_oxygen_revenue annual_water_cost availability_energy
    availability_time battery_capacity_lost battery_cycles battery_energy battery_replacements berth_utilisation berths
    break_even_hydrogen_price capacity_factor cash_balance_residual certificate_revenue certificate_value
    certified_energy certified_energy_uncertainty climate_not_covered consumption_at_end_of_life
    contract_revenue days_to_capture_matrix days_to_power_curve dispensed_per_day downtime electricity_revenue
    electrolyser_energy electrolyser_full_load_hours energy_activated_down energy_activated_up
    energy_balance_residual energy_curtailed energy_curtailed_of_concessions energy_exported energy_imported
    energy_missing energy_ordered_down energy_ordered_up energy_production failure_rate_after
    failure_rate_before first_filling fuel_cell_efficiency fuel_cell_efficiency_of_life fuel_cell_energy
    fuel_cell_full_load_hours fuel_cell_replacements fuel_cell_stack_life fuel_cell_total_efficiency heat_sold
    hours_with_curtailment hydrogen_balance_residual hydrogen_by_product hydrogen_delivered hydrogen_dispensed
    hydrogen_margin hydrogen_of_life_over_first_year hydrogen_per_day hydrogen_produced hydrogen_requested
    hydrogen_to_fuel_cells hydrogen_to_pipeline hydrogen_unmet hydrogen_vented installed_photovoltaic_power
    installed_wind_power internal_rate_of_return internal_rates_of_return jobs_done jobs_open
    largest_flow_of_pipeline levelised_cost_of_energy levelised_cost_of_fuel_cell_energy
    levelised_cost_of_hydrogen loss_availability loss_blockage loss_curtailment loss_electrical
    loss_environmental loss_neighbours loss_performance loss_regulatory_curtailment loss_storms
    maintenance_cost months_to_certificate net_present_value objective_value objective_value_best_rule
    objective_value_optimum objective_value_over_optimum optimum_gap oxygen_produced penalty_activation
    photovoltaic_energy photovoltaic_full_load_hours pipeline_electricity plan_gap price_year
    prototypes_arrived prototypes_per_year prototypes_unfinished regret renewable_share revenue_activation
    revenue_availability revenue_day_ahead revenue_imbalance salvage_value scaling_error_energy
    scaling_error_revenue served_share shortfall_penalty simulated_time specific_consumption stack_life
    stack_starts stack_time_outside_measured stacks_replaced starts_cut_off station_electricity
    take_or_pay_revenue test_site_investment turbines_visited value_of_forecast_quality value_of_test_site
    vessel_days wake_loss warnings water_consumed
    """,
    )
)
# Of machines and contracts by their number; of failures, vessels and strategies by the names that a scenario gives.
NUMBERED = re.compile(
    r"(specific_consumption|contract_revenue)_\d+|(jobs_done|jobs_open|downtime|vessel_days|vessel_cost)_.+"
    r"|installation_(duration_p50|duration_p90|cost|weather_downtime|years_cut_off)_.+"
)


def is_output(name: str) -> bool:
    """Return whether a summary can have a figure of that name; which it has, a run says.

    Examples
    --------
    >>> is_output("wake_loss"), is_output("specific_consumption_2"), is_output("vessel_days_jack_up"), is_output("wake")
    (True, True, True, False)
    """
    return name in NAMES or NUMBERED.fullmatch(name) is not None


def check_outputs(names: Sequence[str], where: str, known: Sequence[str] | None = None) -> None:
    """Refuse names that are no outputs of a summary: of those known, or where these are not known yet, of any.

    Raises
    ------
    ConfigurationError
        For the first of them; the nearest are offered.
    """
    for name in names:
        if not (is_output(name) if known is None else name in known):
            offered = nearest(name, NAMES if known is None else known)
            raise ConfigurationError(f"{where}: there is no output {name!r}. {offered}")
