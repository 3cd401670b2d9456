"""The preview of an import: one fate per row, in the terms that confirming will write (docs/imports.md, Preview).

`services.imports.confirm` builds the same preview and carries it out, so what is shown is what happens.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from projects import uploads
from projects.enums import ImportKind, RowFate
from projects.excel.errors import LedgerDeclined
from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.readings import LedgerReading, Message, ProjectRow
from projects.models import LedgerImport
from projects.rules.naming import normalise_project_name
from projects.selectors.imports.comparison import Change, compare, creation
from projects.selectors.imports.known import Known, everything, names_for_reading, names_only
from projects.selectors.imports.matching import Match, Matcher
from projects.selectors.imports.names import Names
from projects.selectors.imports.outcome import Preview, RowPreview
from projects.selectors.imports.quarters import NodeBook, quarter_changes
from projects.selectors.imports.questions import (
    NEW_ANSWER,
    Question,
    about_columns,
    about_missing,
    about_project,
    from_message,
)
from projects.selectors.imports.reports import ReportBook, in_order, overtaken, reported_at
from projects.selectors.imports.targets import target_of
from tracker.clock import day_of

WHOLE_LIST = 3
"""A ledger that names at least one in so many projects of the year's list is taken for the list itself."""


def preview(ledger: LedgerImport, *, known: Known | None = None) -> Preview:
    """Read the kept file again with the answers given, and compare it with what the database knows now."""
    known = known or everything(ledger.year)
    try:
        reading = read_ledger(uploads.read(ledger.stored_name), ledger.filename, read_options(ledger, known))
    except LedgerDeclined as refusal:
        return Preview(declined_reason=refusal.reason)
    return _Assembly(ledger, known, reading).result()


def read_options(ledger: LedgerImport, known: Known | None = None) -> ReadOptions:
    """How this ledger is read: what is known, what was remembered, what was answered."""
    known = known or names_only()
    answers: dict[str, dict[str, Any]] = ledger.answers or {}
    units, people = names_for_reading(known)
    options = answers.get("options", {})
    near = {
        name: name if answer == NEW_ANSWER else str(answer).removeprefix("same:")
        for name, answer in answers.get("near_person", {}).items()
    }
    cells = {tuple(place.rsplit("!", 1)): str(text) for place, text in answers.get("cell", {}).items() if text}
    return ReadOptions(
        unit=options.get("unit"),
        year=ledger.year,
        sheet=options.get("sheet"),
        known_units=units,
        known_people=people,
        header_answers={**known.headers, **answers.get("header", {})},
        unit_answers=answers.get("amount_unit", {}),
        name_answers={**known.spellings, **answers.get("split", {}), **near},
        cell_answers=cells,  # type: ignore[arg-type]
    )


