"""Walk the audit chain and name the first bad row."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects import audit, audit_archive
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "核对审计链；用 --expect-head 给出以前打印的链头，可发现被换成旧副本的数据库。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect-head", metavar="H", help="以前打印的链头（64位十六进制）")
        parser.add_argument(
            "--archives", metavar="DIR", type=Path, help="归档文件所在的文件夹：连同已归档的部分一起核对"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        head, folder = options["expect_head"], options["archives"]
        try:
            found = (
                audit_archive.verify(folder=folder, expected_head=head) if folder else audit.verify(expected_head=head)
            )
        except UserError as refusal:
            raise CommandError(refusal.message) from refusal
        if found.fault is not None:
            raise CommandError(f"审计链不完好（已核对{found.rows}行）：{found.fault}")
        self.stdout.write(f"审计链完好：共{found.rows}行，链头 {found.head}")
