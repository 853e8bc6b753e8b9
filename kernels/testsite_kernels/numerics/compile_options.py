"""The one place that owns how kernels are compiled."""

from typing import Any

from numba import njit

from testsite_kernels.compiling.pipeline import (
    KernelCompiler,
    PartCompiler,
    RarePartCompiler,
    SeparateKernelCompiler,
    SeparatePartCompiler,
)
from testsite_kernels.compiling.signed_cache import keep

_BARE: Any = {"_nrt": False}  # known to numba's options, though not to its type hints
_WITHOUT_WRAPPERS: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_CONTRACTED = {"contract", "nsz", "arcp"}


def _kept(function: Any, compiler: Any = KernelCompiler, **options: Any) -> Any:
    """Compile a function, with the cache on disk that is ours: numba's own misses edits of what a kernel calls."""
    compiled = njit(nogil=True, error_model="numpy", pipeline_class=compiler, **options)(function)
    keep(compiled)
    return compiled


def _part(function: Any, compiler: Any = PartCompiler, **options: Any) -> Any:
    """Compile a function that kernels call, without what Python calls it by: that took a third of all compiling.

    A call from Python, as by a test, compiles it once more as a function of its own, with its wrapper.
    """
    compiled: Any = njit(nogil=True, error_model="numpy", pipeline_class=compiler, **_WITHOUT_WRAPPERS, **options)(
        function
    )
    if not hasattr(compiled, "overloads"):  # NUMBA_DISABLE_JIT is set
        return compiled
    overloads: Any = compiled.overloads
    of_its_own: list[Any] = []

    def add_overload(result: Any) -> None:
        overloads[tuple(result.signature.args)] = result  # not known to the table by which Python calls

    def compile_for_python(*arguments: Any, **named: Any) -> Any:
        if not of_its_own:
            alone = njit(nogil=True, error_model="numpy", pipeline_class=KernelCompiler, **options)
            of_its_own.append(alone(function))
        return of_its_own[0]._compile_for_args(*arguments, **named)

    compiled.add_overload, compiled._compile_for_args = add_overload, compile_for_python
    return compiled


def kernel(function: Any) -> Any:
    """Compile a function as a kernel: cached on disk, without the interpreter lock, IEEE rules kept.

    A division by zero gives inf or nan, as in NumPy; reassociation is off, so that results are the same bits on
    one and on several threads and a NumPy reference can agree to the last digits.
    """
    return _kept(function)


def part(function: Any) -> Any:
    """Compile a small function that kernels call: same rules, no cache file of its own; LLVM inlines it."""
    return _part(function)


def inlined_part(function: Any) -> Any:
    """Compile a part that is always inlined: a call would stop vectorisation, and costs more where many arrays pass.

    Whether it may contract is for the first kernel that calls it to say, as for all parts that do not state it: numba
    hands it down. One that kernels of both kinds call is a `plain_part` or a `lane_part`, so that its bits do not
    depend on which is compiled first.
    """
    return _part(function, forceinline=True)


def plain_part(function: Any) -> Any:
    """Compile an inlined part that keeps IEEE rules, also where it is called by one that may contract."""
    return _part(function, forceinline=True, fastmath=False)


def bare_part(function: Any) -> Any:
    """Compile an inlined part that counts no references: for parts that neither make nor return arrays.

    numba counts a reference to every array that a function is given, atomically and even where it is inlined; in a
    loop of small parts that pass several arrays this took two thirds of the time.
    """
    return _part(function, forceinline=True, **_BARE)


def called_part(function: Any) -> Any:
    """Compile a bare part that is too large to be copied to where it is called: LLVM may leave it a function."""
    return _part(function, **_BARE)


def bare_kernel(function: Any) -> Any:
    """Compile a kernel that counts no references: for kernels of bare parts that never make an array.

    Where many arrays pass through small parts in named tuples, the counting took four fifths of the time.
    """
    return _kept(function, **_BARE)


def contracted_kernel(function: Any) -> Any:
    """Compile a kernel whose inner loop may contract a*b+c into one rounding and reorder sums inside a lane.

    For loops over independent lanes only: the order of operations within a lane is fixed at compile time, so the
    bits still do not depend on the number of threads.
    """
    return _kept(function, fastmath=_CONTRACTED)


def bare_contracted_kernel(function: Any) -> Any:
    """Compile a contracted kernel that counts no references: for kernels of bare parts that never make an array."""
    return _kept(function, fastmath=_CONTRACTED, **_BARE)


def separate_kernel(function: Any) -> Any:
    """Compile a bare contracted kernel no two of whose arrays share memory.

    In a loop that writes one array and reads others, LLVM otherwise compares where they lie each time that it begins,
    and goes lane by lane where they might overlap. With loops as short as a block that took a third of the time.
    """
    return _kept(function, SeparateKernelCompiler, fastmath=_CONTRACTED, **_BARE)


def separate_part(function: Any) -> Any:
    """Compile a lane part no two of whose arrays share memory."""
    return _part(function, SeparatePartCompiler, forceinline=True, fastmath=_CONTRACTED, **_BARE)


def lane_part(function: Any) -> Any:
    """Compile a bare part whose loop over independent lanes may contract, as that of a contracted kernel."""
    return _part(function, forceinline=True, fastmath=_CONTRACTED, **_BARE)


def contracted_part(function: Any) -> Any:
    """Compile a bare part that is large enough to be called, and may contract: no cache file of its own."""
    return _part(function, fastmath=_CONTRACTED, **_BARE)


def rare_part(function: Any) -> Any:
    """Compile a contracted part that is left a function: in its caller, what it needs would be set up in every call."""
    return _part(function, RarePartCompiler, forceinline=False, fastmath=_CONTRACTED, **_BARE)
