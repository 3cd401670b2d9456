"""Load the demonstration county, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from projects import audit
from projects.models import AuditEntry, Unit
from tracker import clock
from tracker.demo import story

BEGUN, DONE = "demo.begin", "demo.end"


class Command(BaseCommand):
    help = "Load the invented county 青禾县 with eighteen months of reports; does nothing where data exist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, default=story.MONTHS_TOLD, help="how many months to tell (18)")

    def handle(self, *args: Any, **options: Any) -> None:
        told = set(AuditEntry.objects.filter(action__in=(BEGUN, DONE)).values_list("action", flat=True))
        if told == {BEGUN}:
            self._start_over()
        elif Unit.objects.exists():
            self.stdout.write("已有数据，保持不变。")
            return
        began = time.monotonic()
        with _unhurried_disk():
            audit.record(actor=None, at=clock.now(), action=BEGUN)
            call_command("seed_calendar", stdout=self.stdout)
            story.tell(clock.now(), self.stdout.write, months=options["months"])
            audit.record(actor=None, at=clock.now(), action=DONE)
        self.stdout.write(f"演示数据已生成，用时{time.monotonic() - began:.0f}秒。")

    def _start_over(self) -> None:
        """A demonstration that was interrupted is half a county: drop it and begin again."""
        if connection.vendor != "sqlite":
            raise CommandError("演示数据上次没有生成完。请清空该演示数据库后重试。")
        self.stdout.write("演示数据上次没有生成完，重新生成。")
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        call_command("migrate", verbosity=0)


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
