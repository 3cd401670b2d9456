"""What people see when they are refused: throttled sign-ins, conflicts, refused acts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from projects.models import User
from tracker.web.errors import Conflict, UserError
from tracker.web.refusals import RefusalMiddleware

PASSWORD = "Shan-Qing-Shui-Xiu-9"
OFFICE, OTHER_OFFICE = "10.1.0.8", "10.2.0.8"


@pytest.fixture
def account(db: None, at: dt.datetime) -> User:
    return User.objects.create_user("jiaotong", PASSWORD, name="钱悦", created_at=at, must_change_password=False)


def sign_in(client: Client, username: str, password: str, address: str = OFFICE) -> HttpResponse:
    return client.post(reverse("sign_in"), {"username": username, "password": password}, REMOTE_ADDR=address)


@pytest.fixture
def locked(client: Client, account: User, settings: Settings) -> Client:
    """Somebody in the office has tried the account with wrong passwords until it was locked there."""
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, "jiaotong", "wrong").status_code == 200
    assert sign_in(client, "jiaotong", "wrong").status_code == 429
    return client


def test_too_many_wrong_passwords_lock_name_and_address_in_chinese(locked: Client) -> None:
    answer = sign_in(locked, "jiaotong", PASSWORD)
    assert answer.status_code == 429
    assert "请等待 15 分钟后再试" in answer.content.decode()


def test_the_same_account_still_opens_from_another_office(locked: Client) -> None:
    assert sign_in(locked, "jiaotong", PASSWORD, OTHER_OFFICE).status_code == 302


def test_colleagues_behind_the_same_address_are_not_locked_out(locked: Client, at: dt.datetime) -> None:
    User.objects.create_user("shuili", PASSWORD, name="叶知秋", created_at=at, must_change_password=False)
    assert sign_in(locked, "shuili", PASSWORD).status_code == 302


def test_signing_in_keeps_the_moment_and_the_idle_limit(client: Client, account: User, at: dt.datetime) -> None:
    assert sign_in(client, "jiaotong", PASSWORD).status_code == 302
    assert client.session["signed_in_at"] == at.isoformat()
    assert client.cookies["sessionid"]["max-age"] == ""  # ends with the browser


def refused_with(error: Exception) -> HttpResponse:
    request = RequestFactory().post("/projects/7/edit/")
    answer = RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return answer


def test_a_conflict_shows_both_values() -> None:
    answer = refused_with(
        Conflict(label="项目“城区第二水厂”", current={"总投资": "16200"}, submitted={"总投资": "16500"})
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert all(shown in text for shown in ("城区第二水厂", "16200", "16500", "没有保存"))


def test_a_refused_act_says_why_and_escapes_it() -> None:
    answer = refused_with(UserError("累计完成不能小于上期<4,000>万元。"))
    assert answer.status_code == 422
    assert "累计完成不能小于上期&lt;4,000&gt;万元。" in answer.content.decode()


def test_other_errors_are_not_dressed_up() -> None:
    request: HttpRequest = RequestFactory().get("/")
    middleware = RefusalMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(request, ZeroDivisionError()) is None
