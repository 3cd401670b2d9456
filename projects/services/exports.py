"""What leaves the site in one piece: each workbook and each ledger taken leaves an audit row first
(docs/adr/0012-exports.md)."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import models

from projects import audit
from projects.models import LedgerImport, User


def workbook(
    *,
    title: str,
    note: str,
    rows: int,
    content: bytes,
    actor: User,
    at: dt.datetime,
    obj: models.Model | None = None,
    acting_for: User | None = None,
) -> None:
    """A table was taken as a workbook: its name, the day and filters it tells of, its rows, the digest of the file."""
    data = {"title": title, "note": note, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    audit.record(actor=actor, at=at, action="export.workbook", obj=obj, data=data, acting_for=acting_for)


def ledger(
    *, ledger: LedgerImport, content: bytes, actor: User, at: dt.datetime, acting_for: User | None = None
) -> None:
    """The kept file of an import was taken."""
    data = {"title": ledger.filename, "sha256": hashlib.sha256(content).hexdigest()}
    audit.record(actor=actor, at=at, action="export.ledger", obj=ledger, data=data, acting_for=acting_for)
