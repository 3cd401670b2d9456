"""Below the views there is no request, no page and no form."""

from __future__ import annotations

import ast

from tests.guards.source import Module, imports_any, modules, offenders

LOWER = {"services", "selectors", "rules", "models", "excel", "channels", "charts", "audit", "workdays"}
WEB = ("django.http", "django.shortcuts", "django.forms", "django.template", "django.views", "django.contrib.messages")


def _web(module: Module) -> list[str]:
    unannotated = [
        "a parameter named request"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.arg) and node.arg == "request" and node.annotation is None
    ]
    return imports_any(module, *WEB) + unannotated


def test_lower_layers_know_no_web() -> None:
    lower = [module for module in modules() if module.layer in LOWER]
    assert offenders(lower, _web) == {}
