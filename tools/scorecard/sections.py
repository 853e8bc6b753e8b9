"""The sections of the page: each runs what it shows, adds its tables and figures, and states its aims."""

from collections.abc import Sequence
from pathlib import Path

from tools.fit_interpolation import PLATFORM, months_at_platform
from tools.scorecard import (
    cells,
    choices,
    hydrogen,
    land_air,
    les,
    measured,
    models,
    peers,
    rated,
    reasons,
    rows,
    sea,
    season,
    seeds,
    stability,
    stations,
    winters,
    zone,
)
from tools.scorecard import hindcast as running
from tools.scorecard.figures import draw_months, draw_rows, draw_zone
from tools.scorecard.page import (
    aim_row,
    best_sentence,
    centre_sentence,
    coverage_of,
    coverage_sentence,
    number,
    part,
    table,
    twins,
)

MODELS = ("noj", "bastankhah", "bastankhah-2014", "niayifar-2016", "nygaard-2022")
TWINS = (
    ("noj", "NOJ"),
    ("bastankhah", "BastankhahGaussian"),
    ("bastankhah-2014", "Bastankhah_PorteAgel_2014"),
    ("niayifar-2016", "Niayifar_PorteAgel_2016"),
    ("nygaard-2022", "Nygaard_2022"),
)
LEAST_R = {"2015": 0.93, "2023": 0.91}


class Card:
    """What is gathered for the page: its aims, its sections, what is left out; lines on the models of decision 7."""

    def __init__(self) -> None:
        self.aims: list[list[str]] = []
        self.sections: list[str] = []
        self.left_out: list[str] = []
        self.reasons: dict[str, str] = {}
        self.models: list[str] = []

    def add(self, *lines: str) -> None:
        """Add lines to the sections."""
        self.sections += [*lines, ""]


def zone_part(card: Card, data: Path, work: Path, members: int, out: Path, without: Sequence[str] = ()) -> None:
    """Add the hindcast of the zone; the ensembles of the years that are named `without` are left out."""
    there = []
    for period in measured.PERIODS:
        lacking = measured.missing(data, period.files)
        if lacking:
            card.left_out.append(f"the zone in {period.name}: {', '.join(lacking)} not in the data")
        else:
            there.append(period)
    if not there:
        return
    if lacking := measured.missing(data, (measured.GUSTS,)):
        card.left_out.append(f"the shadow of the mast at Westhinder: {lacking[0]} not in the data")
    found = [
        running.simulate(measured.read(data, period), data, work, 0 if period.start[:4] in without else members)
        for period in there
    ]
    for each in found:
        year, period = zone.year_of(each), each.measured.period
        main = zone.scores(each.power[zone.MAIN], zone.scored(each), period.capacity)
        card.aims += [
            aim_row(f"zone {year}, energy", main.energy, most=0.03, unit="%"),
            aim_row(f"zone {year}, hourly r", main.r, least=LEAST_R[year]),
            aim_row(f"zone {year}, monthly scatter", main.monthly, most=0.08, unit="%"),
            aim_row(f"zone {year}, RMSE of capacity", main.error, most=0.12, unit="%"),
        ]
        card.reasons |= reasons.of_the_zone(each, data)
    score_rows = [row for each in found for row in zone.score_rows(each)]
    card.add(
        "## The Belgian zone, hindcast",
        "",
        f"`{running.SCENARIO}` as it ships, and that of 2015, by the command line, in the wind of two coastal "
        "stations at 10 m without their breaks, each at its place, and at the prices of the time, with the farms that "
        "stood then. Set are the records, the farm, no climate, and how wind of one height from the coast is carried "
        "to the zone ([decision 10](../decisions/010-wind-from-the-coast.md)). "
        f"{air_sentence([each.measured for each in found])}"
        "Only hours are scored in which meter "
        "and wind were measured; gaps of a station are filled by the other, and those of both by a straight line, so "
        "that the run is unbroken.",
        "",
        "```",
        *(running.shown(command) for command in commands(found[0], members)),
        "```",
        "",
        "Monthly scatter: standard deviation of the monthly error of the energy. Nearest neighbours: the mean of "
        "the 60 "
        "hours of other months whose wind at both stations was most alike, a bound of what these records hold; no "
        "simulation. Nothing else is fitted to the meter.",
        "",
        *part("scores of the zone", table(zone.SCORE_HEAD, score_rows)),
    )
    stations_part(card, data)
    card.left_out += [f"the ensemble of {each.measured.period.name}" for each in found if not each.members.size]
    if drawn := [each for each in found if each.members.size]:
        months_part(card, drawn, data, out)
    draw_zone(found, out / "figures")
    evidence_part(card, found)
    season_rows = [row for each in found for row in season.rows(each, data)]
    of_failures = [row for each in found for row in seeds.rows(each, seeds.running(each, work))]
    card.add(
        *season.lines_of(
            part("months by cause", table(season.HEAD, season_rows)),
            part("terms", table(season.TERMS_HEAD, [list(each) for each in season.TERMS])),
            part("statements on months by cause", [season.sentence(season_rows)]),
            [
                *part("season of failures", table(seeds.HEAD, of_failures)),
                "",
                *part("statements on the season of failures", [seeds.sentence(of_failures)]),
            ],
        )
    )
    card.add(f"### By class, {zone.NAMES[zone.MAIN]}")
    for each in found:
        for name, by in zone.classes(each).items():
            card.add(*table([f"{each.measured.period.name}: {name}", *zone.CLASS_HEAD], zone.class_rows(each, by)))
    card.add(*part("statements on calms", [zone.calm_sentence(each) for each in found]))
    card.add("![The zone simulated and metered](figures/scorecard-zone.png)")
    card.left_out += [f"measured temperatures of air and sea, {each}" for each in measured.temperatures(data)]
    if lacking := measured.missing(data, (land_air.DAYS,)):
        card.left_out.append(f"the air of the hour by days on land: {lacking[0]} not in the data")


