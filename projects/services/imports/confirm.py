"""The second half of an import: the preview carried out in one transaction, whole or not at all."""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Any

from django.db import transaction

from projects import audit
from projects.enums import AdjustmentKind, ImportKind, ImportState, RowFate
from projects.models import (
    AnnualList,
    AnnualListEntry,
    ImportRow,
    LedgerAnswer,
    LedgerImport,
    Officer,
    OfficerAlias,
    Period,
    Project,
    Unit,
    UnitAlias,
    User,
)
from projects.rules.deadlines import SHANGHAI
from projects.rules.naming import normalise_person_name, normalise_project_name
from projects.selectors.imports.known import COUNTY_KINDS
from projects.selectors.imports.outcome import Preview, RowPreview
from projects.selectors.imports.preview import preview
from projects.selectors.imports.questions import Answers, cautious
from projects.services import indicators, lists, people, periods
from projects.services.editing import edit
from projects.services.imports.applying import apply_row
from projects.services.imports.context import Context
from tracker.web.errors import UserError

_ORDER = (ImportKind.PLAN, ImportKind.QUARTER_PLAN, ImportKind.PROGRESS)
_ISSUE_HOUR = dt.time(9)
_ROUNDS = 4
"""An answer may uncover another question; a ledger has settled long before so many rounds."""
_WRITTEN = (RowFate.CREATED, RowFate.CHANGED)


@transaction.atomic
def confirm(
    *,
    ledger: LedgerImport,
    version: int | None,
    actor: User,
    at: dt.datetime,
    accept_defaults: bool = False,
) -> LedgerImport:
    """Write what the preview shows, through the same services as the forms; every row's fate is recorded.

    `actor` is the checker: reports are accepted only when somebody else uploaded the file. With `accept_defaults` open
    questions take their cautious answer (nothing is merged); without, they must be answered first.
    """
    ledger = LedgerImport.objects.select_for_update(of=("self",)).select_related("uploaded_by").get(pk=ledger.pk)
    if ledger.state != ImportState.PREVIEW:
        raise UserError(f"该台账{ledger.get_state_display()}，不能再导入。")
    result, answers = _settled(ledger, accept_defaults)
    if result.declined_reason:
        raise UserError(result.declined_reason)
    if result.open_questions:
        first = result.open_questions[0]
        raise UserError(f"还有{len(result.open_questions)}个问题没有回答，第一个是：{first.text}（{first.id}）")
    context = _context(ledger, result, actor, at)
    rows = _apply(result, context)
    _remember(result, answers, actor, at)
    for project in result.removals:
        _take_off(project, context)
    if context.history:
        _expect_everybody({row.report.period for row in result.rows if row.report}, context)
    for _, (moment, affected) in sorted(context.judged.items()):
        indicators.recompute(projects=affected.values(), at=moment, actor=actor)
    ImportRow.objects.bulk_create(rows, batch_size=500)
    changes = edit(
        ledger,
        {
            "state": ImportState.CONFIRMED,
            "counts": result.counts,
            "answers": answers,
            "confirmed_by": actor,
            "confirmed_at": at,
        },
        version=version,
    )
    data = {"state": changes["state"], "counts": result.counts, "history": context.history}
    audit.record(actor=actor, at=at, action="import.confirm", obj=ledger, data=data)
    return ledger


def _settled(ledger: LedgerImport, accept_defaults: bool) -> tuple[Preview, Answers]:
    """The preview to carry out and the answers it rests on."""
    draft = copy(ledger)
    result = preview(draft)
    for _ in range(_ROUNDS if accept_defaults else 0):
        answers: dict[str, dict[str, Any]] = {kind: dict(given) for kind, given in draft.answers.items()}
        for question in result.open_questions:
            if (answer := cautious(question)) is not None:
                answers.setdefault(question.kind, {})[question.subject] = answer
        if answers == draft.answers:
            break
        draft.answers = answers
        result = preview(draft)
    return result, draft.answers


def _context(ledger: LedgerImport, result: Preview, actor: User, at: dt.datetime) -> Context:
    """With the option "历史数据按填报时间记入" the ledger's issue dates its facts, and each report its own moment."""
    history = bool(ledger.answers.get("options", {}).get("history"))
    moment = at
    if history and ledger.issued_on is not None:
        moment = min(at, dt.datetime.combine(ledger.issued_on, _ISSUE_HOUR, tzinfo=SHANGHAI))
    context = Context(ledger=ledger, maker=ledger.uploaded_by, checker=actor, at=moment, history=history)
    if any(change.key == "entry" for row in result.rows for change in row.changes):
        context.annual_list = _list_for(context, result)
    return context


