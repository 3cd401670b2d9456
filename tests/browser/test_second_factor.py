"""A second factor from the first look at the page to the door, in a real browser, at a desk and on a telephone."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from projects.models import SecondFactor
from tests.browser.conftest import PHONE, NewPage
from tests.browser.people import PASSWORD, sign_in
from tests.browser.proofs import WATCH_SHIFTS, faults_of
from tests.conftest import Freeze
from tests.support.codes import STEP, code
from tests.support.county import County, moment

NOW = moment(6, 1, 9)


def key_on(page: Page) -> str:
    """The key as somebody reads it off the page who cannot scan."""
    (key,) = re.findall(r"(?:[A-Z2-7]{4} ?){8}", page.get_by_text("密钥：").locator("..").inner_text())
    return key.replace(" ", "")


def enrol(page: Page, *, at: int) -> str:
    page.get_by_role("button", name="开始设置").click()
    key = key_on(page)
    page.get_by_label("验证码").fill(pyotp.TOTP(key).at(at))
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_role("button", name="启用二次验证").click()
    expect(page.get_by_text("二次验证已启用")).to_be_visible()
    return key


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_taken_used_and_given_up(county: County, freeze: Freeze, new_page: NewPage, javascript: bool) -> None:
    freeze(NOW)
    user = county.transport_staff
    page = new_page(PHONE, javascript=javascript)
    sign_in(page, user)
    page.locator("summary").filter(has_text="账户菜单").click()
    page.get_by_role("link", name="二次验证").click()
    key = enrol(page, at=int(NOW.timestamp()))

    page.locator("summary").filter(has_text="账户菜单").click()
    page.get_by_role("button", name="退出登录").click()
    later = freeze(NOW + 2 * STEP)
    page.goto("/second-factor/")
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("二次验证")
    expect(page.get_by_label("验证码")).to_have_attribute("inputmode", "numeric")
    page.get_by_label("验证码").fill("000 000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("验证码不正确，或者已经用过")).to_be_visible()
    page.get_by_label("验证码").fill(pyotp.TOTP(key).at(later))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/second-factor/$"))

    last = freeze(later + 2 * STEP)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("验证码").fill(code(user, last))
    page.get_by_label("当前密码").fill(PASSWORD)
    page.get_by_role("button", name="关闭二次验证").click()
    expect(page.get_by_text("二次验证已关闭")).to_be_visible()
    assert not SecondFactor.objects.exists()


def test_every_state_is_readable_steady_and_reached_by_keyboard(county: County, freeze: Freeze, page: Page) -> None:
    freeze(NOW)
    page.context.add_init_script(WATCH_SHIFTS)
    sign_in(page, county.transport_staff)
    faults = faults_of(page, "/second-factor/")
    page.get_by_role("button", name="开始设置").click()
    faults += faults_of(page, "/second-factor/")
    key = key_on(page)
    page.get_by_label("验证码").focus()
    page.keyboard.type(pyotp.TOTP(key).at(int(NOW.timestamp())))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("二次验证已启用")).to_be_visible()
    faults += faults_of(page, "/second-factor/")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(county.transport_staff.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("验证码")).to_be_focused()
    faults += faults_of(page, "/sign-in/code/")
    assert not faults, "\n".join(faults)


def test_no_key_on_paper(county: County, freeze: Freeze, page: Page) -> None:
    freeze(NOW)
    sign_in(page, county.transport_staff)
    page.goto("/second-factor/")
    page.get_by_role("button", name="开始设置").click()
    drawing = page.get_by_role("img", name="二维码")
    expect(drawing).to_be_visible()
    key = key_on(page)
    page.emulate_media(media="print")
    expect(drawing).to_be_hidden()
    assert key[:4] not in page.locator("body").inner_text()
