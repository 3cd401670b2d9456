"""What every page needs: navigation by rights, who is signed in, which day is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from projects.enums import Role
from projects.manual import help_for
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
            ("wall_chart", "挂图作战", "calendar-range"),
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
        return {
            "nav": (),
            "nav_html": "",
            "access": None,
            "county_name": settings.COUNTY_NAME,
            "as_of_url": "",
            "help_url": "",
        }
    as_of = request.as_of
    nav = _navigation(access, request)
    return {
        "county_name": settings.COUNTY_NAME,
        "access": access,
        "nav": nav,
        "nav_html": _drawn(nav),
        "acting_for": _acting_for(access),
        "as_of_url": reverse("as_of") if access.may(URL_ACTIONS["as_of"]) else "",
        "help_url": help_for(request.resolver_match.view_name) if request.resolver_match else "",
        "as_of": as_of,
        "as_of_banner": as_of if as_of != clock.today() else None,
    }


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page that is offered."""

    label: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Pages under one heading."""

    title: str
    items: tuple[NavItem, ...]


def _navigation(access: Access, request: HttpRequest) -> tuple[NavGroup, ...]:
    current = request.resolver_match.view_name if request.resolver_match else ""
    groups = []
    for title, pages in NAVIGATION:
        items = tuple(
            NavItem(
                label=label,
                url=reverse(name) if name != "annual_list" else reverse(name, args=[request.as_of.year]),
                icon=icon,
                active=name == current or (name == "home" and current in HOME_PAGES),
            )
            for name, label, icon in pages
            if access.may(SUBMIT_ONLY_PAGES.get(name, URL_ACTIONS[name]))
        )
        if items:
            groups.append(NavGroup(title, items))
    return tuple(groups)


@lru_cache(maxsize=512)
def _drawn(nav: tuple[NavGroup, ...]) -> SafeString:
    """The navigation stands twice on each page, and is the same for everybody with the same rights on the same page."""
    return render_to_string("components/nav.html", {"nav": nav})


def _acting_for(access: Access) -> list[str]:
    """Labels of the roles held only as a substitute."""
    return sorted({Role(grant.role).label for grant in access.grants if grant.principal_id is not None})
