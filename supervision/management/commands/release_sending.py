"""`manage.py release_sending`: after a restore, let notices leave again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supervision.services import sending
from tracker import clock
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "恢复备份后放行发送：恢复前未发的通知标为补发后发出；加 --cancel 则不再发出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cancel", action="store_true", help="恢复前未发的通知不再发出（可能已经发过）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            released = sending.release(cancel_open=options["cancel"], actor=None, at=clock.now())
        except UserError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"已放行发送：标为补发{released.marked}件，取消{released.cancelled}件。")
