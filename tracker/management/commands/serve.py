"""`manage.py serve`: the whole embedded site, web, dispatcher and scheduler, as supervised processes."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import clock, readiness
from tracker.checks import TAG
from tracker.demo.accounts import ACCOUNTS, PASSWORD
from tracker.supervisor import AlreadyRunning, PidLock, Program, Supervisor

WEB_STOP_SECONDS = 20
WORK_STOP_SECONDS = 30
"""A job in hand is finished if it can be; otherwise its lease runs out and it is taken up again."""


class Command(BaseCommand):
    requires_system_checks = (TAG,)  # Django's own would load every page of the site into a process that serves none
    help = "启动单机版：网站、执行、排程三个受看护的进程；按 Ctrl-C 全部结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只限本机；0.0.0.0 为全部网卡")
        parser.add_argument("--port", type=int, default=8000, help="端口，默认8000")
        parser.add_argument("--workers", type=int, default=2, help="网站进程数，默认2")
        parser.add_argument("--demo", action="store_true", help="启动后列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        try:
            with PidLock(settings.DATA_DIR / "serve.pid"):
                self._refuse_unprepared(host, port)
                supervisor = Supervisor(_programs(host, port, options["workers"]), say=self._say)
                supervisor.run(_Announcement(host, port, lambda: self._announce(host, port, options["demo"])).look)
        except AlreadyRunning as error:
            raise CommandError(f"本系统已在运行（进程 {error}），请先在原窗口按 Ctrl-C 结束。") from error
        self._say("已全部结束。")

    def _refuse_unprepared(self, host: str, port: int) -> None:
        if not settings.EMBEDDED:
            raise CommandError("serve 只用于单机版；正式环境请按 docs/operations.md 分别启动各进程。")
        if problem := readiness.database(clock.now()) or readiness.migrations(clock.now()):
            raise CommandError(f"{problem}（或先运行 make setup）。")
        if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
            raise CommandError("静态文件尚未生成，请先运行 make setup。")
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(f"端口 {host}:{port} 不可用（{error.strerror}），请用 --port 换一个。") from error

    def _announce(self, host: str, port: int, demo: bool) -> None:
        shown = "127.0.0.1" if host == "0.0.0.0" else host
        self._say(f"\n督进已启动：http://{shown}:{port}/")
        if demo:
            self._say(f"演示账号（密码均为 {PASSWORD}）：")
            for account in ACCOUNTS:
                if account.shown:
                    self._say(f"  {account.username:<16}{account.name}　{account.shown}")
        self._say("按 Ctrl-C 结束。\n")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


class _Announcement:
    """Calls `announce` once, when the web process first accepts a connection."""

    def __init__(self, host: str, port: int, announce: Any) -> None:
        self._address = ("127.0.0.1" if host == "0.0.0.0" else host, port)
        self._announce = announce
        self._done = False

    def look(self) -> None:
        if self._done:
            return
        with closing(socket.socket()) as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(self._address) != 0:
                return
        self._done = True
        self._announce()


def _programs(host: str, port: int, workers: int) -> list[Program]:
    manage = (sys.executable, str(settings.BASE_DIR / "manage.py"))
    web = [sys.executable, "-m", "granian", "tracker.wsgi:application", "--interface", "wsgi", "--no-ws"]
    web += ["--host", host, "--port", str(port), "--workers", str(workers), "--log-level", "warning"]
    web += ["--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"]
    web += ["--respawn-failed-workers", "--respawn-interval", "5", "--workers-kill-timeout", "10"]
    web += ["--working-dir", str(settings.BASE_DIR)]
    return [
        Program("网站", web, WEB_STOP_SECONDS),
        Program("执行", (*manage, "dispatcher"), WORK_STOP_SECONDS),
        Program("排程", (*manage, "scheduler"), WORK_STOP_SECONDS),
    ]
