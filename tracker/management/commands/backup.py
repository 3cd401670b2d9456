"""`manage.py backup --to FOLDER`: everything in one file, while people work."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.keeping import backups
from tracker.keeping.refusal import Refused


class Command(BaseCommand):
    help = "备份数据库、上传的文件和（单机版的）密钥到一个文件；系统可以照常使用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="文件夹", help="备份放在哪里，最好是另一块磁盘")
        parser.add_argument("--keep", type=int, default=0, metavar="份数", help="只留最近几份备份，默认全部保留")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            place, manifest = backups.make(options["to"], at=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"备份没有写成：{error}") from error
        self.stdout.write(
            f"已备份到 {place}（{place.stat().st_size / 1e6:.1f} MB）："
            f"{sum(manifest.rows.values())}行，文件{len(manifest.kept_files)}个，"
            f"审计链{manifest.chain_rows}行，链头 {manifest.chain_head}"
        )
        if options["keep"] > 0:
            for old in backups.forget_old(options["to"], options["keep"]):
                self.stdout.write(f"已删除旧备份 {old.name}")
