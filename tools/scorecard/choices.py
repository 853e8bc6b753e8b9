"""What each choice of the zone was estimated on, what it had not seen, and what each period alone would have chosen."""

from tools.scorecard.hindcast import AS_PUBLISHED, OTHER, PROFILE, Hindcast
from tools.scorecard.measured import BOTH, RAW, STATIONS
from tools.scorecard.statistics import Scores, scores
from tools.scorecard.zone import MAIN, NAMES, percent, scored, year_of

HEAD = ["choice", "estimated on", "left out of the estimate", "the meters"]
UNSEEN, SEEN, SIGHT = "not seen", "both seen before it was made", "that of {} in sight"
CHOICES = (
    (
        "wake model `nygaard-2022`",
        "rows and large eddies leave it open; correlation and evenness over directions at the meters of both periods "
        "([decision 7](../decisions/007-wake-models.md))",
        "all other months and farms",
        SEEN,
    ),
    (
        "profile `monin-obukhov`",
        "levels of Hollandse Kust Noord 2023 and gusts of Westhinder 2016 to 2022 "
        "([decision 10](../decisions/010-wind-from-the-coast.md))",
        "2015; the wind of Borssele Alpha",
        SEEN,
    ),
    (
        "air and sea `southern-north-sea`",
        "air and winds of Hollandse Kust Noord, all of 2023, so the weather of its February to April too",
        "2015; the air of Borssele Alpha, June 2023 to 2025",
        UNSEEN,
    ),
    (
        "air temperature of the hour, February to April 2023",
        "nothing: the packaged record of Hollandse Kust Noord has it, as a reanalysis would",
        "2015, of which no packaged record has one",
        SIGHT.format("2023") + ": both runs stood on this page",
    ),
    (
        "air temperature of the hour, 2015, by days on land",
        "the air of Borssele Alpha, June 2023 to 2024 ([decision 10](../decisions/010-wind-from-the-coast.md))",
        "the air of Borssele Alpha, 2025; the gusts of Westhinder, 2015 to 2022; both periods",
        SIGHT.format("2015") + ", whose December was too low, as the reason to look; both runs were seen before",
    ),
    (
        "error distance of 230 km",
        "Borssele Alpha between both stations, June 2023 to 2025",
        "both periods",
        UNSEEN,
    ),
    (
        "means over 4 hours",
        "the same; each station foreseen by the other, 2016 to 2022",
        "both periods",
        "2, 3 and 4 hours were seen at both",
    ),
    ("sensors at 25 m", "nothing: an assumption", "–", SEEN),
    (
        "breaks of the stations",
        "monthly ratios 2015 to 2025 and a reanalysis far away",
        "nothing of the stations; every meter",
        SIGHT.format("2015") + " as the reason to look for breaks",
    ),
    (
        "breaks shared by both stations",
        "pairs of records made of the reanalysis, with breaks that are known "
        "([decision 10](../decisions/010-wind-from-the-coast.md))",
        "winds on land; every meter; the totals of 2021 to 2025",
        "not read; that the totals of 2022 and 2023 would come nearer was in sight, and that winds on land put 2015 "
        "farther",
    ),
    ("spread about the curve", "winds of both stations, 2016 to 2021", "both periods", UNSEEN),
    (
        "thrust of the turbines without a public curve; losses below rated power",
        "the NREL 5 MW turbine; assumptions",
        "2023",
        SIGHT.format("2015"),
    ),
    (
        "cables and transformers",
        "resistances and losses of data sheets; where the meters stand ([decision 8](../decisions/008-losses.md))",
        "2015",
        SIGHT.format("2023") + " as a check, and as the reason to ask where it stands",
    ),
    (
        "sale of the later farms at a yearly price",
        "the decree ([decision 9](../decisions/009-negative-prices.md))",
        "2015, which has no such hour",
        SIGHT.format("2023") + ", 20 hours",
    ),
    (
        "failures, repairs and bases",
        "the reference case of Dinwoodie et al. (2015) and what operators publish "
        "([decision 11](../decisions/011-bases.md))",
        "every Belgian farm",
        "charters by base were set when both showed too little at high wind; the size is that of the reference case",
    ),
    (
        "season of the waves that crews wait for",
        "waves and winds of two packaged records, the North Sea at 58 N and the east coast of the United States "
        "([decision 11](../decisions/011-bases.md))",
        "every meter",
        SIGHT.format("2015") + ", whose winter had too many turbines waiting, as the reason to look",
    ),
)
ALONE_HEAD = ["choice between", "least RMSE in", "is", "its RMSE there", "in the other period: energy", "r", "RMSE"]


def alternatives(found: Hindcast) -> dict[str, dict[str, Scores]]:
    """Return the scores of what could have been chosen, by choice; each holds what the aims are for."""
    meter, capacity = scored(found), found.measured.period.capacity
    by = {name: scores(power, scored(found, name if name in NAMES else MAIN), capacity) for name, power in
          found.power.items()}  # fmt: skip
    models = {name: scores(power, meter, capacity) for name, power in found.models.items()}
    return {
        "winds": {NAMES[name]: by[name] for name in (*STATIONS, RAW, BOTH)},
        "profiles": {PROFILE: by[MAIN], OTHER: by[OTHER]},
        "sensors at 25 m and 4 hours, or 10 m and hourly": {
            "25 m and 4 hours": by[MAIN],
            "10 m and hourly": by[AS_PUBLISHED],
        },
        "wake models": models,
    }


def alone_rows(found: list[Hindcast]) -> list[list[str]]:
    """Return what the meter of one period alone would have chosen by the least RMSE, and what it gives in the other."""
    by = {year_of(each): alternatives(each) for each in found}
    made = []
    for choice in next(iter(by.values()), {}):
        for year in by:
            for other in by:
                if other == year:
                    continue
                best = min(by[year][choice], key=lambda name: by[year][choice][name].error)
                there = by[other][choice][best]
                made.append(
                    [
                        choice,
                        year,
                        best,
                        f"{100.0 * by[year][choice][best].error:.1f} %",
                        percent(there.energy),
                        f"{there.r:.3f}",
                        f"{100.0 * there.error:.1f} %",
                    ]
                )
    return made


def sentence(lines: list[list[str]]) -> str:
    """Return whether both periods would have chosen alike, from the rows."""
    chosen: dict[str, set[str]] = {}
    for row in lines:
        chosen.setdefault(row[0], set()).add(row[2])
    apart = [name for name, best in chosen.items() if len(best) > 1]
    alike = [name for name, best in chosen.items() if len(best) == 1]
    said = [f"each period alone chooses the same of {', '.join(alike)}"] if alike else []
    said += [f"they choose differently of {', '.join(apart)}"] if apart else []
    text = "; ".join(said)
    return f"- By the least RMSE, {text}." if text else "- One period alone: nothing to compare."


def lines_of(table: list[str], alone: list[str], said: list[str]) -> list[str]:
    """Return the section, of its tables and its sentence as they stand between their marks."""
    return [
        "### What each choice was estimated on",
        "",
        "No coefficient was fitted to a meter. Where the meters were known when a choice was made, they may have led "
        "it; the second table takes one of them away.",
        "",
        *table,
        "",
        *alone,
        "",
        *said,
    ]
