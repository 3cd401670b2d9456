"""How many queries each page takes, by role: met exactly or better, and the same when the rows double.

The numbers stand in `query_counts.json`. After a change that is meant to cost more (or less), write them anew with

    DUJIN_WRITE_QUERY_COUNTS=1 .venv/bin/python -m pytest tests/guards/test_query_counts.py

and read the difference before committing it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.enums import Role
from projects.permissions import RIGHTS, URL_ACTIONS
from projects.services import indicators, periods
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.services import notices, snapshots
from tests.support import addresses
from tests.support import county as cast
from tests.support.addresses import address, methods
from tests.support.reporting import submitted
from tests.support.site import NOW, Site

BASELINE = Path(__file__).with_name("query_counts.json")
REWRITE = "DUJIN_WRITE_QUERY_COUNTS"
NO_READING = {"home", "sign_out", "import_file", "document_file", "audit_log"}
"""Leads on; ends the session; files; see below."""


def main_pages(site: Site, role: Role) -> Iterator[tuple[str, str]]:
    """Name and address of every page that the role may read about the road's rows or about none."""
    for name, action in URL_ACTIONS.items():
        is_read = "GET" in methods(name) or name in addresses.exports()
        if role not in RIGHTS[action] or not is_read or name in NO_READING:
            continue
        if name in addresses.PERSONAL:
            notice = site.notice_of(site.by_role[role])
            if notice is not None:
                yield name, reverse(name, args=[notice.pk])
        else:
            project = site.county.factory if role is Role.OWNER else site.county.road
            yield name, address(site, name, project).url


def measure(site: Site) -> dict[str, dict[str, int]]:
    """Page -> role -> queries of a second reading, when everything kept is warm. Refused pages are left out."""
    found: dict[str, dict[str, int]] = {}
    for role, user in site.by_role.items():
        client = site.open(user)
        for name, url in main_pages(site, role):
            read = client.post if name in addresses.exports() else client.get
            if read(url).status_code != 200:
                continue
            with CaptureQueriesContext(connection) as captured:
                read(url)
            found.setdefault(name, {})[role.value] = len(captured)
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


def grow(site: Site) -> None:
    """Twice the projects, with their reports, flags, lights, rankings and notices."""
    county = site.county
    added = cast.double(county)
    may = periods.open_period(key="2026-05", at=NOW, actor=county.office_one)
    for project in added:
        periods.expect(period=may, project=project, at=NOW, actor=None)
        if project.plans.exists():
            submitted(project, "2026-05", 9900, by=county.housing_staff, at=NOW, problem="资金未到位")
        cast.add_milestone(project, NOW.date().replace(month=5), title="基础验收")
    indicators.recompute(at=NOW)
    snapshots.take(series=Series.MONTHLY, period=may, actor=county.office_one, at=NOW)
    assert Snapshot.objects.filter(period=may).count() == 1
    notices.issue(as_of=NOW.date(), at=NOW, period_key="2026-W23", made_up=False, actor=county.office_one)


_KEPT: dict[str, dict[str, int]] = {}


@pytest.fixture
def counts(site: Site) -> dict[str, dict[str, int]]:
    """Measured once in a run: the county is built the same way every time."""
    if not _KEPT:
        _KEPT.update(measure(site))
    return _KEPT


def flat(found: dict[str, dict[str, int]]) -> dict[str, int]:
    return {f"{name} {role}": number for name, roles in found.items() for role, number in roles.items()}


def test_no_page_asks_more_than_its_baseline(counts: dict[str, dict[str, int]]) -> None:
    if os.environ.get(REWRITE):
        BASELINE.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    known, found = flat(json.loads(BASELINE.read_text(encoding="utf-8"))), flat(counts)
    more = [f"{key}: {number}, was {known[key]}" for key, number in found.items() if number > known.get(key, 10**6)]
    assert not more, "\n".join(more)
    assert sorted(set(found) - set(known)) == [], f"pages without a baseline: write it with {REWRITE}=1"
    assert sorted(set(known) - set(found)) == [], f"pages that are gone: write the baseline with {REWRITE}=1"


def test_no_page_asks_more_when_the_rows_double(site: Site, counts: dict[str, dict[str, int]]) -> None:
    before = flat(counts)
    grow(site)
    after = flat(measure(site))
    moved = [f"{key}: {number} -> {after.get(key)}" for key, number in before.items() if after.get(key) != number]
    assert not moved, "\n".join(moved)
