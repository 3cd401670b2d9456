"""Photos of a report: added while it is open, taken away while it is a draft, kept with what is submitted."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from projects import pictures, uploads
from projects.models import ExpectedReport, Report, ReportPhoto, ReportRevision, User
from projects.selectors.reports import MOST_PHOTOS
from projects.services import quota
from projects.services.periods import is_locked
from tracker.clock import SHANGHAI
from tracker.web.errors import UserError


@transaction.atomic
def add(*, expected: ExpectedReport, data: bytes, actor: User, at: dt.datetime) -> ReportPhoto:
    """Keep a photo with the report that is being typed. The same photo again, as after a lost connection, is the one
    that is there. Like the draft it belongs to, it leaves no audit row until it is submitted."""
    if is_locked(expected.period, at):
        raise UserError(f"{expected.period.title}已锁定，不能再上传照片。", field="photos")
    Report.objects.get_or_create(expected=expected, defaults={"period": expected.period, "project": expected.project})
    report = Report.objects.select_for_update().get(expected=expected)
    digest = hashlib.sha256(data).hexdigest()
    known = ReportPhoto.objects.filter(report=report, sha256=digest).first()
    if known is not None:
        return known
    if ReportPhoto.objects.filter(report=report).count() >= MOST_PHOTOS:
        raise UserError(f"每份报告最多{MOST_PHOTOS}张照片，请先移除不需要的。", field="photos")
    quota.room_for(len(data), person=actor, at=at, field="photos")
    try:
        picture = pictures.clean(data)
    except ValueError as refusal:
        raise UserError(str(refusal), field="photos") from refusal
    return ReportPhoto.objects.create(
        report=report,
        stored_name=uploads.keep(picture.data, ".jpg"),
        thumbnail_name=uploads.keep(picture.thumbnail, ".jpg"),
        width=picture.width,
        height=picture.height,
        size=len(picture.data),
        sha256=digest,
        taken_at=picture.taken_at.replace(tzinfo=SHANGHAI) if picture.taken_at else None,
        uploaded_by=actor,
        uploaded_at=at,
    )


@transaction.atomic
def remove(*, photo: ReportPhoto, actor: User, at: dt.datetime) -> None:
    """Take a photo off the draft. What was submitted stays."""
    removed, _ = ReportPhoto.objects.filter(pk=photo.pk, revision=None).delete()
    if not removed:
        raise UserError("照片已随报告提交，不能移除。")


def attach(*, revision: ReportRevision) -> int:
    """The draft's photos become part of what is submitted; how many."""
    return ReportPhoto.objects.filter(report=revision.report_id, revision=None).update(revision=revision)
