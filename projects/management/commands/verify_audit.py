"""Walk the audit chain and name the first bad row."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects import audit


class Command(BaseCommand):
    help = "核对审计链；用 --expect-head 给出以前打印的链头，可发现被换成旧副本的数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect-head", metavar="H", help="以前打印的链头（64位十六进制）")

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit.verify(expected_head=options["expect_head"])
        if found.fault is not None:
            raise CommandError(f"审计链不完好（已核对{found.rows}行）：{found.fault}")
        self.stdout.write(f"审计链完好：共{found.rows}行，链头 {found.head}")