def air_sentence(periods: Sequence[measured.Measured]) -> str:
    """Return where the air temperature of the hour is from that records have; nothing of none."""
    by = {name: [each.period.name for each in periods if running.air_in(each) == name] for name in AIRS}
    said = [f"The records of {', '.join(names)} have {AIRS[name]}. " for name, names in by.items() if names]
    return "".join(said)


AIRS = {
    measured.AIR: f"the air temperature of the hour of `{measured.AIR_RECORD}`, a record that ships, 153 km away",
    measured.LAND: "an air temperature of the hour that was estimated without a meter, from the climate of air and sea "
    f"and the daily means of {land_air.PLACE}, as no packaged record has one",
}


def evidence_part(card: Card, found: list[running.Hindcast]) -> None:
    """Add errors by stability and at rated power, what each choice was estimated on, and the models of decision 7."""
    stability_rows = [row for each in found for row in stability.rows(each)]
    card.add(
        *stability.lines_of(
            found,
            part("errors by stability", table(stability.HEAD, stability_rows)),
            part("statements on stability", stability.sentences(stability_rows)),
        )
    )
    for each in found:
        name, what = each.measured.period.name, f"zone {zone.year_of(each)}, largest error by air less sea"
        if (worst := stability.largest(stability_rows, name, stability.BY_AIR)) is not None:
            card.aims.append(aim_row(what, number(worst[-1]) / 100.0, most=stability.FLAT, unit="%"))
            card.reasons[what] = stability.reason(stability_rows, each)
    rated_rows = [row for each in found for row in rated.rows(each)]
    by_month = [row for each in found for row in rated.month_rows(each)]
    card.add(
        *rated.lines_of(
            part("rated power", table(rated.HEAD, rated_rows)),
            part("months of full wind", table(rated.MONTHS_HEAD, by_month)),
            part("statements on full wind", [rated.month_sentence(by_month)] if by_month else []),
            part("standing", [rated.standing_sentence(each) for each in found]),
        )
    )
    titles, model_rows = models.head(found), models.rows(found)
    card.models = [*table(titles, model_rows), "", *models.sentences(titles, model_rows)]
    alone = choices.alone_rows(found)
    card.add(
        *choices.lines_of(
            part("choices", table(choices.HEAD, [list(each) for each in choices.CHOICES])),
            part("periods alone", table(choices.ALONE_HEAD, alone)),
            part("statements on periods alone", [choices.sentence(alone)]),
        )
    )


