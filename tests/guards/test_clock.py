"""`tracker/clock.py` is the only reader of the wall clock, and it is read only at entry points."""

from __future__ import annotations

import ast
import re

from tests.guards.source import ROOT, Module, modules, offenders

WALL_CLOCK = re.compile(
    r"(?:^|\.)(?:datetime|date|timezone)\.(?:now|utcnow|today|localdate|localtime)$|^time\.(?:time|time_ns|localtime)$"
)
READING = {"clock.now", "clock.today"}
ENTRY_LAYERS = {"views", "middleware", "context", "tasks", "management"}


def _attributes(module: Module) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}


def _clock_reads(module: Module) -> set[str]:
    imported = {
        f"clock.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tracker.clock"
        for alias in node.names
    }
    return (_attributes(module) | imported) & READING


def _self_filling_columns(module: Module) -> set[str]:
    keywords = {node.arg for node in ast.walk(module.tree) if isinstance(node, ast.keyword) and node.arg}
    return keywords & {"auto_now", "auto_now_add"}


def _wall_clock_reads(module: Module) -> set[str]:
    """Uses of a wall clock; `timezone.localtime(moment)` only converts the moment it is given."""
    converting = {
        ast.unparse(node.func)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("timezone.local")
    }
    return {name for name in _attributes(module) - converting if WALL_CLOCK.search(name)}


def test_only_the_clock_reads_the_wall_clock() -> None:
    others = [module for module in modules() if module.name != "tracker.clock"]
    assert offenders(others, _wall_clock_reads) == {}


def test_no_column_fills_itself_with_the_present() -> None:
    assert offenders(modules(), _self_filling_columns) == {}


def test_below_the_entry_points_time_is_an_argument() -> None:
    lower = [m for m in modules() if m.is_in("projects", "supervision") and m.layer not in ENTRY_LAYERS]
    assert offenders(lower, _clock_reads) == {}


def test_no_template_reads_the_clock() -> None:
    reading = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"{%\s*now\b", path.read_text(encoding="utf-8"))
    ]
    assert reading == []
