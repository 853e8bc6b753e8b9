"""The parts of a wake model, one file each, made of functions of one source, or of one source and one target.

What is called so often that it must be inlined, such as the deficit of one pair, is compiled into a loop over the
sources of its own, which is kept on disk as every kernel is. `wake.functions` hands the parts to the sweep.
"""

from typing import Any, NamedTuple

import numba

from testsite_kernels.compiling.signed_cache import digest_of_sources
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, rare_part, separate_kernel
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.wake.reach import CLOSE_BY
from testsite_kernels.wind.wake.state import (
    DEFLECTED,
    MADSEN,
    MOMENTUM,
    Addition,
    Pair,
    Parameters,
    Scratch,
    Target,
    Turn,
    look_from,
    make_scratch,
    read_view,
    superpose,
)


class Deficit(NamedTuple):
    """The velocity deficit of a wake: what a file of `testsite_kernels.wind.wake.deficit` makes by `deficit_model`.

    `bound`, `describe`, `add`: compiled functions, see `deficit_model`; `induction`: how the axial induction is found
    (`MADSEN`, `MOMENTUM`), which turbulence models need too; `may_mirror`: whether the ground may mirror it; `discs`:
    whether it looks at the part `WHOLE` of a code; `needs_turbulence`: of the ambient; it must then be above zero.
    """

    name: str
    bound: Any
    describe: Any
    add: Any
    induction: int = MOMENTUM
    may_mirror: bool = False
    discs: bool = False
    needs_turbulence: bool = False


class Turbulence(NamedTuple):
    """The turbulence that wakes add: what a file of `testsite_kernels.wind.wake.turbulence` makes.

    `bound`, `describe_ambient`, `describe`, `add`: compiled functions, see `turbulence_model`, which makes `add` of
    what one source adds; a model whose loop over the sources is its own makes all four. `sums_squares`: whether what is
    added and the ambient intensity add by squares.
    """

    name: str
    bound: Any
    describe_ambient: Any
    describe: Any
    add: Any
    sums_squares: bool = False


class Deflection(NamedTuple):
    """The way of the wake of a turbine that is turned out of the wind: what a file of `wake.deflection` makes.

    `describe`, `bound`, `deflect`: compiled functions, see `deflection_model`; `needs_turbulence`: at the source.
    """

    name: str
    describe: Any
    bound: Any
    deflect: Any
    needs_turbulence: bool = False


SUM, LARGEST = 0, 1  # how the turbulence that several sources add is put together


