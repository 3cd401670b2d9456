"""Load the demonstration county, once."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from projects.models import Project
from tracker import clock
from tracker.demo import accounts, story


class Command(BaseCommand):
    help = "Load the invented county 青禾县 with eighteen months of reports; does nothing where projects exist."

    def handle(self, *args: Any, **options: Any) -> None:
        if Project.objects.exists():
            self.stdout.write("已有项目数据，保持不变。")
            return
        began = time.monotonic()
        call_command("seed_calendar", stdout=self.stdout)
        story.tell(clock.now(), self.stdout.write)
        self.stdout.write(f"演示数据已生成，用时{time.monotonic() - began:.0f}秒。")
        for line in accounts.lines():
            self.stdout.write(line)
