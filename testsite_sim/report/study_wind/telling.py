"""The sentences of the study Flanders Wind Farm; a line is a paragraph, braces hold computed numbers."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "question": "Can the Flemish offshore wind industry grow from {reference_jobs} direct jobs in "
        "{reference_year} to {target} in {target_year}, and what does an offshore test site add?",
        "answer": "In the scenario “{scenario}” and with a test site from {site_opening} on, the industry has "
        "{jobs_p50} direct jobs in {target_year} (P10–P90: {jobs_p10} to {jobs_p90}); {target} are reached in "
        "{reached} % of the draws. Of these jobs the test site adds {added_p50} ({added_p10} to {added_p90}), most "
        "of them through {mechanism}.\nWithout a test site, {target} jobs need {factors}. A million euro of "
        "public money adds {per_euro_p50} job-years ({per_euro_p10} to {per_euro_p90}), net of jobs that would exist "
        "anyway. Taxes and contributions on these jobs repay the public money by {target_year} in {paid_target} % of "
        "the draws and by the end of the life of the site in {paid} %; the median year is {payback}. Amounts are in "
        "constant prices; the public balance is discounted at {discount_p50} % a year, the job-years per million are "
        "not.",
        "factor": "{here_p50} times the share of {reference_year} ({here_p10} to {here_p90}) in the market “{market}”",
        "and": ", and ",
        "example": " ({supplier} by {buyer}, most of all)",
        "method": "The jobs of a segment of the value chain are its Flemish share times the jobs of the European "
        "market in it: jobs per power under construction in the year (investment phase: a wind farm is under "
        "construction for some years until it is installed) and per power operating (operational phase), less what "
        "the industry learns with each doubling of the operating power and what productivity gains in general. A "
        "factor of scope, the same in every year (P50: {scope_p50}), makes the jobs of {reference_year} the "
        "{reference_jobs} that were reported: direct jobs for other markets, such as gearboxes for wind on land, are "
        "among them. Jobs at suppliers outside the chain are stated separately, as indirect.\nSegments supply each "
        "other: a part of the work of one is bought by another one{example}. Towards a Flemish buyer the odds of a "
        "Flemish supplier are higher, so that an order that one segment wins brings orders to its suppliers.\nShares "
        "follow a logit model of orders won. Without a test site the odds grow or shrink by scenario. The test site "
        "adds to them by four mechanisms: certificates come {months_p50} months earlier ({months_p10} to "
        "{months_p90}) than elsewhere; prototypes with Flemish novelties become references; what is learnt on them "
        "lowers cost; and redesign brings the failures of a turbine from {rate_before_p50} to {rate_after_p50} a "
        "year before the market sees it. Berths, certificates, failures and repairs are simulated on a weather "
        "record with waves. Public costs and returns are carried on to the end of the life of the site, and its "
        "removal. The counterfactual is the same industry, draw by draw, without the site.\n{members} draws are "
        "taken from the ranges of the assumptions, the first with all of them central; the ranking of the "
        "assumptions is by Sobol indices.",
        "limits": "The study of 2009 behind the two figures of jobs, and the study of the test site, could not be "
        "found: Flemish shares, weights of segments, costs and effects of the site are assumptions with ranges; some "
        "of their values were chosen with the hindcast in view. Who buys from whom, and how much more readily at "
        "home, are judgements. After {target_year} the market grows by an assumed rate, competing test sites do not "
        "catch up, and what the site adds after its end is not counted; nor are savings of wind-farm owners and "
        "taxes on indirect jobs. No count of Flemish jobs in {target_year} was found to hold the result against.",
        "chain.title": "The value chain: Flemish share and direct jobs, with the test site",
        "per_power.title": "Jobs and value added of the whole market per MW in {reference_year}",
        "for_segments": "of them for other segments",
        "hindcast.title": "Hindcast: {target_year} as computed and as published",
        "frontier.title": "Frontier: factor on the share of {reference_year} ({share_p50} % of the work of the "
        "chain) that {target} jobs in {target_year} need",
        "segment": "Segment",
        "share": "share {year} [%]",
        "jobs.investment": "jobs/MW under construction",
        "value.investment": "value added [kEUR/MW] under construction",
        "jobs.operation": "jobs/MW operating",
        "value.operation": "value added [kEUR/MW/year] operating",
        "ours.investment": "Flemish jobs {year}, investment",
        "ours.operation": "Flemish jobs {year}, operation",
        "apart.title": "Direct and indirect jobs and value added in {target_year}, with the test site",
        "apart.scenario": "Scenario",
        "apart.direct": "direct jobs",
        "apart.indirect": "indirect jobs",
        "apart.direct_value": "value added, direct [million EUR]",
        "apart.indirect_value": "value added, indirect [million EUR]",
        "quantity": "Quantity",
        "computed": "Computed",
        "published": "Published",
        "growth": "growth of productivity [%/year]",
        "hindcast.market": "direct jobs of the European market, offshore wind alone",
        "hindcast.market.known": "47 000 full-time jobs in 2024, 28 000 of them direct (4C Offshore); forecast in "
        "2012 for 2020: 170 000 (EWEA)",
        "hindcast.per_installed": "jobs per MW under construction",
        "hindcast.per_installed.known": "4.7 direct job-years per MW, as many indirect ones (Belgian Offshore "
        "Platform)",
        "hindcast.per_operating": "jobs per MW operating",
        "hindcast.per_operating.known": "0.33 to 0.36 per MW (Belgian Offshore Platform)",
        "hindcast.share": "Flemish share in foundations [%]",
        "hindcast.share.known": "above 30 % of the world outside China in 2023, with installation and substations "
        "(cleantechflanders)",
        "hindcast.kept": "Flemish direct jobs with the shares of the first year kept, market “{market}”",
        "hindcast.kept.known": "{power} GW operate at the end in this market",
        "hindcast.jobs": "Flemish direct jobs without a test site, reference scenario",
        "hindcast.jobs.known": "15 000 to 16 000 jobs in Belgium by 2030, from 2017 (Climact)",
    },
    "nl": {
        "question": "Kan de Vlaamse offshore windindustrie groeien van {reference_jobs} directe jobs in "
        "{reference_year} naar {target} in {target_year}, en wat voegt een offshore testsite toe?",
        "answer": "In het scenario “{scenario}” en met een testsite vanaf {site_opening} telt de industrie "
        "{jobs_p50} directe jobs in {target_year} (P10–P90: {jobs_p10} tot {jobs_p90}); {target} worden bereikt in "
        "{reached} % van de trekkingen. Van deze jobs voegt de testsite er {added_p50} toe ({added_p10} tot "
        "{added_p90}), de meeste door {mechanism}.\nZonder testsite is voor {target} jobs nodig: {factors}. Een "
        "miljoen euro publiek geld voegt {per_euro_p50} jobjaren toe ({per_euro_p10} tot {per_euro_p90}), zonder de "
        "jobs die er anders ook zouden zijn. Belastingen en bijdragen op deze jobs betalen het publieke geld terug "
        "tegen {target_year} in {paid_target} % van de trekkingen en tegen het einde van de testsite in {paid} %; "
        "het mediane jaar is {payback}. Bedragen zijn in constante prijzen; de publieke balans is verdisconteerd "
        "tegen {discount_p50} % per jaar, de jobjaren per miljoen niet.",
        "factor": "{here_p50} keer het aandeel van {reference_year} ({here_p10} tot {here_p90}) in de markt “{market}”",
        "and": ", en ",
        "example": " (vooral {supplier} door {buyer})",
        "method": "De jobs van een segment van de waardeketen zijn het Vlaamse aandeel in dat segment maal de jobs "
        "van de Europese markt erin: jobs per vermogen waaraan in het jaar gewerkt wordt (investeringsfase: aan een "
        "windpark wordt enkele jaren gewerkt tot het gebouwd is) en per vermogen in bedrijf (operationele fase), min "
        "wat de industrie leert bij elke verdubbeling van het vermogen in bedrijf en wat de productiviteit in het "
        "algemeen wint. Een factor voor de afbakening, gelijk in elk jaar (P50: {scope_p50}), brengt de jobs van "
        "{reference_year} op de getelde {reference_jobs}: directe jobs voor andere markten, zoals tandwielkasten "
        "voor wind op land, horen erbij. Jobs bij leveranciers buiten de keten worden apart geteld, als "
        "indirecte.\nSegmenten leveren aan elkaar: een deel van het werk van het ene koopt een ander{example}. Bij "
        "een Vlaamse koper heeft een Vlaamse leverancier meer kans, zodat een order die een segment wint, orders "
        "brengt bij zijn leveranciers.\nAandelen volgen een logitmodel van gewonnen orders. Zonder testsite groeien "
        "of krimpen de kansen per scenario. De testsite voegt eraan toe door vier mechanismen: certificaten komen "
        "{months_p50} maanden vroeger ({months_p10} tot {months_p90}) dan elders; prototypes met Vlaamse "
        "nieuwigheden worden referenties; wat ze leren verlaagt de kost; en herontwerp brengt de storingen van een "
        "turbine van {rate_before_p50} naar {rate_after_p50} per jaar vóór de markt ze ziet. Ligplaatsen, "
        "certificaten, storingen en herstellingen worden gesimuleerd op een weerreeks met golven. Publieke kosten en "
        "opbrengsten lopen door tot het einde van de testsite en haar afbraak. Het nulalternatief is dezelfde "
        "industrie, trekking per trekking, zonder de testsite.\n{members} trekkingen komen uit het bereik van de "
        "aannames, trekking 0 met alle centraal; de rangschikking van de aannames gebeurt met Sobol-indices.",
        "limits": "De studie van 2009 achter de twee cijfers over jobs, en de studie van de testsite, werden niet "
        "gevonden: Vlaamse aandelen, gewichten van segmenten, kosten en effecten van de testsite zijn aannames met "
        "een bereik; enkele waarden zijn gekozen met de terugblik in het oog. Wie van wie koopt, en hoeveel liever "
        "in eigen land, zijn inschattingen. Na {target_year} groeit de markt met een aangenomen tempo, halen andere "
        "testsites de achterstand niet in, en telt niet mee wat de testsite na haar einde nog toevoegt; evenmin "
        "besparingen van eigenaars van windparken en belastingen op indirecte jobs. Er werd geen telling van Vlaamse "
        "jobs in {target_year} gevonden om het resultaat aan te toetsen.",
        "chain.title": "De waardeketen: Vlaams aandeel en directe jobs, met de testsite",
        "per_power.title": "Jobs en toegevoegde waarde van de hele markt per MW in {reference_year}",
        "for_segments": "waarvan voor andere segmenten",
        "hindcast.title": "Terugblik: {target_year} zoals berekend en zoals gepubliceerd",
        "frontier.title": "Grens: factor op het aandeel van {reference_year} ({share_p50} % van het werk in de "
        "keten) die {target} jobs in {target_year} nodig hebben",
        "segment": "Segment",
        "share": "aandeel {year} [%]",
        "jobs.investment": "jobs/MW in bouw",
        "value.investment": "toegevoegde waarde [kEUR/MW] in bouw",
        "jobs.operation": "jobs/MW in bedrijf",
        "value.operation": "toegevoegde waarde [kEUR/MW/jaar] in bedrijf",
        "ours.investment": "Vlaamse jobs {year}, investering",
        "ours.operation": "Vlaamse jobs {year}, exploitatie",
        "apart.title": "Directe en indirecte jobs en toegevoegde waarde in {target_year}, met de testsite",
        "apart.scenario": "Scenario",
        "apart.direct": "directe jobs",
        "apart.indirect": "indirecte jobs",
        "apart.direct_value": "toegevoegde waarde, direct [miljoen EUR]",
        "apart.indirect_value": "toegevoegde waarde, indirect [miljoen EUR]",
        "quantity": "Grootheid",
        "computed": "Berekend",
        "published": "Gepubliceerd",
        "growth": "groei van de productiviteit [%/jaar]",
        "hindcast.market": "directe jobs van de Europese markt, alleen offshore wind",
        "hindcast.market.known": "47 000 voltijdse jobs in 2024, waarvan 28 000 directe (4C Offshore); verwachting "
        "uit 2012 voor 2020: 170 000 (EWEA)",
        "hindcast.per_installed": "jobs per MW in bouw",
        "hindcast.per_installed.known": "4,7 directe jobjaren per MW, en evenveel indirecte (Belgian Offshore "
        "Platform)",
        "hindcast.per_operating": "jobs per MW in bedrijf",
        "hindcast.per_operating.known": "0,33 tot 0,36 per MW (Belgian Offshore Platform)",
        "hindcast.share": "Vlaams aandeel in funderingen [%]",
        "hindcast.share.known": "meer dan 30 % van de wereld buiten China in 2023, met installatie en "
        "transformatorstations (cleantechflanders)",
        "hindcast.kept": "Vlaamse directe jobs met de aandelen van het eerste jaar behouden, markt “{market}”",
        "hindcast.kept.known": "{power} GW in bedrijf op het einde in deze markt",
        "hindcast.jobs": "Vlaamse directe jobs zonder testsite, referentiescenario",
        "hindcast.jobs.known": "15 000 tot 16 000 jobs in België tegen 2030, uit 2017 (Climact)",
    },
}
