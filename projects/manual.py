"""The manual on the site: which pages there are, for whom, and which part answers the question of which screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from projects.pictures import size_of
from tracker.web.markdown import Drawing, Rendered, render

PAGES = {"unit": "填报单位手册", "office": "办公室手册", "leader": "领导使用说明", "it": "系统管理手册"}
"""Name of the file and of the page -> its title."""

_LEDGERS = ("office", "把台账导进来")
_REVIEW = ("office", "审核报告")
_RANKING = ("office", "排名")
_DIGEST = ("office", "催报")
_CHANGES = ("office", "年度清单、计划、节点的变化")
_ACCOUNTS = ("it", "账号和权限")

HELP: dict[str, tuple[str, str]] = {
    "report_todo": ("unit", "看今天要做什么"),
    "report_entry": ("unit", "填一份报告"),
    "report_correct": ("unit", "锁定以后要改"),
    "report": ("unit", "填一份报告"),
    "milestone_complete": ("unit", "节点到期、要延期"),
    "milestone_move": ("unit", "节点到期、要延期"),
    "inbox": ("unit", "看今天要做什么"),
    "project": ("unit", "为什么是这个灯、这个名次"),
    "password_change": ("unit", "第一次登录"),
    "second_factor": ("unit", "二次验证"),
    "workbench": ("office", "每天先看工作台"),
    "import_list": _LEDGERS,
    "import_upload": _LEDGERS,
    "import_preview": _LEDGERS,
    "review_queue": _REVIEW,
    "review": _REVIEW,
    "flag_list": ("office", "核实反常的数字"),
    "flag_settle": ("office", "核实反常的数字"),
    "notice_batches": _DIGEST,
    "notice_preview": _DIGEST,
    "period": _DIGEST,
    "period_list": _DIGEST,
    "rankings": _RANKING,
    "snapshot_take": _RANKING,
    "ranking_explain": _RANKING,
    "ranking_compare": _RANKING,
    "ranking_history": _RANKING,
    "wall_chart": ("office", "挂图作战"),
    "as_of": ("office", "查看过去某一天"),
    "annual_list": _CHANGES,
    "project_list": _CHANGES,
    "policy": _CHANGES,
    "dashboard": ("leader", "这一页写着什么"),
    "dashboard_figures": ("leader", "这一页写着什么"),
    "operations": ("it", "每天看一眼运行状况"),
    "calendar": ("it", "工作日历"),
    "account_list": _ACCOUNTS,
    "account": _ACCOUNTS,
    "grant_list": _ACCOUNTS,
    "substitution_list": _ACCOUNTS,
    "audit_log": _ACCOUNTS,
}
"""URL name -> page and heading of the manual that answer what is asked there."""


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One page of the manual as it is shown."""

    key: str
    rendered: Rendered


def page(key: str) -> ManualPage:
    """A page of `PAGES`."""
    return _read(key) if not settings.DEBUG else _read.__wrapped__(key)


def help_for(url_name: str) -> str:
    """Where the help for a screen is; empty for screens that explain themselves."""
    if url_name not in HELP:
        return ""
    key, heading = HELP[url_name]
    return f"{reverse('manual_page', args=[key])}#{heading}"


@lru_cache
def _read(key: str) -> ManualPage:
    text = (folder() / f"{key}.md").read_text(encoding="utf-8")
    return ManualPage(key, render(text, picture=_picture, link=_link))


def folder() -> Path:
    return Path(settings.MANUAL_DIR)


def _picture(source: str) -> Drawing:
    width, height = size_of(folder() / source)
    return Drawing(static(f"manual/{source.removeprefix('images/')}"), width, height)


def _link(target: str) -> str | None:
    key = target.removesuffix(".md")
    return reverse("manual_page", args=[key]) if key in PAGES else None
