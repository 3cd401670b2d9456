"""The first morning: accounts and nothing else. Every page says so in words, none fails for want of rows."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse

from projects.enums import ADMIN_ROLES, Role
from projects.permissions import RIGHTS, URL_ACTIONS
from tests.guards.test_pages_render import faults, names_of_people
from tests.support import addresses
from tests.support import county as cast
from tests.support.addresses import arguments, methods
from tests.support.pages import read
from tests.support.site import NOW
from tests.support.web import browser
from tracker import clock

COUNTY_WIDE = (Role.MAIN_LEADER, Role.SUPERVISION, Role.BUREAU, Role.PROJECT_OFFICE, *ADMIN_ROLES)
"""The other roles hold inside a unit, a project or a field, of which there is none."""
WITHOUT_ROWS = {
    "annual_list": {"year": "2026"},
    "calendar_edit": {"year": "2026", "part": "day"},
    "policy_edit": {"key": "override_max_days"},
    "ranking_compare": {"board": "projects"},
    "ranking_compare_export": {"board": "projects"},
}
"""Arguments that need no row."""


def pages(role: Role) -> list[str]:
    """The addresses that `role` may read and that name no row."""
    found = []
    for name, action in URL_ACTIONS.items():
        if "GET" not in methods(name) or role not in RIGHTS[action]:
            continue
        if not arguments(name) or name in WITHOUT_ROWS:
            found.append(reverse(name, kwargs=WITHOUT_ROWS.get(name, {})))
    return found


def is_page(answer: HttpResponse) -> bool:
    return answer["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_empty_county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    problems, opened = [], 0
    for role in COUNTY_WIDE:
        user = cast._user(role.value.replace("_", "-"), "刘启明")
        cast.grant(user, role)
        client = browser(user)
        for url in pages(role):
            answer = client.get(url)
            if answer.status_code not in (200, 302):
                problems.append(f"{role} {url}: {answer.status_code}")
            elif answer.status_code == 200 and is_page(answer):
                opened += 1
                shown = faults(read(answer.content.decode()), names_of_people())
                problems += [f"{role} {url}: {fault}" for fault in shown]
        user.grants.all().delete()
    assert not problems, "\n".join(problems)
    assert opened > 50


def test_every_other_page_needs_a_row() -> None:
    known = {"key", "pk", "expected_id", "snapshot_id", "subject_id", "kind", "name"}
    needing = [name for name in addresses.names() if arguments(name) and name not in WITHOUT_ROWS]
    assert [name for name in needing if not known & set(arguments(name))] == []