def stations_part(card: Card, data: Path) -> None:
    """Add the breaks of the stations."""
    parts, _ = stations.found(data)
    first, second = measured.STATIONS.values()
    card.add(
        "### The stations, and their breaks",
        "",
        f"{first} over {second}, monthly means at 10 m, out of the shadow of the mast: segments between breaks by the "
        "standard normal homogeneity test, and by how much each station stands out from what the packaged reanalysis "
        f"`{stations.DISTANT}` lets expect of it, learnt in the longest segment. What stands out by more than 1.96 "
        "standard errors, alone, is carried to the longest segment by `testsite-sim weather homogenise` "
        "([methods](../methods/weather.md#homogeneity)). No meter is looked at.",
        "",
        *part("breaks", table(stations.HEAD, stations.rows(parts))),
    )


def commands(found: running.Hindcast, members: int) -> list[list[str]]:
    """Return the commands of a period: the imports, the run of the aims, the ensemble."""
    about = found.measured
    return [
        *running.import_commands(about),
        running.run_command(about, zone.MAIN),
        running.ensemble_command(about, members),
    ]


def months_part(card: Card, found: list[running.Hindcast], data: Path, out: Path) -> None:
    """Add months and coverage."""
    months = [zone.months_of(each) for each in found]
    month_rows = [row for each in months for row in zone.month_rows(each)]
    covered = zone.month_coverage(months)
    inside, total = coverage_of(month_rows)
    card.aims.append(aim_row("zone, metered months inside P10 to P90", inside / total, least=0.72, most=0.88, unit="%"))
    said = [coverage_sentence(inside, total, covered.least, covered.most)]
    centred, *middle = zone.centred(months)
    centre = centre_sentence(centred, total, *middle)
    card.reasons |= reasons.of_coverage(centre)
    apart = stations.differences(stations.found(data)[1])
    evidence = (
        f"Its evidence is no metered month: in 2016 to 2022 the monthly means of the two stations, without breaks, "
        f"differ by {100.0 * apart['mean']:.1f} % in the mean, which moves by {100.0 * apart['years']:.1f} % from "
        "year to year and "
        f"by {100.0 * apart['months']:.1f} % from month to month within a year, a month with a correlation of "
        f"{apart['memory']:.2f} to the next."
    )
    if not measured.missing(data, (PLATFORM,)):
        scatter, count = months_at_platform(data, stations.found(data)[1])
        evidence += (
            f" On a platform that was left out, amid the farms of Borssele, {count} months of 2023 to 2025 scatter by "
            f"{100.0 * scatter:.1f} % about the wind between the two, the wakes about it included: an upper bound of "
            "the 3.3 % that the ensemble takes."
        )
    card.add(
        "### Months, and whether the ensemble covers them",
        "",
        f"Members: {zone.members_text(found)}, of the scenario itself in both records. Uncertain are the wind of the "
        "records (`wind-error/coastal-stations`), the height of their sensors and the time over which they are "
        "averaged, air and sea of the profile, turbulence, failures and repairs, every other quantity of the scenario "
        "with a range, and what wakes take: the factor `wind.wake_loss`, whose range is that of measured over "
        f"simulated losses of other farms. {evidence}",
        "",
        *part("months of the zone", table(zone.MONTH_HEAD, month_rows)),
        "",
        *part("statements on months", said),
        *part("the middle of the ensemble", [centre]),
        "",
        "![Months metered and simulated](figures/scorecard-months.png)",
        "",
        *part(
            "probabilities of the zone", table(zone.PROBABILITY_HEAD, [zone.probability_row(each) for each in found])
        ),
    )
    draw_months(months, out / "figures")


