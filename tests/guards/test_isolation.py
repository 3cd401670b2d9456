"""What one unit reports never reaches another: words planted in every text of 交通局 are looked for as 经开区.

The published ranking is the one place where the county's projects stand beside each other by name, for everybody who is
ranked; it never quotes a report.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import resolve, reverse

from projects.enums import Role
from projects.models import (
    AnnualListEntry,
    ExpectedReport,
    Milestone,
    PlanVersion,
    Project,
    ProjectDocument,
    Report,
    ReportReview,
    ReportRevision,
    UnitAlias,
    User,
    VerificationFlag,
)
from supervision.models import Notice
from supervision.rules.notices import Matter, MatterKind
from supervision.services import snapshots
from tests.support import addresses
from tests.support import county as cast
from tests.support.addresses import Address, address, arguments, methods
from tests.support.append_only import suspended
from tests.support.site import NOW, Site
from tests.support.walk import VARIANTS, pages_of
from tests.support.web import token

MARKS = {
    "project": "鹤唳一号",
    "progress": "鹤唳二号",
    "problem": "鹤唳三号",
    "alias": "鹤唳四号",
    "notice": "鹤唳五号",
    "plan": "鹤唳六号",
    "milestone": "鹤唳七号",
    "reason": "鹤唳八号",
    "owner": "鹤唳九号",
    "draft": "鹤唳十号",
    "document": "鹤唳十一号",
    "file": "鹤唳十二号",
}
COMMON = "鹤唳"
IN_RANKINGS = {"rankings", "ranking_explain", "ranking_history", "ranking_compare"}


@pytest.fixture
def planted(site: Site) -> Site:
    """Every text of the three projects that 交通局 leads carries a word of its own."""
    own = [site.county.road, site.county.expressway, site.county.airport]
    with suspended():
        for project in own:
            row = Project.objects.filter(pk=project.pk)
            row.update(name=MARKS["project"] + project.code, owner=MARKS["owner"], content=MARKS["owner"])
            ReportRevision.objects.filter(report__project=project).update(
                progress=MARKS["progress"], problem=MARKS["problem"], next_step=MARKS["problem"]
            )
            Report.objects.filter(project=project).update(draft={"progress": MARKS["draft"]})
            ReportReview.objects.filter(revision__report__project=project).update(reason=MARKS["reason"])
            VerificationFlag.objects.filter(project=project).update(text=MARKS["reason"])
            PlanVersion.objects.filter(project=project).update(goal=MARKS["plan"], reason=MARKS["reason"])
            Milestone.objects.filter(project=project).update(title=MARKS["milestone"])
            ProjectDocument.objects.filter(project=project).update(title=MARKS["document"])
            _write_into_files(project)
            project.refresh_from_db()
    UnitAlias.objects.create(unit=site.county.transport, alias=MARKS["alias"], valid_from=cast.LONG_AGO)
    Notice.objects.filter(recipient__unit=site.county.transport).update(
        title=MARKS["notice"], items=[_matter(site).item()]
    )
    return site


def _write_into_files(project: Project) -> None:
    for document in project.documents.all():
        (Path(settings.MEDIA_ROOT) / document.stored_name).write_text(MARKS["file"], encoding="utf-8")


def _matter(site: Site) -> Matter:
    return Matter(
        kind=MatterKind.OVERDUE,
        ref=f"project:{site.county.road.pk}",
        project_id=site.county.road.pk,
        project=MARKS["project"],
        title=MARKS["notice"],
        due_on=NOW.date(),
        workdays=3,
    )


def strangers(site: Site) -> dict[str, User]:
    """Staff and head of 经开区, the owner of its factory, and 住建局's clerk."""
    head = User.objects.filter(username="park-head").first() or cast._user("park-head", "骆长河", unit=site.county.park)
    cast.grant(head, Role.UNIT_HEAD, unit=site.county.park)
    return {
        "staff": site.county.park_staff,
        "head": head,
        "owner": site.county.owner,
        "housing": site.county.housing_staff,
    }


