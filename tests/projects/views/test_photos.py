"""Photos of a report: sent while it is typed, shown to whoever sees the project, gone only from a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects.models import AuditEntry, ExpectedReport, ReportPhoto
from projects.selectors.reports import MOST_PHOTOS
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.photos import photo
from tests.support.reporting import expected, open_at
from tests.support.web import browser, page_text, send, token

NOW = moment(6, 1, 10)


@pytest.fixture(autouse=True)
def _now(freeze: Freeze, county: County) -> None:
    open_at(NOW)
    freeze(NOW)


@pytest.fixture
def due(county: County) -> ExpectedReport:
    return expected(county.road, "2026-05")


@pytest.fixture
def clerk(county: County) -> Client:
    return browser(county.transport_staff)


def upload(client: Client, due: ExpectedReport, data: bytes, name: str = "x.jpg") -> HttpResponse:
    file = SimpleUploadedFile(name, data, "image/jpeg")
    return client.post(reverse("photo_add", args=[due.pk]), {**token(), "photos": file})


def report(client: Client, due: ExpectedReport, **more: Any) -> HttpResponse:
    values = {"done": "9000", "progress": "完成路面摊铺3公里", "flag_reason": "计量单已核对", **more}
    return send(client, reverse("report_entry", args=[due.pk]), **values)


def test_a_photo_goes_with_the_report_and_is_seen_by_the_reviewer(
    county: County, clerk: Client, due: ExpectedReport
) -> None:
    answer = upload(clerk, due, photo(exif=True)).json()
    office = browser(county.office_one)
    assert office.get(answer["url"]).status_code == 200, "the office may report for everybody"
    assert browser(county.mayor).get(answer["url"]).status_code == 404, "a draft is nobody's statement yet"
    assert report(clerk, due).status_code == 302
    kept = ReportPhoto.objects.get()
    assert kept.revision is not None and kept.taken_at is not None
    seen = browser(county.mayor).get(answer["url"])
    assert seen["Content-Type"] == "image/jpeg" and "no-store" in seen["Cache-Control"]
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert f'src="{answer["url"]}?small"' in office.get(reverse("review", args=[kept.revision_id])).content.decode()
    assert AuditEntry.objects.filter(action="report.submit").latest("pk").data["photos"] == 1


def test_strangers_find_no_photo(county: County, clerk: Client, due: ExpectedReport) -> None:
    url = upload(clerk, due, photo()).json()["url"]
    report(clerk, due)
    park = browser(county.park_staff)
    assert park.get(url).status_code == 404
    assert upload(park, due, photo()).status_code == 404
    assert send(park, f"{url}remove/").status_code == 404


def test_the_same_photo_twice_is_one(clerk: Client, due: ExpectedReport) -> None:
    first, second = upload(clerk, due, photo()).json(), upload(clerk, due, photo(), "again.jpg").json()
    assert first["url"] == second["url"]
    assert ReportPhoto.objects.count() == 1


def test_one_too_many_and_one_that_is_none_are_refused_in_words(clerk: Client, due: ExpectedReport) -> None:
    for number in range(MOST_PHOTOS):
        assert upload(clerk, due, photo((64 + number, 64))).status_code == 200
    refused = upload(clerk, due, photo((200, 64)))
    assert refused.status_code == 422 and f"最多{MOST_PHOTOS}张" in refused.json()["message"]
    ReportPhoto.objects.first().delete()  # type: ignore[union-attr]
    refused = upload(clerk, due, b"<html>", "photo.jpg")
    assert refused.status_code == 422 and "不是可以显示的照片" in refused.json()["message"]


def test_a_photo_is_removed_from_a_draft_and_stays_with_what_was_submitted(clerk: Client, due: ExpectedReport) -> None:
    one, two = upload(clerk, due, photo()).json(), upload(clerk, due, photo((90, 90))).json()
    assert send(clerk, one["remove"]).url.endswith("#photos")
    assert ReportPhoto.objects.count() == 1
    report(clerk, due)
    send(clerk, two["remove"])
    assert ReportPhoto.objects.count() == 1


def test_without_a_script_photos_come_with_the_form_and_survive_its_refusal(clerk: Client, due: ExpectedReport) -> None:
    file = SimpleUploadedFile("x.jpg", photo(), "image/jpeg")
    answer = report(clerk, due, done="", progress="", photos=file)
    assert answer.status_code == 422
    assert ReportPhoto.objects.filter(revision=None).count() == 1
    broken = SimpleUploadedFile("y.jpg", b"nothing", "image/jpeg")
    answer = report(clerk, due, photos=broken)
    assert answer.status_code == 422 and "不是可以显示的照片" in page_text(answer)
    assert "完成路面摊铺3公里" in page_text(answer), "what was typed stays"
    assert report(clerk, due).status_code == 302
    assert ReportPhoto.objects.exclude(revision=None).count() == 1


def test_a_locked_period_takes_no_photo(freeze: Freeze, clerk: Client, due: ExpectedReport) -> None:
    freeze(moment(6, 30, 10))
    refused = upload(clerk, due, photo())
    assert refused.status_code == 422 and "已锁定" in refused.json()["message"]


def test_a_photo_whose_file_is_gone_is_not_found(
    clerk: Client, due: ExpectedReport, settings: Any, tmp_path: Path
) -> None:
    url = upload(clerk, due, photo()).json()["url"]
    ReportPhoto.objects.update(stored_name="gone.jpg")
    assert clerk.get(url).status_code == 404
