"""What docs/trust.md names as proof is there."""

from __future__ import annotations

import re

from tests.guards.source import ROOT

TEXT = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")


def test_every_proof_exists() -> None:
    files = set(re.findall(r"`(?:tests/)?([a-z_]+/(?:[a-z_]+/)*(?:test_[a-z_]+\.py)?)(?:::|`)", TEXT))
    assert len(files) > 15
    assert [name for name in sorted(files - {"tests/"}) if not (ROOT / "tests" / name).exists()] == []


def test_every_named_test_and_command_exists() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"::(test_\w+)", TEXT))
    assert len(named) > 5
    assert [name for name in sorted(named) if f"def {name}(" not in sources] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([a-z-]+)`", TEXT))
    assert [target for target in sorted(targets) if f"\n{target}:" not in makefile] == []
