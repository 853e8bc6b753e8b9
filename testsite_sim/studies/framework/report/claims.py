"""What may be said of a share of the draws: yes, no, or that it is open."""

from collections.abc import Mapping
from typing import Literal

from testsite_sim.studies.framework.words import Words, label, listed

Claim = Literal["yes", "open", "no"]
OF_SOME = {"yes": "claim.yes", "open": "claim.open", "no": "claim.no"}
OF_ALL = {"yes": "claim.all_yes", "open": "claim.all_open", "no": "claim.all_no"}
LIKELY = 2.0 / 3.0  # share of the draws from which on something is said to hold; below the rest of it, not to hold


def claim(share: float) -> Claim:
    """Return what a share of the draws says: yes where it is likely, no where it is unlikely, open in between.

    References
    ----------
    Mastrandrea et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on Consistent
    Treatment of Uncertainties, table 1: likely from 66 %, unlikely up to 33 %, about as likely as not in between.

    Examples
    --------
    >>> claim(0.96), claim(0.5), claim(0.1)
    ('yes', 'open', 'no')
    """
    return "yes" if share >= LIKELY else "no" if share <= 1.0 - LIKELY else "open"


def claims_of(shares: Mapping[str, float], words: Words, kind: str) -> str:
    """Return for which names something holds, is open, and does not hold, as a sentence.

    Parameters
    ----------
    shares : mapping of str to float
        The share of the draws in which it holds, by name.
    words : Words
        With `claim.<claim>`, and `claim.all_<claim>` where it is the same for all names.
    kind : str
        Of the labels of the names.
    """
    of = {name: claim(share) for name, share in shares.items()}
    if len(set(of.values())) == 1:
        return words[OF_ALL[next(iter(of.values()))]]
    parts = [
        words[key].format(names=listed([label(words, kind, name) for name in of if of[name] == each], words))
        for each, key in OF_SOME.items()
        if each in of.values()
    ]
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
