"""Labels of the assumptions of the study Waterstof: patterns of paths, with what stands in their braces."""

import itertools
import string

# Name in a path: English, Dutch.
_NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "application": {
        "forklift": ("forklifts", "heftrucks"), "truck": ("trucks", "vrachtwagens"), "bus": ("buses", "bussen"),
        "balancing": ("balancing", "balanceren"),
    },
    "technology": {
        "electrolyser": ("electrolysers", "elektrolysers"), "fuel_cell": ("fuel cells", "brandstofcellen"),
        "station": ("stations", "tankstations"), "bus": ("buses", "bussen"),
    },
    "market": {
        "logistics": ("logistics", "logistiek"), "public-transport": ("public transport", "openbaar vervoer"),
        "balancing": ("balancing", "balanceren"),
    },
    "horizon": {"to-2020": ("to 2020", "tot 2020"), "to-2050": ("to 2050", "tot 2050")},
    "policy": {"market-pull": ("pull", "pull"), "market-pull-fund": ("pull + fund", "pull + fonds")},
    "power": {
        "diesel": ("diesel", "diesel"), "battery": ("battery", "batterij"), "hydrogen": ("hydrogen", "waterstof"),
    },
    "advantage": {
        "demand": ("demand", "vraag"), "price": ("price", "prijs"), "export": ("export", "export"),
        "transfer": ("transfer", "overdracht"), "structure": ("structure", "structuur"),
        "regulation": ("regulation", "regelgeving"),
    },
    "year": {str(year): (str(year), str(year)) for year in range(2005, 2061)},
}  # fmt: skip
# Path with names in braces: English, Dutch.
_PATTERNS: dict[str, tuple[str, str]] = {
    "energy.electricity.{year}": ("price of electricity, {year}", "prijs elektriciteit, {year}"),
    "energy.retail_fee": ("networks and levies", "netten en heffingen"),
    "energy.diesel": ("price of diesel", "prijs van diesel"),
    "energy.carbon_price.{year}": ("price of carbon, {year}", "koolstofprijs, {year}"),
    "energy.grid_emissions.{year}": ("CO2 of the grid, {year}", "CO2 van het net, {year}"),
    "energy.diesel_emissions": ("CO2 of diesel", "CO2 van diesel"),
    "energy.wind_emissions": ("CO2 of wind power", "CO2 van windenergie"),
    "energy.battery.{year}": ("price of batteries, {year}", "prijs batterijen, {year}"),
    "markets.cost_of_capital": ("cost of capital of users", "kapitaalkost van gebruikers"),
    "markets.{application}.fleet": ("fleet, {application}", "vloot, {application}"),
    "markets.{application}.life": ("life, {application}", "levensduur, {application}"),
    "markets.{application}.initial_stock.{horizon}": (
        "first stock {horizon}, {application}",
        "beginstand {horizon}, {application}",
    ),
    "markets.{application}.network_stations": (
        "stations of a network, {application}",
        "stations van een netwerk, {application}",
    ),
    "markets.{application}.distance": ("distance a year, {application}", "afstand per jaar, {application}"),
    "markets.{application}.{power}.price": ("price, {application} on {power}", "prijs, {application} op {power}"),
    "markets.{application}.{power}.maintenance": (
        "upkeep, {application} on {power}",
        "onderhoud, {application} op {power}",
    ),
    "markets.{application}.{power}.consumption": (
        "use, {application} on {power}",
        "verbruik, {application} op {power}",
    ),
    "markets.{application}.battery.reach": ("reach of batteries, {application}", "bereik batterijen, {application}"),
    "markets.{application}.battery.price_without_battery": (
        "vehicle without battery, {application}",
        "voertuig zonder batterij, {application}",
    ),
    "markets.{application}.battery.battery": ("size of the battery, {application}", "grootte batterij, {application}"),
    "markets.{application}.battery.battery_life": (
        "life of the battery, {application}",
        "levensduur batterij, {application}",
    ),
    "markets.{application}.battery.charger": ("charger, {application}", "lader, {application}"),
    "markets.{application}.battery.fleet_factor": (
        "vehicles more for charging, {application}",
        "extra voertuigen voor laden, {application}",
    ),
    "markets.forklift.shifts": ("shifts a year", "shifts per jaar"),
    "markets.forklift.lead_acid.batteries": ("lead-acid batteries", "loodzuurbatterijen"),
    "markets.forklift.lead_acid.battery_life": ("life of lead-acid", "levensduur loodzuur"),
    "markets.forklift.lead_acid.energy_per_shift": ("energy a shift, lead-acid", "energie per shift, loodzuur"),
    "markets.forklift.lead_acid.labour_per_shift": ("labour a shift, lead-acid", "arbeid per shift, loodzuur"),
    "markets.forklift.lead_acid.room": ("room for batteries", "ruimte voor batterijen"),
    "markets.{application}.hydrogen.fuel_cell": ("fuel cell, {application}", "brandstofcel, {application}"),
    "markets.{application}.hydrogen.tank": ("tank, {application}", "tank, {application}"),
    "markets.{application}.hydrogen.price_without_fuel_cell": (
        "vehicle without fuel cell, {application}",
        "voertuig zonder brandstofcel, {application}",
    ),
    "markets.{application}.tank_cost": ("cost of tanks, {application}", "kost van tanks, {application}"),
    "markets.forklift.hydrogen.tank_and_balance": ("tank and balance, forklifts", "tank en rest, heftrucks"),
    "markets.forklift.hydrogen.mass_per_shift": ("hydrogen a shift", "waterstof per shift"),
    "markets.forklift.hydrogen.labour_per_shift": ("labour a shift, hydrogen", "arbeid per shift, waterstof"),
    "markets.balancing.offshore_wind.{year}": ("offshore wind, {year}", "offshore wind, {year}"),
    "markets.balancing.grid_price.{year}": ("price of balancing by the grid, {year}", "prijs netbalancering, {year}"),
    "markets.balancing.grid_emissions": ("CO2 of balancing by the grid", "CO2 van netbalancering"),
    "markets.balancing.hydrogen.operating_life": ("life of fuel cells", "levensduur brandstofcellen"),
    "markets.balancing.battery.duration": ("hours of a battery", "uren van een batterij"),
    "markets.balancing.battery.round_trip": ("efficiency of a battery", "rendement van een batterij"),
    "markets.balancing.battery.life": ("life of a battery", "levensduur van een batterij"),
    "markets.balancing.battery.operating": ("upkeep of a battery", "onderhoud van een batterij"),
    "markets.diffusion.innovation": ("innovation (Bass)", "innovatie (Bass)"),
    "markets.diffusion.imitation": ("imitation (Bass)", "imitatie (Bass)"),
    "markets.diffusion.choice_sensitivity": ("sensitivity to cost", "gevoeligheid voor kost"),
    "technologies.{technology}.learning_rate": ("learning rate, {technology}", "leertempo, {technology}"),
    "technologies.{technology}.references.{horizon}.cost": (
        "first cost {horizon}, {technology}",
        "beginkost {horizon}, {technology}",
    ),
    "technologies.{technology}.references.{horizon}.world": (
        "first stock in the world {horizon}, {technology}",
        "beginstand wereld {horizon}, {technology}",
    ),
    "technologies.{technology}.references.{horizon}.growth": (
        "growth in the world {horizon}, {technology}",
        "groei wereld {horizon}, {technology}",
    ),
    "supply.electrolyser.consumption.{year}": ("use of electrolysers, {year}", "verbruik elektrolysers, {year}"),
    "supply.electrolyser.fee": ("fee beside the wind farm", "kost naast het windpark"),
    "supply.electrolyser.operating": ("upkeep of electrolysers", "onderhoud elektrolysers"),
    "supply.electrolyser.operating_life": ("life of stacks", "levensduur stacks"),
    "supply.electrolyser.life": ("life of electrolysers", "levensduur elektrolysers"),
    "supply.by_product.price": ("price of by-product", "prijs bijproduct"),
    "supply.by_product.available": ("by-product to spare", "beschikbaar bijproduct"),
    "supply.by_product.delivery": ("delivery of by-product", "levering bijproduct"),
    "supply.by_product.replacement_emissions": ("CO2 of what replaces by-product", "CO2 van vervanging bijproduct"),
    "supply.stations.capacity": ("capacity of a station", "capaciteit station"),
    "supply.stations.dispensing_hours": ("hours of full dispensing", "uren vol tanken"),
    "supply.stations.utilisation": ("use of stations", "gebruik van stations"),
    "supply.stations.life": ("life of stations", "levensduur stations"),
    "supply.stations.operating": ("upkeep of stations", "onderhoud stations"),
    "supply.stations.storage_cost": ("cost of storage", "kost van opslag"),
    "supply.stations.compression": ("compression", "compressie"),
    "supply.cost_of_capital": ("cost of capital of supply", "kapitaalkost van aanbod"),
    "cluster.fleets.{application}": ("lead fleet, {application}", "leadvloot, {application}"),
    "cluster.plants.coastal-depot.dispensing": ("station of the coastal depot", "station van het kustdepot"),
    "cluster.flexibility": ("worth of flexibility", "waarde van flexibiliteit"),
    "policies.{policy}.duration": ("duration of policy, {policy}", "duur beleid, {policy}"),
    "policies.{policy}.procurement.{application}": (
        "public orders of {application}, {policy}",
        "publieke aankoop {application}, {policy}",
    ),
    "policies.{policy}.guaranteed_price": ("guaranteed price, {policy}", "gewaarborgde prijs, {policy}"),
    "policies.{policy}.grant_share": ("grants, {policy}", "subsidie, {policy}"),
    "policies.{policy}.lead_stations": ("lead stations, {policy}", "leadstations, {policy}"),
    "fund.capital": ("capital of the fund", "kapitaal van het fonds"),
    "fund.hydrogen_share": ("part of the fund for hydrogen", "deel fonds voor waterstof"),
    "fund.co_investment": ("part that the fund invests", "deel dat het fonds investeert"),
    "fund.cost_of_capital": ("cost of capital with the fund", "kapitaalkost met fonds"),
    "fund.required_return": ("return that the fund asks", "vereist rendement fonds"),
    "development.cost": ("cost of development", "kost van ontwikkeling"),
    "development.duration": ("years of development", "jaren ontwikkeling"),
    "industry.home_share": ("Flemish part at home", "Vlaams deel thuis"),
    "industry.world_share.{technology}": ("Flemish part abroad, {technology}", "Vlaams deel buitenland, {technology}"),
    "industry.reference_effect": ("effect of references abroad", "effect referenties buitenland"),
    "industry.margin": ("margin", "marge"),
    "industry.jobs_per_turnover": ("jobs per turnover", "jobs per omzet"),
    "industry.value_added_share": ("value added of turnover", "toegevoegde waarde van omzet"),
    "industry.additionality": ("additionality", "additionaliteit"),
    "industry.discount_rate": ("discount rate", "discontovoet"),
    "industry.carbon_value": ("worth of CO2 to society", "maatschappelijke waarde CO2"),
    "score.weights.{advantage}": ("weight of {advantage}", "gewicht van {advantage}"),
    "score.judgements.{market}.{advantage}": ("{advantage}, {market}", "{advantage}, {market}"),
    "roadmap.study": ("duration of the study", "duur van de studie"),
    "roadmap.cluster_forming": ("forming of the cluster", "vorming van de cluster"),
    "roadmap.construction": ("building a lead plant", "bouw van een leadplant"),
    "roadmap.network_coverage": ("coverage of a network", "dekking van een netwerk"),
}


def assumption_labels(column: int) -> dict[str, str]:
    """Return the labels of all assumptions that the patterns cover, in English (0) or Dutch (1)."""
    found = {}
    for pattern, labels in _PATTERNS.items():
        fields = [field for _, field, _, _ in string.Formatter().parse(pattern) if field]
        for names in itertools.product(*(_NAMES[field] for field in fields)):
            path = pattern.format(**dict(zip(fields, names, strict=True)))
            words = {field: _NAMES[field][name][column] for field, name in zip(fields, names, strict=True)}
            found[f"assumption.{path}"] = labels[column].format(**words)
    return found
