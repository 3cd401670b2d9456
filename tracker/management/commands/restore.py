"""`manage.py restore FILE`: a backup into an empty place, compared with its manifest; sending stays stopped."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.keeping import backups
from tracker.keeping.refusal import Refused
from tracker.supervisor import AlreadyRunning


class Command(BaseCommand):
    help = "把备份恢复到空的地方，并与备份清单逐项核对；恢复后暂停发送，直到运行 release_sending。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, metavar="备份文件")
        parser.add_argument("--check", action="store_true", help="只核对备份是否完好，不写任何东西")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._tell(backups.read(options["backup"]), "备份完好")
                return
            restored = backups.restore(options["backup"], at=clock.now(), say=self.stdout.write)
        except AlreadyRunning as error:
            raise CommandError(f"本系统仍在运行（进程 {error}），请先停止，再恢复。") from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(restored.manifest, "已恢复")
        for fault in restored.faults:
            self.stderr.write(f"请核查：{fault}")
        self.stdout.write("发送已暂停。核对无误后运行 manage.py release_sending 放行（--cancel：恢复前未发的不再发）。")

    def _tell(self, manifest: backups.Manifest, done: str) -> None:
        self.stdout.write(
            f"{done}：{manifest.made_at} 的备份，{sum(manifest.rows.values())}行，文件{len(manifest.kept_files)}个，"
            f"审计链{manifest.chain_rows}行，链头 {manifest.chain_head}"
        )
