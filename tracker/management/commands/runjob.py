"""`manage.py runjob NAME [--as-of D] [--json]`: carries out one job of the schedule now, as the dispatcher would."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from supervision.enums import JobState
from supervision.services import jobs
from supervision.services.leases import this_worker
from tracker import clock
from tracker.schedule import JOBS
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "立即执行一项作业：" + "；".join(f"{job.name} {job.title}" for job in JOBS)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="作业", help="作业名，如 recompute_lights")
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, default=None, metavar="日期", help="按哪一天执行，默认今日"
        )
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        as_of: dt.date = options["as_of"] or clock.day_of(at)
        if as_of > clock.day_of(at):
            raise CommandError(f"{as_of}在未来，请给出不晚于今日的日期。")
        try:
            requested = jobs.request(name=options["name"], as_of=as_of, actor=None, at=at)
        except UserError as error:
            raise CommandError(error.message) from error
        run = jobs.run(run_id=requested.pk, at=at, worker=this_worker())
        if run is None:
            raise CommandError("该作业已由后台进程接手，请在运行页面查看结果。")
        if options["json"]:
            outcome = {"name": run.name, "as_of": as_of.isoformat(), "state": run.state, "message": run.message}
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
        else:
            self.stdout.write(f"{run.get_state_display()}：{run.message}")
        if run.state == JobState.FAILED:
            raise CommandError(f"作业失败：{run.message}")
