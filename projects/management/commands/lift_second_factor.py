"""`manage.py lift_second_factor`: for the system administrator whose own telephone is lost."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.models import User
from projects.services import second_factor
from tracker import clock
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "解除一个账号的二次验证（手机丢失，又没有别的系统管理员时用），并记入审计。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="账号")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有账号“{options['username']}”。")
        try:
            second_factor.lift(user=user, actor=None, at=clock.now())
        except UserError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.name}（{user.username}）的二次验证已解除，凭密码即可登录。")
