"""A walk over every page that a person may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from projects.enums import Role
from projects.models import User
from projects.permissions import PUBLIC_URLS, RIGHTS, URL_ACTIONS
from projects.selectors.people import access_of
from tests.support import addresses
from tests.support.addresses import address, arguments, methods
from tests.support.pages import Page, read
from tests.support.site import NOW, Site

FILES = ("document_file", "photo")
"""URLs that answer a GET with a file."""
VARIANTS = {
    "project_list": ("?basis=original", "?basis=", "?colour=red", "?q=青禾", "?q=没有这个项目", "?sort=-gap"),
    "annual_list": ("?basis=original",),
    "wall_chart": (
        "?group=unit",
        "?group=colour&basis=",
        "?paper=a3",
        "?paper=a0",
        "?by=quarter",
        "?year=2027",
        "?q=没有这个项目",
    ),
    "flag_list": ("?state=confirmed", "?state=corrected"),
    "period_list": ("?kind=week",),
    "unit_list": ("?state=ended", "?q=jtj"),
    "officer_list": ("?state=ended",),
    "account_list": ("?state=off", "?q=nobody"),
    "grant_list": ("?span=ended", "?span=coming"),
    "substitution_list": ("?span=ended",),
    "audit_log": ("?verify=1", "?page=2"),
    "dashboard_figures": ("?part=new_starts", "?part=missing"),
    "rankings": ("?series=weekly", "?board=units", "?board=leaders"),
    "ranking_history": ("?series=weekly",),
    "ranking_compare": ("?series=weekly",),
    "import_preview": ("?fate=created",),
    "notice_preview": ("?as_of=2026-05-25", "?as_of=2030-01-01"),
    "notice_batch": ("?state=failed",),
    "calendar": ("?year=2025",),
    "report_todo": ("?unit=1",),
}
"""Other faces of a page, by its address."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page as it was answered."""

    url: str
    html: str
    page: Page


def pages_of(site: Site, user: User) -> Iterator[str]:
    """The addresses of every page that the person may open, other faces included."""
    access = access_of(user, NOW.date())
    for name in addresses.names():
        if "GET" not in methods(name) or name in FILES:
            continue
        if name not in PUBLIC_URLS and not any(grant.role in RIGHTS[URL_ACTIONS[name]] for grant in access.grants):
            continue
        if name in addresses.PERSONAL:
            notice = site.notice_of(user)
            urls = [reverse(name, args=[notice.pk])] if notice else []
        else:
            projects = (site.county.road, site.county.factory) if arguments(name) else (site.county.road,)
            urls = list(dict.fromkeys(address(site, name, project).url for project in projects))
        yield from urls
        for variant in VARIANTS.get(name, ()):
            if urls:
                yield urls[0] + variant


def read_all(site: Site, user: User) -> list[Shown]:
    """Every page of the person, opened. Redirections, files and strangers' rows are left out."""
    found = []
    for url in pages_of(site, user):
        answer = site.open(user).get(url)
        assert answer.status_code in (200, 302, 404, 422, 503), f"{user} {url}: {answer.status_code}"
        if answer.status_code in (200, 422) and answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            found.append(Shown(url, html, read(html)))
    return found


_KEPT: dict[Role, list[Shown]] = {}


def rendered(site: Site, role: Role) -> list[Shown]:
    """The pages of a role in the full county. Kept for the whole run: the county is built the same way every time."""
    if role not in _KEPT:
        _KEPT[role] = read_all(site, site.by_role[role])
    return _KEPT[role]
