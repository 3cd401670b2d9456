"""`manage.py dispatcher`: carries out waiting job runs and sends due notices (embedded profile)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker import clock, dispatch
from tracker.checks import TAG
from tracker.loops import run_forever


class Command(BaseCommand):
    requires_system_checks = (TAG,)  # Django's own would load every page of the site into a process that serves none
    help = "执行到期作业并发送通知；由 manage.py serve 启动和看护。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="只处理一轮后退出")
        parser.add_argument("--every", type=float, default=2.0, metavar="秒", help="两轮之间的间隔，默认2秒")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            dispatch.work_off(clock.now())
            return
        run_forever(dispatch.DISPATCHER, dispatch.work_off, every_seconds=options["every"])
