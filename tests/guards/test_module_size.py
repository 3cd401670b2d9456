"""A module that no longer fits in the head is split: told from 400 lines on, refused above 600."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards.source import ROOT, modules

TOLD, REFUSED = 400, 600


def _sizes() -> dict[str, int]:
    sizes = {str(module.path): module.lines() for module in modules()}
    for path in (ROOT / "tests").rglob("*.py"):
        sizes[str(path.relative_to(ROOT))] = len(path.read_text(encoding="utf-8").splitlines())
    return sizes


def test_no_module_is_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = _sizes()
    with capsys.disabled():
        for path, lines in sorted(sizes.items()):
            if TOLD < lines <= REFUSED:
                print(f"\n{path} has {lines} lines: consider splitting it", end="")
    assert {path: lines for path, lines in sizes.items() if lines > REFUSED} == {}


def test_migrations_are_found_and_left_out() -> None:
    assert not any("migrations" in Path(path).parts for path in _sizes())
