"""Read or import a ledger from the command line (docs/imports.md, Command)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from projects.enums import ImportState
from projects.excel.errors import LedgerDeclined
from projects.excel.reader import ReadOptions
from projects.excel.readings import LedgerReading
from projects.models import LedgerImport, User
from projects.selectors.imports import dry_reading, preview
from projects.services import imports
from tracker import clock
from tracker.web.errors import UserError

DECLINED, OPEN_QUESTIONS = 2, 3
"""Exit codes: nothing could be read, or the import waits for answers."""


class Command(BaseCommand):
    help = "读取或导入台账（.xlsx、.xls、.csv）。--dry-run 只读不写；不加则导入，需要 --as-user。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="台账文件")
        parser.add_argument("--dry-run", action="store_true", help="只读取，不写数据库")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument("--unit", choices=["万元", "亿元", "元", "千元", "百万元"], help="文件未写明时的金额单位")
        parser.add_argument("--year", type=int, help="台账年度")
        parser.add_argument("--sheet", help="只读这一张工作表")
        parser.add_argument("--kind", choices=["plan", "progress"], default="", help="按年度计划或进度台账导入")
        parser.add_argument("--as-user", help="导入人账号（填报人）")
        parser.add_argument("--reviewed-by", help="确认人账号；与导入人不同时，台账中的进度数据随即审核通过")
        parser.add_argument("--issued-on", type=dt.date.fromisoformat, help="文件印发日期，如 2018-02-28")
        parser.add_argument("--document-no", default="", help="依据文号")
        parser.add_argument("--history", action="store_true", help="历史数据按填报时间记入")
        parser.add_argument("--answers", type=Path, help="回答文件（JSON）")
        parser.add_argument("--accept-defaults", action="store_true", help="未回答的问题取最稳妥的答案（不合并）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answers = _answers(options)
            data = options["file"].read_bytes()
            if options["dry_run"]:
                self._show(_read(data, options, answers), options["json"])
                return
            self._import(data, options, answers)
        except LedgerDeclined as refusal:
            self._fail(refusal.reason)
        except UserError as refusal:
            self._fail(refusal.message)
        except OSError as error:
            self._fail(f"无法读取文件“{options['file']}”：{error.strerror or error}")
        except json.JSONDecodeError as error:
            self._fail(f"回答文件不是有效的 JSON：第{error.lineno}行。")

    def _fail(self, reason: str) -> None:
        self.stderr.write(reason)
        sys.exit(DECLINED)

    def _show(self, reading: LedgerReading, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(reading.to_json(), ensure_ascii=False, indent=1))
            return
        for sheet in reading.sheets:
            self.stdout.write(f"{sheet.name}：{len(sheet.projects)} 行，金额单位{sheet.unit or '未写明'}")
        for message in reading.messages:
            self.stdout.write(f"[{message.level}] {message.sheet} {message.cell or ''} {message.text}")
        self.stdout.write(f"跳过 {len(reading.skipped)} 行，未读 {len(reading.declined)} 张工作表。")

    def _import(self, data: bytes, options: dict[str, Any], answers: dict[str, dict[str, Any]]) -> None:
        maker = _user(options["as_user"], "--as-user")
        checker = _user(options["reviewed_by"], "--reviewed-by") if options["reviewed_by"] else maker
        now = clock.now()
        by_id = answers.pop("questions", {})
        ledger = imports.upload(
            data=data,
            filename=options["file"].name,
            year=options["year"] or _year_of(_read(data, options, answers)),
            kind=options["kind"],
            document_no=options["document_no"],
            issued_on=options["issued_on"],
            answers=answers,
            actor=maker,
            at=now,
        )
        if ledger.state == ImportState.DECLINED:
            raise LedgerDeclined(ledger.declined_reason)
        if by_id:
            ledger = imports.answer(ledger=ledger, answers=by_id, version=None, actor=maker, at=now)
        waiting = preview(ledger).open_questions
        if waiting and not options["accept_defaults"]:
            self._report(ledger, options["json"], waiting)
            sys.exit(OPEN_QUESTIONS)
        ledger = imports.confirm(
            ledger=ledger, version=None, actor=checker, at=now, accept_defaults=options["accept_defaults"]
        )
        self._report(ledger, options["json"], ())

    def _report(self, ledger: LedgerImport, as_json: bool, questions: tuple[Any, ...]) -> None:
        asked = [
            {"id": q.id, "text": q.text, "options": [{"value": o.value, "label": o.label} for o in q.options]}
            for q in questions
        ]
        if as_json:
            answer = {"import": ledger.pk, "state": ledger.state, "counts": ledger.counts, "questions": asked}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        counts = ledger.counts
        self.stdout.write(
            f"第{ledger.pk}号台账（{ledger.get_state_display()}）：新增 {counts['created']}，"
            f"有变化 {counts['changed']}，无变化 {counts['unchanged']}，"
            f"待回答 {counts['asked']}，跳过 {counts['skipped']}。"
        )
        for question in asked:
            choices = "；".join(f"{option['value']} = {option['label']}" for option in question["options"][:8])
            self.stdout.write(f"{question['id']}：{question['text']} {choices}")


def _answers(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answer file with the options of the command line laid over it."""
    path = options["answers"]
    answers: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path else {}
    if not isinstance(answers, dict) or not all(isinstance(given, dict) for given in answers.values()):
        raise UserError("回答文件应是“类型 → 对象 → 回答”的 JSON 对象。")
    stated = {name: options[name] for name in ("unit", "sheet") if options[name]}
    if options["history"]:
        stated["history"] = True
    return {**answers, "options": {**answers.get("options", {}), **stated}}


def _read(data: bytes, options: dict[str, Any], answers: dict[str, dict[str, Any]]) -> LedgerReading:
    wanted = ReadOptions(
        unit=options["unit"],
        year=options["year"],
        sheet=options["sheet"],
        header_answers=answers.get("header", {}),
        unit_answers=answers.get("amount_unit", {}),
        name_answers=answers.get("split", {}),
    )
    return dry_reading(data, options["file"].name, wanted)


def _year_of(reading: LedgerReading) -> int:
    years = {sheet.year for sheet in reading.sheets if sheet.year}
    if len(years) != 1:
        raise UserError("看不出是哪一年的台账，请用 --year 指定。")
    return years.pop()


def _user(username: str | None, option: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first() if username else None
    if user is None:
        raise UserError(f"请用 {option} 指定一个启用中的账号。")
    return user