def rows_part(card: Card, data: Path, out: Path) -> None:
    """Add the measured rows, with the peers."""
    folder = data / rows.FOLDER
    if not folder.is_dir():
        card.left_out.append(f"measured rows: {rows.FOLDER} not in the data")
        return
    found, absent = peers.solvers(MODELS)
    card.left_out += [f"a peer on the rows: {each}" for each in absent]
    on_rows = list(rows.solve_rows(folder, found))
    _, lillgrund, efficiency = rows.lillgrund(folder)
    _, horns_rev = rows.horns_rev(folder / "Hornsrev1_WFdata_wd270_InnerRowMean.dat")
    everything = [*lillgrund, horns_rev]
    head = [
        "program",
        "model",
        *(rows.label(each) for each in everything),
        "Lillgrund, all rows",
        "Lillgrund, efficiency by direction",
    ]
    lines = [
        [
            each.program,
            f"`{each.model}`",
            *(f"{each.errors[rows.label(row)]:.3f}" for row in everything),
            f"{rows.lillgrund_error(each.errors, lillgrund):.3f}",
            f"{each.efficiency_error:.3f}",
        ]
        for each in on_rows
    ]
    best = next(each for each in on_rows if (each.program, each.model) == ("testsite-sim", "niayifar-2016"))
    card.aims += [
        aim_row("row of Horns Rev 1, RMSE of `niayifar-2016`", best.errors[rows.label(horns_rev)], most=0.05),
        aim_row("rows of Lillgrund, RMSE of `niayifar-2016`", rows.lillgrund_error(best.errors, lillgrund), most=0.08),
    ]
    card.add(
        "## Measured rows, with peers on the same rows",
        "",
        "Root mean square error of the power of the turbines of a row over that of its first, which is left out. "
        "Lillgrund at 9 m/s, "
        f"turbulence 6 %, standard deviation of the direction {lillgrund[0].deviation:g}°; Horns Rev 1 at 8 m/s, "
        f"turbulence 7 %, {horns_rev.deviation:g}°; sectors of ± 2.5°. Efficiency: power of the farm over that of 48 "
        "turbines standing alone, 3° apart. Every program gets the same layout, curves and directions, which are "
        "averaged "
        "in one way; FLORIS and foxes have their default parameters, PyWake its literature set-ups. No model was "
        "fitted "
        "to these rows here.",
        "",
        *part("measured rows", table(head, lines)),
        "",
        *part("statements on rows", [best_sentence(head, lines), twins(lines, TWINS)]),
        *part("losses on rows", [loss_sentence(on_rows, efficiency, horns_rev)]),
        "",
        "![Measured rows](figures/scorecard-rows.png)",
    )
    draw_rows(everything, on_rows, out / "figures")


def loss_sentence(on_rows: Sequence[rows.OnRows], efficiency: rows.Floats, row: rows.Row) -> str:
    """Return by how much the losses of the models differ from those measured."""
    parts = []
    for each in on_rows:
        if each.program == "testsite-sim":
            whole, along = rows.loss_ratios(each, efficiency, row)
            parts.append(f"`{each.model}` {whole:.2f} and {along:.2f}")
    return (
        f"- Loss measured over simulated, Lillgrund over all directions and the row of Horns Rev 1: {', '.join(parts)}."
    )


