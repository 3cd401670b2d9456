"""Uploading, opening and voiding documents in the browser: who may, what is refused, what the answer carries."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects import uploads
from projects.enums import DocumentKind, Role
from projects.models import ProjectDocument
from projects.services import documents
from tests.conftest import Freeze
from tests.support import county as cast
from tests.support.county import County, moment
from tests.support.files import archive, pdf
from tests.support.web import browser, page_text, send, token

NOW = moment(5, 12, 10)


@pytest.fixture(autouse=True)
def _stop(freeze: Freeze) -> None:
    freeze(NOW)


@pytest.fixture
def permit(county: County) -> ProjectDocument:
    return documents.add(
        project=county.road,
        kind=DocumentKind.PERMIT,
        data=pdf("一标段"),
        filename="施工许可证.pdf",
        actor=county.transport_staff,
        at=moment(5, 11),
    )


def upload(client: Client, county: County, data: bytes = pdf(), name: str = "批复.pdf", **more: str) -> HttpResponse:
    url = reverse("document_add", args=[county.road.pk])
    return send(client, url, file=SimpleUploadedFile(name, data), kind="approval", **more)


def file_url(document: ProjectDocument) -> str:
    return reverse("document_file", args=[document.project_id, document.pk])


def void_url(document: ProjectDocument) -> str:
    return reverse("document_void", args=[document.project_id, document.pk])


def test_the_lead_unit_uploads_and_anybody_who_sees_the_project_opens(county: County) -> None:
    answer = upload(browser(county.transport_staff), county, document_no="青发改审〔2026〕5号", dated_on="2026-03-02")
    assert answer.url == f"{reverse('project', args=[county.road.pk])}#documents"
    document = ProjectDocument.objects.get()
    for user in (county.transport_staff, county.chengguan_staff, county.vice, county.mayor, county.office_one):
        opened = browser(user).get(file_url(document))
        assert b"".join(opened.streaming_content) == pdf()
    assert opened["Content-Type"] == "application/pdf"
    assert opened["Content-Disposition"].startswith("attachment;")
    assert {part.strip() for part in opened["Cache-Control"].split(",")} == {"private", "no-store"}
    assert opened["X-Content-Type-Options"] == "nosniff"


def test_who_may_upload_and_void(county: County, permit: ProjectDocument) -> None:
    """The offices and the lead unit; a cooperating unit, leaders and the owner read; strangers see nothing."""
    may = {county.transport_staff, county.transport_head, county.office_one, county.bureau, county.supervisor}
    reads = {county.chengguan_staff, county.vice, county.mayor}
    strangers = {county.park_staff, county.housing_staff, county.owner}
    for user in (*may, *reads, *strangers):
        client = browser(user)
        expected = {200} if user in may else {403, 404}
        assert client.get(reverse("document_add", args=[county.road.pk])).status_code in expected, user
        assert client.get(void_url(permit)).status_code in expected, user
        assert client.get(file_url(permit)).status_code == (404 if user in strangers else 200), user
    cast.grant(county.owner, Role.OWNER, project=county.road)
    assert browser(county.owner).get(file_url(permit)).status_code == 200


def test_a_document_is_found_only_below_its_own_project(county: County, permit: ProjectDocument) -> None:
    url = reverse("document_file", args=[county.plant.pk, permit.pk])
    assert browser(county.office_one).get(url).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"<html></html>", "批复.pdf", "认不出这种文件"),
        (archive("a.exe"), "批复.docx", "这是压缩包"),
        (b"", "批复.pdf", "空"),
        (pdf("一标段"), "另存.pdf", "这份文件已由钱悦于2026-05-11上传"),
    ],
)
def test_a_refusal_stands_at_the_file_and_the_typed_text_stays(
    county: County, permit: ProjectDocument, data: bytes, name: str, says: str
) -> None:
    answer = upload(browser(county.transport_staff), county, data, name, title="可研批复")
    assert answer.status_code == 422
    assert says in answer.context["form"].errors["file"][0]
    assert 'value="可研批复"' in answer.content.decode()
    assert ProjectDocument.objects.count() == 1


def test_a_voided_document_is_open_only_to_whoever_may_void(county: County, permit: ProjectDocument) -> None:
    client = browser(county.transport_staff)
    assert send(client, void_url(permit), reason="传错项目").status_code == 302
    assert client.get(file_url(permit)).status_code == 200
    assert browser(county.chengguan_staff).get(file_url(permit)).status_code == 404
    again = send(client, void_url(permit), reason="再来一次")
    assert again.status_code == 422
    assert "已作废" in page_text(again)


def test_a_file_that_is_gone_is_told_and_not_hidden(
    county: County, permit: ProjectDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> bytes:
        raise FileNotFoundError(name)

    monkeypatch.setattr(uploads, "read", gone)
    answer = browser(county.mayor).get(file_url(permit))
    assert answer.status_code >= 400
    assert "从备份中恢复" in page_text(answer)


def test_a_double_submit_keeps_one_document(county: County) -> None:
    client, url, form = browser(county.transport_staff), reverse("document_add", args=[county.road.pk]), token()
    answers = [
        client.post(url, {**form, "kind": "permit", "file": SimpleUploadedFile("许可.pdf", pdf())}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ProjectDocument.objects.count() == 1


def test_a_past_day_has_no_later_document(county: County, permit: ProjectDocument) -> None:
    client = browser(county.office_one)
    assert send(client, reverse("as_of"), day="2026-05-10").status_code == 302
    assert client.get(file_url(permit)).status_code == 404
    assert upload(client, county).status_code == 422
