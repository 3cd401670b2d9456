"""Documents of a project as of a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from projects.models import DocumentVoid, Project, ProjectDocument
from projects.rules.file_kinds import KINDS
from tracker.clock import end_of


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as it stood that day: `void` is None when it was voided later. `is_open`: whether its file may still
    be opened by everybody who sees the project."""

    document: ProjectDocument
    void: DocumentVoid | None
    is_open: bool

    @property
    def format(self) -> str:
        return KINDS[self.document.suffix].title

    @property
    def size(self) -> str:
        """In KB below one MB, never less than 1 KB."""
        kilobytes = -(-self.document.size // 1024)
        return f"{kilobytes} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"


def documents_of(project: Project, as_of: dt.date) -> tuple[DocumentLine, ...]:
    """What had been uploaded by the day, newest first. One query."""
    known = end_of(as_of)
    rows = ProjectDocument.objects.filter(project=project, uploaded_at__lt=known)
    return tuple(_line(row, known) for row in rows.select_related("uploaded_by", "void__actor"))


def _line(row: ProjectDocument, known: dt.datetime) -> DocumentLine:
    void = getattr(row, "void", None)
    return DocumentLine(row, void if void is not None and void.at < known else None, void is None)
