"""The words of the study Waterstof, Dutch and English: a key, then both languages."""

from testsite_sim.report.study_hydrogen.assumptions import assumption_labels

# What stands in results, tables and figures: English, Dutch.
_BOTH: dict[str, tuple[str, str]] = {
    "never": ("not yet", "nog niet"),
    "no-policy": ("no policy", "geen beleid"),
    "market-pull": ("market pull", "market pull"),
    "market-pull-fund": ("market pull with the fund", "market pull met het fonds"),
    "short.no-policy": ("no policy", "geen beleid"),
    "short.market-pull": ("pull", "pull"),
    "short.market-pull-fund": ("pull + fund", "pull + fonds"),
    "to-2020": ("{first_year}–{target_year}", "{first_year}–{target_year}"),
    "to-2050": ("{start_year}–{end_year}", "{start_year}–{end_year}"),
    "logistics": ("logistics", "logistiek"),
    "public-transport": ("public transport", "openbaar vervoer"),
    "balancing": ("balancing", "balanceren"),
    "forklift": ("forklift", "heftruck"),
    "truck": ("truck", "vrachtwagen"),
    "bus": ("bus", "bus"),
    "short.forklift": ("forklift", "heftruck"),
    "short.truck": ("truck", "truck"),
    "short.bus": ("bus", "bus"),
    "short.balancing": ("balancing", "balanceren"),
    "none": ("no cluster", "geen cluster"),
    "units.forklift": ("forklifts", "heftrucks"),
    "units.truck": ("trucks", "vrachtwagens"),
    "units.bus": ("buses", "bussen"),
    "units.balancing": ("balancing [MW]", "balanceren [MW]"),
    "hydrogen": ("hydrogen", "waterstof"),
    "diesel": ("diesel", "diesel"),
    "battery": ("battery", "batterij"),
    "lead-acid": ("lead-acid", "loodzuur"),
    "grid": ("grid", "net"),
    "electrolyser": ("electrolyser", "elektrolyser"),
    "fuel_cell": ("fuel cell", "brandstofcel"),
    "station": ("station", "tankstation"),
    "electrolysis": ("electrolysis", "elektrolyse"),
    "by-product": ("by-product", "bijproduct"),
    "government": ("government", "overheid"),
    "industry": ("industry", "industrie"),
    "knowledge-institutes": ("knowledge institutes", "kennisinstellingen"),
    "users": ("users", "gebruikers"),
    # Variables over the years, and headlines.
    "stock": ("Units on hydrogen", "Eenheden op waterstof"),
    "sales": ("Units on hydrogen bought in the year", "Eenheden op waterstof gekocht in het jaar"),
    "ordered": ("Of these, by public order", "Waarvan door publieke aankoop"),
    "attraction": ("Share that would choose hydrogen by its cost", "Deel dat om de kost voor waterstof zou kiezen"),
    "fleet": ("Units that could run on hydrogen", "Eenheden die op waterstof kunnen werken"),
    "demand": ("Hydrogen demand", "Vraag naar waterstof"),
    "demand_by_market": ("Hydrogen demand of the market", "Vraag naar waterstof van de markt"),
    "price": ("Price of hydrogen, plant as planned", "Prijs van waterstof, installatie zoals gepland"),
    "price_paid": ("Price of hydrogen that users pay", "Prijs van waterstof voor gebruikers"),
    "ownership_cost": ("Cost of ownership on hydrogen", "Kost van eigendom op waterstof"),
    "hydrogen_by_product": ("Hydrogen from industry (by-product)", "Waterstof uit de industrie (bijproduct)"),
    "hydrogen_electrolysis": ("Hydrogen from electrolysis", "Waterstof uit elektrolyse"),
    "electrolyser_power": ("Power of electrolysers", "Vermogen van elektrolysers"),
    "electrolyser_cost": ("Cost of an electrolyser", "Kost van een elektrolyser"),
    "electrolyser_world": ("Electrolysers in the world", "Elektrolysers in de wereld"),
    "electrolyser_consumption": ("Electricity per hydrogen", "Elektriciteit per waterstof"),
    "fuel_cell_cost": ("Cost of a fuel cell", "Kost van een brandstofcel"),
    "fuel_cell_world": ("Fuel cells in the world", "Brandstofcellen in de wereld"),
    "station_cost": ("Cost of a station", "Kost van een tankstation"),
    "station_world": ("Stations in the world", "Tankstations in de wereld"),
    "bus_cost": ("Cost of a hydrogen bus", "Kost van een waterstofbus"),
    "bus_world": ("Hydrogen buses in the world", "Waterstofbussen in de wereld"),
    "electricity_price_paid": ("Price that the electrolyser pays", "Prijs die de elektrolyser betaalt"),
    "stations": ("Stations that stand", "Tankstations die er staan"),
    "station_utilisation": ("Use of the stations over plan", "Gebruik van de stations tegenover plan"),
    "coverage": ("Part of the trucks that find a station", "Deel van de vrachtwagens dat een station vindt"),
    "hydrogen_emissions": ("CO2 per hydrogen", "CO2 per waterstof"),
    "co2_avoided": ("CO2 avoided", "Vermeden CO2"),
    "cash_flow_total": ("Cash flow of the cluster", "Kasstroom van de cluster"),
    "public_cost": ("Public money of the year, net", "Publiek geld van het jaar, netto"),
    "demand_last": ("Hydrogen demand in {end_year}", "Vraag naar waterstof in {end_year}"),
    "demand_first": ("Hydrogen demand in {target_year}", "Vraag naar waterstof in {target_year}"),
    "bus_parity_price": ("Price at which a bus equals diesel", "Prijs waarbij een bus diesel evenaart"),
    "nozzle_cost_first": ("Cost at the nozzle in {target_year}", "Kost aan het vulpunt in {target_year}"),
    "nozzle_cost_last": ("Cost at the nozzle in {cluster_year}", "Kost aan het vulpunt in {cluster_year}"),
    "bus_break_even_year": ("A bus costs no more than on diesel from", "Een bus kost niet meer dan op diesel vanaf"),
    "truck_break_even_year": (
        "A truck costs no more than on diesel from",
        "Een vrachtwagen kost niet meer dan op diesel vanaf",
    ),
    "valley_depth_first": ("Depth of the valley of death to {target_year}", "Diepte valley of death tot {target_year}"),
    "valley_depth_last": ("Depth of the valley of death to {end_year}", "Diepte valley of death tot {end_year}"),
    "valley_length_last": ("Length of the valley of death to {end_year}", "Lengte valley of death tot {end_year}"),
    "abatement_cost_last": ("Cost of CO2 avoided to {end_year}", "Kost van vermeden CO2 tot {end_year}"),
    "jobs_first": ("Jobs in hydrogen in {target_year}", "Jobs in waterstof in {target_year}"),
    "net_benefit_last": (
        "Net benefit to {end_year} against no policy",
        "Nettobaat tot {end_year} tegenover geen beleid",
    ),
    "ideal_cluster_worth_last": (
        "Worth of the ideal cluster in {cluster_year}",
        "Waarde van de ideale cluster in {cluster_year}",
    ),
    "observed.jobs": ("jobs in hydrogen in Flanders", "jobs in waterstof in Vlaanderen"),
    "observed.forklift": ("forklifts on hydrogen", "heftrucks op waterstof"),
    "observed.bus": ("buses on hydrogen", "bussen op waterstof"),
    # Units.
    "year": ("Year", "Jaar"),
    "years": ("years", "jaar"),
    "t/year": ("t/year", "t/jaar"),
    "million EUR": ("million EUR", "miljoen EUR"),
    "million EUR/year": ("million EUR/year", "miljoen EUR/jaar"),
    "EUR/shift": ("EUR/shift", "EUR/shift"),
    # Axes and parts of figures.
    "in_year": ("in {year}", "in {year}"),
    "axis.demand": ("Demand [t/year]", "Vraag [t/jaar]"),
    "axis.supply": ("Supply [t/year]", "Aanbod [t/jaar]"),
    "axis.drawn": ("Hydrogen drawn [kg/h]", "Waterstof getankt [kg/u]"),
    "axis.hour": ("Hour of the day", "Uur van de dag"),
    "axis.nozzle": ("Cost at the nozzle [EUR/kg]", "Kost aan het vulpunt [EUR/kg]"),
    "axis.world": ("in the world", "in de wereld"),
    "axis.worth": ("Worth [million EUR/year]", "Waarde [miljoen EUR/jaar]"),
    "axis.best": ("best in [%]", "beste in [%]"),
    "axis.advantage": ("Advantage, 0 to 1", "Voordeel, 0 tot 1"),
    "axis.cumulative": ("Cumulative cash flow [million EUR]", "Cumulatieve kasstroom [miljoen EUR]"),
    "axis.co2": ("CO2 avoided [kt/year]", "Vermeden CO2 [kt/jaar]"),
    "axis.abatement": ("Cost of CO2 avoided [EUR/t]", "Kost van vermeden CO2 [EUR/t]"),
    "nozzle.of": ("cost, {scenario}", "kost, {scenario}"),
    "parity.of": ("price of parity with diesel, {application}", "prijs gelijk aan diesel, {application}"),
    "score.legend": ("hatched: judged; else computed", "gearceerd: inschatting; anders berekend"),
    "support.with": ("with support of the trajectory", "met trajectsteun"),
    "support.without": ("without", "zonder"),
    "co2.net": ("net", "netto"),
    "compared.demand": ("demand at the end\n[t/year]", "vraag op het einde\n[t/jaar]"),
    "compared.jobs": ("jobs at the end", "jobs op het einde"),
    "compared.co2": ("CO2 avoided [kt]", "vermeden CO2 [kt]"),
    "compared.public": ("public money, net\n[million EUR]", "publiek geld, netto\n[miljoen EUR]"),
    "compared.benefit": ("net benefit\n[million EUR]", "nettobaat\n[miljoen EUR]"),
    "component.electricity": ("electricity", "elektriciteit"),
    "component.electrolyser": ("electrolyser", "elektrolyser"),
    "component.electrolyser-operation": ("its operation", "werking ervan"),
    "component.by-product": ("by-product", "bijproduct"),
    "component.delivery": ("delivery", "levering"),
    "component.storage": ("storage", "opslag"),
    "component.station": ("station", "station"),
    "component.station-operation": ("its operation", "werking ervan"),
    "component.whole": ("at the nozzle", "aan het vulpunt"),
    "advantage.demand": ("demand", "vraag"),
    "advantage.price": ("price", "prijs"),
    "advantage.export": ("export", "export"),
    "advantage.transfer": ("transfer", "overdracht"),
    "advantage.structure": ("structure", "structuur"),
    "advantage.regulation": ("regulation", "regelgeving"),
    "advantage.score": ("score", "score"),
    "phase.study": ("study", "studie"),
    "phase.cluster": ("forming of the cluster", "vorming van de cluster"),
    "phase.lead-plants": ("lead plants", "leadplants"),
    "phase.roll-out": ("roll-out", "uitrol"),
    "phase.market": ("market", "markt"),
    "milestone.study": ("study done", "studie klaar"),
    "milestone.cluster-roadmap": ("cluster roadmap", "clusterroadmap"),
    "milestone.first-lead-plant": ("first lead plant", "eerste leadplant"),
    "milestone.ten-stations": ("ten stations", "tien tankstations"),
    "milestone.tonne-a-day": ("a tonne of hydrogen a day", "een ton waterstof per dag"),
    "milestone.network": ("network for trucks", "netwerk voor vrachtwagens"),
    "milestone.parity-logistics": ("parity in logistics", "pariteit in logistiek"),
    "milestone.parity-public-transport": ("parity in public transport", "pariteit in openbaar vervoer"),
    "milestone.parity-balancing": ("parity in balancing", "pariteit in balanceren"),
    "milestone.deepest-point": ("deepest point of the valley", "diepste punt van de vallei"),
    "milestone.cash-positive": ("cash flow above zero", "kasstroom boven nul"),
    "milestone.payback": ("paid back", "terugverdiend"),
    "roadmap.never": ("not in the horizon", "niet binnen de horizon"),
    "roadmap.seldom": ("in {reached} % of the draws", "in {reached} % van de trekkingen"),
    # Captions.
    "figure.adoption": (
        "Adoption: units on hydrogen of every application by scenario, P50, with the band from P10 to P90 of the "
        "reference.",
        "Adoptie: eenheden op waterstof per toepassing en scenario, P50, met de band van P10 tot P90 van de "
        "referentie.",
    ),
    "figure.demand-and-supply": (
        "Hydrogen that the lead markets ask for, and where it comes from; reference scenario, mean of the draws.",
        "Waterstof die de leadmarkten vragen, en waar ze vandaan komt; referentiescenario, gemiddelde van de "
        "trekkingen.",
    ),
    "figure.demand-profile": (
        "Hydrogen drawn by the hour of the day at the end of each horizon; reference scenario, mean of the draws.",
        "Waterstof die per uur van de dag getankt wordt op het einde van elke horizon; referentiescenario, gemiddelde.",
    ),
    "figure.nozzle-cost": (
        "What the cost of hydrogen at the nozzle is made of; reference scenario, mean of the draws, with P10 to P90 "
        "of the whole.",
        "Waaruit de kost van waterstof aan het vulpunt bestaat; referentiescenario, gemiddelde van de trekkingen, "
        "met P10 tot P90 van het geheel.",
    ),
    "figure.ownership-cost": (
        "Total cost of ownership per service, on hydrogen without support and on what is there today; P50 with P10 "
        "to P90.",
        "Totale kost van eigendom per dienst, op waterstof zonder steun en op wat er vandaag is; P50 met P10 tot P90.",
    ),
    "figure.learning": (
        "Experience curves: cost against what stands in the world; P50 with the band from P10 to P90.",
        "Ervaringscurves: kost tegen wat er in de wereld staat; P50 met de band van P10 tot P90.",
    ),
    "figure.parity": (
        "Cost of hydrogen at the nozzle by scenario, with the band from P10 to P90 of the reference, and the price "
        "at which a bus and a truck cost as much as on diesel.",
        "Kost van waterstof aan het vulpunt per scenario, met de band van P10 tot P90 van de referentie, en de prijs "
        "waarbij een bus en een vrachtwagen evenveel kosten als op diesel.",
    ),
    "figure.cluster-ranking": (
        "Clusters: what a combination of lead fleets is worth with its best plants (P50, P10 to P90), and in which "
        "part of the draws it is the best.",
        "Clusters: wat een combinatie van leadvloten waard is met haar beste installaties (P50, P10 tot P90), en in "
        "welk deel van de trekkingen ze de beste is.",
    ),
    "figure.lead-market-score": (
        "Lead markets: five advantages of Beise and regulation, and their weighted score; P50 with P10 to P90.",
        "Leadmarkten: de vijf voordelen van Beise en regelgeving, en hun gewogen score; P50 met P10 tot P90.",
    ),
    "figure.roadmap": (
        "Roadmap of the reference scenario: phases with who leads (filled) and who takes part (open), and milestones "
        "as the simulation dates them; P50, lines P10 to P90.",
        "Roadmap van het referentiescenario: fasen met wie leidt (vol) en wie meedoet (open), en mijlpalen zoals de "
        "simulatie ze dateert; P50, lijnen P10 tot P90.",
    ),
    "figure.valley-of-death": (
        "Valley of death: cumulative cash flow of the cluster in the reference scenario, with the support of its "
        "trajectory and without; P50 with the band from P10 to P90, the deepest point marked.",
        "Valley of death: cumulatieve kasstroom van de cluster in het referentiescenario, met trajectsteun en "
        "zonder; P50 met de band van P10 tot P90, het diepste punt gemerkt.",
    ),
    "figure.co2": (
        "CO2 avoided by each application (reference scenario, mean of the draws; the line is net of what emits "
        "more), and what a tonne costs by scenario (P50, P10 to P90).",
        "CO2 die elke toepassing vermijdt (referentiescenario, gemiddelde; de lijn is netto van wat meer uitstoot), "
        "en wat een ton kost per scenario (P50, P10 tot P90).",
    ),
    "figure.policies": (
        "Implementation scenarios: what they bring and what they cost in each horizon; P50 with P10 to P90.",
        "Implementatiescenario's: wat ze brengen en wat ze kosten in elke horizon; P50 met P10 tot P90.",
    ),
}

WORDS = {
    language: {**{key: both[column] for key, both in _BOTH.items()}, **assumption_labels(column)}
    for column, language in enumerate(("en", "nl"))
}