def les_part(card: Card, folder: Path | None) -> None:
    """Add the large eddies."""
    if folder is None or not all((folder / name).is_file() for name in les.FILES):
        card.left_out.append(
            "27 large-eddy simulations of 160 turbines: no folder KUL_LES of EUFLOW/WIFA is named by --les"
        )
        return
    cases = les.read_cases(folder)
    lines = [
        [
            f"`{each.model}`",
            f"{each.whole[0].mean():.3f}",
            f"{each.whole[1].mean():.3f}",
            zone.percent(each.whole[0].mean() / each.whole[1].mean() - 1.0),
            f"{each.within[0].mean():.3f}",
            f"{each.within[1].mean():.3f}",
            zone.percent(each.within[0].mean() / each.within[1].mean() - 1.0),
            f"{each.turbines:.3f}",
        ]
        for each in les.solve_cases(cases, MODELS)
    ]
    head = [
        "model", "farm over undisturbed", "large eddies", "difference", "farm over first row", "large eddies",
        "difference", "RMSE of turbines",
    ]  # fmt: skip
    card.add(
        f"## {len(cases.names)} large-eddy simulations of {cases.power.shape[1]} turbines",
        "",
        "Lanzilao and Meyers (2024), Journal of Fluid Mechanics 979, A54, conventionally neutral boundary layers "
        "below "
        "three heights, three strengths and three lapse rates of inversions, as EUFLOW/WIFA publishes them (MIT; "
        "not part of this "
        "repository). Means over the cases of the power of the farm over that of as many turbines in the "
        "undisturbed wind "
        "at the hub, and over that of the first row. The first holds the blockage by gravity waves, which a wake "
        "model "
        "does not have; the second holds the wakes and the pressure that drops through the farm.",
        "",
        *part("large eddies", table(head, lines)),
        "",
        *part("losses in large eddies", [les_loss_sentence(lines)]),
    )


def les_loss_sentence(lines: list[list[str]]) -> str:
    """Return by how much the losses of the models differ from those of the large eddies, from their table."""
    parts = [f"{row[0]} {(1.0 - float(row[2])) / (1.0 - float(row[1])):.2f}" for row in lines]
    return f"- Loss of the large eddies over that simulated, of the farm in the undisturbed wind: {', '.join(parts)}."


def hydrogen_part(card: Card) -> None:
    """Add cells, plants and lives."""
    head, lines = hydrogen.alkaline_cells()
    of_the_form = cells.rows()
    card.add(
        "## Hydrogen",
        "",
        "Alkaline cells on all electrolysers of the public sets, at the pressure and lye of the points, root "
        "mean square "
        "error of the voltage [mV]:",
        "",
        *part("alkaline cells", table(head, lines)),
        "",
        "Whether the form of the model, the reading of the sets or the electrodes are at fault: each electrolyser by "
        "parameters of its own, at a temperature that these have not seen, by the parameters of the others, and by "
        "these with one measured point, that of the highest current, as a data sheet has it:",
        "",
        *part("form of the cell", table(cells.HEAD, of_the_form)),
        "",
        *part("statements on the form of the cell", [cells.sentence(of_the_form)]),
        "",
        "PEM cells, against what others compute: no measured curve of a PEM cell is public in a package that "
        "could be had.",
        "",
        *part("PEM cells", table(["cell", "against", "RMSE"], hydrogen.pem_cells())),
        "",
        "Plants, against the indicators of the Clean Hydrogen Joint Undertaking, which are targets for new ones, and "
        "against what the Department of Energy of the United States states of alkaline systems that are sold (2022: "
        "system 55, stack 51 kWh/kg; Technical Targets for Liquid Alkaline Electrolysis):",
        "",
        *part("consumption", table(["plant", "indicator", "simulated", "difference"], hydrogen.consumption())),
        "",
        "Lives of stacks:",
        "",
        *part("stack lives", table(["stack", "field", "simulated", "verdict"], hydrogen.lives())),
        "",
        "Plants in the field, from the frozen results of the scenarios that ship ([sources](hydrogen.md)):",
        "",
        *part("field", table(["figure", "field", "simulated", "difference", "what of it is chosen"], hydrogen.field())),
    )
    card.reasons |= reasons.of_hydrogen(lines, hydrogen.consumption(), head)
    left = float(lines[-1][-1])
    card.aims.append(aim_row("alkaline cell on an electrolyser left out of its fit [V]", left / 1e3, most=0.05))
    for row in hydrogen.consumption():
        card.aims.append(
            aim_row(
                f"{row[0]}, {row[1].split('(')[1].rstrip(')')}",
                float(row[3].split()[0]) / 100.0,
                most=0.05,
                unit="%",
            )
        )
    for row in hydrogen.field():
        card.aims.append(aim_row(row[0], float(row[3].split()[0]) / 100.0, most=0.05, unit="%"))


