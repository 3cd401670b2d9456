"""What every page needs: navigation by rights, who is signed in, which day is shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from projects.enums import Role
from projects.permissions import URL_ACTIONS, Access
from tracker import clock

NAVIGATION: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "工作",
        (
            ("home", "首页", "house"),
            ("report_todo", "进度填报", "square-pen"),
            ("review_queue", "报告审核", "clipboard-check"),
            ("flag_list", "核实事项", "search-check"),
            ("inbox", "我的通知", "bell"),
        ),
    ),
    (
        "项目",
        (
            ("project_list", "项目台账", "folder-kanban"),
            ("annual_list", "年度清单", "list-ordered"),
            ("rankings", "排名", "chart-no-axes-column"),
            ("dashboard", "领导看板", "layout-dashboard"),
        ),
    ),
    (
        "办理",
        (
            ("import_list", "台账导入", "file-up"),
            ("notice_batches", "通知发送", "send"),
            ("period_list", "报告期", "calendar-clock"),
        ),
    ),
    (
        "设置",
        (
            ("calendar", "工作日历", "calendar-days"),
            ("policy", "规则参数", "sliders-horizontal"),
            ("unit_list", "单位", "building-2"),
            ("officer_list", "名册", "contact"),
        ),
    ),
    (
        "系统",
        (
            ("operations", "运行状况", "activity"),
            ("account_list", "账号", "users"),
            ("grant_list", "授权", "key-round"),
            ("substitution_list", "代理", "user-check"),
            ("audit_log", "审计记录", "scroll-text"),
        ),
    ),
)
"""Groups of (URL name, label, icon). A page is offered only to whom the rights table opens it."""

HOME_PAGES = frozenset({"workbench"})
"""Landing pages without an entry of their own: 首页 is marked on them."""

SUBMIT_ONLY_PAGES = {"report_todo": "reports.submit"}
"""Pages offered for doing, though more people may look at them."""


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for the base layout."""
    access: Access | None = getattr(request, "access", None)
    if access is None:
        return {"nav": [], "access": None, "county_name": settings.COUNTY_NAME}
    as_of = request.as_of
    return {
        "county_name": settings.COUNTY_NAME,
        "access": access,
        "nav": _navigation(access, request),
        "acting_for": _acting_for(access),
        "as_of": as_of,
        "as_of_banner": as_of if as_of != clock.today() else None,
    }


def _navigation(access: Access, request: HttpRequest) -> list[dict[str, Any]]:
    current = request.resolver_match.view_name if request.resolver_match else ""
    groups = []
    for title, pages in NAVIGATION:
        items = [
            {
                "label": label,
                "url": reverse(name) if name != "annual_list" else reverse(name, args=[request.as_of.year]),
                "icon": icon,
                "active": name == current or (name == "home" and current in HOME_PAGES),
            }
            for name, label, icon in pages
            if access.may(SUBMIT_ONLY_PAGES.get(name, URL_ACTIONS[name]))
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _acting_for(access: Access) -> list[str]:
    """Labels of the roles held only as a substitute."""
    return sorted({Role(grant.role).label for grant in access.grants if grant.principal_id is not None})