def _list_for(context: Context, result: Preview) -> AnnualList:
    """The list that entries go to: the year's newest, or a new version when the ledger has a document of its own."""
    ledger = context.ledger
    newest = AnnualList.objects.filter(year=ledger.year).order_by("-number").first()
    if newest is not None and (not ledger.document_no or newest.document_no == ledger.document_no):
        return newest
    title = result.title if result.title and len(result.title) <= 100 else f"{ledger.year}年重点项目清单"
    return lists.issue(
        year=ledger.year,
        title=title,
        document_no=ledger.document_no,
        issued_on=context.day,
        actor=context.checker,
        at=context.at,
    )


def _apply(result: Preview, context: Context) -> list[ImportRow]:
    """Carry out the rows: lists before plans before reports, reports by their moment."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)

    def moment(row: RowPreview) -> tuple[int, dt.datetime]:
        return _ORDER.index(row.kind), (row.report.reported_at if row.report else None) or late

    written: dict[tuple[str, int], ImportRow] = {}
    for row in sorted(result.rows, key=moment):
        record = ImportRow(
            ledger=context.ledger,
            sheet=row.sheet[:60],
            row=row.number,
            fate=row.fate,
            project_id=row.project,
            name=row.name[:200],
            reason="；".join(filter(None, (row.reason, *row.notes)))[:300],
        )
        if row.fate in _WRITTEN:
            try:
                project, record.changes = apply_row(row, context)
            except UserError as refusal:
                message = f"“{row.sheet}”第{row.number}行“{row.name}”：{refusal.message}整份台账没有导入。"
                raise UserError(message) from refusal
            record.project = project
            record.shown = [{"label": item.label, "old": item.old, "new": item.new} for item in row.changes]
        written[row.sheet, row.number] = record
    skipped = [
        ImportRow(
            ledger=context.ledger, sheet=row.sheet[:60], row=row.row, fate=RowFate.SKIPPED, reason=row.reason[:300]
        )
        for row in result.skipped
    ]
    return [*(written[row.sheet, row.number] for row in result.rows), *skipped]


def _remember(result: Preview, answers: Answers, actor: User, at: dt.datetime) -> None:
    """Answers about names are kept for good, so that the next ledger does not ask again."""
    for name, answer in answers.get("unit", {}).items():
        _, _, pk = answer.partition("unit:")
        if pk.isdigit() and not UnitAlias.objects.filter(alias=name).exists():
            people.add_unit_alias(unit=Unit.objects.get(pk=pk), alias=name, actor=actor, at=at)
    for name, answer in answers.get("person", {}).items():
        _, _, pk = answer.partition("officer:")
        _alias(name, Officer.objects.filter(pk=pk).first() if pk.isdigit() else None, actor, at)
    for name, answer in answers.get("near_person", {}).items():
        _, _, meant = answer.partition("same:")
        named = Officer.objects.filter(kind__in=COUNTY_KINDS, name=meant)
        _alias(name, named.first() if meant and named.count() == 1 else None, actor, at)
    rows = {f"{row.sheet}!{row.number}": row.name for row in result.rows}
    for place, answer in answers.get("project", {}).items():
        verb, _, pk = answer.partition(":")
        project = Project.objects.filter(pk=pk).first() if verb == "same" and pk.isdigit() else None
        if project is not None and place in rows:
            LedgerAnswer.objects.update_or_create(
                kind="project",
                text=normalise_project_name(rows[place])[:200],
                defaults={"answer": project.code, "answered_by": actor, "at": at},
            )


def _alias(name: str, officer: Officer | None, actor: User, at: dt.datetime) -> None:
    if officer is None or normalise_person_name(officer.name) == normalise_person_name(name):
        return
    if not OfficerAlias.objects.filter(alias=name).exists():
        people.add_officer_alias(officer=officer, alias=name, actor=actor, at=at)


def _take_off(project: int, context: Context) -> None:
    """A project that the office answered to take off the list because the new ledger lacks it."""
    entry = AnnualListEntry.objects.select_related("project").get(project=project, year=context.ledger.year)
    lists.adjust(
        entry=entry,
        kind=AdjustmentKind.REMOVED,
        reason=f"不在本次台账里（{context.reason}）"[:300],
        effective_on=max(context.day, entry.entered_on),
        document_no=context.ledger.document_no,
        actor=context.checker,
        at=context.at,
    )
    ImportRow.objects.create(
        ledger=context.ledger,
        sheet="",
        row=0,
        fate=RowFate.CHANGED,
        project=entry.project,
        name=entry.project.name,
        reason="不在本次台账里，调出清单",
        changes=[{"act": "remove", "entry": entry.pk}],
        shown=[{"label": "年度清单", "old": entry.get_annual_class_display(), "new": "调出清单"}],
    )


def _expect_everybody(keys: set[str], context: Context) -> None:
    """In a period opened afterwards, silence of the others must be visible too."""
    for period in Period.objects.filter(key__in=sorted(keys)).order_by("cutoff"):
        periods.expect_listed(period=period, at=period.due_at, actor=context.checker)
