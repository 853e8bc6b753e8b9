"""The sections of the page on the Belgian zone: each runs what it shows, adds tables and figures, states its aims."""

import math
from collections.abc import Sequence
from pathlib import Path

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import WindError
from tools.fit_interpolation import PLATFORM, months_at_platform
from tools.scorecard import (
    choices,
    land_air,
    measured,
    models,
    rated,
    reasons,
    season,
    seeds,
    stability,
    stations,
    years,
    zone,
)
from tools.scorecard import hindcast as running
from tools.scorecard.card import Card
from tools.scorecard.cause_sections import causes_part
from tools.scorecard.figures import draw_months, draw_zone
from tools.scorecard.page import (
    AIM_HEAD,
    Rows,
    aim_row,
    centre_sentence,
    coverage_of,
    coverage_sentence,
    number,
    part,
    sentences,
    table,
)

LEAST_R = {"2015": 0.93, "2023": 0.91}
COVERAGE = "zone, metered months inside P10 to P90"


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
        card.aims += zone_aims(each)
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
    without_part(card, found, evidence_part(card, found))
    years_part(card, data, work)
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


def zone_aims(found: running.Hindcast) -> Rows:
    """Return the rows of the aims of a period."""
    year = zone.year_of(found)
    main = zone.scores(found.power[zone.MAIN], zone.scored(found), found.measured.period.capacity)
    return [
        aim_row(f"zone {year}, energy", main.energy, most=0.03, unit="%"),
        aim_row(f"zone {year}, hourly r", main.r, least=LEAST_R[year]),
        aim_row(f"zone {year}, monthly scatter", main.monthly, most=0.08, unit="%"),
        aim_row(f"zone {year}, RMSE of capacity", main.error, most=0.12, unit="%"),
    ]


def without_part(card: Card, found: list[running.Hindcast], stability_rows: Rows) -> None:
    """Add what the aims are without the days on land, which are not part of the repository."""
    bare = [zone.without_days(each) for each in found]
    aims = [row for each in bare for row in zone_aims(each)]
    if all(each.members.size for each in bare):
        covered = zone.month_coverage([zone.months_of(each) for each in bare])
        aims.append(aim_row(COVERAGE, covered.inside / covered.total, least=0.72, most=0.88, unit="%"))
    for each in found:
        way = stability.RUN_WITHOUT if running.air_in(each.measured) == measured.LAND else stability.BY_AIR
        if (worst := stability.largest(stability_rows, each.measured.period.name, way)) is not None:
            what = f"zone {zone.year_of(each)}, largest error by air less sea"
            aims.append(aim_row(what, number(worst[-1]) / 100.0, most=stability.FLAT, unit="%"))
    card.add(
        "### Without the days on land",
        "",
        f"`{land_air.DAYS}`, the daily means of {land_air.PLACE}, is open data of KNMI and no part of this repository. "
        "Without it nothing else is missing: the air of the hour of 2015 is then that of the climate, as in the rows "
        "above that say so. The aims of the zone are then:",
        "",
        *part("aims without days on land", table(AIM_HEAD, aims)),
        "",
        *part("statements on aims without days on land", sentences(aims)),
    )


