"""`manage.py weekly_notices [--as-of D] [--send]`: shows who would get a digest; with --send writes and sends them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.rules.periods import period_of
from supervision.services import deliveries, notices
from supervision.services.leases import this_worker
from tracker import clock


class Command(BaseCommand):
    help = "每周提醒：默认只列出接收人和事项数，加 --send 才生成并发送。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, default=None, metavar="日期", help="数据日期，如 2018-09-24"
        )
        parser.add_argument("--send", action="store_true", help="生成通知并发送")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        as_of: dt.date = options["as_of"] or clock.day_of(at)
        if as_of > clock.day_of(at):
            raise CommandError(f"数据日期{as_of}在未来，请给出不晚于今日的日期。")
        week = period_of("week", as_of)
        period_key, made_up = week.key, week.ends_on < clock.day_of(at)
        if options["send"]:
            issued = notices.issue(as_of=as_of, at=at, period_key=period_key, made_up=made_up, actor=None)
            swept = deliveries.sweep(at=at, worker=this_worker(), limit=max(1000, 2 * issued.recipients))
            self.stdout.write(f"{period_key}：{issued.recipients}人有事项，新生成{issued.created}份；{swept.text}")
            return
        digests = notices.preview(as_of=as_of, at=at, period_key=period_key)
        for digest in digests:
            self.stdout.write(f"{digest.recipient.name}\t{digest.recipient.email or '无邮箱'}\t{digest.title}")
        self.stdout.write(f"共{len(digests)}人。这是预览，未生成也未发送；确认后加 --send。")
