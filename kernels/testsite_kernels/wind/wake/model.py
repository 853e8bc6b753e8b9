"""A wake model for the sweep: pointers to the compiled functions of its parts, one file a part.

The sweep is compiled once, for all models: it calls the functions of a model by their address, once for a target and
a block of hours. What is called so often that it must be inlined, the deficit of one pair, is compiled into a loop over
the sources of its own (`deficit`), which is kept on disk as every kernel is.
"""

from typing import Any, NamedTuple

from numba import types

from testsite_kernels.compiling.signed_cache import digest_of_sources
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_contracted_kernel, bare_kernel, bare_part
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.wake.bounds import Strongest
from testsite_kernels.wind.wake.state import (
    MOMENTUM,
    Addition,
    Layout,
    Near,
    Pair,
    Parameters,
    Scratch,
    Target,
    Turn,
    look_from,
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

    `bound`, `describe_ambient`, `describe`, `add`: compiled functions, as the sweep calls them; `sums_squares`: whether
    what is added and the ambient intensity add by squares.
    """

    name: str
    bound: Any
    describe_ambient: Any
    describe: Any
    add: Any
    sums_squares: bool = False


@bare_part
def nothing_to_prepare(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare nothing: the deficit is found at once."""
    return 0


@bare_kernel
def nothing_to_describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, ambient: Floats, state: Floats
) -> None:
    """Leave the rows of the model's own alone."""


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
    add = _adder(name, prepare, deficit)
    return Deficit(name, bound, describe, add, induction, may_mirror, discs, needs_turbulence)


def _adder(name: str, prepare: Any, deficit: Any) -> Any:
    """Return the loop over the sources of a target, with the deficit of a pair inlined."""

    def add(
        target: Target,
        addition: Addition,
        near: Near,
        layout: Layout,
        state: Floats,
        scratch: Scratch,
        total: Floats,
    ) -> None:
        k, lanes = target.place, target.lanes
        for m in range(target.sources):
            i = near.source[m]
            t = look_from(i, k, lanes, layout, state)
            pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
            up, mirrored = layout.hub[k] - layout.hub[i], layout.hub[k] + layout.hub[i]
            if lanes == LANES:
                prepared = prepare(pair, LANES, state, scratch)
                deficit(pair, up, LANES, prepared, state, scratch)
                superpose(i, LANES, addition, state, scratch.deficit, total)
                if addition.mirrors and mirrored < near.extent[i]:
                    deficit(pair, mirrored, LANES, prepared, state, scratch)
                    superpose(i, LANES, addition, state, scratch.deficit, total)
            else:
                prepared = prepare(pair, 8, state, scratch)
                deficit(pair, up, 8, prepared, state, scratch)
                superpose(i, 8, addition, state, scratch.deficit, total)
                if addition.mirrors and mirrored < near.extent[i]:
                    deficit(pair, mirrored, 8, prepared, state, scratch)
                    superpose(i, 8, addition, state, scratch.deficit, total)

    # numba links compiled functions by their names, also those from disk: no two of them may have the same.
    add.__name__ = add.__qualname__ = f"add_{name.replace('-', '_')}_{digest_of_sources(prepare, deficit)}"
    return bare_contracted_kernel(add)


_ROW, _BLOCK = types.Array(types.float64, 1, "C"), types.Array(types.float64, 2, "C")
_ROWS, _PLACES = types.Array(types.float64, 3, "C"), types.Array(types.int64, 1, "C")


def _named(record: type, **fields: Any) -> Any:
    """Return numba's type of a named tuple: numbers as they are annotated, but for the fields stated."""
    plain = {int: types.int64, float: types.float64}
    kinds = [fields.get(name) or plain.get(kind, _ROW) for name, kind in record.__annotations__.items()]
    if len(set(kinds)) == 1:
        return types.NamedUniTuple(kinds[0], len(kinds), record)
    return types.NamedTuple(kinds, record)


_LAYOUT = _named(Layout, cosine=_BLOCK, sine=_BLOCK)
_NEAR = _named(Near, source=_PLACES, code=_PLACES)
_SCRATCH, _PARAMETERS, _SOURCE, _TURN = _named(Scratch), _named(Parameters), _named(Strongest), _named(Turn)
_TARGET, _ADDITION = _named(Target), _named(Addition)
_INTEGER, _FLOAT = types.int64, types.float64
_BOUND = types.void(_PARAMETERS, _SOURCE, _INTEGER, _BLOCK)
SIGNATURES = {
    "bound_deficit": _BOUND,
    "describe_deficit": types.void(_INTEGER, _INTEGER, _PARAMETERS, _FLOAT, _ROW, _ROW, _ROWS),
    "add_deficits": types.void(_TARGET, _ADDITION, _NEAR, _LAYOUT, _ROWS, _SCRATCH, _ROW),
    "bound_turbulence": _BOUND,
    "describe_ambient": types.void(_PARAMETERS, _INTEGER, _ROW, _ROW),
    "describe_turbulence": types.void(_INTEGER, _INTEGER, _PARAMETERS, _ROW, _ROW, _ROWS),
    "add_turbulence": types.void(_TARGET, _TURN, _NEAR, _LAYOUT, _ROWS, _ROW, _SCRATCH, _ROW),
}


class Functions(NamedTuple):
    """The functions of a wake model, as the sweep calls them."""

    bound_deficit: Any
    describe_deficit: Any
    add_deficits: Any
    bound_turbulence: Any
    describe_ambient: Any
    describe_turbulence: Any
    add_turbulence: Any


class Compiled(types.WrapperAddressProtocol):
    """A compiled function by its address: numba calls it whatever it is, so that its caller is compiled once."""

    def __init__(self, dispatcher: Any, signature: Any) -> None:
        dispatcher.compile(signature.args)
        self._result = dispatcher.get_compile_result(signature)  # keeps the code alive
        self._signature = signature
        self._address = self._result.library.get_pointer_to_function(self._result.fndesc.llvm_cfunc_wrapper_name)

    def __wrapper_address__(self) -> int:
        """Return where the code lies."""
        return int(self._address)

    def signature(self) -> Any:
        """Return what the function takes."""
        return self._signature


def functions_of(deficit: Deficit, turbulence: Turbulence) -> Functions:
    """Return the functions of a model of these parts, compiled or read from disk."""
    parts = Functions(
        bound_deficit=deficit.bound,
        describe_deficit=deficit.describe,
        add_deficits=deficit.add,
        bound_turbulence=turbulence.bound,
        describe_ambient=turbulence.describe_ambient,
        describe_turbulence=turbulence.describe,
        add_turbulence=turbulence.add,
    )
    return Functions(*(_compiled(part, name) for name, part in parts._asdict().items()))


_COMPILED: dict[tuple[Any, str], Any] = {}  # by function and what it is called as


def _compiled(function: Any, name: str) -> Any:
    """Return a function with its address; the function itself where numba is off."""
    if not hasattr(function, "get_compile_result"):
        return function
    if (function, name) not in _COMPILED:
        _COMPILED[function, name] = Compiled(function, SIGNATURES[name])
    return _COMPILED[function, name]
