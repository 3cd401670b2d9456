"""Documents of a project: added with their file, voided with a reason, never changed or deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePath

from django.db import transaction

from projects import audit, uploads
from projects.enums import DocumentKind
from projects.models import DocumentVoid, Project, ProjectDocument, User
from projects.rules.file_kinds import FileKind, document_kind
from projects.services import quota
from projects.services.editing import created, required, saved
from tracker.clock import day_of
from tracker.web.errors import UserError

LONGEST_NAME = 200


@transaction.atomic
def add(
    *,
    project: Project,
    kind: DocumentKind,
    data: bytes,
    filename: str,
    actor: User,
    at: dt.datetime,
    title: str = "",
    document_no: str = "",
    dated_on: dt.date | None = None,
    acting_for: User | None = None,
) -> ProjectDocument:
    """Keep a file with the project; without a title it is called like the file.

    Refused: what is no readable document (docs/trust.md, Files), a date to come, and the same file a second time.
    """
    file_kind = _kind_of(data)
    if dated_on is not None and dated_on > day_of(at):
        raise UserError("文件日期不能晚于今天。", field="dated_on")
    digest = hashlib.sha256(data).hexdigest()
    _not_twice(project, digest)
    quota.room_for(len(data), person=actor, at=at, field="file")
    name = PurePath(filename.replace("\\", "/")).name
    document = ProjectDocument(
        project=project,
        kind=kind,
        title=required(title or PurePath(name).stem, "请填写标题。", "title")[:LONGEST_NAME],
        document_no=document_no.strip(),
        dated_on=dated_on,
        filename=name[-LONGEST_NAME:],
        suffix=file_kind.suffix,
        stored_name=uploads.keep(data, f".{file_kind.suffix}"),
        size=len(data),
        sha256=digest,
        uploaded_by=actor,
        uploaded_at=at,
    )
    saved(document)
    changes = created(document, "kind", "title", "document_no", "dated_on", "sha256")
    audit.record(actor=actor, at=at, action="document.add", obj=project, data=changes, acting_for=acting_for)
    return document


def _kind_of(data: bytes) -> FileKind:
    try:
        return document_kind(data)
    except ValueError as refusal:
        raise UserError(str(refusal), field="file") from refusal


def _not_twice(project: Project, digest: str) -> None:
    same = ProjectDocument.objects.filter(project=project, sha256=digest, void=None).select_related("uploaded_by")
    if (known := same.first()) is not None:
        raise UserError(
            f"这份文件已由{known.uploaded_by}于{day_of(known.uploaded_at):%Y-%m-%d}上传，标题“{known.title}”。",
            field="file",
        )


@transaction.atomic
def void(
    *, document: ProjectDocument, reason: str, actor: User, at: dt.datetime, acting_for: User | None = None
) -> DocumentVoid:
    """The document no longer counts; it stays in the list with the reason, its file open to whoever may void it."""
    reason = required(reason, "请写明作废原因。", "reason")
    if DocumentVoid.objects.filter(document=document).exists():
        raise UserError(f"“{document.title}”已作废。")
    row = DocumentVoid(document=document, reason=reason, actor=actor, at=at)
    saved(row)
    data = {"title": document.title, "reason": reason}
    audit.record(actor=actor, at=at, action="document.void", obj=document.project, data=data, acting_for=acting_for)
    return row
