"""A ledger goes in by the browser: preview, answers, confirmation, the same file again, undo, and who may not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from zeal import zeal_ignore

from projects.models import LedgerImport, Project
from tests.ledgers import made_up
from tests.support.county import County
from tests.support.web import browser, page_text, send

pytestmark = pytest.mark.django_db

CSV = (
    "2026年青禾县重点项目计划表,,,,,,\n"
    "单位：万元,,,,,,\n"
    "序号,项目名称,建设性质,总投资,2026年计划投资,责任单位,包联领导\n"
    "1,云台山隧道,新建,52000,12000,县交通局,\n"
    "2,东湖湿地公园,续建,8600,2400,县住建局,\n"
    "合计,,,60600,14400,,\n"
)


def upload(client, content: bytes = CSV.encode(), name: str = "计划.csv", **more: str):
    file = SimpleUploadedFile(name, content)
    return send(client, reverse("import_upload"), file=file, year="2026", **more)


def test_preview_confirm_again_and_undo(county: County) -> None:
    client = browser(county.office_one)
    answer = upload(client, document_no="青政发〔2026〕9号", issued_on="2026-02-01")
    ledger = LedgerImport.objects.get()
    assert answer.url == reverse("import_preview", args=[ledger.pk])
    preview = client.get(answer.url)
    assert "云台山隧道" in page_text(preview)
    before = Project.objects.count()
    confirmed = send(client, reverse("import_confirm", args=[ledger.pk]), version=ledger.version)
    assert confirmed.status_code == 302, page_text(confirmed)
    assert Project.objects.count() == before + 2
    upload(client, document_no="青政发〔2026〕9号", issued_on="2026-02-01")
    again = LedgerImport.objects.order_by("-pk").first()
    assert (again.counts["created"], again.counts["changed"], again.counts["unchanged"]) == (0, 0, 2)
    ledger.refresh_from_db()
    with zeal_ignore():  # each act is taken back on the project as the act before left it
        send(client, reverse("import_undo", args=[ledger.pk]), version=ledger.version)
    assert Project.objects.filter(voided_at=None).count() == before


def test_the_result_shows_what_was_written_over_what(county: County) -> None:
    """Shown as in the preview, and found by fate and name."""
    client = browser(county.office_one)
    upload(client, document_no="青政发〔2026〕9号", issued_on="2026-02-01")
    first = LedgerImport.objects.get()
    send(client, reverse("import_confirm", args=[first.pk]), version=first.version)
    upload(client, CSV.replace("52000,12000", "52000,13500").encode())
    second = LedgerImport.objects.exclude(pk=first.pk).get()
    url = reverse("import_preview", args=[second.pk])
    assert "12,000" in page_text(client.get(url)) or "12000" in page_text(client.get(url))
    send(client, reverse("import_confirm", args=[second.pk]), version=second.version)
    (changed,) = client.get(url, {"fate": "changed"}).context["page"].object_list
    assert (changed.name, [(item["old"], item["new"]) for item in changed.shown]) == (
        "云台山隧道",
        [("12000", "13500")],
    )
    html = client.get(url, {"q": "云台山"}).content.decode()
    assert "<del>12000</del> → <ins>13500</ins>" in html
    assert "东湖湿地公园" not in html
    assert [tab["count"] for tab in client.get(url).context["tabs"]] == [3, 1, 1, 1]
    assert "没有符合条件的行" in page_text(client.get(url, {"q": "不存在"}))


def test_uploads_are_found_by_file_document_person_and_state(county: County) -> None:
    client = browser(county.office_one)
    upload(client, name="一月计划.csv", document_no="青政发〔2026〕9号")
    upload(client, "随便一段文字\n".encode(), "说明.csv")

    def names(**asked: str) -> list[str]:
        return [row.filename for row in client.get(reverse("import_list"), asked).context["page"].object_list]

    assert names(q="一月") == names(q="9号") == names(state="preview") == ["一月计划.csv"]
    assert names(state="declined") == ["说明.csv"]
    assert len(names(q=county.office_one.name)) == 2
    assert "没有符合条件的台账" in page_text(client.get(reverse("import_list"), {"q": "十二月"}))


def test_declined_file_is_kept_and_says_why(county: County) -> None:
    client = browser(county.office_one)
    answer = upload(client, "随便一段文字\n".encode(), "说明.csv")
    page = client.get(answer.url)
    assert "不能导入" in page_text(page)
    kept = client.post(reverse("import_file", args=[LedgerImport.objects.get().pk]))
    assert kept.getvalue().decode().startswith("随便")


def test_units_may_not_import(county: County) -> None:
    client = browser(county.vice)
    assert client.get(reverse("import_list")).status_code == 403


def test_old_workbook_shows_every_row_beside_its_original(county: County) -> None:
    client = browser(county.office_one)
    page = client.get(upload(client, made_up.annual_plan_xls(), "计划.xls").url)
    ledger = LedgerImport.objects.get()
    assert f"新增 {ledger.counts['created']} 行" in page_text(page)
    assert ledger.counts["created"] > 3