def years_part(card: Card, data: Path, work: Path) -> None:
    """Add the years of which a total is published."""
    if gone := years.lacking(data):
        card.left_out.append(f"years of which a total is published: {', '.join(gone)} not in the data")
        return
    found = years.simulated(data, work)
    lines = years.rows(found)
    by_days = [each.measured.period.name for each in found if years.air_of(each) == measured.LAND]
    for row in lines:
        if row[0] in years.judged():
            card.aims.append(aim_row(years.aim(row[0]), number(row[4]) / 100.0, most=0.03, unit="%"))
            card.reasons[years.aim(row[0])] = (
                f"{row[4]} against {row[1]} GWh, which is rounded to {row[2]}; {row[5]} with the air of the climate, "
                f"{row[6]} with the breaks of the records; {row[7]} GWh of it at prices below zero, at which hardly "
                f"a farm stops in the simulation and some did; {years.of_the_wind()}"
            )
    card.add(
        "### Years and months that were not seen",
        "",
        "The whole zone in the wind and at the prices of other years, by the command above of "
        f"`{running.SCENARIO}` with the records of the year. Of these a total is published, which was looked up in "
        "November 2026 when every choice stood; no meter of their hours is at hand. February to April 2023 are in "
        "2023. "
        + (f"With the air of days on land: {', '.join(by_days)}. " if by_days else "")
        + "Years are judged, months are shown; all hours count, those "
        "whose wind was filled too:",
        "",
        *part("years not seen", table(years.HEAD, lines)),
        "",
        *part("statements on years not seen", [years.sentence(lines, card.aims)]),
    )
    causes_part(card, found, data)


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


def evidence_part(card: Card, found: list[running.Hindcast]) -> Rows:
    """Add errors by stability and at rated power, what each choice was estimated on, and the models of decision 7.

    Return the rows of the errors by stability.
    """
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
    return stability_rows


def stations_part(card: Card, data: Path) -> None:
    """Add the breaks of the stations."""
    parts, _ = stations.found(data)
    first, second = measured.STATIONS.values()
    card.add(
        "### The stations, and their breaks",
        "",
        f"{first} over {second}, monthly means at 10 m, out of the shadow of the mast: segments between breaks by the "
        "standard normal homogeneity test, and by how much each station stands out from what the packaged reanalysis "
        f"`{stations.DISTANT}` lets expect of it, learnt in the longest segment. By that and its errors each break is "
        "shared by both, and each station is carried to its level of the longest segment by "
        "`testsite-sim weather homogenise` ([methods](../methods/weather.md#homogeneity)). No meter is looked at.",
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


def _of_a_month() -> float:
    """Return the standard deviation of the error of the wind of a month that the ensemble draws, a triangle [1]."""
    month = load_component("wind-error", "coastal-stations", WindError).months[0]
    low, high = month.range
    middle = float(month)
    return math.sqrt((low**2 + middle**2 + high**2 - low * middle - low * high - middle * high) / 18.0)


def months_part(card: Card, found: list[running.Hindcast], data: Path, out: Path) -> None:
    """Add months and coverage."""
    months = [zone.months_of(each) for each in found]
    month_rows = [row for each in months for row in zone.month_rows(each)]
    covered = zone.month_coverage(months)
    inside, total = coverage_of(month_rows)
    card.aims.append(aim_row(COVERAGE, inside / total, least=0.72, most=0.88, unit="%"))
    said = [coverage_sentence(inside, total, covered.least, covered.most)]
    centred, *middle = zone.centred(months)
    centre = centre_sentence(centred, total, *middle)
    card.reasons |= reasons.of_coverage(centre)
    apart = stations.differences(stations.found(data)[1])
    evidence = (
        f"Its evidence is no metered month: in {stations.UNMETERED_SAID} the monthly means of the two stations, "
        f"without breaks, differ by {100.0 * apart['mean']:.1f} % in the mean, which moves by "
        f"{100.0 * apart['years']:.1f} % from year to year and "
        f"by {100.0 * apart['months']:.1f} % from month to month within a year, a month with a correlation of "
        f"{apart['memory']:.2f} to the next."
    )
    if not measured.missing(data, (PLATFORM,)):
        scatter, at_platform = months_at_platform(data, stations.found(data)[1])
        first, last = at_platform[0].year, at_platform[-1].year
        evidence += (
            f" On a platform that was left out, amid the farms of Borssele, {len(at_platform)} months of {first} to "
            f"{last} scatter by {100.0 * scatter:.1f} % about the wind between the two, the wakes about it included: "
            f"an upper bound of the {100.0 * _of_a_month():.1f} % that the ensemble takes."
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
