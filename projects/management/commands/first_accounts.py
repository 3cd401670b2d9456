"""`manage.py first_accounts`: the three administrators of an empty site, with their one-time passwords."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.enums import Role
from projects.services import founding
from tracker import clock
from tracker.web.errors import UserError


class Command(BaseCommand):
    help = "为空系统建立三个管理员账号（系统、安全、审计），并打印一次性密码；已有账号时拒绝。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        for role in founding.USERNAMES:
            option = f"--{role.value.removesuffix('_admin')}"
            parser.add_argument(option, dest=role.value, required=True, metavar="姓名", help=f"{role.label}的姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        names = {role: options[role.value] for role in founding.USERNAMES}
        try:
            opened = founding.open_first_accounts(names=names, actor=None, at=clock.now())
        except UserError as error:
            raise CommandError(error.message) from error
        for role, account in zip(founding.USERNAMES, opened, strict=True):
            user = account.user
            self.stdout.write(f"{Role(role).label}　{user.name}　账号 {user.username}　一次性密码 {account.password}")
        self.stdout.write("密码只显示这一次，首次登录须修改。")
