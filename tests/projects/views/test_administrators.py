"""Accounts, grants, substitutions and the audit log: three administrators, three doors."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.models import AuditEntry, RoleGrant, Substitution, User
from projects.services import people
from tests.conftest import Freeze
from tests.support.append_only import suspended
from tests.support.county import County, moment
from tests.support.web import browser, page_text, queries, send, token

NOW = moment(3, 2, 10)
TODAY = NOW.date()
CREATE = "/admin/accounts/new/"
NEW = {"username": "shuili", "name": "苏临川", "email": "", "phone": ""}


@pytest.fixture(autouse=True)
def _now(freeze: Freeze) -> None:
    freeze(NOW)


@pytest.fixture
def system(county: County) -> Client:
    return browser(county.sysadmin)


@pytest.fixture
def security(county: County) -> Client:
    return browser(county.secadmin)


@pytest.fixture
def auditor(county: County) -> Client:
    return browser(county.auditor)


def _granted(user: User) -> list[str]:
    return list(RoleGrant.objects.filter(user=user, valid_to=None).values_list("role", flat=True))


class TestDoors:
    @pytest.mark.parametrize(
        ("page", "opens"),
        [
            ("account_list", "sysadmin"),
            ("grant_list", "secadmin"),
            ("substitution_list", "secadmin"),
            ("audit_log", "auditor"),
        ],
    )
    def test_each_page_opens_to_one_administrator_alone(self, county: County, page: str, opens: str) -> None:
        for name in ("sysadmin", "secadmin", "auditor", "bureau", "mayor"):
            answer = browser(getattr(county, name)).get(reverse(page))
            assert answer.status_code == (200 if name == opens else 403), name


class TestAccounts:
    def test_the_password_is_shown_once_and_must_be_changed(self, county: County, system: Client) -> None:
        data = {**token(), **NEW, "unit": county.housing.pk}
        answer = system.post(CREATE, data)
        made = User.objects.get(username="shuili")
        password = answer.context["password"]
        assert made.check_password(password)
        assert made.must_change_password
        assert "no-store" in answer["Cache-Control"]
        again = system.post(CREATE, data)
        assert again.url == reverse("account", args=[made.pk]), "a reload shows no password"
        assert password not in page_text(system.get(again.url))
        assert User.objects.filter(name="苏临川").count() == 1

    def test_a_taken_name_is_refused_and_what_was_typed_stays(self, county: County, system: Client) -> None:
        answer = send(system, CREATE, **{**NEW, "username": "fagai"})
        assert answer.status_code == 422
        assert "账号已存在" in page_text(answer)
        assert 'value="苏临川"' in answer.content.decode()

    def test_a_new_account_may_do_nothing(self, system: Client) -> None:
        send(system, CREATE, **NEW)
        assert not RoleGrant.objects.filter(user__username="shuili").exists()

    def test_edit(self, county: County, system: Client) -> None:
        user = county.housing_staff
        url = reverse("account", args=[user.pk])
        data = {"name": user.name, "unit": county.park.pk, "email": "ding@example.invalid", "phone": ""}
        assert send(system, url, **data, version=user.version).url == url
        user.refresh_from_db()
        assert (user.unit, user.email) == (county.park, "ding@example.invalid")
        assert send(system, url, **{**data, "email": "other@example.invalid"}, version=1).status_code == 409

    def test_disable_and_enable_with_a_reason(self, county: County, system: Client) -> None:
        user = county.housing_staff
        url = reverse("account_state", args=[user.pk])
        assert send(system, url, reason=" ", version=user.version).status_code == 422
        assert send(system, url, reason="调离", version=user.version).status_code == 302
        user.refresh_from_db()
        assert not user.is_active
        assert "此账号已停用" in page_text(system.get(reverse("account", args=[user.pk])))
        send(system, url, reason="调回", version=user.version)
        user.refresh_from_db()
        assert user.is_active
        assert AuditEntry.objects.filter(action__in=("account.disable", "account.enable")).count() == 2

    def test_nobody_locks_themselves_out(self, county: County, system: Client) -> None:
        url = reverse("account_state", args=[county.sysadmin.pk])
        answer = send(system, url, reason="误操作", version=county.sysadmin.version)
        assert "不能停用自己的账号" in page_text(answer)

    def test_reset_shows_the_new_password_once(self, county: County, system: Client) -> None:
        user = county.housing_staff
        data, url = token(), reverse("account_reset", args=[user.pk])
        password = system.post(url, data).context["password"]
        user.refresh_from_db()
        assert user.check_password(password)
        assert system.post(url, data).url == reverse("account", args=[user.pk])
        user.refresh_from_db()
        assert user.check_password(password), "the second press resets nothing"
        assert system.get(url).status_code == 405

    def test_as_many_queries_with_more_accounts(self, county: County, system: Client) -> None:
        before = queries(system, reverse("account_list"))
        for number in range(5):
            user = people.create_account(username=f"u{number}", name="甲", actor=None, at=NOW).user
            people.grant_role(
                user=user, role="unit_staff", unit=county.park, valid_from=TODAY, actor=county.secadmin, at=NOW
            )
        assert queries(system, reverse("account_list")) == before <= 9


class TestGrants:
    def _give(self, client: Client, user: User, role: str, **more: object):
        data = {"user": user.pk, "role": role, "valid_from": TODAY, **more}
        return send(client, reverse("grant_create"), **data)

    def test_a_role_is_given_and_ended(self, county: County, security: Client) -> None:
        user = county.transport_staff
        assert self._give(security, user, "unit_staff", unit=county.park.pk).status_code == 302
        grant = RoleGrant.objects.get(user=user, unit=county.park)
        assert grant.granted_by == county.secadmin
        assert "经开区" in page_text(security.get(reverse("grant_list"), {"q": user.name}))
        send(security, reverse("grant_end", args=[grant.pk]), valid_to=TODAY)
        grant.refresh_from_db()
        assert grant.valid_to == TODAY

    @pytest.mark.parametrize(
        ("holder", "role", "sentence"),
        [
            ("auditor", "system_admin", "不能由同一账号兼任"),
            ("bureau", "audit_admin", "管理员账号不能兼任业务角色"),
            ("sysadmin", "bureau", "管理员账号不能兼任业务角色"),
            ("secadmin", "system_admin", "不能给自己授权"),
            ("housing_staff", "vice_head", "没有对应名册人员"),
            ("housing_staff", "unit_head", "单位角色必须指定单位"),
        ],
    )
    def test_refused(self, county: County, security: Client, holder: str, role: str, sentence: str) -> None:
        user = getattr(county, holder)
        before = _granted(user)
        answer = self._give(security, user, role)
        assert answer.status_code == 422
        assert sentence in page_text(answer)
        assert _granted(user) == before

    def test_an_owner_by_the_code_of_the_project(self, county: County, security: Client) -> None:
        user = people.create_account(username="yezhu", name="业主", actor=None, at=NOW).user
        refused = self._give(security, user, "owner", project_code="QH999")
        assert "没有编号为“QH999”的项目" in page_text(refused)
        self._give(security, user, "owner", project_code="QH001")
        assert RoleGrant.objects.get(user=user).project == county.road
        text = page_text(security.get(reverse("grant_list"), {"q": "业主"}))
        assert "项目QH001" in text
        assert county.road.name not in text, "administrators see no business data"

    def test_ended_and_coming_have_tabs(self, county: County, security: Client) -> None:
        self._give(security, county.housing_staff, "unit_head", unit=county.housing.pk, valid_from="2026-04-01")
        url = reverse("grant_list")
        assert "2026-04-01" not in page_text(security.get(url))
        assert "2026-04-01" in page_text(security.get(url, {"span": "coming"}))
        assert "没有这样的授权" in page_text(security.get(url, {"span": "ended"}))

    def test_sent_twice_is_one_grant(self, county: County, security: Client) -> None:
        data = {**token(), "user": county.park_staff.pk, "role": "unit_head", "unit": county.park.pk}
        for _ in range(2):
            security.post(reverse("grant_create"), {**data, "valid_from": TODAY})
        assert RoleGrant.objects.filter(user=county.park_staff, role="unit_head").count() == 1


class TestSubstitutions:
    def _data(self, county: County) -> dict[str, object]:
        return {
            "principal": county.vice.pk,
            "delegate": county.office_one.pk,
            "reason": "外出学习",
            "valid_from": TODAY,
            "valid_to": "2026-03-20",
        }

    def test_registered_shown_and_ended(self, county: County, security: Client) -> None:
        send(security, reverse("substitution_create"), **self._data(county))
        row = Substitution.objects.get()
        assert "外出学习" in page_text(security.get(reverse("substitution_list")))
        found = {
            asked: security.get(reverse("substitution_list"), {"q": asked}).context["page"].paginator.count
            for asked in (county.vice.name, county.office_one.username, "无此人")
        }
        assert found == {county.vice.name: 1, county.office_one.username: 1, "无此人": 0}
        send(security, reverse("substitution_end", args=[row.pk]), valid_to="2026-03-05")
        row.refresh_from_db()
        assert row.valid_to.day == 5
        late = send(security, reverse("substitution_end", args=[row.pk]), valid_to="2026-03-10")
        assert "已于2026-03-05终止" in page_text(late)

    def test_an_administrator_represents_nobody(self, county: County, security: Client) -> None:
        answer = send(security, reverse("substitution_create"), **{**self._data(county), "delegate": county.auditor.pk})
        assert "管理员不得代理业务人员" in page_text(answer)
        assert not Substitution.objects.exists()


class TestAudit:
    def test_sentences_filters_and_no_codes(self, county: County, auditor: Client) -> None:
        people.update_unit(unit=county.housing, values={"area": "城区"}, version=None, actor=county.bureau, at=NOW)
        text = page_text(auditor.get(reverse("audit_log"), {"action": "unit.update"}))
        assert "段文博 修改单位" in text
        assert "辖区" in text
        assert "unit.update" not in text
        assert "没有符合条件的记录" in page_text(auditor.get(reverse("audit_log"), {"text": "水库"}))

    def test_the_chain_is_proved_on_request(self, county: County, auditor: Client) -> None:
        people.create_officer(name="贺承安", kind="county_leader", actor=county.bureau, at=NOW)
        url = reverse("audit_log")
        assert "校验通过" not in page_text(auditor.get(url))
        assert "校验通过：1条记录首尾相接" in page_text(auditor.get(url, {"verify": "1"}))
        with suspended(), connection.cursor() as cursor:
            cursor.execute("UPDATE projects_auditentry SET object_label = '别人'")
        assert "记录被改动" in page_text(auditor.get(url, {"verify": "1"}))

    def test_as_many_queries_with_more_entries(self, county: County, auditor: Client) -> None:
        def add(name: str) -> None:
            people.create_officer(name=name, kind="county_leader", unit=county.park, actor=county.bureau, at=NOW)

        add("贺承安")
        before = queries(auditor, reverse("audit_log"))
        for number in range(6):
            add(f"甲{number}")
        assert queries(auditor, reverse("audit_log")) == before <= 8
