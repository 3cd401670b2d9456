"""How much one account may send in a day, so that nobody fills the disk for all (docs/trust.md, Files)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Sum

from projects.models import LedgerImport, ProjectDocument, ReportPhoto, User
from tracker.web.errors import UserError

KEPT = (LedgerImport, ProjectDocument, ReportPhoto)
MEGABYTE = 1024 * 1024


def room_for(size: int, *, person: User | None, at: dt.datetime, field: str) -> None:
    """UserError when `size` bytes more are too many for this person's last 24 hours. The system itself has no bound."""
    if person is None:
        return
    since = at - dt.timedelta(days=1)
    rows = (model.objects.filter(uploaded_by=person, uploaded_at__gt=since) for model in KEPT)
    sent = sum(found.aggregate(total=Sum("size"))["total"] or 0 for found in rows)
    if sent + size > settings.UPLOADS_A_DAY:
        raise UserError(
            f"您24小时内已上传{sent // MEGABYTE} MB，最多{settings.UPLOADS_A_DAY // MEGABYTE} MB。"
            "请明天再传，或压缩后上传；确需多传时请告诉系统管理员。",
            field=field,
        )
