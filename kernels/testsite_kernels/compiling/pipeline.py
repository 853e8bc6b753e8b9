"""How kernels and parts are compiled: with the widest vectors, and parts to be linked into kernels and nothing else.

LLVM takes vectors of 256 bits on many processors that have twice as wide ones, since the first of these slowed down for
them; with the wide ones the sweep over the hours of a block takes a fifth to two fifths less time. On a processor
without them the attribute has no effect.

numba optimises every function as if it were run by itself, and makes machine code of it. Of a part neither is used:
the kernels that call it are optimised and translated with its code in them, and give the same bits without. Parts that
may contract are still optimised first, since how their operations merge may depend on it.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.typed_passes import NativeLowering

WIDE = '"prefer-vector-width"="512"'
_register: Any = register_pass


def _untyped(of_numba: Any) -> Any:
    """Return an object of numba, whose methods have no types."""
    return of_numba


class KernelLibrary(JITCodeLibrary):
    """The code of a kernel, all of whose functions take the widest vectors."""

    def add_ir_module(self, ir_module: Any) -> None:
        """Add code."""
        for function in ir_module.functions:
            if function.blocks:
                set.add(function.attributes, WIDE)  # llvmlite knows no attributes that have a value
        _untyped(super()).add_ir_module(ir_module)


class _NoEnvironment:
    """Where the code of a part would be found, if it had any that runs by itself."""

    def set_env(self, name: str, environment: Any) -> None:
        """Set nothing."""


class PartLibrary(KernelLibrary):
    """The code of a part: checked and linkable, without machine code."""

    is_contracted = False

    @property
    def codegen(self) -> Any:
        """What would run it."""
        return _NoEnvironment()

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is no machine code, once the part can be linked."""
        _untyped(self)._ensure_finalized()
        return 0

    def _optimize_functions(self, ll_module: Any) -> None:
        """Optimise what the part defines; numba prepares the passes anew for every function that it only names too."""
        codegen = _untyped(self)._codegen
        ll_module.data_layout = codegen._data_layout
        for function in ll_module.functions:
            if not function.is_declaration:
                passes, builder = codegen._function_pass_manager()
                passes.run(function, builder)

    def _optimize_final_module(self) -> None:
        if self.is_contracted:
            _untyped(super())._optimize_final_module()

    def _finalize_final_module(self) -> None:
        _untyped(self)._finalize_dynamic_globals()
        _untyped(self)._verify_declare_only_symbols()
        self._finalized = True


class RareLibrary(PartLibrary):
    """The code of a part that is left a function of its own."""

    def add_ir_module(self, ir_module: Any) -> None:
        """Add code."""
        for function in ir_module.functions:
            if function.blocks:
                function.attributes.add("noinline")
        _untyped(super()).add_ir_module(ir_module)


class _Before(LoweringPass):
    """What is settled before the code is written."""

    _name = ""

    def __init__(self) -> None:
        LoweringPass.__init__(self)


@_register(mutates_CFG=False, analysis_only=False)
class _WholeKernel(_Before):
    """Let what follows write the code of a kernel into its library."""

    _name = "whole_kernel"

    def run_pass(self, state: Any) -> bool:
        """Give the kernel its library."""
        from testsite_kernels.compiling.named_results import look_for_errors

        look_for_errors()
        state.library = _untyped(KernelLibrary)(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()  # so that it can be kept on disk
        return False


@_register(mutates_CFG=False, analysis_only=False)
class _LinkedOnly(_Before):
    """Let what follows write the code of a part into a library of parts."""

    _name = "linked_only"
    kind: type[PartLibrary] = PartLibrary

    def run_pass(self, state: Any) -> bool:
        """Give the part its library."""
        state.library = _untyped(self.kind)(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.is_contracted = bool(state.flags.fastmath)
        return False


@_register(mutates_CFG=False, analysis_only=False)
class _CalledOnly(_LinkedOnly):
    """Let what follows write the code of a part into a library of parts that are called."""

    _name = "called_only"
    kind = RareLibrary


@_register(mutates_CFG=False, analysis_only=False)
class _ArraysApart(_Before):
    """Let LLVM know that no array which a function is given shares memory with another."""

    _name = "arrays_apart"

    def run_pass(self, state: Any) -> bool:
        """Set the flag."""
        state.flags.noalias = True
        return False


class KernelCompiler(Compiler):
    """numba's compiler, for kernels."""

    before: tuple[type[_Before], ...] = (_WholeKernel,)

    def define_pipelines(self) -> Any:
        """Return its steps, with what is settled before the code is written."""
        pipelines = _untyped(super()).define_pipelines()
        for pipeline in pipelines:
            steps = pipeline.passes
            at = next(number for number, (step, _) in enumerate(steps) if step is NativeLowering)
            steps[at:at] = [(step, step._name) for step in self.before]
            pipeline._finalized = False
            pipeline.finalize()
        return pipelines


class SeparateKernelCompiler(KernelCompiler):
    """The same, for kernels whose arrays share no memory."""

    before = (_WholeKernel, _ArraysApart)


class PartCompiler(KernelCompiler):
    """numba's compiler, for parts."""

    before = (_LinkedOnly,)


class RarePartCompiler(KernelCompiler):
    """The same, for parts that are left functions."""

    before = (_CalledOnly,)


class SeparatePartCompiler(KernelCompiler):
    """The same, for parts whose arrays share no memory."""

    before = (_LinkedOnly, _ArraysApart)
