"""The figures and the story of the study Waterstof."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.configuration.study_hydrogen import Waterstof
from testsite_sim.report.study import draw_tornado
from testsite_sim.report.study.lines import band, look, quantile_table, quantiles
from testsite_sim.report.study.story import Story, number
from testsite_sim.report.style import TWO_COLUMNS, new_figure
from testsite_sim.studies import STUDIES

RANKED = ("bus_parity_price", "demand_last", "valley_depth_first")
TONNE = 1000.0


def draw_demand(results: xr.Dataset, words: Mapping[str, str]) -> tuple[Figure, pd.DataFrame]:
    """Draw the hydrogen demand of all markets by scenario, a panel per horizon."""
    horizons = results["horizon"].to_numpy().tolist()
    figure = new_figure(TWO_COLUMNS, 2.5)
    panels = figure.subplots(1, len(horizons), squeeze=False)[0]
    total = results["demand_by_market"].sum("market").rename("demand")
    for axes, horizon in zip(panels, horizons, strict=True):
        part = total.isel(year=(results["horizon_of_year"] == horizon).to_numpy())
        years = part["year"].to_numpy()
        reference = part.sel(scenario=results.attrs["scenario"])
        band(axes, years, reference, look(results, results.attrs["scenario"])[0], 1.0 / TONNE)
        for name in results["scenario"].to_numpy():
            colour, dashes = look(results, name)
            middle = quantiles(part.sel(scenario=name))[1] / TONNE
            axes.plot(years, middle, dashes, color=colour, label=words.get(name, name))
        axes.set_xticks(years[:: max(1, years.size // 6)])
        axes.set_ylim(bottom=0.0)
    panels[0].set_ylabel(words["axis.demand"])
    panels[0].legend(loc="upper left")
    return figure, quantile_table(total, words, 1.0 / TONNE)


def draw_ranking(results: xr.Dataset, words: Mapping[str, str]) -> tuple[Figure, pd.DataFrame]:
    """Draw the tornado of parity, demand and the valley of death."""
    return draw_tornado(
        results, words, [headline for headline in STUDIES["waterstof"].headlines if headline.variable in RANKED]
    )


FIGURES = {"demand": draw_demand, "tornado": draw_ranking}


def tell(configuration: Waterstof, results: xr.Dataset, words: Mapping[str, str]) -> Story:
    """Return question, answer, method and limits."""
    reference = results.attrs["scenario"]

    def interval(name: str, factor: float = 1.0) -> dict[str, str]:
        variable = results[name].sel(scenario=reference) if "scenario" in results[name].dims else results[name]
        found = np.quantile(variable.to_numpy() * factor, [0.1, 0.5, 0.9], method="inverted_cdf")
        return dict(zip(("low", "middle", "high"), (number(each, words) for each in found), strict=True))

    answer = [
        words["answer.demand"].format(**interval("demand_last", 1e-3)),
        words["answer.parity"].format(**interval("bus_parity_price")),
        words["answer.valley"].format(**interval("valley_depth_first", 1e-6)),
    ]
    return Story(words["the question"], answer, [words["the method"]], [words["the limits"]])


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "never": "not by {end_year}",
        "no-policy": "no policy",
        "market-pull": "market pull",
        "market-pull-fund": "market pull and fund",
        "bus_parity_price": "Price of hydrogen at parity of a bus with diesel",
        "nozzle_cost_first": "Cost at the nozzle in {target_year}",
        "nozzle_cost_last": "Cost at the nozzle in {cluster_year}",
        "demand_first": "Hydrogen demand in {target_year}",
        "demand_last": "Hydrogen demand in {end_year}",
        "truck_break_even_year": "Year in which a truck breaks even with diesel",
        "bus_break_even_year": "Year in which a bus breaks even with diesel",
        "valley_depth_first": "Depth of the valley of death to {target_year}",
        "valley_depth_last": "Depth of the valley of death to {end_year}",
        "valley_length_last": "Length of the valley of death to {end_year}",
        "abatement_cost_last": "Cost of avoided CO2 to {end_year}",
        "jobs_first": "Jobs in hydrogen in {target_year}",
        "net_benefit_last": "Net benefit to {end_year}, discounted",
        "ideal_cluster_worth_last": "Worth of the ideal cluster in {cluster_year}",
        "axis.demand": "Hydrogen demand [t/year]",
        "figure.demand": "Hydrogen demand of all lead markets by scenario, P50 with the band from P10 to P90 of the "
        "reference.",
        "the question": "Which lead markets carry hydrogen in Flanders, and how deep is the valley of death "
        "before them?",
        "answer.demand": "With market pull and the fund, demand reaches {middle} t a year in {end_year} (P10 "
        "{low}, P90 "
        "{high}).",
        "answer.parity": "A bus costs as much as on diesel at {middle} EUR/kg ({low} to {high}).",
        "answer.valley": "The valley of death to {target_year} is {middle} million EUR deep ({low} to {high}).",
        "the method": "Cost of ownership, diffusion, supply and cash flow of three lead markets are computed for every "
        "member; electrolysis and balancing are simulated by the chain.",
        "the limits": "The study of the time could not be found: fleets, behaviour and policies are "
        "assumptions with ranges.",
    },
    "nl": {
        "never": "niet tegen {end_year}",
        "no-policy": "geen beleid",
        "market-pull": "market pull",
        "market-pull-fund": "market pull en fonds",
        "bus_parity_price": "Waterstofprijs bij pariteit van een bus met diesel",
        "nozzle_cost_first": "Kost aan het vulpunt in {target_year}",
        "nozzle_cost_last": "Kost aan het vulpunt in {cluster_year}",
        "demand_first": "Waterstofvraag in {target_year}",
        "demand_last": "Waterstofvraag in {end_year}",
        "truck_break_even_year": "Jaar waarin een vrachtwagen diesel evenaart",
        "bus_break_even_year": "Jaar waarin een bus diesel evenaart",
        "valley_depth_first": "Diepte van de valley of death tot {target_year}",
        "valley_depth_last": "Diepte van de valley of death tot {end_year}",
        "valley_length_last": "Lengte van de valley of death tot {end_year}",
        "abatement_cost_last": "Kost van vermeden CO2 tot {end_year}",
        "jobs_first": "Jobs in waterstof in {target_year}",
        "net_benefit_last": "Nettobaat tot {end_year}, verdisconteerd",
        "ideal_cluster_worth_last": "Waarde van de ideale cluster in {cluster_year}",
        "million EUR": "miljoen EUR",
        "year": "Jaar",
        "axis.demand": "Waterstofvraag [t/jaar]",
        "figure.demand": "Waterstofvraag van alle leadmarkten per scenario, P50 met de band van P10 tot P90 van de "
        "referentie.",
        "the question": "Welke leadmarkten dragen waterstof in Vlaanderen, en hoe diep is de valley of death ervoor?",
        "answer.demand": "Met market pull en het fonds bereikt de vraag {middle} t per jaar in {end_year} "
        "(P10 {low}, P90 "
        "{high}).",
        "answer.parity": "Een bus kost evenveel als op diesel bij {middle} EUR/kg ({low} tot {high}).",
        "answer.valley": "De valley of death tot {target_year} is {middle} miljoen EUR diep ({low} tot {high}).",
        "the method": "Eigendomskost, verspreiding, aanbod en kasstroom van drie leadmarkten worden voor elke trekking "
        "berekend; elektrolyse en balancering worden door de keten gesimuleerd.",
        "the limits": "De studie van toen werd niet gevonden: vloten, gedrag en beleid zijn aannames met een bereik.",
    },
}

__all__ = ["FIGURES", "WORDS", "tell"]
