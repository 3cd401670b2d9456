"""Ledgers that were uploaded, and what became of the rows of one that was confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from projects.enums import RowFate
from projects.models import ImportRow, LedgerImport


def uploaded(*, text: str = "", state: str = "") -> QuerySet[LedgerImport]:
    """Uploads, newest first. `text` is part of the file name, the document number or who uploaded. One query."""
    rows = LedgerImport.objects.select_related("uploaded_by", "confirmed_by")
    for word in text.split():
        rows = rows.filter(
            Q(filename__icontains=word) | Q(document_no__icontains=word) | Q(uploaded_by__name__icontains=word)
        )
    return rows.filter(state=state) if state else rows


def rows_of(ledger: LedgerImport, *, fate: str = "", text: str = "") -> QuerySet[ImportRow]:
    """The rows of one ledger in its order, by fate and part of the project's name. One query."""
    rows = ledger.rows.select_related("project")
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return rows.filter(fate=fate) if fate else rows


def fates_of(ledger: LedgerImport) -> Mapping[RowFate, int]:
    """How many rows had each fate, every fate present. One query."""
    found = dict(ledger.rows.order_by().values_list("fate").annotate(count=Count("pk")))
    return {fate: found.get(fate.value, 0) for fate in RowFate}
