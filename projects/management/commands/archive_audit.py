"""Move audit rows past their retention into a file (docs/adr/0014-retention.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects import audit_archive
from tracker import clock
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "把超过保存期限（DUJIN_AUDIT_DAYS，至少180天）的审计记录移入归档文件；文件摘要记入审计链。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", metavar="DIR", required=True, type=Path, help="存放归档文件的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = audit_archive.archive(folder=options["to"], actor=None, at=clock.now())
        except UserError as refusal:
            raise CommandError(refusal.message) from refusal
        if row is None:
            self.stdout.write(f"没有超过{settings.AUDIT_DAYS}天的审计记录。")
        else:
            self.stdout.write(f"已归档{row.rows}行到 {row.name}，SHA-256 {row.sha256}。请妥善保管该文件。")
