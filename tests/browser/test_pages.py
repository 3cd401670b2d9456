"""Every page of every role in a county in full work: accessible, light, steady, no wider than the screen."""

from __future__ import annotations

from collections import defaultdict

import pytest

from projects.enums import Role
from tests.browser.conftest import NewPage
from tests.browser.people import let_in
from tests.browser.proofs import WATCH_SHIFTS, faults_of
from tests.browser.shapes import Shape, fresh_pages
from tests.conftest import Freeze
from tests.support.county import County
from tests.support.site import NOW, Site, populate

READERS = {
    "leaders": (Role.MAIN_LEADER, Role.VICE_HEAD, Role.SUPERVISION),
    "offices": (Role.BUREAU, Role.PROJECT_OFFICE),
    "units": (Role.UNIT_HEAD, Role.UNIT_STAFF, Role.OWNER),
    "administrators": (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}


@pytest.fixture
def site(county: County, freeze: Freeze) -> Site:
    """The county in full work, on Monday 1 June 2026."""
    full = populate(county, at=freeze)
    freeze(NOW)
    return full


def test_every_role_is_somebodys() -> None:
    assert {role for roles in READERS.values() for role in roles} == set(Role)


@pytest.mark.parametrize("readers", READERS)
def test_pages(site: Site, new_page: NewPage, live_server: object, readers: str) -> None:
    page = new_page()
    page.context.add_init_script(WATCH_SHIFTS)
    seen: defaultdict[str, Shape] = defaultdict(set)
    faults: list[str] = []
    for role in READERS[readers]:
        user = site.by_role[role]
        let_in(page, user, str(live_server))
        faults += [fault for url in fresh_pages(site, user, seen) for fault in faults_of(page, url)]
    assert not faults, "\n".join(faults)
