"""Nothing happens behind a save: signals are connected in `apps.py` or not at all."""

from __future__ import annotations

from tests.guards.source import imports_any, modules, offenders

SIGNALS = (
    "django.dispatch",
    "django.db.models.signals",
    "django.core.signals",
    "django.contrib.auth.signals",
    "django.db.backends.signals",
)


def test_no_signals_outside_apps() -> None:
    others = [module for module in modules() if module.layer != "apps"]
    assert offenders(others, lambda module: imports_any(module, *SIGNALS)) == {}