class _Assembly:
    """Puts the rows of one reading together with what is known, sheet by sheet."""

    def __init__(self, ledger: LedgerImport, known: Known, reading: LedgerReading) -> None:
        self.ledger, self.known, self.reading = ledger, known, reading
        self.answers: dict[str, dict[str, Any]] = ledger.answers or {}
        self.kinds = {sheet.name: _kind(sheet.kind, ledger.kind) for sheet in reading.sheets}
        self.names = Names(known, self.answers)
        self.matcher = Matcher(known)
        self.matches: dict[tuple[str, int], Match] = {}
        self.answered: dict[tuple[str, int], tuple[int, bool]] = {}
        self.asked: dict[str, Question | None] = {}
        """Near-name questions by normalised name: a project that recurs row by row is asked about once."""
        self.messages = _by_row(reading.messages)

    def result(self) -> Preview:
        self._match()
        rows = [*self._plan_rows(), *self._progress_rows(), *self._quarter_rows()]
        order = {(row.sheet, row.row): number for number, row in enumerate(self.reading.projects)}
        rows.sort(key=lambda row: order[row.sheet, row.number])
        missing = self._missing(rows)
        questions = [
            *filter(None, (from_message(message, self.answers) for message in self.reading.messages)),
            *self.names.questions,
            *filter(None, self.asked.values()),
            *missing,
            *about_columns(self.reading.sheets, self.answers),
        ]
        return Preview(
            rows=tuple(rows),
            questions=tuple({(question.kind, question.subject): question for question in reversed(questions)}.values())[
                ::-1
            ],
            messages=self.reading.messages,
            skipped=self.reading.skipped,
            declined=self.reading.declined,
            units={sheet.name: sheet.unit for sheet in self.reading.sheets},
            removals=tuple(
                pk
                for question in missing
                if question.answer == "removed" and (pk := self.known.by_code.get(question.subject)) is not None
            ),
            title=next((sheet.title for sheet in self.reading.sheets if sheet.title), ""),
            reading=self.reading,
        )

    # Which project each row means

    def _match(self) -> None:
        rows = self.reading.projects
        for row in rows:
            self.matches[row.sheet, row.row] = self.matcher.match(row)
        taken = {match.project for match in self.matches.values() if match.project is not None}
        for row in rows:
            place = (row.sheet, row.row)
            match = self.matches[place]
            if match.project is not None:
                continue
            name = normalise_project_name(row.name)
            if name not in self.asked:
                self.asked[name] = self._question(row, match.near or self.matcher.near(row, taken))
            if (answer := self._meant(self.asked[name])) is not None:
                self.answered[place] = answer

    def _question(self, row: ProjectRow, near: tuple[int, ...]) -> Question | None:
        if not near:
            return None
        return about_project(row.name, row.sheet, row.row, row.cell("name") or "", near, self.known, self.answers)

    def _meant(self, question: Question | None) -> tuple[int, bool] | None:
        """The project an answer names, and whether it takes the new name."""
        verb, _, pk = (question.answer or "").partition(":") if question else ("", "", "")
        return (int(pk), verb == "rename") if pk.isdigit() and int(pk) in self.known.projects else None

    def _subject(self, row: ProjectRow) -> tuple[int | None, bool, Question | None]:
        """The known project, whether it is renamed, and the question that still stands."""
        place = (row.sheet, row.row)
        match = self.matches[place]
        if match.project is not None:
            return match.project, False, None
        if place in self.answered:
            pk, renamed = self.answered[place]
            return pk, renamed, None
        question = self.asked.get(normalise_project_name(row.name))
        return None, False, question if question is not None and question.is_open else None

    # Plan ledgers

    def _plan_rows(self) -> Iterable[RowPreview]:
        book: ReportBook | None = None
        seen: dict[object, ProjectRow] = {}
        for row in self._rows_of(ImportKind.PLAN):
            pk, renamed, question = self._subject(row)
            subject = pk if pk is not None else normalise_project_name(row.name)
            if (first := seen.setdefault(subject, row)) is not row:
                yield self._row(
                    row, RowFate.SKIPPED, project=pk, reason=f"与“{first.sheet}”第{first.row}行是同一个项目"
                )
                continue
            target = target_of(row, *self.names.resolve(row))
            state = self.known.projects.get(pk) if pk is not None else None
            if state is None:
                changes, notes = creation(target, self.known)
            else:
                changes, notes = compare(target, state, self.known, renamed=renamed)
            report = None
            if target.done is not None:
                book = book or ReportBook(self.ledger.year)
                report = book.plan(row, subject, state, self.period)
                changes = [*changes, *(report.changes if report else ())]
            changes = _without_repeats(changes)
            fate = RowFate.CREATED if state is None else RowFate.CHANGED if changes else RowFate.UNCHANGED
            if question is not None:
                fate = RowFate.ASKED
            yield self._row(
                row,
                fate,
                project=pk,
                reason=question.text if question else "",
                changes=tuple(changes),
                notes=tuple(notes),
                target=target,
                report=report if report and report.changes else None,
            )

    # Progress tables

    def _progress_rows(self) -> Iterable[RowPreview]:
        rows = in_order(self._rows_of(ImportKind.PROGRESS))
        if not rows:
            return
        book = ReportBook(self.ledger.year)
        subjects = [(row, *self._subject(row)) for row in rows]
        late = overtaken((row, pk) for row, pk, _, _ in subjects if pk is not None)
        for row, pk, _, question in subjects:
            if question is not None:
                yield self._row(row, RowFate.ASKED, reason=question.text)
                continue
            if pk is None:
                yield self._row(row, RowFate.SKIPPED, reason="系统中没有这个项目，请先导入年度计划台账或新建项目")
                continue
            if (row.sheet, row.row) in late:
                yield self._row(row, RowFate.SKIPPED, project=pk, reason="同一项目本月有更晚的填报，以后者为准")
                continue
            at = reported_at(row)
            if at is not None and at.year != self.ledger.year:
                yield self._row(row, RowFate.SKIPPED, project=pk, reason=f"填报时间是{at.year}年，不属于本年度")
                continue
            report = book.plan(row, pk, self.known.projects[pk], self.period)
            if report is None:
                yield self._row(row, RowFate.SKIPPED, project=pk, reason="没有投资数也没有进度，无可导入")
                continue
            fate = RowFate.CHANGED if report.changes else RowFate.UNCHANGED
            notes = (report.note,) if report.note else ()
            written = report if report.changes else None
            yield self._row(row, fate, project=pk, changes=report.changes, notes=notes, report=written)

    @property
    def period(self) -> str:
        """The month of tables that do not say their own: answered, else the last full month before the upload."""
        stated = self.answers.get("options", {}).get("period")
        if stated:
            return str(stated)
        day = day_of(self.ledger.uploaded_at)
        last = day.replace(day=1) - dt.timedelta(days=1)
        return f"{last.year}-{last.month:02d}" if last.year == self.ledger.year else f"{self.ledger.year}-12"

    # Quarter plans

    def _quarter_rows(self) -> Iterable[RowPreview]:
        rows = self._rows_of(ImportKind.QUARTER_PLAN)
        if not rows:
            return
        nodes = NodeBook()
        everything_wanted = self.answers.get("options", {}).get("nodes") == "all"
        nodes_from = dt.date.min if everything_wanted else day_of(self.ledger.uploaded_at)
        for row in rows:
            pk, _, question = self._subject(row)
            if question is not None:
                yield self._row(row, RowFate.ASKED, reason=question.text)
                continue
            if pk is None:
                yield self._row(row, RowFate.SKIPPED, reason="系统中没有这个项目，请先导入年度计划台账或新建项目")
                continue
            changes, notes = quarter_changes(
                row, self.known.projects[pk], self.ledger.year, nodes, nodes_from=nodes_from
            )
            fate = RowFate.CHANGED if changes else RowFate.UNCHANGED
            yield self._row(row, fate, project=pk, changes=tuple(changes), notes=tuple(notes))

    # What they share

    def _rows_of(self, kind: ImportKind) -> list[ProjectRow]:
        return [row for row in self.reading.projects if self.kinds[row.sheet] == kind]

    def _row(self, row: ProjectRow, fate: RowFate, **values: Any) -> RowPreview:
        messages = tuple(self.messages.get((row.sheet, row.row), ()))
        return RowPreview(row=row, kind=self.kinds[row.sheet], fate=fate, messages=messages, **values)

    def _missing(self, rows: list[RowPreview]) -> list[Question]:
        """Projects on the list that a whole list does not name. A short ledger of additions asks nothing."""
        named = {row.project for row in rows if row.kind == ImportKind.PLAN and row.project is not None}
        day = self.ledger.issued_on or day_of(self.ledger.uploaded_at)
        listed = [
            pk
            for pk, state in self.known.projects.items()
            if state.entry is not None and (state.entry.left_on is None or state.entry.left_on > day)
        ]
        if not named or len(named & set(listed)) * WHOLE_LIST < len(listed):
            return []
        return [about_missing(pk, self.known, self.answers) for pk in listed if pk not in named]


def _kind(sheet_kind: str, hint: str) -> ImportKind:
    """What a sheet is imported as. The office's word decides between list and progress; a quarter plan is known by its
    columns."""
    if sheet_kind == ImportKind.QUARTER_PLAN:
        return ImportKind.QUARTER_PLAN
    if hint in (ImportKind.PLAN, ImportKind.PROGRESS):
        return ImportKind(hint)
    return ImportKind.PROGRESS if sheet_kind == ImportKind.PROGRESS else ImportKind.PLAN


def _without_repeats(changes: list[Change]) -> list[Change]:
    """A row that is list and report at once names its dates and stage once."""
    return list({change.key: change for change in reversed(changes)}.values())[::-1]


def _by_row(messages: Iterable[Message]) -> dict[tuple[str, int], list[Message]]:
    found: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in messages:
        digits = (message.cell or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if digits.isdigit():
            found[message.sheet, int(digits)].append(message)
    return found
