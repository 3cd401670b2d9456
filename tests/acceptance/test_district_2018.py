"""One district's published year, loaded by the lines of docs/acceptance.md into an empty database.

The files are no part of the project and are read in place; without them these tests are skipped. Figures and project
numbers only: number n is row n + 1 of the platform's table.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from projects.enums import Role
from projects.models import (
    ExpectedReport,
    ImportRow,
    LedgerImport,
    MilestoneChange,
    Project,
    Report,
    User,
    VerificationFlag,
)
from projects.permissions import Access
from projects.selectors.facts import project_facts
from projects.selectors.people import access_of
from projects.selectors.project_list import all_lines
from projects.selectors.projects import ProjectFilters
from projects.services import people

ROOT = Path(__file__).resolve().parents[2]
LEDGERS = ROOT.parent / "shared" / "ledgers"
OCTOBER_FIRST = dt.date(2018, 10, 1)
NEW_YEAR = dt.date(2018, 1, 1)
AT = dt.datetime(2018, 1, 2, tzinfo=dt.UTC)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LEDGERS.is_dir(), reason="the published ledgers are not beside the project"),
]


@dataclass(frozen=True, slots=True)
class District:
    runs: tuple[dict[str, Any], ...]
    """What each import_ledger line printed."""
    numbers: dict[int, int]
    """Project id to its number on the platform."""

    def by_number(self, projects: set[int]) -> set[int]:
        return {self.numbers[pk] for pk in projects if pk in self.numbers}


def commands() -> list[list[str]]:
    """The import lines of the page, as argument lists."""
    text = (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ +python manage\.py import_ledger (.+)$", text, re.MULTILINE)
    return [shlex.split(line.replace("$LEDGERS", str(LEDGERS))) for line in lines]


def run(arguments: list[str]) -> dict[str, Any]:
    out = io.StringIO()
    arguments = [str(ROOT / each) if each.startswith("tests/") else each for each in arguments]
    call_command("import_ledger", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """Loaded once for all tests of this module, and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for username in ("one", "two"):
            account = people.create_account(username=username, name=username, actor=None, at=AT)
            people.grant_role(user=account.user, role=Role.PROJECT_OFFICE, valid_from=NEW_YEAR, actor=None, at=AT)
        runs = tuple(run(arguments) for arguments in commands())
        platform = LedgerImport.objects.get(pk=runs[2]["import"])
        rows = ImportRow.objects.filter(ledger=platform).values_list("project", "row")
        yield District(runs, {project: row - 1 for project, row in rows})
        transaction.set_rollback(True)


def september_flags(district: District) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    rows = VerificationFlag.objects.filter(revision__report__period__key="2018-09")
    for code, project in rows.values_list("code", "project"):
        found[code] |= district.by_number({project})
    return found


def test_the_plan_is_146_new_projects_and_then_146_unchanged_ones(district: District) -> None:
    first, second = (run["counts"] for run in district.runs[:2])
    assert (first["created"], first["changed"], first["unchanged"]) == (146, 0, 0)
    assert (second["created"], second["changed"], second["unchanged"]) == (0, 0, 146)


def test_near_names_become_new_projects_not_merged_ones(district: District) -> None:
    """70 names are equal to the spring list's after normalising one more; the other rows are new."""
    counts = district.runs[2]["counts"]
    assert counts["created"] == 43
    assert counts["changed"] + counts["unchanged"] == 71
    assert Project.objects.count() == 146 + 43


def test_every_monthly_report_is_taken(district: District) -> None:
    assert district.runs[4]["counts"]["changed"] == 656
    assert Report.objects.filter(accepted__isnull=False).count() == 656


def test_the_totals_of_the_platform(district: District) -> None:
    access = access_of_office()
    lines = [line for line in all_lines(access, OCTOBER_FIRST, ProjectFilters()) if line.project.pk in district.numbers]
    assert len(lines) == 114
    assert sum(line.project.total for line in lines) == 6_477_394
    assert sum(line.view.plan for line in lines) == 1_829_524
    assert sum(line.view.done or 0 for line in lines) == 953_934


def access_of_office() -> Access:
    return access_of(User.objects.get(username="one"), OCTOBER_FIRST)


def test_who_did_not_report_in_september(district: District) -> None:
    expected = ExpectedReport.objects.filter(period__key="2018-09")
    silent = expected.exclude(report__accepted__isnull=False).values_list("project", flat=True)
    assert district.by_number(set(silent)) == {
        *(17, 25, 26, 33, 34, 37, 42, 51, 57, 62, 67, 68, 69, 78, 81, 84, 87, 92, 95, 98),
    }


