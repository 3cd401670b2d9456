"""What people see when they are refused: throttled sign-ins, conflicts, refused acts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from projects import audit
from projects.enums import Role
from projects.models import AuditEntry, User
from projects.services import people
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
    for _ in range(settings.SIGN_IN_TRIES):
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


def test_every_refused_sign_in_is_in_the_audit_log_without_what_may_be_a_password(
    locked: Client, account: User
) -> None:
    sign_in(locked, "Shan-Qing-Shui-Xiu-9", "jiaotong")
    rows = list(AuditEntry.objects.filter(action="session.refuse").order_by("pk"))
    assert [row.object_label for row in rows[:-1]] == ["钱悦"] * 9
    assert [row.data["locked"] for row in rows[:-1]] == [False] * 8 + [True]
    assert rows[-1].data == {"address": OFFICE, "locked": False, "known": False}
    assert rows[-1].object_label == ""


def test_nobody_comes_in_when_the_audit_log_cannot_be_written(
    client: Client, account: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OperationalError("disk full")

    client.raise_request_exception = False
    monkeypatch.setattr(audit, "record", broken)
    assert sign_in(client, "jiaotong", PASSWORD).status_code == 500
    monkeypatch.undo()
    assert client.get(reverse("home")).url.startswith(reverse("sign_in"))


def test_an_old_password_must_be_replaced_where_the_site_says_so(
    client: Client, account: User, at: dt.datetime, settings: Settings
) -> None:
    sign_in(client, "jiaotong", PASSWORD)
    settings.PASSWORD_DAYS = 90
    User.objects.update(password_changed_at=at - dt.timedelta(days=91))
    assert client.get(reverse("home")).url == reverse("password_change")
    people.grant_role(user=account, role=Role.MAIN_LEADER, valid_from=at.date(), actor=None, at=at)
    assert "密码已使用较久" in client.get(reverse("password_change")).content.decode()
    User.objects.update(password_changed_at=at - dt.timedelta(days=89))
    assert client.get(reverse("home"), follow=True).status_code == 200


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
