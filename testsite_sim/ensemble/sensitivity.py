"""What matters most to the outputs: Sobol indices and elementary effects of the quantities, the weather, the seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.arguments import MOST_SAMPLES, whole_number
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.ensemble import Ensemble
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.ensemble.assumptions import values_at
from testsite_sim.ensemble.plan import Design, Plan
from testsite_sim.ensemble.statistics import Output
from testsite_sim.ensemble.variation import seed_paths, varied_quantities

WEATHER, SEEDS = (
    "weather year",
    "failures and forecasts",
)  # factors in addition to the quantities: other numbers of them
MORRIS_LEVELS = 4
RESAMPLES = 100  # of the bootstrap of Sobol indices, as SALib draws them where nothing else is said
_NUMBERS = 2**20  # of weather and seeds that a factor chooses from
SAMPLES = {"sobol": 64, "morris": 16}  # base samples, trajectories, where the user says no other number
_PURPOSE = 2  # of the random numbers, next to members (0) and ranking (1)


def factors_of(plan: Plan) -> list[str]:
    """Return the factors of a design, in the order of its columns."""
    names = [each.path for each in plan.assumptions]
    if plan.ensemble.weather.kind != "record":
        names.append(WEATHER)
    if any(True for _ in seed_paths(plan.scenarios[0])):
        names.append(SEEDS)
    return names


def _problem(factors: Sequence[str]) -> dict[str, Any]:
    """Return the factors in the form of SALib."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def _seed(seed: int) -> int:
    """Return a seed for SALib."""
    return int(np.random.SeedSequence(seed, spawn_key=(_PURPOSE,)).generate_state(1)[0])


def plan_sensitivity(scenario: Scenario, kind: str, samples: int | None = None) -> Plan:
    """Return the plan of a sensitivity analysis.

    Parameters
    ----------
    scenario : Scenario
        With or without its section `ensemble`.
    kind : str
        `sobol`: the design of Saltelli, samples (factors + 2) runs; `morris`: trajectories, samples (factors + 1) runs.
    samples : int, optional
        Base samples, a power of two, or trajectories.

    Raises
    ------
    ConfigurationError
        When nothing varies, or the number does not fit.

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270; Morris (1991), Technometrics 33, 161-174;
    Campolongo, Cariboni and Saltelli (2007), Environmental Modelling and Software 22, 1509-1518; Herman and Usher
    (2017), SALib, Journal of Open Source Software 2(9).
    """
    ensemble = scenario.ensemble or Ensemble()
    varied = tuple(varied_quantities(scenario, ensemble.vary, ensemble.hold))
    empty = Plan((scenario.model_copy(update={"ensemble": None}),), ({},), ensemble, varied, 0)
    factors = factors_of(empty)
    count = SAMPLES[kind] if samples is None else whole_number(samples, "samples", 2, MOST_SAMPLES)
    if not factors:
        raise ConfigurationError("sensitivity: nothing varies; give quantities a `range`, or weather another kind.")
    if kind == "sobol" and count & (count - 1):
        raise ConfigurationError(f"samples: found {count}; expected a power of two, like 64.")
    if kind == "sobol":
        unit = sobol_design(factors, count, _seed(ensemble.seed))
    else:
        from SALib.sample import morris as morris_sample

        unit = morris_sample.sample(_problem(factors), count, num_levels=MORRIS_LEVELS, seed=_seed(ensemble.seed))
    rows = unit.shape[0]
    numbers = {
        name: 1 + np.floor(np.minimum(unit[:, factors.index(name)], 1.0 - 1e-12) * _NUMBERS).astype(np.int64)
        if name in factors
        else np.zeros(rows, np.int64)
        for name in (WEATHER, SEEDS)
    }
    values = values_at(varied, np.ascontiguousarray(unit[:, : len(varied)]))
    design = Design(kind, unit, values, numbers[WEATHER], numbers[SEEDS])
    return Plan(empty.scenarios, ({},), ensemble, varied, rows, design)


def analyse(plan: Plan, outputs: Sequence[Output], rows: Floats) -> xr.Dataset:
    """Return how much each factor matters to each output.

    Parameters
    ----------
    plan : Plan
        With its design.
    outputs : sequence of Output
        What the columns are.
    rows : ndarray, shape (run, output)
        The runs of the design, without member 0.

    Returns
    -------
    xarray.Dataset, dims (output, factor)
        Of Sobol's: sobol_first, sobol_total [1] and the half widths of their 95 % intervals; of Morris's: morris_mean
        (of the absolute effects over the whole range), its half width, and morris_spread (standard deviation of the
        effects), in units of the output. NaN where a run has no such figure.
    """
    if plan.design is None:
        raise ValueError("a plan of members has no design")
    factors = factors_of(plan)
    kind, dims, shape = plan.design.kind, ("output", "factor"), (len(outputs), len(factors))
    if kind == "sobol":
        described = {
            "sobol_first": "share of the variance by the factor alone",
            "sobol_first_confidence": "half width of its 95 % interval",
            "sobol_total": "share of the variance with all that the factor takes part in",
            "sobol_total_confidence": "half width of its 95 % interval",
        }
    else:
        described = {
            "morris_mean": "mean of the absolute elementary effects, over the whole range of the factor",
            "morris_mean_confidence": "half width of its 95 % interval",
            "morris_spread": "standard deviation of the elementary effects",
        }
    found = np.full((len(described), *shape), np.nan)
    for row in range(len(outputs)):
        output = rows[:, row]
        if not np.isfinite(output).all():
            continue
        if kind == "sobol":
            found[:, row] = sobol_indices(factors, output, _seed(plan.ensemble.seed))
        else:
            found[:, row] = _elementary_effects(factors, plan.design.unit, output, _seed(plan.ensemble.seed))
    return xr.Dataset(
        {name: (dims, values, {"long_name": described[name]}) for name, values in zip(described, found, strict=True)},
        coords={
            "output": ("output", [output.name for output in outputs]),
            "units": ("output", [output.units for output in outputs], {"long_name": "units of the output"}),
            "factor": ("factor", factors),
        },
        attrs={"design": kind, "runs": int(rows.shape[0])},
    )