@bare_part
def nothing_to_prepare(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare nothing: the deficit is found at once."""
    return 0


@bare_kernel
def nothing_to_describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, ambient: Floats, state: Floats
) -> None:
    """Leave the rows of the model's own alone."""


@bare_kernel
def nothing_of_ambient(parameters: Parameters, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Take nothing from the ambient turbulence alone."""


@bare_kernel
def nothing_of_source(
    k: int, lanes: int, parameters: Parameters, thrust: Floats, factor: Floats, state: Floats
) -> None:
    """Leave the row `ADDED` alone."""


numba_settings: Any = numba.config


def _check_parts(kind: str, name: Any, **functions: Any) -> None:
    """Refuse a name that cannot be part of a file's, and functions that are not compiled."""
    plain = isinstance(name, str) and name[:1].isalnum() and all(each.isalnum() or each in "-_.+" for each in name)
    if not (plain and name.isascii()):
        raise ValueError(f"{kind} {name!r}: expected a name of letters, digits, and - _ . + after the first.")
    for role, function in functions.items():
        if not hasattr(function, "overloads") and not (numba_settings.DISABLE_JIT and callable(function)):
            raise TypeError(
                f"{kind} {name!r}: {role} is no compiled function; put `@bare_part` or `@bare_kernel` above it."
            )


def deficit_model(
    name: str,
    *,
    deficit: Any,
    bound: Any,
    describe: Any = nothing_to_describe,
    prepare: Any = nothing_to_prepare,
    induction: int = MOMENTUM,
    may_mirror: bool = False,
    discs: bool = False,
    needs_turbulence: bool = False,
) -> Deficit:
    """Make a deficit of the functions of its file.

    Parameters
    ----------
    name : str
        As `WakeModel` names it.
    deficit : bare_part
        ``deficit(pair, up, lanes, prepared, state, scratch)`` fills `scratch.deficit`, shape (lanes,), with the deficit
        of one source at one target over the wind speed that it refers to [1], 0 to 1, the target's hub standing `up`
        above the source's [m]. Where ``pair.code & PLAIN`` the target stands downstream in every hour, else it is zero
        where it does not.
    bound : bare_kernel
        ``bound(parameters, source, k, bounds)`` fills the k-th column of `bounds`, shape (BOUNDS, columns), for the
        strongest wake of a source, see `testsite_kernels.wind.wake.bounds`: a wake left out further off takes less than
        `source.left_out` in every hour.
    describe : bare_kernel
        ``describe(k, lanes, parameters, radius, thrust, ambient, state)`` writes what the deficits of source k have in
        common to the rows from `OWN` on.
    prepare : bare_part
        ``prepare(pair, lanes, state, scratch)`` returns an integer for `deficit`, and may leave numbers in
        `scratch.inverse`: what does not depend on `up`, which the mirrored wake then shares.
    induction, may_mirror, discs, needs_turbulence
        See `Deficit`.
    """
    _check_parts("deficit", name, deficit=deficit, bound=bound, describe=describe, prepare=prepare)
    if induction not in (MADSEN, MOMENTUM):
        raise ValueError(f"deficit {name!r}: induction is {induction!r}; expected MADSEN or MOMENTUM.")
    add = _adder(name, prepare, deficit)
    return Deficit(name, bound, describe, add, induction, may_mirror, discs, needs_turbulence)


def turbulence_model(
    name: str,
    *,
    added: Any,
    bound: Any,
    describe: Any = nothing_of_source,
    describe_ambient: Any = nothing_of_ambient,
    superposition: int = SUM,
    sums_squares: bool = False,
) -> Turbulence:
    """Make a turbulence model of the functions of its file.

    Parameters
    ----------
    name : str
        As `WakeModel` names it.
    added : bare_part
        ``added(pair, up, lanes, state, ambient, scratch)`` fills `scratch.deficit`, shape (lanes,), with the turbulence
        intensity that one source adds at one target [1], zero where the target does not stand downstream, its hub
        standing `up` above the source's [m].
    bound : bare_kernel
        ``bound(parameters, source, k, bounds)`` fills `CLOSE`, `CLOSE_GROWTH` and `CLOSE_WIDTHS` of the k-th column of
        `bounds`, shape (BOUNDS, columns), see `testsite_kernels.wind.wake.bounds`: a source adds nothing further off.
    describe : bare_kernel
        ``describe(k, lanes, parameters, thrust, factor, state)`` writes what source k adds as far as that does not
        depend on the distance to the row `ADDED`.
    describe_ambient : bare_kernel
        ``describe_ambient(parameters, lanes, ambient, factor)`` fills `factor`, shape (lanes,), with what all sources
        take from the ambient turbulence alone.
    superposition : int
        `SUM` or `LARGEST` of the sources.
    sums_squares : bool
        See `Turbulence`.
    """
    _check_parts("turbulence", name, added=added, bound=bound, describe=describe, describe_ambient=describe_ambient)
    if superposition not in (SUM, LARGEST):
        raise ValueError(f"turbulence {name!r}: superposition is {superposition!r}; expected SUM or LARGEST.")
    add = _turbulence_adder(name, added, superposition)
    return Turbulence(name, bound, describe_ambient, describe, add, sums_squares)


def deflection_model(
    name: str, *, deflection: Any, describe: Any, bound: Any, needs_turbulence: bool = False
) -> Deflection:
    """Make a deflection of the functions of its file.

    Parameters
    ----------
    name : str
        As `WakeModel` names it.
    deflection : bare_part
        ``deflection(pair, lanes, state, steered, offset)`` fills the row of the source of `offset`, shape (turbines,
        lanes), with how far its wake stands to the right of its axis, looking downwind, where the target stands [m]: to
        the right, thus above zero, where the yaw is. What it says of a target that stands upstream is not read.
    describe : bare_kernel
        ``describe(k, lanes, parameters, radius, thrust, intensity, steered)`` writes what the deflections of source k
        have in common to `steered.rows` from `DEFLECTION_OWN` on; the rows before it are filled. `thrust`, `intensity`,
        shape (lanes,): its thrust coefficient over the wind that it stands in, and the turbulence there [1].
    bound : bare_kernel
        ``bound(k, lanes, radius, steered, bounds)`` fills `OFFSET` and `OFFSET_GROWTH` of the k-th column of `bounds`,
        shape (BOUNDS, turbines): a line, not falling, that |deflection| exceeds nowhere downstream, in no hour.
    needs_turbulence : bool
        See `Deflection`.
    """
    _check_parts("deflection", name, deflection=deflection, describe=describe, bound=bound)
    return Deflection(name, describe, bound, _deflector(name, deflection), needs_turbulence)


def _adder(name: str, prepare: Any, deficit: Any) -> Any:
    """Return the loop over the sources of a target, with the deficit of a pair inlined."""

    def add_few(target: Target, addition: Addition, view: Any) -> None:
        near, layout, _, state, _, total, _ = read_view(view)
        k = target.place
        scratch = make_scratch()
        for m in range(target.sources):
            i = near.source[m]
            t = look_from(i, k, 8, view)
            pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
            up, mirrored = layout.hub[k] - layout.hub[i], layout.hub[k] + layout.hub[i]
            prepared = prepare(pair, 8, state, scratch)
            deficit(pair, up, 8, prepared, state, scratch)
            superpose(i, 8, addition, state, scratch.deficit, total)
            if addition.mirrors and mirrored < near.extent[i]:
                deficit(pair, mirrored, 8, prepared, state, scratch)
                superpose(i, 8, addition, state, scratch.deficit, total)

    few = _named(add_few, "add_few", name, rare_part, prepare, deficit)

    def add(target: Target, addition: Addition, view: Any) -> None:
        if target.lanes != LANES:
            few(target, addition, view)
            return
        near, layout, _, state, _, total, _ = read_view(view)
        k, lanes = target.place, target.lanes
        scratch = make_scratch()
        for m in range(target.sources):
            i = near.source[m]
            t = look_from(i, k, lanes, view)
            pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
            up, mirrored = layout.hub[k] - layout.hub[i], layout.hub[k] + layout.hub[i]
            prepared = prepare(pair, LANES, state, scratch)
            deficit(pair, up, LANES, prepared, state, scratch)
            superpose(i, lanes, addition, state, scratch.deficit, total)
            if addition.mirrors and mirrored < near.extent[i]:
                deficit(pair, mirrored, LANES, prepared, state, scratch)
                superpose(i, lanes, addition, state, scratch.deficit, total)

    return _named(add, "add", name, separate_kernel, prepare, deficit)


def _turbulence_adder(name: str, added: Any, superposition: int) -> Any:
    """Return the loop over the sources of a target, with what one of them adds inlined."""
    takes_largest = superposition == LARGEST

    def add(target: Target, turn: Turn, view: Any) -> None:
        near, layout, _, state, ambient, _, total = read_view(view)
        k, lanes = target.place, target.lanes
        scratch = make_scratch()
        for m in range(target.sources):
            i = near.source[m]
            if not near.code[i] & CLOSE_BY:
                continue
            t = look_from(i, k, lanes, view)
            pair, up = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k]), layout.hub[k] - layout.hub[i]
            if lanes == LANES:
                added(pair, up, LANES, state, ambient, scratch)
            else:
                added(pair, up, 8, state, ambient, scratch)
            for lane in range(lanes):
                more = scratch.deficit[lane]
                total[lane] = max(total[lane], more) if takes_largest else total[lane] + more

    return _named(add, "add_turbulence", name, separate_kernel, added)


def _deflector(name: str, deflection: Any) -> Any:
    """Return the loop over the sources of a target that are turned out of the wind, with one deflection inlined."""

    def deflect(target: Target, view: Any) -> None:
        near, layout, steered, state, _, _, _ = read_view(view)
        k, lanes = target.place, target.lanes
        for m in range(target.sources):
            i = near.source[m]
            if steered.yawed[i] == 0:
                continue
            t = look_from(i, k, lanes, view)
            pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
            if lanes == LANES:
                deflection(pair, LANES, state, steered, near.offset)
            else:
                deflection(pair, 8, state, steered, near.offset)
            near.code[i] |= DEFLECTED

    return _named(deflect, "deflect", name, separate_kernel, deflection)


def _named(loop: Any, what: str, name: str, compiled: Any, *parts: Any) -> Any:
    """Compile a loop under a name of its own: numba links compiled functions by their names, also those from disk."""
    loop.__name__ = loop.__qualname__ = f"{what}_{name.replace('-', '_')}_{digest_of_sources(*parts)}"
    return compiled(loop)
