"""System checks: a half-configured site does not start, and each missing variable is named.

They run in every `manage.py` command that checks, in the web server (`tracker.wsgi`) and in the Celery worker.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

TAG = "dujin"
SHORTEST_KEY = 50

REQUIRED_IN_PRODUCTION = {
    "DUJIN_DATABASE_URL": ("DATABASE_URL", "PostgreSQL 地址，如 postgresql://dujin:密码@db:5432/dujin"),
    "DUJIN_REDIS_URL": ("REDIS_URL", "Redis 地址，如 redis://redis:6379/0"),
    "DUJIN_HOSTS": ("ALLOWED_HOSTS", "允许访问的域名或地址，用逗号分隔"),
}


@register(TAG)
def check_profile(**kwargs: Any) -> list[CheckMessage]:
    """Production has all it needs; embedded has nothing of production by accident."""
    return _production() if settings.PROFILE == "production" else _embedded()


@register(TAG)
def check_mail(**kwargs: Any) -> list[CheckMessage]:
    """A mail account is given whole or not at all."""
    found: list[CheckMessage] = []
    if bool(settings.SMTP_USER) != bool(settings.SMTP_PASSWORD):
        absent = "DUJIN_SMTP_PASSWORD" if settings.SMTP_USER else "DUJIN_SMTP_USER"
        found.append(_missing(absent, "邮箱账号和密码须同时设置，或都不设置"))
    if settings.SMTP_USER and not settings.SMTP_HOST:
        found.append(_missing("DUJIN_SMTP_HOST", "已设置邮箱账号，但没有邮件服务器地址"))
    if settings.SMTP_HOST and settings.MAIL_FROM.endswith(("@dujin.local", "@localhost")):
        found.append(_missing("DUJIN_MAIL_FROM", "已设置邮件服务器，但没有本单位的发件地址"))
    return found


def refuse_half_configuration() -> None:
    """For entry points that Django does not check: raises ImproperlyConfigured listing every fault."""
    faults = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if faults:
        raise ImproperlyConfigured("\n".join(f"{fault.msg}（{fault.hint}）" for fault in faults))


def _production() -> list[CheckMessage]:
    found = [
        _missing(variable, hint)
        for variable, (setting, hint) in REQUIRED_IN_PRODUCTION.items()
        if not getattr(settings, setting)
    ]
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django refuses to hand out an empty one
        key = ""
    if len(key) < SHORTEST_KEY:
        found.append(_missing("DUJIN_SECRET_KEY", f"至少{SHORTEST_KEY}个随机字符，各机器相同，妥善保管"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("DUJIN_HOSTS 不能是“*”。", hint="写明域名或地址，用逗号分隔", id="dujin.E003"))
    if settings.DEBUG:
        found.append(Error("正式环境不能打开 DUJIN_DEBUG。", hint="删除该变量或设为 0", id="dujin.E004"))
    return found


def _embedded() -> list[CheckMessage]:
    return [
        Error(
            f"已设置 {variable}，但运行方式仍是 embedded（单机）。",
            hint="要使用它，请设置 DUJIN_PROFILE=production；否则删除该变量",
            id="dujin.E002",
        )
        for variable, setting in (("DUJIN_DATABASE_URL", "DATABASE_URL"), ("DUJIN_REDIS_URL", "REDIS_URL"))
        if getattr(settings, setting)
    ]


def _missing(variable: str, hint: str) -> CheckMessage:
    return Error(f"缺少或不合格的环境变量 {variable}。", hint=hint, id="dujin.E001")
