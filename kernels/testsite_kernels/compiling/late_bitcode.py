"""Machine code that was kept, made ready to be called; its bitcode is parsed where another kernel is compiled with it.

numba parses it each time, which took a third of loading a kernel; a run that compiles nothing has no use for it.
"""

from typing import Any

import llvmlite.binding as llvm
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult

_rebuild: Any = CompileResult._rebuild  # untyped
_Library: Any = JITCodeLibrary
_MACHINE_CODE = "object"  # what numba calls a library that is kept as machine code and bitcode


def rebuilt(target_context: Any, library: tuple[str, str, Any], described: Any, *others: Any) -> Any:
    """Return what was compiled and kept, as `CompileResult._rebuild` of numba does.

    Parameters
    ----------
    target_context
        Of numba, for this processor.
    library : tuple
        Name, kind and content of the library of a kernel, as numba gives them to be kept.
    described
        numba's description of the function, with the names of its symbols.
    *others
        What else belongs to the result of compiling.
    """
    codegen = target_context.codegen()
    try:
        late = _late_library(codegen, library, described)
    except (AttributeError, TypeError, ValueError):  # another numba, whose libraries are made in another way
        late = None
    if late is None:
        return _rebuild(target_context, library, described, *others)
    codegen.unserialize_library = lambda kept: late  # asked for by the next line alone, within numba's lock
    try:
        return _rebuild(target_context, library, described, *others)
    finally:
        del codegen.unserialize_library


def _late_library(codegen: Any, library: tuple[str, str, Any], described: Any) -> "_LateLibrary | None":
    """Return the library of machine code whose bitcode waits; None for one that was kept as something else."""
    name, kind, content = library
    if kind != _MACHINE_CODE or codegen._library_class is not JITCodeLibrary:
        return None
    machine_code, bitcode = content
    symbols = {described.llvm_func_name, described.llvm_cpython_wrapper_name, described.llvm_cfunc_wrapper_name}
    late = _LateLibrary(codegen, name)
    late.enable_object_caching()
    late._set_compiled_object(machine_code)
    late.bitcode = bitcode
    late._finalize_final_module()
    # Which of them there are: to ask for one that is missing ends the process. A wrapper's name is no part of another.
    codegen._engine._defined_symbols |= {each for each in symbols if each.encode() in machine_code}
    return late


class _LateLibrary(_Library):  # type: ignore[misc]  # untyped
    """A library of machine code that parses its bitcode when another one is linked with it."""

    bitcode: bytes | None = None
    _shared_module: Any  # of numba: the parsed bitcode

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None and self.bitcode is not None:
            self._shared_module, self.bitcode = llvm.parse_bitcode(self.bitcode), None
            self._codegen._engine._load_defined_symbols(self._shared_module)
        return super()._get_module_for_linking()
