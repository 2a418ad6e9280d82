"""Which faults a file can be given: cosmic-ray's operators, and calls that are left out."""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# What follows changes no behaviour under `from __future__ import annotations`, or no program that is right.
_LEFT_OUT = {"core/VariableInserter", "core/VariableReplacer", "core/RemoveDecorator"}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one fault. family: the kind of fault; line: where; was, now: the line before and after."""

    path: Path
    family: str
    line: int
    was: str
    now: str
    code: str

    @property
    def key(self) -> str:
        """The same from run to run while the line stands."""
        return f"{self.path.as_posix()} | {self.family} | {self.was} | {self.now}"


def mutants(path: Path, root: Path, chance: random.Random) -> list[Mutant]:
    """One mutant for each place and kind of fault: of several replacements at one place, one by chance."""
    code = (root / path).read_text(encoding="utf-8")
    quiet = list(_quiet(ast.parse(code)))
    found: dict[tuple[object, str], list[tuple[str, int]]] = defaultdict(list)
    tree = get_ast(code)
    for name in sorted(operator_names()):
        if name not in _LEFT_OUT:
            operator = get_operator(name)()
            for number, at in enumerate(_positions(tree, operator)):
                if not any(low <= at[0][0] <= high for low, high in quiet):
                    found[at, _family(name)].append((name, number))
    made = []
    for (_, family), choices in sorted(found.items(), key=str):
        name, number = chance.choice(choices)
        changed = mutate_code(code, get_operator(name)(), number)
        if changed is not None and changed != code:
            made.append(_mutant(path, family, code, changed))
    return made + list(_without_calls(path, code))


def _positions(tree: object, operator: object) -> Iterator[tuple[Span, Span]]:
    stack = [tree]
    while stack:
        node = stack.pop(0)
        yield from operator.mutation_positions(node)  # type: ignore[attr-defined]
        stack[:0] = list(getattr(node, "children", ()))


def _family(name: str) -> str:
    return name.removeprefix("core/").split("_")[0]


def _quiet(tree: ast.Module) -> Iterator[Span]:
    """Lines of annotations that stand alone, imports, assertions, signatures and decorators."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
            yield node.lineno, node.end_lineno or node.lineno
        if isinstance(node, ast.AnnAssign) and node.value is None:
            yield node.lineno, node.end_lineno or node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.body[0].lineno - 1  # its signature; defaults are few and plain
        for one in getattr(node, "decorator_list", ()):
            yield one.lineno, one.end_lineno


def _without_calls(path: Path, code: str) -> Iterator[Mutant]:
    """The same file with one statement left out that is a call and nothing more."""
    lines = code.splitlines(keepends=True)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            gone = [*lines[:first], " " * node.col_offset + "pass\n", *lines[last:]]
            yield Mutant(path, "CallLeftOut", node.lineno, lines[first].strip(), "pass", "".join(gone))


def _mutant(path: Path, family: str, code: str, changed: str) -> Mutant:
    before, after = code.splitlines(), changed.splitlines()
    line = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    return Mutant(path, family, line + 1, before[line].strip(), after[line].strip(), changed)
