"""The verbs of the services are called by name, with the person and the moment (docs/structure.md, Services)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.guards.source import Module, calls, modules, offenders, parameters, public_functions

SERVICES = [module for module in modules() if module.layer == "services"]


def _verbs(module: Module) -> Iterator[ast.FunctionDef]:
    """Functions that act for somebody, or write that somebody acted."""
    for function in public_functions(module):
        if "actor" in parameters(function) or "audit.record" in calls(function):
            yield function


def _positional(module: Module) -> list[str]:
    return [function.name for function in _verbs(module) if function.args.args or function.args.posonlyargs]


def _without_actor_or_moment(module: Module) -> list[str]:
    return [function.name for function in _verbs(module) if not parameters(function) >= {"actor", "at"}]


def test_there_are_verbs_to_look_at() -> None:
    assert sum(len(list(_verbs(module))) for module in SERVICES) > 40


def test_verbs_take_keywords_only() -> None:
    assert offenders(SERVICES, _positional) == {}


def test_verbs_know_the_person_and_the_moment() -> None:
    assert offenders(SERVICES, _without_actor_or_moment) == {}
