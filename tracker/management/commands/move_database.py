"""`manage.py move_database --from FOLDER`: an office that outgrew one machine takes everything along to PostgreSQL."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.keeping import moving
from tracker.keeping.refusal import Refused
from tracker.supervisor import AlreadyRunning, PidLock


class Command(BaseCommand):
    help = "把单机版的全部数据（各表、审计链、上传的文件）搬到正式环境的 PostgreSQL；目标必须是空的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="source", type=Path, required=True, metavar="文件夹", help="单机版的数据文件夹（DUJIN_DATA）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["source"]
        try:
            with PidLock(source / "serve.pid"):
                moved = moving.move(database=source / "dujin.sqlite3", upload_folder=source / "uploads", say=self._say)
        except AlreadyRunning as error:
            raise CommandError(f"单机版仍在运行（进程 {error}），请先停止，再搬迁。") from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for table, rows in moved.rows.items():
            if rows:
                self._say(f"  {table:<32}{rows:>10}")
        self._say(f"共{len(moved.rows)}张表 {sum(moved.rows.values())}行，文件{moved.files}个，两边逐行一致。")
        if moved.chain.fault is None:
            self._say(f"审计链完好：共{moved.chain.rows}行，链头 {moved.chain.head}")
        else:
            self.stderr.write(f"审计链在搬迁前就不完好，已原样搬来：{moved.chain.fault}")
        for fault in moved.file_faults:
            self.stderr.write(f"搬迁前就有的问题：{fault}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
