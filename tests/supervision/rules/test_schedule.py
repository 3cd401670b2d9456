"""When jobs are due: docs/operations.md, Schedule."""

import datetime as dt

import pytest

from supervision.rules.schedule import (
    SHANGHAI,
    Daily,
    FirstWorkingDayOfWeek,
    MakeUp,
    Weekly,
    first_working_day_of_week,
    missed_and_due,
    next_due,
)


class PlainWeek:
    """Monday to Friday, except the days named: holidays off, make-up days on."""

    def __init__(self, off: str = "", on: str = "") -> None:
        self.off = {dt.date.fromisoformat(day) for day in off.split()}
        self.on = {dt.date.fromisoformat(day) for day in on.split()}

    def is_working_day(self, day: dt.date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)


PLAIN = PlainWeek()
NATIONAL_2018 = PlainWeek(off="2018-10-01 2018-10-02 2018-10-03 2018-10-04 2018-10-05", on="2018-09-29 2018-09-30")
EIGHT = dt.time(8)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(when, start: str, end: str, calendar=PLAIN) -> list[str]:
    return [f"{found:%Y-%m-%d %H:%M}" for found in when.due_between(moment(start), moment(end), calendar)]


def test_daily_is_due_once_a_day_with_the_end_included_and_the_start_not():
    nightly = Daily(dt.time(2))
    assert due(nightly, "2018-09-01 02:00", "2018-09-03 02:00") == ["2018-09-02 02:00", "2018-09-03 02:00"]
    assert due(nightly, "2018-09-01 02:00", "2018-09-02 01:59") == []


def test_twice_a_day_comes_in_order():
    twice = Daily(dt.time(12, 5), (dt.time(18, 5),))
    assert due(twice, "2018-09-01 13:00", "2018-09-02 19:00") == [
        "2018-09-01 18:05",
        "2018-09-02 12:05",
        "2018-09-02 18:05",
    ]


def test_the_day_is_the_shanghai_day_whatever_zone_the_clock_speaks():
    # 16:05 UTC on the 1st is 00:05 on the 2nd in Shanghai, before 00:10; 16:15 UTC is after it.
    start = dt.datetime(2018, 9, 1, 16, 5, tzinfo=dt.UTC)
    end = dt.datetime(2018, 9, 1, 16, 15, tzinfo=dt.UTC)
    assert Daily(dt.time(0, 10)).due_between(start, end, PLAIN) == [moment("2018-09-02 00:10")]


def test_weekly_keeps_its_weekday_on_holidays():
    friday = Weekly(4, dt.time(16))
    assert due(friday, "2018-09-27 00:00", "2018-10-06 00:00", NATIONAL_2018) == [
        "2018-09-28 16:00",
        "2018-10-05 16:00",
    ]


def test_first_workday_is_monday_in_a_plain_week():
    assert due(FirstWorkingDayOfWeek(EIGHT), "2018-09-02 00:00", "2018-09-09 23:59") == ["2018-09-03 08:00"]


def test_a_monday_holiday_moves_the_notice_to_tuesday():
    mid_autumn = PlainWeek(off="2018-09-24")
    assert due(FirstWorkingDayOfWeek(EIGHT), "2018-09-24 00:00", "2018-09-30 23:59", mid_autumn) == ["2018-09-25 08:00"]


def test_a_week_of_holidays_has_no_notice():
    assert first_working_day_of_week(dt.date(2018, 10, 3), NATIONAL_2018) is None
    assert due(FirstWorkingDayOfWeek(EIGHT), "2018-10-01 00:00", "2018-10-07 23:59", NATIONAL_2018) == []


def test_a_make_up_sunday_is_the_first_workday_when_the_rest_of_the_week_is_off():
    week_off = PlainWeek(off="2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20", on="2026-02-22")
    assert first_working_day_of_week(dt.date(2026, 2, 18), week_off) == dt.date(2026, 2, 22)


def test_the_iso_week_crosses_the_year():
    # 2018-12-31 is the Monday of 2019-W01; with New Year's Eve and New Year off, Wednesday is the first workday.
    new_year = PlainWeek(off="2018-12-31 2019-01-01")
    assert first_working_day_of_week(dt.date(2019, 1, 1), new_year) == dt.date(2019, 1, 2)


def test_next_due_looks_past_a_holiday_week():
    assert next_due(FirstWorkingDayOfWeek(EIGHT), moment("2018-09-25 08:00"), NATIONAL_2018) == moment(
        "2018-10-08 08:00"
    )


@pytest.mark.parametrize(
    ("make_up", "expected"),
    [
        (MakeUp.LATEST, [("2018-09-17", True)]),
        (MakeUp.EACH, [("2018-09-03", True), ("2018-09-10", True), ("2018-09-17", True)]),
    ],
)
def test_three_missed_mondays(make_up, expected):
    mondays = [moment(f"2018-09-{day} 08:00") for day in ("03", "10", "17")]
    chosen = missed_and_due(mondays, moment("2018-09-19 09:00"), make_up, dt.timedelta(minutes=10))
    assert [(f"{due_at:%Y-%m-%d}", is_made_up) for due_at, is_made_up in chosen] == expected


def test_a_run_within_the_grace_is_not_made_up():
    monday = moment("2018-09-17 08:00")
    assert missed_and_due([monday], moment("2018-09-17 08:10"), MakeUp.EACH, dt.timedelta(minutes=10)) == [
        (monday, False)
    ]
    assert missed_and_due([], monday, MakeUp.LATEST, dt.timedelta(minutes=10)) == []


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (Daily(dt.time(0, 10)), "每日00:10"),
        (Daily(dt.time(12, 5), (dt.time(18, 5),)), "每日12:05、18:05"),
        (Weekly(4, dt.time(16)), "每周五16:00"),
        (FirstWorkingDayOfWeek(EIGHT), "每周首个工作日08:00"),
    ],
)
def test_rhythms_name_themselves(when, text):
    assert when.text == text