def sobol_design(factors: Sequence[str], samples: int, seed: int, groups: Sequence[str] | None = None) -> Floats:
    """Return the design of Saltelli in the unit cube, samples (groups + 2) rows, shape (row, factor).

    `groups` names the group of each factor; those of one group vary together. None: each is a group of its own.
    """
    from scipy.stats import qmc

    # The rows that SALib makes one at a time in Python, made at once: of each base sample A, A with one group of B, B.
    count = len(factors)
    names = list(factors) if groups is None else list(groups)
    order = list(dict.fromkeys(names))
    base = np.asarray(qmc.Sobol(2 * count, seed=seed).random(samples))
    first, second = base[:, :count], base[:, count:]
    taken = np.array([[name == group for name in names] for group in order])  # (group, factor)
    mixed = np.where(taken, second[:, None, :], first[:, None, :])
    rows = np.concatenate([first[:, None], mixed, second[:, None]], axis=1)
    return np.ascontiguousarray(rows.reshape(-1, count))


def sobol_indices(factors: Sequence[str], output: Floats, seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return first and total indices of Saltelli's design, each with the half width of its 95 % interval, (factor,).

    The estimators are those of Saltelli et al. (2010), Computer Physics Communications 181, 259-270, table 2 (b) and
    (f), the intervals by a bootstrap, as SALib has them and to the same bits. SALib draws the resamples of the two base
    samples, and their variance, four times for every factor; here it is once.

    An output that does not vary has indices of zero; so has a resample that does not.
    """
    from scipy.special import ndtri

    count = len(factors)
    first, first_half, total, total_half = np.zeros((4, count))
    spread = np.ptp(output)
    if spread <= 1e-12 * max(float(np.abs(output).max()), 1e-300):
        return first, first_half, total, total_half
    scaled = output / spread
    base_a, *mixed, base_b = ((scaled - scaled.mean()) / scaled.std()).reshape(-1, count + 2).T
    drawn = np.random.default_rng(seed).integers(base_a.size, size=(base_a.size, RESAMPLES))
    whole, resampled = _BaseSamples.of(base_a, base_b), _BaseSamples.of(base_a[drawn], base_b[drawn])
    for k, other in enumerate(mixed):
        first[k], total[k] = whole.indices(other)
        of_resamples = resampled.indices(other[drawn])
        if resampled.varies:
            first_half[k], total_half[k] = (ndtri(0.975) * each.std(ddof=1) for each in of_resamples)
    return first, first_half, total, total_half


@dataclass(frozen=True)
class _BaseSamples:
    """The output in the two base samples of a design, (row,) or (row, resample), and their variance."""

    first: Floats
    second: Floats
    variance: Floats
    spread: float

    @classmethod
    def of(cls, first: Floats, second: Floats) -> "_BaseSamples":
        """Return two base samples with the variance of both together."""
        both = np.concatenate([first, second])
        return cls(first, second, np.var(both, axis=0), float(np.ptp(both)))

    @property
    def varies(self) -> bool:
        """Return whether any two values differ."""
        return self.spread != 0.0

    def indices(self, mixed: Floats) -> tuple[Floats, Floats]:
        """Return first and total index of a factor, of the output in the first sample with that factor of the second.

        Both are zero where the output does not vary.
        """
        change = mixed - self.first
        parts = np.mean(self.second * change, axis=0), 0.5 * np.mean(change**2, axis=0)
        least = np.finfo(float).eps  # below it SALib takes an output for constant
        varies = (self.variance > least) & (self.spread > least)
        first, total = (np.divide(part, self.variance, out=np.zeros_like(part), where=varies) for part in parts)
        return first, total


def _elementary_effects(factors: Sequence[str], unit: Floats, output: Floats, seed: int) -> tuple[Floats, ...]:
    """Return mean of the absolute effects, its half width, and the spread of the effects, (factor,)."""
    from SALib.analyze import morris

    found = morris.analyze(_problem(factors), unit, output, num_levels=MORRIS_LEVELS, seed=seed)
    return tuple(np.asarray(found[name], np.float64) for name in ("mu_star", "mu_star_conf", "sigma"))
