"""How often somebody may guess, and who still comes in meanwhile (docs/adr/0013-throttle.md). Ten thousand guesses with
the real hasher: `make guesses`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import closing
from itertools import chain

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects.models import AuditEntry, SignInTry, User
from projects.services import people
from tests.conftest import Freeze
from tests.support.at_once import at_once
from tests.support.county import CREATED, moment
from tests.support.web import page_text

PASSWORD = "Shan-Qing-Shui-Xiu-9"
DESK, ELSEWHERE = "10.1.0.8", "10.9.0.1"
NOW = moment(3, 2, 9)


@pytest.fixture
def owner(db: None, freeze: Freeze) -> User:
    """An account that has signed in from its desk."""
    freeze(NOW)
    user = _account("hedong")
    assert knock("hedong", PASSWORD, DESK) == 302
    return user


def _account(name: str) -> User:
    return User.objects.create_user(name, PASSWORD, name="钱悦", created_at=CREATED, must_change_password=False)


def answer(name: str, password: str, address: str) -> HttpResponse:
    return Client().post(reverse("sign_in"), {"username": name, "password": password}, REMOTE_ADDR=address)


def knock(name: str, password: str, address: str) -> int:
    return answer(name, password, address).status_code


def strange(number: int) -> str:
    return f"10.{50 + number // 250}.{number % 250}.7"


def test_one_address_gets_eight_guesses_a_quarter_of_an_hour(owner: User, freeze: Freeze) -> None:
    seen = Counter()
    for number in range(180):
        freeze(NOW + dt.timedelta(seconds=20 * number))
        seen[knock("hedong", "guess", DESK)] += 1
    assert seen == {200: 32, 429: 148}, "four quarters of an hour"


def test_all_strangers_together_get_forty_guesses_a_day_and_the_desk_stays_open(owner: User, freeze: Freeze) -> None:
    seen = Counter()
    for number in range(120):
        freeze(NOW + dt.timedelta(minutes=10 * number))
        seen[knock("hedong", "guess", strange(number))] += 1
        assert knock("hedong", PASSWORD, DESK) == 302
    assert seen == {200: 40, 429: 80}
    assert knock("hedong", PASSWORD, strange(5000)) == 429, "the owner, too, where he never was"
    freeze(NOW + dt.timedelta(days=2))
    assert knock("hedong", PASSWORD, strange(5000)) == 302


def test_a_name_that_no_account_has_is_paused_alike(owner: User) -> None:
    def statuses(name: str) -> list[int]:
        return [knock(name, "guess", strange(number)) for number in range(45)]

    assert statuses("hedong") == statuses("nobody")


def test_one_strange_address_gets_a_hundred_guesses_a_day_over_all_names(owner: User) -> None:
    for number in range(20):
        _account(f"u{number}")
    seen = Counter(knock(f"u{number % 20}", "guess", ELSEWHERE) for number in range(140))
    assert seen == {200: 100, 429: 40}
    assert knock("hedong", "guess", DESK) == 200, "other addresses are their own"
    assert knock("u3", PASSWORD, DESK) == 302


def test_colleagues_behind_the_address_that_guesses_come_in(owner: User) -> None:
    _account("hexi")
    assert knock("hexi", PASSWORD, DESK) == 302
    seen = Counter(knock("hedong", "guess", DESK) for _ in range(20))
    assert seen == {200: 8, 429: 12}
    assert knock("hexi", PASSWORD, DESK) == 302


def test_the_right_password_forgets_slips_of_that_desk_alone(owner: User) -> None:
    for _ in range(5):
        knock("hedong", "slip", DESK)
        knock("hedong", "guess", ELSEWHERE)
    assert knock("hedong", PASSWORD, DESK) == 302
    assert set(SignInTry.objects.values_list("address", flat=True)) == {ELSEWHERE}


def test_a_new_password_opens_the_way_from_anywhere(owner: User) -> None:
    for number in range(45):
        knock("hedong", "guess", strange(number))
    password = people.reset_password(user=owner, actor=None, at=NOW)
    assert knock("hedong", password, strange(5000)) == 302


def test_an_address_not_used_for_half_a_year_is_strange_again(owner: User, freeze: Freeze) -> None:
    freeze(NOW + dt.timedelta(days=181))
    for number in range(40):
        knock("hedong", "guess", strange(number))
    assert knock("hedong", PASSWORD, DESK) == 429


def test_neither_the_name_nor_what_was_typed_is_kept(owner: User) -> None:
    knock("Shan-Qing-Shui-Xiu-9", "hedong", DESK)
    kept = SignInTry.objects.get()
    assert "Shan" not in f"{kept.name_key}{kept}"
    assert len(kept.name_key) == 64


@pytest.mark.django_db(transaction=True)
def test_guesses_side_by_side_cannot_slip_between_count_and_check(freeze: Freeze) -> None:
    freeze(NOW)
    _account("hedong")

    def run() -> list[int]:
        with closing(connection):
            return [knock("hedong", "guess", ELSEWHERE) for _ in range(6)]

    seen = list(chain.from_iterable(at_once(*[run] * 8)))
    assert Counter(seen)[200] <= 8
    assert len(seen) == 48


class TestNobodyLearnsWhoHasAnAccount:
    @pytest.fixture
    def cases(self, owner: User) -> list[tuple[str, str]]:
        _account("hexi")
        User.objects.filter(username="hexi").update(is_active=False)
        _account("henan")
        User.objects.filter(username="henan").update(password="!")
        return [("nobody", "guess"), ("hedong", "guess"), ("hexi", PASSWORD), ("hexi", "guess"), ("henan", "guess")]

    def test_text_and_code_are_the_same(self, cases: list[tuple[str, str]]) -> None:
        found = [answer(name, password, ELSEWHERE) for name, password in cases]
        assert {reply.status_code for reply in found} == {200}
        texts = {page_text(reply).replace(name, "") for reply, (name, _) in zip(found, cases, strict=True)}
        assert len(texts) == 1
        assert "账号或密码不正确" in texts.pop()

    def test_each_costs_one_hash_and_as_many_queries(
        self,
        cases: list[tuple[str, str]],
        monkeypatch: pytest.MonkeyPatch,
        django_assert_max_num_queries: object,
    ) -> None:
        hasher = hashers.get_hasher()
        counted: list[str] = []
        encode = type(hasher).encode

        def counting(self: object, password: str, salt: str) -> str:
            counted.append(password)
            return encode(self, password, salt)

        monkeypatch.setattr(type(hasher), "encode", counting)
        hashes, queries = [], []
        for name, password in cases:
            counted.clear()
            with django_assert_max_num_queries(40) as captured:
                knock(name, password, strange(len(hashes)))
            hashes.append(len(counted))
            queries.append(len(captured))
        assert hashes == [1] * len(cases)
        assert max(queries) - min(queries) <= 1, "whether the account knows the address"

    def test_the_log_tells_the_auditor_and_nobody_else(self, cases: list[tuple[str, str]]) -> None:
        for name, password in cases:
            knock(name, password, ELSEWHERE)
        rows = AuditEntry.objects.filter(action="session.refuse")
        assert [row.data["known"] for row in rows] == [False, True, True, True, True]
