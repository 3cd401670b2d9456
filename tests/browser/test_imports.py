"""A clerk brings a ledger in: upload, look, answer, confirm; the same file again; undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from projects.models import LeaderAssignment, Project, UnitAlias
from tests.browser.people import let_in
from tests.conftest import Freeze
from tests.ledgers.made_up import annual_plan_xls
from tests.support.county import County, moment

LEDGER_NAMES = ("云杉精密轴承产业园", "青禾饲料二期", "清溪农机总装线", "南门大桥", "北山水厂", "柳湖小学")


@pytest.fixture
def clerk(county: County, page: Page, freeze: Freeze, live_server: object, settings: Any, tmp_path: Path) -> Page:
    """The desk of the project office."""
    settings.MEDIA_ROOT = tmp_path
    # Undoing reads each row as it stands now before it takes the row back: one by one, and meant so.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "projects.*", "field": "get()"}]
    freeze(moment(3, 2, 10))
    page.on("dialog", Dialog.accept)
    return let_in(page, county.office_one, str(live_server))


def upload(clerk: Page) -> None:
    clerk.goto("/imports/")
    clerk.get_by_role("link", name="上传台账").first.click()
    clerk.get_by_label("台账文件").set_input_files(
        {"name": "2026年计划表.xls", "mimeType": "application/vnd.ms-excel", "buffer": annual_plan_xls()}
    )
    clerk.get_by_label("年度").fill("2026")
    clerk.get_by_label("依据文号").fill("清政办〔2026〕7号")
    clerk.get_by_role("button", name="上传并预览").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("2026年计划表.xls")


def counted(clerk: Page, label: str) -> str:
    """The number on the tile with this label."""
    return clerk.locator(".kpi").filter(has_text=label).locator(".kpi__value").inner_text()


def test_a_ledger_comes_in_once_and_goes_out_whole(county: County, clerk: Page) -> None:
    before = Project.objects.filter(voided_at=None).count()
    upload(clerk)
    assert Project.objects.count() == before, "nothing is written before the clerk confirms"

    # What was read stands beside the original, with its cell.
    row = clerk.get_by_role("row").filter(has_text="清溪农机总装线").first
    row.get_by_text("项", exact=False).first.click()
    name = row.get_by_role("row").filter(has_text="B7")
    expect(name.get_by_role("cell").nth(0)).to_contain_text("清溪农机总装线")
    expect(name.get_by_role("cell").nth(1)).to_contain_text("清溪农机 总装线")

    # A name with one character wrong and a unit under another name are asked about, not guessed.
    clerk.get_by_label("“沈望书”与“沈望舒”只差一个字").select_option(label="是，写错了，应为沈望舒")
    clerk.get_by_text("项已有稳妥的默认处理").click()
    clerk.get_by_label("单位“区住建局”不在单位名册中").select_option(label="就是青禾县住房和城乡建设局（记为别名）")
    clerk.get_by_role("button", name="保存回答并重新预览").click()
    expect(clerk.locator("main")).not_to_contain_text("只差一个字")

    clerk.get_by_role("button", name="确认导入").click()
    expect(clerk.get_by_text("台账已导入")).to_be_visible()
    entered = Project.objects.filter(name__in=LEDGER_NAMES, voided_at=None)
    assert entered.count() == len(LEDGER_NAMES)
    water = LeaderAssignment.objects.select_related("officer").get(project__name="北山水厂")
    assert water.officer.name == "沈望舒"
    assert UnitAlias.objects.filter(unit=county.housing, alias="区住建局").exists()
    clerk.goto("/projects/?q=南门大桥")
    expect(clerk.get_by_role("link", name="南门大桥")).to_be_visible()
    expect(clerk.get_by_role("row").filter(has_text="南门大桥")).to_contain_text("20,000")

    # The same file again: all six are known, nothing is asked and nothing would change.
    upload(clerk)
    expect(clerk.get_by_text("需要您回答")).to_have_count(0)
    assert (counted(clerk, "无变化"), counted(clerk, "新增"), counted(clerk, "有变化")) == ("6行", "0行", "0行")

    # Undo takes the whole ledger back.
    clerk.goto("/imports/")
    clerk.get_by_role("row").filter(has_text="已导入").get_by_role("link", name="2026年计划表.xls").click()
    clerk.get_by_role("button", name="撤销导入").click()
    expect(clerk.get_by_text("导入已撤销")).to_be_visible()
    assert not entered.exists()
    assert Project.objects.filter(voided_at=None).count() == before
    for page in ("/projects/?q=南门大桥", "/lists/2026/"):
        clerk.goto(page)
        expect(clerk.locator("main")).not_to_contain_text("45,000")


def test_what_is_no_ledger_is_declined_with_a_reason(clerk: Page) -> None:
    clerk.goto("/imports/new/")
    clerk.get_by_label("台账文件").set_input_files(
        {"name": "2026年计划表.xlsx", "mimeType": "application/octet-stream", "buffer": b"%PDF-1.7 a scan"}
    )
    clerk.get_by_role("button", name="上传并预览").click()
    expect(clerk.get_by_role("alert")).to_contain_text("不能导入")
    expect(clerk.get_by_role("button", name="确认导入")).to_have_count(0)
