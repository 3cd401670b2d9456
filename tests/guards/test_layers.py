"""Imports point downwards only (docs/structure.md, Layers), and each heavy library has one home."""

from __future__ import annotations

import pytest

from tests.guards.source import Module, imports_any, modules, offenders

KIT = (
    "tracker.clock",
    "tracker.web",
    "tracker.templatetags",
    "tracker.append_only",
    "tracker.env",
    "tracker.supervisor",
)
"""What the apps may use, and what therefore imports neither of them."""

OPEN_TO_SUPERVISION = {
    *("models", "enums", "rules", "services", "selectors", "permissions", "audit", "events", "workdays")
}

OPEN_TO_ITS_VIEWS = {"projects.views.acting", "projects.views.exporting"}
"""What its pages share with those of `projects`: the way a form acts once, and the way a table leaves."""

OPEN_WRITER = "projects.excel.outgoing"
"""What a workbook is made from; what reads them stays closed, and one door writes them."""

BELOW = {
    "enums": set(),
    "workdays": set(),
    "uploads": set(),
    "rules": {"rules", "enums", "workdays"},
    "models": {"models", "enums", "rules", "events", "permissions"},
    "selectors": {
        *(
            "selectors",
            "models",
            "rules",
            "enums",
            "permissions",
            "audit",
            "workdays",
            "excel",
            "uploads",
            "frozen",
            "wiring",
        )
    },
    "channels": {"channels", "enums"},
    "excel": {"excel", "rules", "enums"},
    "charts": {"rules", "enums"},
}
"""What each lower layer may use of its own app."""

UPPER = tuple(
    f"{app}.{layer}"
    for app in ("projects", "supervision")
    for layer in ("views", "forms", "tables", "filters", "middleware", "context", "tasks", "urls", "management")
)

HOMES = {
    "python_calamine": ("projects.excel",),
    "openpyxl": ("projects.excel",),
    "plotly": ("supervision.charts",),
    "smtplib": ("supervision.channels",),
    "http.client": ("supervision.channels", "tracker.probe"),
    "urllib.request": ("supervision.channels",),
    "celery": ("tracker.celery",),
    "redis": (),
    "holidays": ("projects.management",),
    "pypinyin": ("projects.services",),
    "pyotp": ("projects.services.second_factor",),
    "segno": ("tracker.web.qr",),
    "PIL": ("projects.pictures", "tracker.demo"),
}
"""Library -> the only modules that may import it."""

PURE = ("projects.rules", "supervision.rules", "projects.workdays", "projects.excel")

APPS = [module for module in modules() if module.is_in("projects", "supervision")]


def _rooms_used(module: Module, app: str) -> set[str]:
    """The layers of `app` that `module` imports from."""
    return {name.split(".")[1] for name in imports_any(module, app)}


def test_the_kit_knows_neither_app() -> None:
    kit = [module for module in modules() if module.is_in(*KIT)]
    assert offenders(kit, lambda module: imports_any(module, "projects", "supervision")) == {}


def test_apps_use_only_the_kit_of_the_site() -> None:
    kit_rooms = {room.removeprefix("tracker.") for room in KIT}
    assert offenders(APPS, lambda module: _rooms_used(module, "tracker") - kit_rooms) == {}


def test_projects_never_imports_supervision() -> None:
    projects = [module for module in APPS if module.is_in("projects")]
    assert offenders(projects, lambda module: imports_any(module, "supervision")) == {}


def _closed_rooms_used(module: Module) -> set[str]:
    shared = {OPEN_WRITER} | (OPEN_TO_ITS_VIEWS if module.layer == "views" else set())
    names = {name for name in imports_any(module, "projects") if not name.startswith(tuple(shared))}
    return {name.split(".")[1] for name in names} - OPEN_TO_SUPERVISION


def test_supervision_uses_only_the_open_rooms_of_projects() -> None:
    supervision = [module for module in APPS if module.is_in("supervision")]
    assert offenders(supervision, _closed_rooms_used) == {}


def test_lower_layers_use_only_what_lies_below() -> None:
    lower = [module for module in APPS if module.layer in BELOW]
    assert offenders(lower, lambda module: _rooms_used(module, module.name.split(".")[0]) - BELOW[module.layer]) == {}


def test_services_do_not_reach_up() -> None:
    services = [module for module in APPS if module.layer in {"services", "audit", "wiring"}]
    assert offenders(services, lambda module: imports_any(module, *UPPER)) == {}


def test_rules_and_the_reading_of_ledgers_are_pure() -> None:
    pure = [module for module in modules() if module.is_in(*PURE)]
    impure = ("django", "tracker", "projects.models", "supervision.models")
    assert offenders(pure, lambda module: imports_any(module, *impure)) == {}


def test_tables_leave_through_one_door() -> None:
    """What writes a workbook or answers with one is `projects.views.exporting` alone, which tells the audit log."""
    views = [module for module in APPS if module.layer == "views" and module.name != "projects.views.exporting"]
    doors = ("projects.excel.writer.write_xlsx", "tracker.web.respond.xlsx", "tracker.web.respond.csv_file")
    assert offenders(views, lambda module: imports_any(module, *doors)) == {}


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    strangers = [module for module in modules() if not module.is_in(*HOMES[library])]
    assert offenders(strangers, lambda module: imports_any(module, library)) == {}