def content(answer: HttpResponse) -> str:
    """Everything a person could find in the answer: headers, text, and each cell of a spreadsheet."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = json.dumps(dict(answer.items()), ensure_ascii=False)
    if "spreadsheetml" not in answer.get("Content-Type", ""):
        return text + raw.decode()
    book = openpyxl.load_workbook(io.BytesIO(raw))
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    notes = [f"{cell.value} {cell.comment.text if cell.comment else ''}" for cell in cells]
    return " ".join([text, *book.sheetnames, *notes])


def leaks(url: str, answer: HttpResponse) -> list[str]:
    if str(resolve(url.split("?")[0]).url_name) in IN_RANKINGS:
        return [mark for kind, mark in MARKS.items() if kind != "project" and mark in content(answer)]
    return [COMMON] if COMMON in content(answer).replace(f"q={COMMON}", "").replace(f'value="{COMMON}"', "") else []


def test_the_owner_of_the_words_sees_them(planted: Site) -> None:
    """Else the rest would prove nothing."""
    client = planted.open(planted.county.transport_staff)
    files = address(planted, "document_file", planted.county.road).url
    urls = [*pages_of(planted, planted.county.transport_staff), files]
    seen = "".join(content(client.get(url)) for url in dict.fromkeys(urls))
    seen += content(client.post(reverse("project_export")))
    hidden = {"alias", "draft"}  # the roster is the offices'; what was typed gave way to what was submitted
    assert {kind for kind, mark in MARKS.items() if mark not in seen} <= hidden


@pytest.mark.parametrize("who", ["staff", "head", "owner", "housing"])
def test_no_page_of_another_unit_holds_them(planted: Site, who: str) -> None:
    user, found, opened = strangers(planted)[who], [], 0
    faces = [reverse(name) + variant for name in VARIANTS if not arguments(name) for variant in VARIANTS[name]]
    sorts = [f"{reverse('project_list')}?basis=&sort={key}" for key in ("name", "-name", "leader", "-plan", "finish")]
    units = f"{reverse('project_list')}?basis=&unit={planted.county.transport.pk}"
    for url in dict.fromkeys([*pages_of(planted, user), *faces, *sorts, units, "/nowhere/"]):
        answer = planted.open(user).get(url)
        opened += answer.status_code == 200
        found += [f"{url}: {mark}" for mark in leaks(url, answer)] if url != "/nowhere/" else []
    assert not found, "\n".join(found)
    assert opened > 10


@pytest.mark.parametrize("who", ["staff", "head", "owner"])
def test_no_address_of_their_rows_answers_with_them(planted: Site, who: str) -> None:
    """Each row of the road by its number, read and written, error pages included."""
    user, found, asked = strangers(planted)[who], [], 0
    for name in addresses.project_names():
        target: Address = address(planted, name, planted.county.road)
        for method in sorted(methods(name) & {"GET", "POST"}):
            client = planted.open(user)
            answer = client.get(target.url) if method == "GET" else client.post(target.url, token())
            asked += 1
            assert answer.status_code in (403, 404), (name, method, answer.status_code)
            if COMMON in content(answer):
                found.append(f"{method} {target.url}")
    assert not found, "\n".join(found)
    assert asked > 40


@pytest.mark.parametrize("who", ["staff", "head", "owner"])
def test_a_search_by_the_word_finds_nothing_and_counts_nothing(planted: Site, who: str) -> None:
    client = planted.open(strangers(planted)[who])
    for word in (*MARKS.values(), COMMON, planted.county.road.code, "交通"):
        answer = client.get(reverse("project_list"), {"q": word, "basis": ""})
        assert list(answer.context["page"].object_list) == [], word
        assert answer.context["page"].paginator.count == 0
    own = planted.open(planted.county.transport_staff).get(reverse("project_list"), {"q": COMMON, "basis": ""})
    assert own.context["page"].paginator.count == 3


@pytest.mark.parametrize("who", ["staff", "head", "owner", "housing"])
def test_exports_hold_only_ones_own(planted: Site, who: str) -> None:
    user = strangers(planted)[who]
    for query in ("", "?basis=", f"?basis=&q={COMMON}", f"?basis=&unit={planted.county.transport.pk}", "?colour=red"):
        found = content(planted.open(user).post(reverse("project_export") + query))
        assert COMMON not in found.replace(f"“{COMMON}”", ""), query  # the title line says what the reader typed


def test_counts_do_not_move_with_another_units_rows(planted: Site) -> None:
    """The numbers on a unit's pages are the same whether or not the stranger has anything."""
    user = planted.county.park_staff
    urls = [reverse("project_list"), reverse("report_todo"), reverse("inbox")]

    def faces() -> list[str]:
        answers = [planted.open(user).get(url) for url in urls]
        return [str(answer.context.get("page") or answer.context.get("todo")) for answer in answers]

    before = faces()
    with suspended():
        ExpectedReport.objects.filter(project=planted.county.expressway, report=None).delete()
        AnnualListEntry.objects.filter(project=planted.county.expressway).update(entered_on=NOW.date())
        Notice.objects.filter(recipient__unit=planted.county.transport).update(state="cancelled")
    assert faces() == before


def test_published_rankings_name_projects_and_quote_no_report(planted: Site) -> None:
    """A ranking taken after the words were planted shows the name to everybody ranked, and nothing of the report."""
    draft = snapshots.supersede(snapshot_id=planted.published.pk, reason="重算", actor=planted.county.bureau, at=NOW)
    snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=planted.county.bureau, at=NOW)
    client = planted.open(planted.county.park_staff)
    pages = [
        reverse("rankings"),
        reverse("ranking_explain", args=[draft.pk, "projects", planted.county.road.pk]),
        reverse("ranking_history", args=["projects", planted.county.road.pk]),
    ]
    for url in pages:
        text = content(client.get(url))
        assert MARKS["project"] in text
        assert [mark for kind, mark in MARKS.items() if kind != "project" and mark in text] == [], url


def test_choices_of_forms_name_no_strangers_project(planted: Site) -> None:
    """Forms that a unit may open offer no project but its own: as choices, suggestions or hidden values."""
    user = planted.county.park_staff
    strange = {project.pk for project in Project.objects.all()} - {
        planted.county.factory.pk,
        planted.county.solar.pk,
        planted.county.solar_school.pk,
    }
    for url in pages_of(planted, user):
        answer = planted.open(user).get(url)
        form = (answer.context or {}).get("form") if answer.status_code == 200 and answer.context else None
        for field in getattr(form, "fields", {}).values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and queryset.model is Project:
                assert not strange & set(queryset.values_list("pk", flat=True)), url
