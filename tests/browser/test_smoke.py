"""The door in a real browser: it looks right at a desk and on a telephone, and its faults would be seen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewPage


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_door_is_readable_and_accessible(new_page: NewPage, viewport: dict[str, int]) -> None:
    page = new_page(viewport)
    page.goto("/sign-in/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("账号")).to_be_editable()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_wrong_words_are_answered_in_place(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("账号").fill("nobody")
    page.get_by_label("密码").fill("nothing")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(page.get_by_label("账号")).to_have_value("nobody")
