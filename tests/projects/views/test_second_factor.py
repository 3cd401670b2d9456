"""The second step of the door, and the page where a second factor is taken and given up (docs/trust.md, Accounts)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings as site
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from projects.models import AuditEntry, SecondFactor, User
from projects.services import people, second_factor
from tests.conftest import Freeze
from tests.guards.test_headers import OUTSIDE, header_faults
from tests.guards.test_pages_render import faults
from tests.support import addresses
from tests.support.addresses import arguments
from tests.support.audit_log import entries_since, last_entry, log_full, undone
from tests.support.codes import STEP, code, take, wrong_code
from tests.support.county import County, moment
from tests.support.pages import read
from tests.support.web import browser, page_text, send, token

PASSWORD = "Shan-Qing-Shui-Xiu-9"
NOW = moment(6, 1, 9)
TAKEN = NOW - dt.timedelta(days=1)
DOOR, CODE, PAGE = "/sign-in/", "/sign-in/code/", "/second-factor/"


@pytest.fixture
def user(county: County, freeze: Freeze) -> User:
    freeze(NOW)
    county.transport_staff.set_password(PASSWORD)
    county.transport_staff.save()
    return county.transport_staff


@pytest.fixture
def holder(user: User) -> User:
    """Has a second factor since yesterday."""
    return take(user, PASSWORD, TAKEN)


def knock(client: Client, user: User, **data: str) -> HttpResponse:
    return client.post(DOOR, {"username": user.username, "password": PASSWORD, **data})


@pytest.fixture
def halfway(holder: User) -> Client:
    """The password was right, the code is still to come."""
    client = Client()
    assert knock(client, holder).url == CODE
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestTheDoor:
    def test_password_then_code_then_the_page_that_was_asked_for(self, holder: User) -> None:
        client, last = Client(), last_entry()
        door = client.get(reverse("project_list")).url
        answer = client.post(door, {"username": holder.username, "password": PASSWORD, "next": "/projects/?q=1"})
        assert answer.url == f"{CODE}?next=%2Fprojects%2F%3Fq%3D1"
        assert not is_in(client)
        assert entries_since(last) == ()
        page = read(client.get(answer.url).content.decode())
        (form,) = page.forms
        assert form.fields["next"] == "/projects/?q=1"
        assert "钱悦" in page.text
        before = client.cookies[site.SESSION_COOKIE_NAME].value
        answer = client.post(answer.url, {"code": code(holder, NOW), "next": "/projects/?q=1"})
        assert answer.url == "/projects/?q=1"
        assert client.cookies[site.SESSION_COOKIE_NAME].value != before
        assert entries_since(last) == ("session.sign_in",)
        assert client.get(answer.url).status_code == 200
        assert client.get(CODE).url == reverse("home")

    def test_next_is_a_path_of_this_site(self, halfway: Client, holder: User) -> None:
        answer = halfway.post(CODE, {"code": code(holder, NOW), "next": "https://elsewhere.example/"})
        assert answer.url == reverse("home")

    def test_digits_are_read_as_people_type_them(self, halfway: Client, holder: User) -> None:
        digits = code(holder, NOW)
        full_width = f" {digits[:3]} {digits[3:]}".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        assert halfway.post(CODE, {"code": full_width}).status_code == 302

    def test_without_one_everything_is_as_ever(self, user: User) -> None:
        second_factor.begin(user=user, actor=user, at=TAKEN)  # begun is not taken
        client = Client()
        assert knock(client, user).url == reverse("home")
        assert is_in(client)

    @pytest.mark.parametrize("password", [PASSWORD, "guess"])
    def test_no_question_more_is_asked_of_the_database(self, user: User, password: str) -> None:
        """Whether there is a second factor comes with the account, for a right password and for a wrong one."""
        with CaptureQueriesContext(connection) as captured:
            Client().post(DOOR, {"username": user.username, "password": password})
        (asked,) = [query["sql"] for query in captured if SecondFactor._meta.db_table in query["sql"]]
        assert "LEFT OUTER JOIN" in asked

    def test_the_password_alone_reaches_no_page(self, halfway: Client) -> None:
        open_ones = {"sign_in", "sign_in_code", "healthz", "readyz", "style"}
        for name in addresses.names():
            if arguments(name) or name in open_ones:
                continue
            for method in (halfway.get, halfway.post):
                answer = method(reverse(name))
                assert answer.status_code == 302 and answer.url.startswith(DOOR), name
        assert not is_in(halfway)

    def test_a_wrong_code_is_told_and_logged(self, halfway: Client, holder: User) -> None:
        last = last_entry()
        answer = halfway.post(CODE, {"code": wrong_code(holder, NOW)})
        assert "验证码不正确，或者已经用过" in page_text(answer)
        assert not is_in(halfway)
        row = AuditEntry.objects.get(pk__gt=last)
        assert (row.action, row.object_label) == ("session.refuse", holder.name)
        assert row.data == {"address": "127.0.0.1", "locked": False, "known": True, "second_step": True}

    def test_what_is_no_code_is_no_try(self, halfway: Client, holder: User) -> None:
        last = last_entry()
        for digits in ("", "12345", "1234567", "abcdef"):
            assert halfway.post(CODE, {"code": digits}).status_code == 200
        assert entries_since(last) == ()

    def test_a_used_code_does_not_open_a_second_browser(self, halfway: Client, holder: User) -> None:
        digits, other = code(holder, NOW), Client()
        knock(other, holder)
        assert halfway.post(CODE, {"code": digits}).status_code == 302
        assert "已经用过" in page_text(other.post(CODE, {"code": digits}))
        assert not is_in(other)

    def test_five_minutes_and_no_longer(self, halfway: Client, holder: User, freeze: Freeze) -> None:
        freeze(NOW + dt.timedelta(minutes=5))
        assert halfway.get(CODE).status_code == 200
        late = freeze(NOW + dt.timedelta(minutes=5, seconds=1))
        answer = halfway.post(f"{CODE}?next=/projects/", {"code": code(holder, late)})
        assert answer.url == f"{DOOR}?next=%2Fprojects%2F"
        assert "请重新输入账号和密码" in page_text(halfway.get(answer.url))
        assert not is_in(halfway)
        assert halfway.post(CODE, {"code": code(holder, late)}).url == DOOR

    def test_a_password_or_factor_changed_meanwhile_and_a_closed_account_begin_anew(
        self, holder: User, county: County
    ) -> None:
        acts = (
            lambda: people.reset_password(user=holder, actor=county.sysadmin, at=NOW),
            lambda: second_factor.lift(user=holder, actor=county.sysadmin, at=NOW),
            lambda: User.objects.filter(pk=holder.pk).update(is_active=False),
        )
        for act in acts:
            with undone():
                client = Client()
                knock(client, holder)
                digits = code(holder, NOW)
                act()
                assert client.post(CODE, {"code": digits}).url == DOOR
                assert not is_in(client)
            holder.refresh_from_db()

    def test_codes_are_throttled_with_the_password(self, halfway: Client, holder: User) -> None:
        wrong = wrong_code(holder, NOW)
        for _ in range(7):  # the password was the first of eight
            assert halfway.post(CODE, {"code": wrong}).status_code == 200
        assert halfway.post(CODE, {"code": code(holder, NOW)}).status_code == 429
        assert knock(Client(), holder).status_code == 429
        assert AuditEntry.objects.latest("pk").data["locked"] is True
        assert not is_in(halfway)

    def test_a_right_code_forgives(self, holder: User, freeze: Freeze) -> None:
        for minute in range(10):
            now = freeze(NOW + minute * dt.timedelta(minutes=1))
            client = Client()
            knock(client, holder)
            client.post(CODE, {"code": wrong_code(holder, now)})
            assert client.post(CODE, {"code": code(holder, now)}).status_code == 302
            assert is_in(client)

    def test_nobody_comes_in_unseen(self, halfway: Client, holder: User) -> None:
        for digits in (code(holder, NOW), wrong_code(holder, NOW)):
            with undone(), log_full():
                assert halfway.post(CODE, {"code": digits}).status_code == 503
        assert halfway.get(reverse("home")).url.startswith(DOOR)

    def test_the_code_page_is_plain_and_closed(self, halfway: Client) -> None:
        answer = halfway.get(CODE)
        page = read(answer.content.decode())
        assert header_faults(answer) == []
        assert page.refused == []
        assert faults(page, frozenset({"transport"})) == []
        assert 'inputmode="numeric" autocomplete="one-time-code"' in answer.content.decode()


class TestOnesOwn:
    def test_taken_in_two_steps(self, user: User) -> None:
        client, elsewhere = browser(user), browser(user)
        assert "开始设置" in page_text(client.get(PAGE))
        assert send(client, PAGE, step="begin").url == PAGE
        key = SecondFactor.objects.get(user=user).secret
        text = re.sub(r"\s", "", page_text(client.get(PAGE)))
        assert key in text
        answer = client.post(PAGE, {"step": "confirm", "password": PASSWORD, "code": wrong_code(user, NOW)})
        assert answer.status_code == 422
        assert "核对手机时间" in page_text(answer)
        answer = client.post(PAGE, {"step": "confirm", "password": PASSWORD, "code": code(user, NOW)}, follow=True)
        assert "二次验证已启用" in page_text(answer)
        assert "2026年6月1日 09:00" in page_text(answer)
        assert key not in re.sub(r"\s", "", page_text(answer))
        assert "otpauth" not in answer.content.decode()
        assert client.get(PAGE).status_code == 200, "this session goes on"
        assert elsewhere.get(PAGE).url.startswith(DOOR), "others end"

    def test_the_key_is_drawn_without_anything_the_policy_refuses_and_never_on_paper(self, user: User) -> None:
        client = browser(user)
        send(client, PAGE, step="begin")
        answer = client.get(PAGE)
        html = answer.content.decode()
        page = read(html)
        assert page.refused == []
        assert header_faults(answer) == []
        assert OUTSIDE.findall(html.replace("otpauth://totp/", "")) == []
        assert "data:" not in html
        assert 'aria-label="二维码' in html
        assert html.index('class="card no-print"') < html.index('class="qr__code"') < html.index("</section>")
        (address,) = [link for link in page.links if link.startswith("otpauth:")]
        assert SecondFactor.objects.get(user=user).secret in address

    def test_a_form_sent_twice_makes_one_key(self, user: User) -> None:
        client, data = browser(user), {**token(), "step": "begin"}
        client.post(PAGE, data)
        first = SecondFactor.objects.get(user=user).secret
        assert client.post(PAGE, data).url == PAGE
        assert SecondFactor.objects.get(user=user).secret == first
        last = last_entry()
        proof = {"step": "confirm", "password": PASSWORD, "code": code(user, NOW)}
        assert [client.post(PAGE, proof).url for _ in range(2)] == [PAGE, PAGE]
        assert entries_since(last) == ("account.confirm_second_factor",)
        assert client.post(PAGE, {**token(), "step": "begin"}).status_code == 422
        assert SecondFactor.objects.get(user=user).secret == first

    def test_given_up_with_password_and_code(self, holder: User) -> None:
        client, elsewhere = browser(holder), browser(holder)
        answer = client.post(PAGE, {"step": "remove", "password": "guess", "code": code(holder, NOW)})
        assert "当前密码不正确" in page_text(answer)
        answer = client.post(PAGE, {"step": "remove", "password": PASSWORD, "code": wrong_code(holder, NOW)})
        assert "已经用过" in page_text(answer)
        assert PASSWORD not in answer.content.decode()
        answer = client.post(PAGE, {"step": "remove", "password": PASSWORD, "code": code(holder, NOW)}, follow=True)
        assert "二次验证已关闭" in page_text(answer)
        assert elsewhere.get(PAGE).url.startswith(DOOR)
        fresh = Client()
        assert knock(fresh, holder).url == reverse("home")
        assert client.post(PAGE, {"step": "remove", "password": PASSWORD, "code": "000000"}).url == PAGE

    def test_everybody_finds_it_beside_the_password(self, user: User) -> None:
        links = read(browser(user).get(reverse("report_todo")).content.decode()).links
        assert links.index(PAGE) == links.index(reverse("password_change")) + 1


class TestTheAdministrator:
    def test_sees_and_lifts(self, holder: User, county: County) -> None:
        boss, elsewhere = browser(county.sysadmin), browser(holder)
        account = reverse("account", args=[holder.pk])
        text = page_text(boss.get(account))
        assert "已启用（2026年5月31日 09:00起）" in text and "解除二次验证" in text
        answer = send(boss, reverse("account_second_factor", args=[holder.pk]))
        assert answer.url == account
        text = page_text(boss.get(account))
        assert "二次验证已解除" in text and "未启用" in text and "解除二次验证" not in text
        assert elsewhere.get(PAGE).url.startswith(DOOR)
        fresh = Client()
        assert knock(fresh, holder).url == reverse("home")

    def test_sees_no_key_that_somebody_has_only_begun(self, user: User, county: County) -> None:
        factor = second_factor.begin(user=user, actor=user, at=NOW)
        text = page_text(browser(county.sysadmin).get(reverse("account", args=[user.pk])))
        assert "未启用" in text and "解除二次验证" not in text and factor.secret not in text

    def test_never_lifts_the_own_one(self, county: County, freeze: Freeze) -> None:
        freeze(NOW)
        boss = county.sysadmin
        boss.set_password(PASSWORD)
        boss.save()
        take(boss, PASSWORD, TAKEN)
        client = browser(boss)
        text = page_text(client.get(reverse("account", args=[boss.pk])))
        assert "已启用" in text and "解除二次验证" not in text
        answer = send(client, reverse("account_second_factor", args=[boss.pk]))
        assert answer.status_code == 422
        assert "不能解除自己的二次验证" in page_text(answer)
        assert SecondFactor.objects.exists()


class TestWhereTheSiteAsksForIt:
    def test_everybody_is_led_there_until_it_is_taken(self, user: User, settings: Settings) -> None:
        settings.SECOND_FACTOR = "everybody"
        client = Client()
        assert knock(client, user).status_code == 302
        for name in ("home", "report_todo", "project_list", "manual"):
            assert client.get(reverse(name)).url == PAGE
            assert client.post(reverse(name)).url == PAGE
        assert "须启用二次验证" in page_text(client.get(PAGE))
        send(client, PAGE, step="begin")
        client.post(PAGE, {"step": "confirm", "password": PASSWORD, "code": code(user, NOW)})
        assert client.get(reverse("project_list")).status_code == 200
        assert "须启用二次验证" not in page_text(client.get(PAGE))
        client.post(PAGE, {"step": "remove", "password": PASSWORD, "code": code(user, NOW + STEP)})
        assert client.get(reverse("project_list")).url == PAGE

    def test_a_one_time_password_comes_first(self, user: User, settings: Settings) -> None:
        settings.SECOND_FACTOR = "everybody"
        User.objects.filter(pk=user.pk).update(must_change_password=True)
        client = browser(user)
        assert client.get(PAGE).url == reverse("password_change")
        assert client.get(reverse("password_change")).status_code == 200
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        assert client.get(reverse("home")).url == PAGE

    def test_one_may_always_leave(self, user: User, settings: Settings) -> None:
        settings.SECOND_FACTOR = "everybody"
        assert browser(user).post(reverse("sign_out")).url == DOOR

    def test_administrators_alone(self, user: User, county: County, settings: Settings) -> None:
        settings.SECOND_FACTOR = "administrators"
        for admin, page in ((county.sysadmin, "account_list"), (county.secadmin, "grant_list")):
            assert browser(admin).get(reverse(page)).url == PAGE
        assert browser(county.auditor).get(reverse("audit_log")).url == PAGE
        assert browser(user).get(reverse("project_list")).status_code == 200

    def test_nobody_by_default(self, county: County, freeze: Freeze) -> None:
        freeze(NOW)
        assert site.SECOND_FACTOR == ""
        assert browser(county.sysadmin).get(reverse("account_list")).status_code == 200
