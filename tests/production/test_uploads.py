"""Kept files in a folder and in an S3-compatible store behave alike (docs/operations.md, Uploads)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from projects import uploads
from projects.enums import DocumentKind
from projects.models import ProjectDocument
from projects.services import documents
from tests.support.county import County, moment
from tests.support.files import pdf
from tests.support.s3 import BUCKET, s3_server
from tests.support.web import browser
from tracker import env
from tracker.web.errors import UserError


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    if request.param == "bucket":
        use_bucket(settings, request.getfixturevalue("server"))
    return request.param


def use_bucket(settings: Any, address: str) -> None:
    backend = {"BACKEND": "tracker.web.s3.S3Uploads", "OPTIONS": env.bucket(address)}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


def test_what_is_kept_is_read_again_under_a_name_that_says_nothing(store: str) -> None:
    before = set(uploads.names())
    data = bytes(range(256)) * 40_000  # ten megabytes: more than one part of an upload
    name = uploads.keep(data, ".xlsx")
    assert re.fullmatch(r"[0-9a-f]{32}\.xlsx", name)
    assert uploads.read(name) == data
    assert set(uploads.names()) - before == {name}


def test_a_missing_file_is_missing_in_both(store: str) -> None:
    with pytest.raises(FileNotFoundError):
        uploads.read("0" * 32 + ".pdf")


def test_a_name_never_leads_out_of_the_store(store: str) -> None:
    with pytest.raises(FileNotFoundError):
        uploads.read("../../etc/passwd")


def test_a_document_kept_in_a_bucket_opens_on_its_page(county: County, settings: Any, server: str) -> None:
    use_bucket(settings, server)
    document = documents.add(
        project=county.road,
        kind=DocumentKind.APPROVAL,
        data=pdf("一标段"),
        filename="批复.pdf",
        actor=county.office_one,
        at=moment(5, 6),
    )
    answer = browser(county.office_one).get(f"/projects/{county.road.pk}/documents/{document.pk}/")
    assert b"".join(answer) == pdf("一标段")
    assert document.stored_name in uploads.names()


def test_a_store_that_is_away_refuses_the_act_and_says_so(county: County, settings: Any) -> None:
    use_bucket(settings, f"s3+http://k:s@127.0.0.1:1/{BUCKET}")
    with pytest.raises(UserError, match="文件没有存下"):
        documents.add(
            project=county.road,
            kind=DocumentKind.APPROVAL,
            data=pdf(),
            filename="批复.pdf",
            actor=county.office_one,
            at=moment(5, 6),
        )
    assert not ProjectDocument.objects.exists()
    with pytest.raises(UserError, match="暂时无法访问"):
        uploads.read("0" * 32 + ".pdf")


def test_a_full_disk_refuses_the_act_and_says_so(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"  # nothing can be written below a file, for root neither
    with pytest.raises(UserError, match="文件没有存下"):
        uploads.keep(b"x", ".pdf")


def test_the_address_of_a_bucket_holds_everything() -> None:
    options = env.bucket("s3+https://key:a%2Fb@minio.qinghe.example:9000/uploads?region=cn-north-1&ca=/etc/ca.pem")
    assert options == {
        "bucket_name": "uploads",
        "access_key": "key",
        "secret_key": "a/b",
        "endpoint_url": "https://minio.qinghe.example:9000",
        "region_name": "cn-north-1",
        "verify": "/etc/ca.pem",
    }


@pytest.mark.parametrize("wrong", ["s3+https://host/bucket", "s3+https://k:s@host/", "s3+https://k:s@host/a/b"])
def test_half_an_address_is_refused_without_showing_the_secret(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DUJIN_UPLOADS_URL") as refusal:
        env.bucket(wrong)
    assert "k:s" not in str(refusal.value)
