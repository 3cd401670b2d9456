"""The project's own source, discovered and parsed once, for the guards that read it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("tracker", "projects", "supervision")


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, its path below the root, and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    def __str__(self) -> str:
        return self.name

    @property
    def layer(self) -> str:
        """The part after the app: `services` for `projects.services.reports`, `audit` for `projects.audit`."""
        return self.name.partition(".")[2].partition(".")[0]

    def is_in(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)

    def lines(self) -> int:
        return len((ROOT / self.path).read_text(encoding="utf-8").splitlines())


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the three packages but migrations, in order of name."""
    found = []
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if "migrations" in file.parts:
                continue
            path = file.relative_to(ROOT)
            parts = path.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path, ast.parse(file.read_text(encoding="utf-8"), str(path))))
    return tuple(sorted(found, key=lambda module: module.name))


def imports(module: Module) -> Iterator[str]:
    """Dotted names of everything imported, also inside functions; what only type checkers import is left out.

    `from a.b import c` gives `a.b.c`, so that a rule can name either the module or the thing.
    """
    typing_only = {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(module.tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_any(module: Module, *packages: str) -> list[str]:
    """The imports of `module` that lie in one of `packages`."""
    return sorted(
        {
            name
            for name in imports(module)
            if any(name == package or name.startswith(f"{package}.") for package in packages)
        }
    )


def offenders(among: Iterable[Module], fault: Callable[[Module], Iterable[str]]) -> dict[str, list[str]]:
    """Which of `among` break a rule, and how: module name -> what `fault` found."""
    return {module.name: found for module in among if (found := sorted(fault(module)))}


def public_functions(module: Module) -> list[ast.FunctionDef]:
    return [node for node in module.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    return {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def calls(node: ast.AST) -> set[str]:
    """Dotted names of everything called inside `node`."""
    return {ast.unparse(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
