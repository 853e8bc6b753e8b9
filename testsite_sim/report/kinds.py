"""Runs of different kinds next to each other: a single run and an ensemble, whose figures have other names."""

from collections.abc import Mapping, Sequence
from typing import Any

from testsite_sim.output.phrases import IN_ENGLISH, Phrases

Summary = Mapping[str, Mapping[str, Any]]
LOW, MIDDLE, HIGH = "_p5", "_p50", "_p95"  # ends of the names that an ensemble states of every output
ENDS = (LOW, MIDDLE, HIGH, "_mean")
NOT_EXCEEDED = "not exceeded in 50 % of the members"  # what the description of P50 says


def alike(
    summaries: Sequence[Summary], names: Sequence[str], say: Phrases = IN_ENGLISH
) -> tuple[list[Summary], list[str]]:
    """Return summaries whose figures have the names of a single run where one is among them, and what is to be known.

    Parameters
    ----------
    summaries : sequence of mapping
        Name to value, units and description.
    names : sequence of str
        What the runs are called.
    say : Phrases
        The language of the sentences.

    Returns
    -------
    tuple of list and list
        Summaries, of an ensemble next to a single run with P50 of the members as `value`, and P5 and P95 as `low` and
        `high`, of every figure of the single run; and sentences: what is compared, or that nothing is.

    Examples
    --------
    >>> one = {"energy": {"value": 3.0, "units": "GWh"}}
    >>> many = {f"energy_{end}": {"value": k, "units": "GWh"} for k, end in enumerate(("p5", "p50", "p95", "mean"))}
    >>> many["members"] = {"value": 8.0, "units": "count"}
    >>> (_, second), sentences = alike([one, many], ["A", "B"])
    >>> second["energy"]["value"], second["energy"]["low"], second["energy"]["high"], list(second)
    (1, 0, 2, ['energy', 'members'])
    >>> sentences[0]
    'B is an ensemble of 8 members: its P50 stands next to the single values of A, with P5 to P95 in brackets.'
    """
    single = {name for each in summaries if not _is_ensemble(each) for name in each}
    mixed = [_is_ensemble(each) and any(name + MIDDLE in each for name in single) for each in summaries]
    found = [_as_single(each, single) if is_mixed else each for each, is_mixed in zip(summaries, mixed, strict=True)]
    sentences = []
    others = ", ".join(name for name, each in zip(names, summaries, strict=True) if not _is_ensemble(each))
    for name, each, is_mixed in zip(names, summaries, mixed, strict=True):
        if is_mixed:
            text = (
                "{name} is an ensemble of {members} members: its P50 stands next to the single values of {others}, "
                "with P5 to P95 in brackets."
            )
            sentences.append(text.format(name=name, members=f"{each['members']['value']:.0f}", others=others))
    if not set.intersection(*(set(each) for each in found)):
        kinds = ", ".join(f"{name}: {say(_kind(each))}" for name, each in zip(names, summaries, strict=True))
        text = "No figure is stated by all of them, so that nothing is compared: they are of other kinds ({kinds})."
        sentences.append(say(text).format(kinds=kinds))
    return found, sentences


def _is_ensemble(summary: Summary) -> bool:
    """Return whether a summary is that of an ensemble."""
    return "members" in summary and any(name.endswith(MIDDLE) for name in summary)


def _as_single(summary: Summary, single: set[str]) -> Summary:
    """Return the summary of an ensemble by the names of a single run, percentiles and mean in one entry each."""
    found: dict[str, Mapping[str, Any]] = {}
    taken = {name + end: name for name in single if name + MIDDLE in summary for end in ENDS}
    for name, entry in summary.items():
        if name not in taken:
            found[name] = entry
        elif name.endswith(MIDDLE):
            low, high = (summary.get(taken[name] + end, {}).get("value") for end in (LOW, HIGH))
            means = str(entry.get("description", "")).removesuffix(f"; {NOT_EXCEEDED}")
            found[taken[name]] = {**entry, "description": means, "low": low, "high": high}
    return found


def _kind(summary: Summary) -> str:
    """Return what wrote a summary."""
    if any("p10" in entry for entry in summary.values()):
        return "a study"
    if any(name.endswith(f"{MIDDLE}_at_0") for name in summary):
        return "a sweep"
    if _is_ensemble(summary):
        return "an ensemble"
    return "a sensitivity analysis" if "runs" in summary else "a single run"
