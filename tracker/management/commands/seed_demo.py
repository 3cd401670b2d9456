"""Load the demonstration county, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from projects.models import Project
from tracker import clock
from tracker.demo import accounts, story


class Command(BaseCommand):
    help = "Load the invented county 青禾县 with eighteen months of reports; does nothing where projects exist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, default=story.MONTHS_TOLD, help="how many months to tell (18)")

    def handle(self, *args: Any, **options: Any) -> None:
        if Project.objects.exists():
            self.stdout.write("已有项目数据，保持不变。")
            return
        began = time.monotonic()
        with _unhurried_disk():
            call_command("seed_calendar", stdout=self.stdout)
            story.tell(clock.now(), self.stdout.write, months=options["months"])
        self.stdout.write(f"演示数据已生成，用时{time.monotonic() - began:.0f}秒。")
        for line in accounts.lines():
            self.stdout.write(line)


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Invented data need not survive a power cut: SQLite does not wait for the disk at each of ten thousand commits."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (usual,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={usual:d}")
