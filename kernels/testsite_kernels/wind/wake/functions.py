"""The functions of a wake model by their address, as the sweep calls them, once for a target and a block of hours.

So the sweep is compiled once, for all models.
"""

from typing import Any, NamedTuple

import numba.extending
from numba import types
from numba.core import cgutils
from numba.experimental.function_type import FunctionModel

from testsite_kernels.numerics.views import named_type
from testsite_kernels.wind.wake.bounds import Strongest
from testsite_kernels.wind.wake.model import Deficit, Deflection, Turbulence
from testsite_kernels.wind.wake.state import ROWS_TYPE, STEERED_TYPE, Addition, Parameters, Target, Turn

_typeof: Any = numba.extending.typeof_impl
_ROW, _BLOCK = types.Array(types.float64, 1, "C"), types.Array(types.float64, 2, "C")
_PARAMETERS, _SOURCE, _TURN = named_type(Parameters), named_type(Strongest), named_type(Turn)
_TARGET, _ADDITION = named_type(Target), named_type(Addition)
_INTEGER, _FLOAT, _VIEW = types.int64, types.float64, types.intp
_BOUND = types.void(_PARAMETERS, _SOURCE, _INTEGER, _BLOCK)
SIGNATURES = {
    "bound_deficit": _BOUND,
    "describe_deficit": types.void(_INTEGER, _INTEGER, _PARAMETERS, _FLOAT, _ROW, _ROW, ROWS_TYPE),
    "add_deficits": types.void(_TARGET, _ADDITION, _VIEW),
    "bound_turbulence": _BOUND,
    "describe_ambient": types.void(_PARAMETERS, _INTEGER, _ROW, _ROW),
    "describe_turbulence": types.void(_INTEGER, _INTEGER, _PARAMETERS, _ROW, _ROW, ROWS_TYPE),
    "add_turbulence": types.void(_TARGET, _TURN, _VIEW),
    "describe_deflection": types.void(_INTEGER, _INTEGER, _PARAMETERS, _FLOAT, _ROW, _ROW, STEERED_TYPE),
    "bound_deflection": types.void(_INTEGER, _INTEGER, _FLOAT, STEERED_TYPE, _BLOCK),
    "deflect": types.void(_TARGET, _VIEW),
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
    describe_deflection: Any
    bound_deflection: Any
    deflect: Any


class CompiledType(types.FunctionType):
    """The type of a `Compiled`."""


numba.extending.register_model(CompiledType)(FunctionModel)


@numba.extending.unbox(CompiledType)
def _read_address(kind: Any, compiled: Any, c: Any) -> Any:
    """Hand over the address of a `Compiled`: numba's own way asks Python twice, 2 µs for each function of a model."""
    function = cgutils.create_struct_proxy(kind)(c.context, c.builder)
    address = c.pyapi.object_getattr_string(compiled, "address")
    function.c_addr = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    function.py_addr = c.builder.ptrtoint(compiled, c.context.get_value_type(types.voidptr))
    return numba.extending.NativeValue(function._getvalue())


class Compiled(types.WrapperAddressProtocol):
    """A compiled function by its address: numba calls it whatever it is, so that its caller is compiled once."""

    def __init__(self, dispatcher: Any, signature: Any) -> None:
        dispatcher.compile(signature.args)
        self._result = dispatcher.get_compile_result(signature)  # keeps the code alive
        self._signature = signature
        self.kind = CompiledType(signature)
        self.address = int(self._result.library.get_pointer_to_function(self._result.fndesc.llvm_cfunc_wrapper_name))

    def __wrapper_address__(self) -> int:
        """Return where the code lies."""
        return self.address

    def signature(self) -> Any:
        """Return what the function takes."""
        return self._signature


@_typeof.register(Compiled)
def _kind_of(value: Compiled, _: Any) -> Any:
    """Return the type of a compiled function, made once: numba makes it anew in each call of the sweep."""
    return value.kind


_OF_FUNCTIONS: list[Any] = []  # the type of all `Functions`, once it is known


@_typeof.register(Functions)
def _kind_of_functions(value: Functions, _: Any) -> Any:
    """Return the type of the functions of any model, which is one and the same."""
    if not _OF_FUNCTIONS:
        _OF_FUNCTIONS.append(types.BaseTuple.from_types([each.kind for each in value], Functions))
    return _OF_FUNCTIONS[0]


def functions_of(deficit: Deficit, turbulence: Turbulence, deflection: Deflection) -> Functions:
    """Return the functions of a model of these parts, compiled or read from disk."""
    parts = Functions(
        bound_deficit=deficit.bound,
        describe_deficit=deficit.describe,
        add_deficits=deficit.add,
        bound_turbulence=turbulence.bound,
        describe_ambient=turbulence.describe_ambient,
        describe_turbulence=turbulence.describe,
        add_turbulence=turbulence.add,
        describe_deflection=deflection.describe,
        bound_deflection=deflection.bound,
        deflect=deflection.deflect,
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
