"""The working-day calendar (docs/rules.md, Working days)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from projects.enums import CalendarStatus
from projects.models import AuditEntry, CalendarDay, CalendarYear
from projects.rules.calendar_file import CalendarEntry, CalendarFileError, parse
from projects.selectors.calendar import calendar, calendar_page
from projects.services import calendar as calendar_service
from tests.support.county import CREATED, County
from tracker.web.errors import Conflict, UserError

SPRING = dt.date(2026, 2, 17)
MAKE_UP = dt.date(2026, 2, 28)


class TestFile:
    def test_rest_and_work_lines_in_the_ways_people_write_them(self) -> None:
        text = "\ufeff日期,类型,名称\n2026-02-17,休,春节\n\n# 调休\n2026年2月28日 班\n2026/4/6\t放假\t清明节补假\n"
        assert parse(text, 2026) == (
            CalendarEntry(SPRING, False, "春节"),
            CalendarEntry(MAKE_UP, True),
            CalendarEntry(dt.date(2026, 4, 6), False, "清明节补假"),
        )

    def test_every_bad_line_is_named_at_once(self) -> None:
        with pytest.raises(CalendarFileError) as refusal:
            parse("2026-02-17,休\n2026-02-30,休\n2025-10-01,休\n2026-05-01,也许\n2026-02-17,班\n", 2026)
        assert [message.split("：")[0] for message in refusal.value.messages] == ["第2行", "第3行", "第4行", "第5行"]

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(CalendarFileError, match="没有日期"):
            parse("日期,类型\n", 2026)


class TestLoading:
    def test_a_year_is_replaced_and_the_same_list_again_changes_nothing(self, county: County) -> None:
        assert _load(county, CalendarEntry(SPRING, False, "春节"), CalendarEntry(MAKE_UP, True)) == 2
        assert _load(county, CalendarEntry(SPRING, False, "春节")) == 1
        rows = AuditEntry.objects.count()
        assert _load(county, CalendarEntry(SPRING, False, "春节")) == 0
        assert AuditEntry.objects.count() == rows
        assert list(CalendarDay.objects.values_list("day", flat=True)) == [SPRING]

    def test_what_agrees_with_the_plain_week_needs_no_row(self, county: County) -> None:
        assert _load(county, CalendarEntry(dt.date(2026, 5, 2), False, "劳动节")) == 0

    def test_days_of_another_year_are_refused(self, county: County) -> None:
        with pytest.raises(UserError, match="不在2026年内"):
            _load(county, CalendarEntry(dt.date(2025, 10, 1), False))


class TestEditing:
    def test_one_day_is_set_and_set_back(self, county: County) -> None:
        calendar_service.set_day(day=MAKE_UP, is_workday=True, name="调休上班", actor=county.office_one, at=CREATED)
        assert calendar().is_working_day(MAKE_UP)
        calendar_service.set_day(day=MAKE_UP, is_workday=False, actor=county.office_one, at=CREATED)
        assert not CalendarDay.objects.exists()

    def test_a_year_is_published_only_with_its_document(self, county: County) -> None:
        arguments = {"year": 2027, "status": CalendarStatus.PUBLISHED, "actor": county.office_one, "at": CREATED}
        with pytest.raises(UserError) as refusal:
            calendar_service.set_year_status(source=" ", version=None, **arguments)
        assert refusal.value.field == "source"
        calendar_service.set_year_status(source="国办发明电〔2026〕9号", version=1, **arguments)
        assert not calendar().is_estimated(2027)
        with pytest.raises(Conflict):
            calendar_service.set_year_status(source="另一文件", version=1, **arguments)

    def test_a_year_nobody_loaded_is_a_plain_week_and_an_estimate(self, db: None) -> None:
        assert calendar().is_estimated(2031)
        assert calendar().is_working_day(dt.date(2031, 2, 3))


class TestSeed:
    def test_published_years_and_the_forecast(self, db: None, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("seed_calendar")
        days = calendar()
        assert days.published == frozenset({2024, 2025, 2026})
        assert not days.is_working_day(dt.date(2026, 2, 17)), "春节"
        assert days.is_working_day(dt.date(2026, 2, 28)), "a Saturday worked"
        assert not days.is_working_day(dt.date(2025, 10, 8)), "a Wednesday off"
        assert days.add_working_days(dt.date(2026, 9, 30), 1) == dt.date(2026, 10, 8)
        assert "2026年" in capsys.readouterr().out

    def test_what_the_office_uploaded_is_left_alone(self, county: County) -> None:
        _load(county, CalendarEntry(SPRING, False, "春节"))
        call_command("seed_calendar", verbosity=0)
        assert CalendarDay.objects.filter(day__year=2026).count() == 1
        assert CalendarYear.objects.get(year=2026).source == "本县通知"

    def test_the_page_shows_one_year(self, db: None, django_assert_num_queries) -> None:
        call_command("seed_calendar", verbosity=0)
        with django_assert_num_queries(2):
            page = calendar_page(2026)
        assert page.is_published
        assert len(page.make_up_days) == 6
        assert page.years == (2024, 2025, 2026, 2027)


def _load(county: County, *entries: CalendarEntry) -> int:
    return calendar_service.load_year(
        year=2026,
        entries=entries,
        status=CalendarStatus.PUBLISHED,
        source="本县通知",
        actor=county.office_one,
        at=CREATED,
    )
