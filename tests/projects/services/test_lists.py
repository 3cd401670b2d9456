"""The annual list: issued versions, entries and adjustments."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import AdjustmentKind, AnnualClass, Stage
from projects.models import AnnualListEntry, ListAdjustment
from projects.services import lists, projects
from tests.support import county
from tests.support.county import County, moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db
AT = moment(7, 1)
JUNE = dt.date(2026, 6, 15)


@pytest.fixture
def qinghe() -> County:
    return county.build()


def entry_of(qinghe: County) -> AnnualListEntry:
    return AnnualListEntry.objects.select_related("project").get(project=qinghe.road)


def adjust(qinghe: County, entry: AnnualListEntry, kind: AdjustmentKind, on: dt.date = JUNE) -> ListAdjustment:
    return lists.adjust(entry=entry, kind=kind, reason="常务会议", effective_on=on, actor=qinghe.office_one, at=AT)


def test_versions_are_numbered_within_the_year(qinghe: County) -> None:
    second = lists.issue(year=2026, title="2026年调整清单", issued_on=JUNE, actor=qinghe.office_one, at=AT)
    other_year = lists.issue(year=2027, title="2027年清单", issued_on=JUNE, actor=qinghe.office_one, at=AT)
    assert (second.number, other_year.number) == (2, 1)


def test_the_original_list_records_no_adjustment(qinghe: County) -> None:
    first = lists.issue(year=2027, title="2027年清单", issued_on=JUNE, actor=qinghe.office_one, at=AT)
    entry = lists.enter(
        annual_list=first,
        project=qinghe.road,
        annual_class=AnnualClass.CARRY_OVER,
        actor=qinghe.office_one,
        at=AT,
    )
    assert entry.entered_on == JUNE
    assert not entry.adjustments.exists()


def test_a_mid_year_entry_counts_from_its_day_and_says_so(qinghe: County) -> None:
    project = projects.create(name="青年公寓", actor=qinghe.office_one, at=AT)
    entry = lists.enter(
        annual_list=qinghe.annual_list,
        project=project,
        annual_class=AnnualClass.NEW_START,
        entered_on=JUNE,
        actor=qinghe.office_one,
        at=AT,
    )
    assert entry.adjustments.get().kind == AdjustmentKind.ADDED
    current = AnnualListEntry.objects.filter(project=project)
    assert not current.current(JUNE - dt.timedelta(days=1)).exists()
    assert current.current(JUNE).exists()


def test_a_project_is_on_the_years_list_once(qinghe: County) -> None:
    with pytest.raises(UserError, match="已在本年度清单中"):
        lists.enter(
            annual_list=qinghe.annual_list,
            project=qinghe.road,
            annual_class=AnnualClass.CARRY_OVER,
            actor=qinghe.office_one,
            at=AT,
        )


def test_a_removed_project_leaves_the_current_list_and_stays_in_the_original(qinghe: County) -> None:
    entry = entry_of(qinghe)
    adjust(qinghe, entry, AdjustmentKind.REMOVED)
    rows = AnnualListEntry.objects.filter(project=qinghe.road)
    assert rows.current(JUNE - dt.timedelta(days=1)).exists()
    assert not rows.current(JUNE).exists()
    assert rows.original().exists()
    assert entry.project.stage == Stage.REMOVED


def test_a_paused_project_stays_on_the_list_and_resumes_its_stage(qinghe: County) -> None:
    entry = entry_of(qinghe)
    adjust(qinghe, entry, AdjustmentKind.PAUSED)
    assert (entry.project.stage, entry.left_on) == (Stage.PAUSED, None)
    adjust(qinghe, entry, AdjustmentKind.RESUMED, dt.date(2026, 6, 30))
    assert entry.project.stage == Stage.BUILDING


def test_a_removed_project_comes_back_where_it_stood(qinghe: County) -> None:
    entry = entry_of(qinghe)
    adjust(qinghe, entry, AdjustmentKind.PAUSED)
    adjust(qinghe, entry, AdjustmentKind.REMOVED)
    adjust(qinghe, entry, AdjustmentKind.ADDED, dt.date(2026, 6, 30))
    assert (entry.project.stage, entry.left_on) == (Stage.BUILDING, None)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (None, AdjustmentKind.RESUMED, "没有暂停"),
        (None, AdjustmentKind.ADDED, "仍在清单中"),
        (AdjustmentKind.PAUSED, AdjustmentKind.PAUSED, "已暂停"),
        (AdjustmentKind.HANDED_OVER, AdjustmentKind.PAUSED, "退出清单"),
    ],
)
def test_impossible_adjustments(
    qinghe: County, first: AdjustmentKind | None, second: AdjustmentKind, sentence: str
) -> None:
    entry = entry_of(qinghe)
    if first is not None:
        adjust(qinghe, entry, first)
    with pytest.raises(UserError, match=sentence):
        adjust(qinghe, entry, second)


def test_adjustments_follow_each_other_in_time(qinghe: County) -> None:
    entry = entry_of(qinghe)
    adjust(qinghe, entry, AdjustmentKind.PAUSED)
    with pytest.raises(UserError, match="不能早于上一次调整"):
        adjust(qinghe, entry, AdjustmentKind.RESUMED, JUNE - dt.timedelta(days=1))


def test_an_adjustment_needs_its_reason(qinghe: County) -> None:
    with pytest.raises(UserError, match="原因"):
        lists.adjust(
            entry=entry_of(qinghe),
            kind=AdjustmentKind.REMOVED,
            reason="  ",
            effective_on=JUNE,
            actor=qinghe.office_one,
            at=AT,
        )
