"""The value chain as a graph: who supplies whom, and how a buyer in the region draws on suppliers in the region.

A segment sells parts of its work to other segments and the rest to wind farms. Towards a buyer of the region the odds
of a supplier of the region are those elsewhere times a factor (a logit model with a preference for home; McFadden,
1974). So an order that one segment wins brings orders to those that supply it.
"""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import ValueChain
from testsite_sim.studies.framework.uncertainty import Values

PHASES = ("investment", "operation")


@dataclass(frozen=True)
class Graph:
    """The edges of the value chain in every member."""

    sold: Floats  # part of the work of a supplier that a buyer buys (member, phase, supplier, buyer)
    home_odds: Floats  # (member,)
    buyers_first: tuple[int, ...]  # segments, every buyer before its suppliers


def graph(chain: ValueChain, value: Values, path: str = "value_chain") -> Graph:
    """Return the edges of the value chain in every member."""
    names = list(chain.segments)
    home_odds = value(f"{path}.home_odds")
    sold = np.zeros((home_odds.size, len(PHASES), len(names), len(names)))
    for phase, supplier, buyer, _ in chain.edges:
        place = (PHASES.index(phase), names.index(supplier), names.index(buyer))
        sold[:, *place] = value(f"{path}.supplies.{phase}.{supplier}.{buyer}")
    return Graph(sold, home_odds, tuple(names.index(name) for name in chain.buyers_first))


def home_share(share: Floats, odds: Floats) -> Floats:
    """Return the share of orders of the region that its suppliers win, from their share elsewhere and the factor."""
    return np.asarray(odds * share / (1.0 + (odds - 1.0) * share))


def whole_shares(edges: Graph, elsewhere: Floats) -> Floats:
    """Return the share of all the work of every segment, from its share of orders from elsewhere.

    s = e + (h - e) sum over buyers of (part sold to the buyer x share of the buyer), h being the share at home.

    Parameters
    ----------
    edges : Graph
        The value chain.
    elsewhere : array, (member, scenario, phase, year, segment)
        Share of orders from buyers elsewhere [1].
    """
    odds = edges.home_odds.reshape(-1, 1, 1, 1)
    whole = elsewhere.copy()
    for k in edges.buyers_first:
        buyers = np.flatnonzero(edges.sold[:, :, k].any(axis=(0, 1)))
        if buyers.size == 0:
            continue
        at_home = np.einsum("mpb,mcpyb->mcpy", edges.sold[:, :, k, buyers], whole[..., buyers])
        alone = np.ascontiguousarray(elsewhere[..., k])
        more = home_share(alone, odds)
        more -= alone
        more *= at_home
        np.add(alone, more, out=whole[..., k])
    return whole


def shares_elsewhere(edges: Graph, whole: Floats) -> Floats:
    """Return the share of orders from elsewhere that makes the share of all work the one that is known.

    With q the part of the work that is sold to buyers of the region, s = e (1 - q) + q h(e) is a quadratic equation
    in e with one root between zero and one.

    Parameters
    ----------
    edges : Graph
        The value chain.
    whole : array, (member, segment)
        Share of all the work of every segment, in each phase [1].

    Returns
    -------
    array, (member, phase, segment)
    """
    at_home = np.einsum("mpsb,mb->mps", edges.sold, whole)
    known, more = whole[:, None, :], edges.home_odds[:, None, None] - 1.0
    square = more * (1.0 - at_home)
    linear = 1.0 + more * (at_home - known)
    # The root in the form that loses no digits where the square vanishes; its denominator is above zero.
    return np.asarray(2.0 * known / (linear + np.sqrt(linear**2 + 4.0 * square * known)))


def jobs_by_buyer(edges: Graph, elsewhere: Floats, whole: Floats, jobs: Floats) -> Floats:
    """Return the jobs of the region in every segment by who buys its work, the last buyer being the wind farms.

    Parameters
    ----------
    edges : Graph
        The value chain.
    elsewhere, whole : array, (member, phase, segment)
        Shares of orders from elsewhere and of all work, in one year [1].
    jobs : array, (member, phase, segment)
        Of the whole market [1].

    Returns
    -------
    array, (member, phase, supplier, buyer), with one buyer more than there are segments
    """
    at_home = home_share(elsewhere, edges.home_odds[:, None, None])[..., None]
    ours = whole[:, :, None, :]
    won = edges.sold * (ours * at_home + (1.0 - ours) * elsewhere[..., None])
    to_farms = elsewhere * (1.0 - edges.sold.sum(axis=3))
    return np.asarray(np.concatenate([won, to_farms[..., None]], axis=3) * jobs[..., None])