def sea_part(card: Card, data: Path) -> None:
    """Add campaigns and maintenance."""
    if gone := winters.lacking(data):
        card.left_out.append(f"campaigns in their own winters: {', '.join(gone)} not in the data")
    own = {} if gone else winters.own_winters(data)
    campaigns, cases = sea.campaigns(own), sea.maintenance()
    card.add(
        "## Work at sea",
        "",
        "Installation campaigns, days in the field, of thirty generated years, and in the winds that Westhinder "
        f"measured while they lasted, over {winters.MEMBERS} seas that these winds may have raised ([vessels, dates, "
        "sources](operations.md)); durations were chosen with the generated years of both in sight, so that Norther is "
        "a fit there. They are judged by their own winters:",
        "",
        *part(
            "campaigns",
            table(sea.CAMPAIGN_HEAD, campaigns),
        ),
        "",
        *(part("statements on campaigns", [winters.sentence(own)]) if own else []),
        "",
        "Reference cases of Dinwoodie et al. (2015), against the range of the four models of the paper; "
        "assumptions that "
        "the paper leaves open were chosen with the ranges in sight:",
        "",
        *part("maintenance", table(["case", "figure", "four models", "simulated", "verdict"], cases)),
        "",
        "A fleet:",
        "",
        *part("fleet", table(["figure", "field", "simulated"], sea.fleet())),
    )
    card.reasons |= reasons.of_the_sea(campaigns, cases)
    for row in campaigns:
        error, _ = sea.judged(row)
        card.aims.append(aim_row(f"campaign of {row[0]}, median", float(error.split()[0]) / 100.0, most=0.2, unit="%"))
    within = sum(row[-1] == "within" for row in cases)
    card.aims.append(
        aim_row("reference cases of maintenance within the models", within / len(cases), least=0.9, unit="%")
    )


def elsewhere() -> list[str]:
    """Return what else is published and what became of it."""
    return [
        "## Published elsewhere",
        "",
        "Asked for in November 2026 as public repositories, files by name, and text; where the answer was no, nothing "
        "was run:",
        "",
        "- SMARTEOLE (Sole du Moulin Vieux, seven turbines; Zenodo record 7342466, 221 MB of minutes): four "
        "repositories read it (resgroup/wind-up, NREL/flasc, paulf81/fct_smarteole and one of forecasts). wind-up has "
        "its rows as a pointer to large-file storage, of 134 bytes, the others fetch them from Zenodo; no stored copy "
        "has a row. Not run.",
        "- FarmConners: its documentation (farmconners.readthedocs.io) gives each participant a link to a folder of "
        "their own, and data.dtu.dk holds large-eddy cases of wake steering; no repository of its name is stored, and "
        "those that use its layouts have none of its powers. Not run.",
        "- WIFA, `open_source_scada` (200 turbines V82 with ERA5 winds): inputs are there, `observedPower.nc` and "
        "`resource.csv` exceed what a stored copy keeps; `AWAKEN`: inputs without powers. Not run. Of its 27 "
        "large-eddy cases all is there: above.",
        "- La Haute Borne: [power-performance test](operations.md#power-performance-test-la-haute-borne).",
    ]
