"""The first half of an import: the file is kept whatever becomes of it, and questions are answered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.db import transaction

from projects import audit, uploads
from projects.enums import ImportKind, ImportState
from projects.models import LedgerAnswer, LedgerImport, User
from projects.selectors.imports.outcome import Preview
from projects.selectors.imports.preview import preview
from projects.selectors.imports.questions import IGNORE, Question
from projects.services import quota
from projects.services.editing import edit
from tracker.web.errors import UserError

_SUFFIXES = frozenset({".xlsx", ".xls", ".csv"})
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
REMEMBERED = frozenset({"header", "split"})
"""Kinds of answer that hold for the next ledger too. Names of units, people and projects are kept on confirming."""
STRUCTURED = frozenset(
    {"options", "header", "amount_unit", "split", "near_person", "person", "unit", "project", "cell", "missing"}
)


@transaction.atomic
def upload(
    *,
    data: bytes,
    filename: str,
    year: int,
    actor: User,
    at: dt.datetime,
    kind: ImportKind | str = "",
    document_no: str = "",
    issued_on: dt.date | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> LedgerImport:
    """Keep the file and read it once. A ledger that cannot be read is kept as declined, with the reason.

    `kind` is the office's word where a table could be list or progress; empty lets the columns decide.
    """
    name = PurePath(filename.replace("\\", "/")).name[-200:]
    if not name:
        raise UserError("请选择台账文件。", field="file")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UserError("请填写台账年度（四位数字）。", field="year")
    quota.room_for(len(data), person=actor, at=at, field="file")
    suffix = PurePath(name).suffix.lower()
    ledger = LedgerImport(
        kind=kind,
        state=ImportState.PREVIEW,
        filename=name,
        stored_name=uploads.keep(data, suffix if suffix in _SUFFIXES else ".bin"),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        year=year,
        document_no=document_no.strip(),
        issued_on=issued_on,
        answers=_structured(answers or {}),
        uploaded_by=actor,
        uploaded_at=at,
    )
    ledger.save()
    _reread(ledger)
    audit.record(
        actor=actor,
        at=at,
        action="import.upload",
        obj=ledger,
        data={"sha256": ledger.sha256, "size": ledger.size, "year": year, "declined": ledger.declined_reason},
    )
    return ledger


@transaction.atomic
def answer(
    *,
    ledger: LedgerImport,
    answers: Mapping[str, str],
    version: int | None,
    actor: User,
    at: dt.datetime,
) -> LedgerImport:
    """Store answers by question id; headers and cuts of names are remembered for the next ledger.

    Raises `UserError` for an id that is no question of this import, or an answer that is none of its options.
    """
    if ledger.state != ImportState.PREVIEW:
        raise UserError(f"该台账{ledger.get_state_display()}，不能再回答问题。")
    questions = {question.id: question for question in preview(ledger).questions}
    merged: dict[str, dict[str, Any]] = {kind: dict(given) for kind, given in ledger.answers.items()}
    for question_id, value in answers.items():
        question = questions.get(question_id)
        if question is None:
            raise UserError(f"没有编号为“{question_id}”的问题，可能已回答，请刷新页面。")
        value = value.strip()
        _check_option(question, value)
        merged.setdefault(question.kind, {})[question.subject] = value
        if question.kind in REMEMBERED and value:
            LedgerAnswer.objects.update_or_create(
                kind=question.kind,
                text=question.subject[:200],
                defaults={"answer": value[:200], "answered_by": actor, "at": at},
            )
    changes = edit(ledger, {"answers": merged}, version=version)
    if changes:
        _reread(ledger)
        audit.record(actor=actor, at=at, action="import.answer", obj=ledger, data={"answers": dict(answers)})
    return ledger


def _check_option(question: Question, value: str) -> None:
    allowed = {option.value for option in question.options}
    if value in allowed or (question.free and value) or (question.kind == "header" and value == IGNORE):
        return
    raise UserError(f"“{question.text}”请从列出的选项中选择。", field=question.id)


def _structured(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    unknown = set(answers) - STRUCTURED
    if unknown:
        raise UserError(f"回答文件中有不认识的项目：{'、'.join(sorted(unknown))}。")
    return {kind: dict(given) for kind, given in answers.items()}


def _reread(ledger: LedgerImport) -> Preview:
    """Read the file again and keep what the list of imports shows."""
    result = preview(ledger)
    ledger.declined_reason = result.declined_reason[:500]
    ledger.state = ImportState.DECLINED if result.declined_reason else ImportState.PREVIEW
    if not ledger.kind:
        ledger.kind = result.kind
    ledger.counts = result.counts
    ledger.messages = [
        {"sheet": message.sheet, "cell": message.cell, "level": message.level, "text": message.text}
        for message in result.messages
    ]
    ledger.save(update_fields=["kind", "declined_reason", "state", "counts", "messages"])
    return result
