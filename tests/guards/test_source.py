"""The reader of source code behind the guards is itself right: a blind guard would pass everything."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.guards.source import Module, calls, imports, imports_any, modules, offenders

SAMPLE = """
import openpyxl.styles
from typing import TYPE_CHECKING
from projects.models import Project as P
if TYPE_CHECKING:
    from supervision.models import Notice
def act():
    from tracker import clock
    audit.record(actor=None, at=clock.now())
"""


def _sample(name: str = "projects.services.sample") -> Module:
    return Module(name, Path("sample.py"), ast.parse(SAMPLE))


def test_imports_are_seen_wherever_they_stand_but_not_those_for_types() -> None:
    assert set(imports(_sample())) == {
        "openpyxl.styles",
        "typing.TYPE_CHECKING",
        "projects.models.Project",
        "tracker.clock",
    }


def test_a_package_is_matched_whole() -> None:
    assert imports_any(_sample(), "openpyxl", "project") == ["openpyxl.styles"]


def test_layer_and_calls() -> None:
    assert (_sample().layer, _sample("projects.audit").layer, _sample("projects").layer) == ("services", "audit", "")
    assert "audit.record" in calls(_sample().tree)


def test_offenders_names_only_the_guilty() -> None:
    good, bad = _sample("projects.good"), _sample("projects.bad")
    assert offenders([good, bad], lambda module: ["x"] if module is bad else []) == {"projects.bad": ["x"]}


def test_the_tree_is_discovered_without_its_migrations() -> None:
    names = {module.name for module in modules()}
    assert {"tracker.clock", "projects.services", "supervision.services.jobs"} <= names
    assert not any("migrations" in name for name in names)