def test_texts_copied_from_august(district: District) -> None:
    """88 differs from August by a blank; 36 and 96 repeat an earlier month or its words."""
    august = Report.objects.filter(period__key="2018-08", accepted__isnull=False)
    texts = dict(august.values_list("project", "accepted__progress"))
    september = Report.objects.filter(period__key="2018-09", accepted__isnull=False)
    same = {
        project
        for project, text in september.values_list("project", "accepted__progress")
        if texts.get(project) == text
    }
    assert district.by_number(same) == {43, 49, 52, 88}
    assert {43, 49, 52, 88} <= september_flags(district)["copied_text"]


def test_cumulatives_above_the_total_are_kept_flagged_and_left_out(district: District) -> None:
    facts = project_facts(OCTOBER_FIRST, year=2018)
    assert district.by_number({item.id for item in facts if item.exceeds_total}) == {16, 70, 76}
    assert september_flags(district)["over_total"] == {16, 70, 76}
    assert district.by_number({item.id for item in facts if item.done and item.plan and item.done > item.plan}) == {
        *(13, 15, 16, 18, 48, 55, 64, 70, 76),
    }


def test_the_unit_that_would_lead_only_by_impossible_figures(district: District) -> None:
    """165.68 % with 16 and 70, 6.49 % without them."""
    facts = [item for item in project_facts(OCTOBER_FIRST, year=2018) if item.id in district.numbers]
    of_unit: dict[int | None, list[Any]] = defaultdict(list)
    for item in facts:
        of_unit[item.unit].append(item)
    rates = {unit: rate(items) for unit, items in of_unit.items()}
    top = max(rates, key=lambda unit: rates[unit])
    assert rates[top] == Decimal("165.68")
    assert rate([item for item in of_unit[top] if not item.exceeds_total]) == Decimal("6.49")


def rate(items: list[Any]) -> Decimal:
    done = sum((item.done or Decimal(0) for item in items), Decimal(0))
    plan = sum((item.plan or Decimal(0) for item in items), Decimal(0))
    return (done / plan * 100).quantize(Decimal("0.01")) if plan else Decimal(0)


def test_finish_dates_that_have_passed(district: District) -> None:
    """54, 76 and 97 say so in September; 18 left the date blank by then and 95 did not report any more."""
    late = {
        item.id
        for item in project_facts(OCTOBER_FIRST, year=2018)
        if (finish := item.milestone("finish")) and finish.due < OCTOBER_FIRST and not item.is_finished
    }
    assert district.by_number(late) == {54, 76, 97} | {18, 95}


def test_starts_that_have_passed_in_preparation(district: District) -> None:
    """The last six stated a month earlier in the year and left it blank in September: a blank withdraws no date."""
    stated = {3, 12, 14, 28, 30, 31, 43, 44, 48, 50, 52, 56, 63, 66, 70, 74, 77, 80, 85, 90, 100}
    assert september_flags(district)["unstarted_late"] == stated | {16, 21, 82, 83, 96, 99}


def test_postponed_finish_dates(district: District) -> None:
    """Against what the first report of the year said."""
    first_report: dict[int, dt.datetime] = {}
    for project, at in Report.objects.order_by("period__cutoff").values_list("project", "accepted__submitted_at"):
        first_report.setdefault(project, at)
    moves: dict[int, list[MilestoneChange]] = defaultdict(list)
    for change in MilestoneChange.objects.filter(milestone__kind="finish").select_related("milestone"):
        if change.at > first_report[change.milestone.project_id]:
            moves[change.milestone.project_id].append(change)
    postponed = {project for project, changes in moves.items() if changes[-1].new_due > changes[0].old_due}
    assert district.by_number(postponed) == {13, 25, 27, 33, 35, 36, 37, 38, 39, 40, 41, 42, 45, 76, 93}


def test_completion_that_contradicts_its_figures(district: District) -> None:
    """Number 1: finished in September with 34 700 of 80 000 and a finish planned for 2019-12."""
    flags = september_flags(district)
    assert flags["finished_short"] == {1}
    assert flags["finished_early"] == {1}


def test_facts_as_of_the_last_day_of_september(district: District) -> None:
    """Two reports were filled on the 30th; a day earlier they were not known."""
    day = dt.date(2018, 9, 30)
    known = {item.id for item in project_facts(day, year=2018) if item.done_period == "2018-09"}
    before = {item.id for item in project_facts(day - dt.timedelta(days=1), year=2018) if item.done_period == "2018-09"}
    assert len(district.by_number(known)) == 94
    assert before < known
