"""Bits do not depend on the order of compiling: numba hands the rounding of a kernel down to the parts that it calls.

A part is compiled once, for the first that calls it. One that states no rounding, and that kernels of both kinds call,
would have that of whichever came first.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

KERNELS = Path(__file__).parents[2] / "kernels" / "testsite_kernels"
CONTRACTED = {"lane_part", "contracted_part", "contracted_kernel", "bare_contracted_kernel", "rare_part"}
PLAIN = {"plain_part", "kernel", "bare_kernel"}
HANDED_DOWN = {"part", "inlined_part", "bare_part", "called_part"}
Name = tuple[str, str]  # module, function


def compiled(tree: ast.Module, module: str) -> Iterator[tuple[Name, str, set[Name]]]:
    """Yield the compiled functions of a module: name, decorator, what each calls by its name."""
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("testsite_kernels")
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            known = [each.id for each in node.decorator_list if isinstance(each, ast.Name)]
            for decorator in set(known) & (CONTRACTED | PLAIN | HANDED_DOWN):
                called = {
                    imported.get(each.func.id, (module, each.func.id))
                    for each in ast.walk(node)
                    if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
                }
                yield (module, node.name), decorator, called


def of_both_kinds(functions: dict[Name, tuple[str, set[Name]]]) -> set[Name]:
    """Return the parts that state no rounding and are called, directly or not, by kernels of both kinds."""
    named = set().union(*(called for _, called in functions.values()))
    rounding = {name: {stated in CONTRACTED} for name, (stated, _) in functions.items() if stated not in HANDED_DOWN}
    for name in functions.keys() - rounding.keys():
        # what nothing calls by its name is a part of a wake model, which the contracted sweep is given
        rounding[name] = set() if name in named else {".wind." in name[0]}
    before = -1
    while before != (before := sum(map(len, rounding.values()))):
        for name, (_, called) in functions.items():
            for each in called & functions.keys():
                if functions[each][0] in HANDED_DOWN:
                    rounding[each] |= rounding[name]
    return {name for name, kinds in rounding.items() if len(kinds) > 1}


def test_a_part_that_kernels_of_both_kinds_call_states_how_it_rounds() -> None:
    functions = {}
    for path in KERNELS.rglob("*.py"):
        module = ".".join(("testsite_kernels", *path.relative_to(KERNELS).with_suffix("").parts))
        found = compiled(ast.parse(path.read_text(encoding="utf-8")), module)
        functions |= {name: (stated, called) for name, stated, called in found}
    assert len(functions) > 300
    assert not of_both_kinds(functions)


def test_one_that_states_none_is_found_through_another() -> None:
    """The fault: the same hour differed in its last bit by whether all kernels had been compiled before."""
    source = "@part\ndef f(): pass\n@part\ndef g(): f()\n@kernel\ndef a(): g()\n@contracted_kernel\ndef b(): f()\n"
    functions = {name: (stated, called) for name, stated, called in compiled(ast.parse(source), "m")}
    assert of_both_kinds(functions) == {("m", "f")}
    functions["m", "f"] = ("plain_part", set())
    assert of_both_kinds(functions) == set()
