"""Load the holiday lists that ship with the `holidays` package; a later upload by the office replaces them."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

import holidays
from django.core.management.base import BaseCommand

from projects.enums import CalendarStatus
from projects.models import CalendarYear
from projects.rules.calendar_file import CalendarEntry
from projects.services import calendar
from tracker import clock

PUBLISHED = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""Years with an official notice; any other year is a forecast without make-up working days."""


class Command(BaseCommand):
    help = "写入法定节假日与调休：2024至2026年为已公布，2027年为预估。已由人工上传的年份不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--years", nargs="+", type=int, default=[2024, 2025, 2026, 2027])
        parser.add_argument("--replace", action="store_true", help="人工上传过的年份也重写")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        present = set(CalendarYear.objects.exclude(source="").values_list("year", flat=True))
        for year in options["years"]:
            if year in present and not options["replace"]:
                self.stdout.write(f"{year}年已有放假安排，未改动。")
                continue
            changed = calendar.load_year(
                year=year,
                entries=entries(year),
                status=CalendarStatus.PUBLISHED if year in PUBLISHED else CalendarStatus.ESTIMATED,
                source=PUBLISHED.get(year, "按节日推算"),
                actor=None,
                at=at,
            )
            self.stdout.write(f"{year}年：{changed}天有变化。")


def entries(year: int) -> Iterator[CalendarEntry]:
    """The weekdays off and the weekends worked in `year`, named in Chinese."""
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    for day, name in sorted(china.items()):
        yield CalendarEntry(day=day, is_workday=False, name=_short(name))
    for day in sorted(china.weekend_workdays):
        if isinstance(day, dt.date) and day.year == year:
            yield CalendarEntry(day=day, is_workday=True, name="调休上班")


def _short(name: str) -> str:
    return "调休放假" if name.startswith("休息日") else name
