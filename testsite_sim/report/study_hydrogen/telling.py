"""The sentences of the study Waterstof; a line is a paragraph, braces hold computed numbers and stated years."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "question": "Which lead market can carry hydrogen in Flanders, which cluster of fleets and plants should the "
        "roadmap activate, and how does it cross the valley of death: to {target_year} as the study was meant, and "
        "from today to {end_year}?",
        "answer": "Against diesel, hydrogen pays for buses before {end_year} in {bus_even} % of the draws and for "
        "trucks in {truck_even} %; against battery vehicles, the strongest rival, in {bus_even_battery} % for buses "
        "and {truck_even_battery} % for trucks.\nBy its advantages {lead_first} is the best lead market to "
        "{target_year} (score {score_first_p50}, P10–P90: {score_first_p10} to {score_first_p90}; second: "
        "{second_first}, {score_second_first_p50}), and {lead} that of {cluster_year} ({score_p50}, {score_p10} to "
        "{score_p90}; second: {second}, {score_second_p50}); in {end_year} {largest} uses most of the hydrogen "
        "({largest_p50} %, {largest_p10} to {largest_p90}). The ideal lead cluster of {cluster_year} is “{best}”: "
        "best in {best_often} % of the draws. In the scenario “{scenario}” the markets ask for {demand_first_p50} t "
        "of hydrogen in {target_year} ({demand_first_p10} to {demand_first_p90}) and for {demand_last_p50} t in "
        "{end_year} ({demand_last_p10} to {demand_last_p90}); with “{baseline}” for {demand_without_p50} t "
        "({demand_without_p10} to {demand_without_p90}).\nA kilogram costs {nozzle_cost_last_p50} EUR at the nozzle "
        "in {cluster_year} ({nozzle_cost_last_p10} to {nozzle_cost_last_p90}); a bus of today equals diesel at "
        "{parity_p50} EUR ({parity_p10} to {parity_p90}). The valley of death is {valley_depth_last_p50} million EUR "
        "deep with the support of the trajectory ({valley_depth_last_p10} to {valley_depth_last_p90}) and "
        "{depth_without_p50} million without ({depth_without_p10} to {depth_without_p90}), for {public_p50} million "
        "EUR of public money, net. Against “{baseline}” the net benefit is {net_benefit_last_p50} million EUR "
        "({net_benefit_last_p10} to {net_benefit_last_p90}); it is above zero in {worthwhile} % of the draws.\nWhat "
        "policy does: with “{scenario}” instead of “{baseline}” the markets ask for {demand_first_p50} t instead of "
        "{demand_first_without_p50} t in {target_year}; a kilogram costs {nozzle_cost_last_p50} instead of "
        "{nozzle_without_p50} EUR in {cluster_year} (dearer in {dearer} % of the draws; electrolysis makes "
        "{made_p50} instead of {made_without_p50} % of it); without support buses break even against diesel in "
        "{bus_year_p50} (“{baseline}”: {bus_year_without_p50}); and the valley is {valley_depth_last_p50} instead of "
        "{valley_without_p50} million EUR deep. Of the valley of “{baseline}” {development_p50} million EUR are the "
        "assumed cost of development, the same in every scenario.",
        "method": "Each lead market has fleets that could run on hydrogen. What a unit costs its owner, on hydrogen "
        "and on what is there today (diesel, battery, lead-acid, balancing by the grid), decides which share would "
        "choose hydrogen (a logit model of relative cost); a diffusion after Bass, bounded by the stock that wears "
        "out and by the stations that stand, tells how fast. The hourly profile of refuelling times the fleet is the "
        "demand in time.\nHydrogen comes as a by-product of industry as long as there is some, and from electrolysis "
        "beside the simulated wind: hours, part load and the price paid come from a run of the chain on the weather "
        "record. Electrolysers, fuel cells, stations and buses get cheaper with what the world builds (experience "
        "curves). The cost at the nozzle adds electricity, electrolyser, delivery, storage and station.\nA cluster "
        "combines lead fleets with lead plants that may be shared, such as a station that serves buses and trucks or "
        "an electrolyser that also balances. All combinations are enumerated and the one worth most is the ideal "
        "cluster, draw by draw; how often it stays the best is its robustness. Its lead plants are simulated through "
        "the chain. The score of a lead market holds the five advantages of Beise and regulation, from results where "
        "they can be computed and from stated judgements where not.\nImplementation scenarios act by public orders, "
        "a guaranteed price, grants, stations ahead of demand, and the TINA fund of {fund_capital} million EUR, "
        "whose gate opens where the cluster roadmap is convincing ({gate_first} % of the draws to {target_year}, "
        "{gate} % to {end_year}). The valley of death is the trough of the cumulative cash flow of the cluster; the "
        "roadmap dates its milestones by the simulation.\n{members} draws are taken from the ranges of the "
        "assumptions, the first with all of them central; the ranking of the assumptions is by Sobol indices.",
        "limits": "The study of the time and the reports that it cited could not be found: fleets, prices of the "
        "future, shares of Flemish firms and effects of policy are assumptions with ranges, some of their values "
        "chosen with the hindcast in view. Assumptions are drawn independently. The lead plants run on one weather "
        "year. Trucks and buses meet today's prices of energy; taxes beside them are not modelled. Hydrogen as a "
        "feedstock, ships, import and pipelines are left out.",
        "horizon": "Horizon",
        "application": "Application",
        "markets.title": "The lead markets at the end of each horizon, reference scenario",
        "units": "on hydrogen",
        "of_fleet": "of the fleet [%]",
        "demand": "demand [t/year]",
        "price": "price of hydrogen [EUR/kg]",
        "co2": "CO2 avoided [t/year]",
        "parity.title": "Price of parity and break-even, without support",
        "incumbent": "against",
        "in": "year",
        "parity": "price of parity [EUR/kg]",
        "even": "break-even from",
        "even_often": "breaks even in [% of draws]",
        "scenarios.title": "Implementation scenarios",
        "scenario": "Scenario",
        "depth": "depth of the valley [million EUR]",
        "length": "its length [years]",
        "public": "public money, net [million EUR]",
        "abatement": "cost of CO2 avoided [EUR/t]",
        "benefit": "net benefit [million EUR]",
        "clusters.title": "Lead clusters: worth with their best plants, and robustness",
        "combination": "Lead fleets",
        "worth": "worth [million EUR/year]",
        "best": "best in [% of draws]",
        "with_plants": "plants, in most draws",
        "plants.title": "Lead plants that the roadmap activates",
        "simulated.title": "Lead plants as simulated through the chain",
        "production": "makes [kg/day]",
        "dispensing": "dispenses [kg/day]",
        "fuel_cell": "fuel cell [MW]",
        "plant": "Lead plant",
        "place": "place",
        "owner": "owner",
        "from": "from",
        "simulated": "simulated by",
        "produced": "makes [t/year]",
        "delivered": "delivers [t/year]",
        "hours": "electrolyser [full-load hours]",
        "consumption": "use [kWh/kg]",
        "burnt": "fuel cell [full-load hours]",
        "cost": "cost of hydrogen [EUR/kg]",
        "ideal": "in the ideal cluster of {year} [% of draws]",
        "milestones.title": "Milestones of the roadmap, “{scenario}”",
        "milestone": "Milestone",
        "reached": "reached in [% of draws]",
        "hindcast.title": "Hindcast: as computed and as it was seen",
        "quantity": "Quantity",
        "seen": "as seen",
        "source": "source",
    },
    "nl": {
        "question": "Welke leadmarkt kan waterstof in Vlaanderen dragen, welke cluster van vloten en installaties "
        "activeert de roadmap, en hoe steekt ze de valley of death over: tot {target_year} zoals de studie bedoeld "
        "was, en van vandaag tot {end_year}?",
        "answer": "Tegenover diesel loont waterstof vóór {end_year} voor bussen in {bus_even} % van de trekkingen "
        "en voor vrachtwagens in {truck_even} %; tegenover batterijvoertuigen, de sterkste rivaal, in "
        "{bus_even_battery} % voor bussen en {truck_even_battery} % voor vrachtwagens.\nGemeten naar haar voordelen "
        "is {lead_first} de beste leadmarkt tot {target_year} (score {score_first_p50}, P10–P90: {score_first_p10} "
        "tot {score_first_p90}; tweede: {second_first}, {score_second_first_p50}), en {lead} die van {cluster_year} "
        "({score_p50}, {score_p10} tot {score_p90}; tweede: {second}, {score_second_p50}); in {end_year} gebruikt "
        "{largest} de meeste waterstof ({largest_p50} %, {largest_p10} tot {largest_p90}). De ideale leadcluster van "
        "{cluster_year} is “{best}”: de beste in {best_often} % van de trekkingen. In het scenario “{scenario}” "
        "vragen de markten {demand_first_p50} t waterstof in {target_year} ({demand_first_p10} tot "
        "{demand_first_p90}) en {demand_last_p50} t in {end_year} ({demand_last_p10} tot {demand_last_p90}); met "
        "“{baseline}” {demand_without_p50} t ({demand_without_p10} tot {demand_without_p90}).\nEen kilogram kost "
        "{nozzle_cost_last_p50} EUR aan het vulpunt in {cluster_year} ({nozzle_cost_last_p10} tot "
        "{nozzle_cost_last_p90}); een bus van vandaag evenaart diesel bij {parity_p50} EUR ({parity_p10} tot "
        "{parity_p90}). De valley of death is {valley_depth_last_p50} miljoen EUR diep met trajectsteun "
        "({valley_depth_last_p10} tot {valley_depth_last_p90}) en {depth_without_p50} miljoen zonder "
        "({depth_without_p10} tot {depth_without_p90}), voor netto {public_p50} miljoen EUR publiek geld. Tegenover "
        "“{baseline}” is de nettobaat {net_benefit_last_p50} miljoen EUR ({net_benefit_last_p10} tot "
        "{net_benefit_last_p90}); ze ligt boven nul in {worthwhile} % van de trekkingen.\nWat beleid doet: met "
        "“{scenario}” in plaats van “{baseline}” vragen de markten {demand_first_p50} t in plaats van "
        "{demand_first_without_p50} t in {target_year}; een kilogram kost {nozzle_cost_last_p50} in plaats van "
        "{nozzle_without_p50} EUR in {cluster_year} (duurder in {dearer} % van de trekkingen; elektrolyse maakt er "
        "{made_p50} in plaats van {made_without_p50} % van); zonder steun halen bussen hun break-even tegenover "
        "diesel in {bus_year_p50} (“{baseline}”: {bus_year_without_p50}); en de vallei is {valley_depth_last_p50} in "
        "plaats van {valley_without_p50} miljoen EUR diep. Van de vallei van “{baseline}” is {development_p50} "
        "miljoen EUR de aangenomen ontwikkelingskost, gelijk in elk scenario.",
        "method": "Elke leadmarkt heeft vloten die op waterstof kunnen werken. Wat een eenheid haar eigenaar kost, "
        "op waterstof en op wat er vandaag is (diesel, batterij, loodzuur, balanceren door het net), bepaalt welk "
        "deel voor waterstof zou kiezen (een logitmodel van de relatieve kost); een diffusie volgens Bass, begrensd "
        "door wat aan vervanging toe is en door de tankstations die er staan, bepaalt hoe snel. Het uurprofiel van "
        "het tanken maal de vloot is de vraag in de tijd.\nWaterstof komt als bijproduct uit de industrie zolang er "
        "is, en uit elektrolyse naast de gesimuleerde wind: uren, deellast en de betaalde prijs komen uit een run "
        "van de keten op de weerreeks. Elektrolysers, brandstofcellen, tankstations en bussen worden goedkoper met "
        "wat de wereld bouwt (ervaringscurves). De kost aan het vulpunt telt elektriciteit, elektrolyser, levering, "
        "opslag en station op.\nEen cluster combineert leadvloten met leadplants die gedeeld kunnen worden, zoals "
        "een station voor bussen en vrachtwagens of een elektrolyser die ook balanceert. Alle combinaties worden "
        "doorgerekend en die met de meeste waarde is de ideale cluster, trekking per trekking; hoe vaak ze de beste "
        "blijft, is haar robuustheid. Haar leadplants worden door de keten gesimuleerd. De score van een leadmarkt "
        "bevat de vijf voordelen van Beise en regelgeving, uit resultaten waar ze te berekenen zijn en uit vermelde "
        "inschattingen waar niet.\nImplementatiescenario's werken met publieke aankoop, een gewaarborgde prijs, "
        "subsidies, stations vóór de vraag, en het TINA-fonds van {fund_capital} miljoen EUR, dat opengaat waar de "
        "clusterroadmap overtuigt ({gate_first} % van de trekkingen tot {target_year}, {gate} % tot {end_year}). De "
        "valley of death is het dal van de cumulatieve kasstroom van de cluster; de roadmap dateert haar mijlpalen "
        "met de simulatie.\n{members} trekkingen komen uit het bereik van de aannames, trekking 0 met alle centraal; "
        "de rangschikking van de aannames gebeurt met Sobol-indices.",
        "limits": "De studie van toen en de rapporten die ze aanhaalde werden niet gevonden: vloten, toekomstige "
        "prijzen, aandelen van Vlaamse bedrijven en effecten van beleid zijn aannames met een bereik, waarvan enkele "
        "waarden gekozen zijn met de terugblik in het oog. Aannames worden onafhankelijk getrokken. De leadplants "
        "draaien op één weerjaar. Vrachtwagens en bussen betalen de energieprijzen van vandaag; andere belastingen "
        "zijn niet gemodelleerd. Waterstof als grondstof, schepen, import en pijpleidingen blijven buiten "
        "beschouwing.",
        "horizon": "Horizon",
        "application": "Toepassing",
        "markets.title": "De leadmarkten op het einde van elke horizon, referentiescenario",
        "units": "op waterstof",
        "of_fleet": "van de vloot [%]",
        "demand": "vraag [t/jaar]",
        "price": "prijs van waterstof [EUR/kg]",
        "co2": "vermeden CO2 [t/jaar]",
        "parity.title": "Pariteitsprijs en break-even, zonder steun",
        "incumbent": "tegenover",
        "in": "jaar",
        "parity": "pariteitsprijs [EUR/kg]",
        "even": "break-even vanaf",
        "even_often": "break-even in [% trekkingen]",
        "scenarios.title": "Implementatiescenario's",
        "scenario": "Scenario",
        "depth": "diepte van de vallei [miljoen EUR]",
        "length": "haar lengte [jaar]",
        "public": "publiek geld, netto [miljoen EUR]",
        "abatement": "kost van vermeden CO2 [EUR/t]",
        "benefit": "nettobaat [miljoen EUR]",
        "clusters.title": "Leadclusters: waarde met hun beste installaties, en robuustheid",
        "combination": "Leadvloten",
        "worth": "waarde [miljoen EUR/jaar]",
        "best": "beste in [% trekkingen]",
        "with_plants": "installaties, in de meeste trekkingen",
        "plants.title": "Leadplants die de roadmap activeert",
        "simulated.title": "Leadplants zoals door de keten gesimuleerd",
        "production": "maakt [kg/dag]",
        "dispensing": "levert [kg/dag]",
        "fuel_cell": "brandstofcel [MW]",
        "plant": "Leadplant",
        "place": "plaats",
        "owner": "eigenaar",
        "from": "vanaf",
        "simulated": "gesimuleerd door",
        "produced": "maakt [t/jaar]",
        "delivered": "levert [t/jaar]",
        "hours": "elektrolyser [vollasturen]",
        "consumption": "verbruik [kWh/kg]",
        "burnt": "brandstofcel [vollasturen]",
        "cost": "kost van waterstof [EUR/kg]",
        "ideal": "in de ideale cluster van {year} [% trekkingen]",
        "milestones.title": "Mijlpalen van de roadmap, “{scenario}”",
        "milestone": "Mijlpaal",
        "reached": "bereikt in [% trekkingen]",
        "hindcast.title": "Terugblik: zoals berekend en zoals gezien",
        "quantity": "Grootheid",
        "seen": "zoals gezien",
        "source": "bron",
    },
}
