"""Documents are added and voided, and nothing about them is ever changed or lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from projects import uploads
from projects.enums import DocumentKind
from projects.models import AuditEntry, DocumentVoid, ProjectDocument, User
from projects.services import documents
from tests.support.county import County, moment
from tests.support.files import archive, pdf, png
from tracker.web.errors import UserError

AT = moment(5, 6)


def add(county: County, **changed: object) -> ProjectDocument:
    values = {
        "project": county.road,
        "kind": DocumentKind.PERMIT,
        "data": pdf("一标段"),
        "filename": "施工许可证.pdf",
        "actor": county.transport_staff,
        "at": AT,
    }
    return documents.add(**{**values, **changed})  # type: ignore[arg-type]


def test_a_document_keeps_its_bytes_and_is_called_like_its_file(county: County) -> None:
    document = add(county, filename="C:\\桌面\\施工许可证.PDF", document_no=" 青建许〔2026〕12号 ")
    assert (document.title, document.filename, document.suffix) == ("施工许可证", "施工许可证.PDF", "pdf")
    assert document.document_no == "青建许〔2026〕12号"
    assert uploads.read(document.stored_name) == pdf("一标段")
    assert document.size == len(pdf("一标段"))
    assert "施工" not in document.stored_name
    entry = AuditEntry.objects.get(action="document.add")
    assert (entry.object_id, entry.data["sha256"]) == (str(county.road.pk), [None, document.sha256])


def test_the_content_names_the_download_whatever_the_file_was_called(county: County) -> None:
    document = add(county, data=png(), filename="批复.pdf", title="批复/正本")
    assert (document.suffix, document.download_name) == ("png", "批复／正本.png")


def test_refusals_name_the_field(county: County) -> None:
    refused = {
        "file": {"data": archive("a.exe")},
        "title": {"filename": " .pdf", "title": " "},
        "dated_on": {"dated_on": dt.date(2026, 5, 7)},
    }
    for field, values in refused.items():
        with pytest.raises(UserError) as refusal:
            add(county, **values)
        assert refusal.value.field == field
    assert not ProjectDocument.objects.exists()


def test_the_same_file_is_kept_once_until_the_first_is_voided(county: County) -> None:
    first = add(county)
    with pytest.raises(UserError, match="已由钱悦于2026-05-06上传，标题“施工许可证”"):
        add(county, title="许可证", actor=county.office_one)
    assert add(county, project=county.plant).project == county.plant, "another project may hold the same file"
    documents.void(document=first, reason="扫描不清", actor=county.transport_staff, at=AT)
    assert add(county).sha256 == first.sha256


def test_a_document_is_voided_once_and_with_a_reason(county: County) -> None:
    document = add(county)
    with pytest.raises(UserError, match="请写明作废原因"):
        documents.void(document=document, reason=" ", actor=county.office_one, at=AT)
    documents.void(document=document, reason="传错项目", actor=county.office_one, at=AT)
    with pytest.raises(UserError, match="已作废"):
        documents.void(document=document, reason="再次作废", actor=county.office_one, at=AT)
    assert DocumentVoid.objects.get().reason == "传错项目"
    assert uploads.read(document.stored_name) == pdf("一标段")
    assert AuditEntry.objects.get(action="document.void").data == {"title": "施工许可证", "reason": "传错项目"}


def test_the_database_refuses_to_change_or_delete_a_document(county: County) -> None:
    document = add(county)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ProjectDocument.objects.filter(pk=document.pk).update(title="改名")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        document.delete()


def test_nobody_fills_the_disk_alone(county: County, settings: Any) -> None:
    """A day's uploads of one person are bounded, over all kinds; colleagues and the next day are not affected."""
    settings.UPLOADS_A_DAY = 2 * len(pdf("一"))
    at = moment(3, 2)

    def send(words: str, actor: User, on: dt.datetime) -> None:
        documents.add(
            project=county.road, kind=DocumentKind.PERMIT, data=pdf(words), filename="批复.pdf", actor=actor, at=on
        )

    send("一", county.transport_staff, at)
    send("二", county.transport_staff, at)
    with pytest.raises(UserError, match="24小时内已上传"):
        send("三", county.transport_staff, at + dt.timedelta(hours=23))
    send("三", county.transport_head, at + dt.timedelta(hours=23))
    send("四", county.transport_staff, at + dt.timedelta(hours=25))
