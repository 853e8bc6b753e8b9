"""What the inputs of a study rest on: findings and numbered sources, the bibliography, BibTeX."""

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from testsite_sim.configuration.evidence import Finding, Reference
from testsite_sim.configuration.quantities import number_and_unit
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.members import open_correlations
from testsite_sim.studies.framework.prices import is_money, price_factors, price_years, undated_amounts, year_of_prices
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.report.written import with_its_numbers, written
from testsite_sim.studies.framework.words import Words, label

ENTRY = {
    "article": "article",
    "report": "techreport",
    "web": "misc",
    "press": "misc",
    "data": "misc",
    "software": "software",
}
MILLION = 1e6
SOURCED = (  # of the narrative
    *("sourced_least", "sourced_least_low", "sourced_least_high", "sourced_least_of"),
    *("sourced_most", "sourced_enough", "sourced_sure"),
)
ENOUGH = 0.8  # share of the variance of a headline that should rest on sources


def input_rows(
    configuration: StudyConfiguration, assumptions: Sequence[Assumption], words: Words
) -> list[dict[str, Any]]:
    """Return the ranged inputs of a study as rows of the report, with their findings and numbers of sources."""
    numbers = source_numbers(configuration)
    return [
        {
            "path": each.path,
            "label": words.get(f"assumption.{each.path}", each.path),
            "value": each.value,
            "text": written(each.text, words),
            "range": written(each.range_text, words),
            "converted": converted_text(configuration, each.path, each.text, words),
            "standing": each.standing,
            "answered_by": label(words, "answered_by", each.answered_by) if each.answered_by else "",
            "reason": reason(each, words),
            "findings": finding_lines(configuration, each.evidence, words, numbers),
        }
        for each in assumptions
    ]


