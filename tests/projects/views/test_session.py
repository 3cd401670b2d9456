"""The door: who comes in, who is turned away, and what the audit log tells of it (docs/trust.md, Accounts)."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects import audit
from projects.models import AuditEntry, User
from tests.conftest import Freeze
from tests.support.addresses import NOBODY
from tests.support.audit_log import entries_since, last_entry, log_full, undone
from tests.support.county import County, moment
from tests.support.web import browser, page_text

PASSWORD = "Shan-Qing-Shui-Xiu-9"
NOW = moment(6, 1, 9)


class TestTheDoor:
    @pytest.fixture
    def user(self, county: County, freeze: Freeze) -> User:
        freeze(NOW)
        county.transport_staff.set_password(PASSWORD)
        county.transport_staff.save()
        audit.record(actor=None, at=NOW, action="tests.begin")
        return county.transport_staff

    def sign_in(self, name: str, password: str) -> HttpResponse:
        self.client = Client()
        return self.client.post(reverse("sign_in"), {"username": name, "password": password})

    def test_who_comes_in_and_who_is_turned_away(self, user: User) -> None:
        for name, password, times, entry in (
            (user.username, PASSWORD, 1, "session.sign_in"),
            (user.username, "guess", 8, "session.refuse"),
            (user.username, "guess", 1, "session.refuse"),  # not looked at any more
            ("nobody", "guess", 1, "session.refuse"),
        ):
            for _ in range(times):
                last = last_entry()
                self.sign_in(name, password)
                assert entries_since(last) == (entry,)
        assert [row.data["locked"] for row in AuditEntry.objects.filter(action="session.refuse")][7:] == [
            False,
            True,
            False,
        ]

    def test_nobody_comes_in_or_is_refused_unseen(self, user: User) -> None:
        for password in (PASSWORD, "guess"):
            with undone(), log_full():
                answer = self.sign_in(user.username, password)
                assert answer.status_code == 503
                assert "审计记录暂时写不进去" in page_text(answer)
                assert self.client.get(reverse("home")).url.startswith(reverse("sign_in"))

    def test_a_wrong_present_password(self, user: User) -> None:
        client, last = browser(user), last_entry()
        data = {"old": "guess", "new": "Lu-Ye-Chen-Guang-7", "again": "Lu-Ye-Chen-Guang-7"}
        for _ in range(9):
            answer = client.post(reverse("password_change"), data)
        assert "当前密码输错次数过多" in page_text(answer)
        assert entries_since(last) == ("account.refuse_password",) * 8
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_page_that_no_role_opens(self, user: User, method: str) -> None:
        client, last = browser(user), last_entry()
        assert getattr(client, method)(reverse("grant_list")).status_code == 403
        entry = AuditEntry.objects.get(pk__gt=last)
        assert (entry.action, entry.actor) == ("access.refuse", user)
        assert entry.data == {"path": "/admin/grants/", "method": method.upper()}

    def test_a_strangers_row_leaves_as_little_as_a_missing_one(self, user: User, county: County) -> None:
        """An entry for the one and not for the other would tell them apart by time."""
        client, last = browser(user), last_entry()
        for pk in (county.factory.pk, NOBODY):
            assert client.get(reverse("project", args=[pk])).status_code == 404
        assert entries_since(last) == ()
