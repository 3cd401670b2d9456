"""Two people edit the same thing: the second is told, sees both versions, and nothing of the first is lost.

A page whose form carries the version of a row belongs into `CASES` or is named in `ELSEWHERE`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db.models import Model
from django.urls import resolve, reverse

from projects.enums import Role
from projects.models import (
    CalendarYear,
    Milestone,
    Officer,
    Period,
    Project,
    ReportRevision,
    StatisticsInclusion,
    Unit,
    User,
)
from tests.guards.test_pages_render import faults, names_of_people
from tests.support.pages import Form, Page, filled, read
from tests.support.site import Site
from tests.support.walk import pages_of, rendered


@dataclass(frozen=True, slots=True)
class Case:
    """One form: who opens it, what each of the two types in it, and the row with the column that is fought over."""

    reader: Role
    first: dict[str, str]
    second: dict[str, str]
    row: type[Model]
    column: str
    also: dict[str, str] = field(default_factory=dict)
    """What both fill in besides."""


FIRST, SECOND = "先保存的内容", "后填写的内容"


def text(reader: Role, name: str, row: type[Model], **also: str) -> Case:
    """A case in which both type another text into the field `name`."""
    return Case(reader, {name: FIRST}, {name: SECOND}, row, name, also)


WRITTEN = {"2026-06-20T18:00": "2026年6月20日 18:00", "2026-06-22T18:00": "2026年6月22日 18:00"}
"""How the screen writes what was typed."""
CASES = {
    "project_edit": text(Role.BUREAU, "sector", Project),
    "inclusion_set": text(Role.BUREAU, "code", StatisticsInclusion),
    "milestone_complete": Case(
        Role.UNIT_STAFF, {"percent": "41"}, {"percent": "57"}, Milestone, "percent", {"done_on": ""}
    ),
    "unit": text(Role.BUREAU, "short_name", Unit),
    "officer": text(Role.BUREAU, "post", Officer),
    "account": Case(Role.SYSTEM_ADMIN, {"phone": "13900000001"}, {"phone": "13900000002"}, User, "phone"),
    "calendar_edit": text(Role.BUREAU, "source", CalendarYear, status="published"),
    "report_entry": text(Role.UNIT_STAFF, "progress", ReportRevision, done_period="", stage="", flag_reason="属实"),
    "report_correct": text(
        Role.BUREAU, "progress", ReportRevision, done_period="", stage="", flag_reason="属实", reason="核对原始凭证"
    ),
    "period_edit": Case(
        Role.BUREAU,
        {"lock_at": "2026-06-20T18:00"},
        {"lock_at": "2026-06-22T18:00"},
        Period,
        "lock_at",
        {"due_at": "2026-06-10T18:00", "reason": "汛期顺延"},
    ),
}
ELSEWHERE = {
    "report_no_change": "tests/projects/views/test_reports.py",
    "import_answer": "tests/projects/views/test_import_preview.py",
    "import_confirm": "tests/projects/views/test_import_preview.py",
    "account_state": "nothing is typed that could be lost: the row is on or off",
    "snapshot_publish": "nothing is typed: tests/supervision/views",
    "milestone_confirm": "test_a_claim_is_confirmed_as_it_was_seen",
}
"""Where the others are tried."""


def versioned(page: Page) -> list[Form]:
    return [form for form in page.forms if form.method == "post" and "version" in form.kinds]


def page_of(site: Site, name: str) -> tuple[str, User]:
    """The first address of that page which shows its form with a version, and its reader."""
    role = CASES[name].reader
    user = site.by_role[role]
    for url in pages_of(site, user):
        if resolve(url.split("?")[0]).url_name == name:
            answer = site.open(user).get(url)
            if answer.status_code == 200 and versioned(read(answer.content.decode())):
                return url, user
    raise AssertionError(f"{role} finds no {name}")


def form_on(site: Site, user: User, url: str) -> Form:
    page = read(site.open(user).get(url).content.decode())
    (form,) = [form for form in versioned(page) if form.action in ("", url)]
    return form


@pytest.mark.parametrize("name", CASES)
def test_the_second_to_save_sees_both_versions(site: Site, name: str) -> None:
    case = CASES[name]
    url, user = page_of(site, name)
    if name == "calendar_edit":
        CalendarYear.objects.get_or_create(year=2026)
    one, other = form_on(site, user, url), form_on(site, user, url)
    assert site.open(user).post(url, filled(one, **case.also, **case.first)).status_code == 302
    saved = list(case.row.objects.values_list("pk", case.column))

    answer = site.open(user).post(url, filled(other, **case.also, **case.second))
    assert answer.status_code == 409
    page = read(answer.content.decode())
    for values in (case.first, case.second):
        for value in values.values():
            assert WRITTEN.get(value, value) in page.text, f"{value} is not on the page"
    assert not faults(page, names_of_people())
    assert url in page.links, "no way back to the form"
    assert list(case.row.objects.values_list("pk", case.column)) == saved


def test_a_claim_is_confirmed_as_it_was_seen(site: Site) -> None:
    """The unit takes back its claim while the office reads it: the press confirms nothing."""
    project = site.county.road
    node = project.milestones.filter(done_on=None, void_reason="").latest("pk")
    Milestone.objects.filter(pk=node.pk).update(
        done_on="2026-05-20", percent=100, claimed_by=site.county.transport_staff
    )
    office = site.open(site.county.office_one)
    url = reverse("milestone_confirm", args=[project.pk, node.pk])
    (form,) = [
        form
        for form in read(office.get(reverse("project", args=[project.pk])).content.decode()).forms
        if form.action == url
    ]
    Milestone.objects.filter(pk=node.pk).update(done_on=None, percent=80, version=node.version + 1)
    assert office.post(url, filled(form)).status_code in (409, 422)
    node.refresh_from_db()
    assert node.confirmed_by is None


def test_every_form_with_a_version_is_tried(site: Site) -> None:
    found = {
        str(resolve((form.action or shown.url).split("?")[0]).url_name)
        for role in Role
        for shown in rendered(site, role)
        for form in versioned(shown.page)
    }
    assert found - set(CASES) - set(ELSEWHERE) == set()
    assert set(CASES) <= found