def finding_lines(
    configuration: StudyConfiguration, evidence: Sequence[str], words: Words, numbers: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the findings that an input rests on, each with the number of its source, of `source_numbers`."""
    findings = configuration.findings if evidence else {}
    return [_finding(findings[name], configuration, numbers, words) for name in evidence]


def reason(assumption: Assumption, words: Words) -> str:
    """Return why an input has its value, in the language of the report where its texts have it."""
    return label(words, "source", assumption.source)


def source_numbers(configuration: StudyConfiguration) -> dict[str, int]:
    """Return the number of every source, in the order in which it is first cited."""
    return {name: number for number, name in enumerate(configuration.references, start=1)}


def bibliography(configuration: StudyConfiguration, words: Words) -> list[dict[str, Any]]:
    """Return the numbered sources as rows of the report."""
    return [
        {
            "number": number,
            "text": f"{each.author} ({each.year}). {each.title}."
            + (f" {each.published_in}." if each.published_in else ""),
            "address": each.address,
            "kind": label(words, "source_kind", each.kind),
        }
        for number, each in enumerate(configuration.references.values(), start=1)
    ]


def bibtex(references: Mapping[str, Reference]) -> str:
    """Return references as a BibTeX file."""
    return "\n".join(_entry(name, each) for name, each in references.items())


def sourced_rows(results: xr.Dataset, headlines: Sequence[Headline], words: Words) -> list[dict[str, Any]]:
    """Return which part of the variance of each headline rests on inputs with a source, in per cent."""
    rows = []
    for headline in headlines:
        of = results.sel(headline=headline.variable)
        share, least = float(of["sourced_share"]), float(of["sourced_share_least"])
        known = share == share
        half = float(of["sourced_share_confidence"])
        rows.append(
            {
                "label": words.get(f"variable.{headline.variable}", headline.variable.replace("_", " ")),
                "share": f"{100.0 * share:.0f} ± {100.0 * half:.0f} %" if known else "–",
                "least": f"{100.0 * least:.0f} %" if known else "–",
                "sort": f"{share:.6g}" if known else "",
                "enough": share >= ENOUGH,
            }
        )
    return rows


def drawn_together(configuration: StudyConfiguration, words: Words) -> dict[str, str]:
    """Return which inputs are drawn together and with which correlation, as text."""
    groups = [
        f"{label(words, 'correlation', name)} ({number(float(each.coefficient), words)})"
        for name, each in open_correlations(configuration).items()
    ]
    none = words["answer.not_together"]
    return {"correlated": words["answer.together"].format(groups="; ".join(groups)) if groups else none}


def price_base(configuration: StudyConfiguration, words: Words) -> dict[str, str]:
    """Return in whose prices all money is, how much of it was converted and from which years, as a text."""
    prices = configuration.prices
    if prices is None:
        return {"price_base": words["answer.no_price_base"]}
    years = price_years(configuration)
    others = [year for year in years.values() if year != prices.year]
    key = "answer.price_base" if others else "answer.one_price_base"
    undated = len(undated_amounts(configuration))
    base = words[key].format(
        year=prices.year,
        converted=len(others),
        amounts=len(years),
        first=min(others, default=prices.year),
        last=max(others, default=prices.year),
    )
    return {"price_base": base + (words["answer.undated"].format(number=undated, year=prices.year) if undated else "")}


def index_text(configuration: StudyConfiguration, words: Words) -> str:
    """Return what a euro of every year in which amounts are stated is in the prices of the study, as text."""
    prices = configuration.prices
    others = [] if prices is None else sorted(set(price_years(configuration).values()) - {prices.year})
    if prices is None or not others:
        return ""
    factors = [
        words["page.euro_of"].format(
            then=year, factor=f"{prices.index.factor(year, prices.year):.4f}".replace(".", words["decimal_mark"])
        )
        for year in others
    ]
    return words["page.index"].format(year=prices.year, factors="; ".join(factors))


def stated_amount(configuration: StudyConfiguration, path: str, amount: float, words: Words) -> str:
    """Return an amount of money [EUR] as it is stated, and in the prices of the study where they differ, as text."""
    factor = price_factors(configuration).get(path)
    if factor is None or configuration.prices is None:
        return words["answer.amount"].format(amount=number(amount / MILLION, words))
    return words["answer.amounts"].format(
        stated=number(amount / MILLION, words),
        then=price_years(configuration)[path],
        amount=number(amount * factor / MILLION, words),
        year=configuration.prices.year,
    )


def converted_text(configuration: StudyConfiguration, path: str, text: str, words: Words) -> str:
    """Return an amount of money in the prices of the study, with those in which it is stated; nothing of others.

    Of an amount without a year, that none is stated.
    """
    if configuration.prices is not None and path in undated_amounts(configuration):
        return words["page.prices_of"].format(year=configuration.prices.year)
    factor = price_factors(configuration).get(path)
    if factor is None or configuration.prices is None:
        return ""
    amount, unit = number_and_unit(text)
    return words["page.in_prices"].format(
        year=configuration.prices.year,
        amount=f"{number(amount * factor, words)} {written(unit, words)}",
        stated=price_years(configuration)[path],
    )


def sourced_range(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return how much of the variance of the headlines rests on sources, as text.

    Least with the ends of its 95 % interval, most, how many have enough, and how many also at the lower end.
    Members that are not ranked, as on a page that answers at once, say none of it.
    """
    unknown = dict.fromkeys((*SOURCED, "headlines"), "–")
    if "sourced_share" not in results:
        return unknown
    shares = results["sourced_share"].to_series().dropna()
    if shares.empty:
        return unknown | {"headlines": str(results.sizes["headline"])}
    half = results["sourced_share_confidence"].to_series().reindex(shares.index)
    least = str(shares.idxmin())
    return {
        "sourced_least_low": f"{100.0 * (shares[least] - half[least]):.0f}",
        "sourced_least_high": f"{100.0 * min(shares[least] + half[least], 1.0):.0f}",
        "sourced_sure": str(int((shares - half >= ENOUGH).sum())),
        "sourced_least": f"{100.0 * shares.min():.0f}",
        "sourced_most": f"{100.0 * shares.max():.0f}",
        "sourced_least_of": words.get(f"variable.{least}", least),
        "sourced_enough": str(int((shares >= ENOUGH).sum())),
        "headlines": str(results.sizes["headline"]),
    }


def _finding(
    finding: Finding, configuration: StudyConfiguration, numbers: Mapping[str, int], words: Words
) -> dict[str, Any]:
    """Return a finding as a line: what, value, range, year, prices, where, how it was read."""
    stated = [written(finding.value, words)] if finding.value else []
    if finding.range is not None:
        low, high = (written(end, words) for end in finding.range)
        stated.append(f"{low} – {high}" if not finding.value else f"({low} – {high})")
    quantity = finding.translations.get(configuration.language, finding.quantity)
    year = [f"{finding.year}"] if finding.year is not None else []
    prices = [written(finding.prices, words)] if finding.prices else []
    if not prices and is_money(finding):
        taken = year_of_prices(finding, configuration.references[finding.reference])
        prices = [words["page.prices_of"].format(year=taken)]
    return {
        "number": numbers[finding.reference],
        "text": f"{with_its_numbers(quantity, words)}: {' '.join(stated)}",
        "detail": ", ".join(
            [*year, *prices, label(words, "source", finding.where), label(words, "read", finding.read)]
        ),
    }


def _entry(name: str, reference: Reference) -> str:
    """Return one entry of BibTeX."""
    fields = {
        "author": reference.author.replace("; ", " and "),
        "title": reference.title,
        "year": f"{reference.year}",
        ("journal" if reference.kind == "article" else "howpublished"): reference.published_in,
        "institution": reference.author if reference.kind == "report" else "",
        "url": reference.address,
    }
    lines = [f"  {key} = {{{value if key == 'url' else _escaped(value)}}}" for key, value in fields.items() if value]
    return f"@{ENTRY[reference.kind]}{{{name},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(text: str) -> str:
    """Return text with what TeX reads as a command taken literally."""
    for mark in "%&#$_":
        text = text.replace(mark, f"\\{mark}")
    return text
