"""The second factor: which codes count, once each, and who may take it away (docs/adr/0016-second-factor.md)."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from projects.models import AuditEntry, SecondFactor, SignInTry, User
from projects.services import people, second_factor, sessions
from tests.support.at_once import at_once
from tests.support.audit_log import log_full, undone
from tests.support.codes import STEP, code, take, wrong_code
from tests.support.county import CREATED, County, moment
from tracker import clock
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db
PASSWORD = "Shan-Qing-Shui-Xiu-9"
NOW = moment(3, 2, 9)
TAKEN = NOW - dt.timedelta(minutes=2)
DESK = "10.1.0.8"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("hedong", PASSWORD, name="钱悦", created_at=CREATED, must_change_password=False)


@pytest.fixture
def holder(user: User) -> User:
    """Has a second factor since two minutes ago."""
    return take(user, PASSWORD, TAKEN)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def is_taken(user: User, digits: str, at: dt.datetime = NOW) -> bool:
    return second_factor.check(user=user, code=digits, at=at)


def refusal_of(act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as refusal:
        act()
    return refusal.value


class TestCodes:
    @pytest.mark.parametrize(
        ("second", "digits"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
    )
    def test_those_of_the_standard(self, user: User, second: int, digits: str) -> None:
        """RFC 6238, appendix B, the last six digits."""
        key = base64.b32encode(b"12345678901234567890").decode()
        SecondFactor.objects.create(user=user, secret=key, created_at=CREATED, confirmed_at=CREATED)
        assert is_taken(user, digits, dt.datetime.fromtimestamp(second, clock.SHANGHAI))

    def test_a_right_one_counts_once(self, holder: User) -> None:
        digits = code(holder, NOW)
        assert is_taken(holder, digits)
        assert not is_taken(holder, digits)
        assert not is_taken(holder, digits, NOW + STEP), "within its time, but used"
        assert is_taken(holder, code(holder, NOW + STEP), NOW + STEP)

    def test_the_one_that_confirmed_opens_nothing(self, holder: User) -> None:
        assert not is_taken(holder, code(holder, TAKEN), TAKEN)

    def test_a_wrong_one(self, holder: User) -> None:
        assert not is_taken(holder, wrong_code(holder, NOW))
        assert not is_taken(holder, "")
        assert not is_taken(holder, "一二三四五六")

    @pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_clocks_may_differ_by_one_step(self, holder: User, steps: int, counts: bool) -> None:
        assert is_taken(holder, code(holder, NOW + steps * STEP)) is counts

    def test_none_earlier_than_the_last(self, holder: User) -> None:
        assert is_taken(holder, code(holder, NOW + STEP))
        assert not is_taken(holder, code(holder, NOW)), "somebody may have seen it"
        assert not is_taken(holder, code(holder, NOW - STEP))

    def test_none_without_a_confirmed_key(self, user: User) -> None:
        assert not is_taken(user, "000000")
        second_factor.begin(user=user, actor=user, at=NOW)
        assert not is_taken(user, code(user, NOW))

    def test_the_update_takes_it_only_as_it_was_seen(self, holder: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another machine takes the code between this one's look and its update."""
        digits, look = code(holder, NOW), second_factor.active_second_factor_of
        stale = look(holder)
        assert is_taken(holder, digits)
        monkeypatch.setattr(second_factor, "active_second_factor_of", lambda _: stale)
        assert not is_taken(holder, digits)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_comes_in(user: User) -> None:
    holder = take(user, PASSWORD, TAKEN)
    digits = code(holder, NOW)

    def run() -> bool:
        with closing(connection):
            return is_taken(holder, digits)

    assert sorted(at_once(*[run] * 6)) == [False] * 5 + [True]


class TestTakingOne:
    def test_a_begun_key_asks_nothing_and_another_replaces_it(self, user: User) -> None:
        first = second_factor.begin(user=user, actor=user, at=NOW).secret
        assert len(base64.b32decode(first)) >= 20, "as long as the digest of the standard"
        second = second_factor.begin(user=user, actor=user, at=NOW).secret
        assert first != second
        assert SecondFactor.objects.get(user=user).secret == second
        outcome = sessions.try_password(username="hedong", password=PASSWORD, address=DESK, actor=None, at=NOW)
        assert (outcome.user, outcome.needs_code) == (user, False)

    def test_it_counts_from_the_first_right_code_on(self, user: User) -> None:
        second_factor.begin(user=user, actor=user, at=NOW)
        wrong = wrong_code(user, NOW)
        refusal = refusal_of(
            lambda: second_factor.confirm(user=user, password=PASSWORD, code=wrong, actor=user, at=NOW)
        )
        assert (refusal.field, "手机时间" in refusal.message) == ("code", True)
        second_factor.confirm(user=user, password=PASSWORD, code=code(user, NOW), actor=user, at=NOW)
        assert SecondFactor.objects.get(user=user).confirmed_at == NOW
        assert actions() == ["account.begin_second_factor", "account.confirm_second_factor"]
        assert refusal_of(lambda: second_factor.begin(user=user, actor=user, at=NOW))

    def test_not_without_the_password(self, user: User) -> None:
        """An open desk is not enough to lock its owner out."""
        second_factor.begin(user=user, actor=user, at=NOW)
        refusals = [
            refusal_of(
                lambda: second_factor.confirm(user=user, password="guess", code=code(user, NOW), actor=user, at=NOW)
            )
            for _ in range(9)
        ]
        assert {refusal.field for refusal in refusals} == {"password"}
        assert "输错次数过多" in refusals[-1].message
        assert SecondFactor.objects.get(user=user).confirmed_at is None

    def test_only_ones_own(self, user: User, county: County) -> None:
        boss = county.sysadmin
        assert "自己的" in refusal_of(lambda: second_factor.begin(user=user, actor=boss, at=NOW)).message

    def test_what_the_telephone_reads(self, user: User, settings: object) -> None:
        settings.COUNTY_NAME = "青禾县"  # type: ignore[attr-defined]
        factor = second_factor.begin(user=user, actor=user, at=NOW)
        address = second_factor.enrolment_address(factor)
        assert address.startswith("otpauth://totp/%E9%9D%92%E7%A6%BE%E5%8E%BF%E7%9D%A3%E8%BF%9B:hedong?")
        assert f"secret={factor.secret}" in address


class TestGivingItUp:
    def test_with_password_and_code(self, holder: User) -> None:
        second_factor.remove(user=holder, password=PASSWORD, code=code(holder, NOW), actor=holder, at=NOW)
        assert not SecondFactor.objects.exists()
        assert actions()[-1] == "account.remove_second_factor"
        assert not SignInTry.objects.exists()

    def test_neither_alone(self, holder: User) -> None:
        right, wrong = code(holder, NOW), wrong_code(holder, NOW)
        for password, digits, field in (("guess", right, "password"), (PASSWORD, wrong, "code")):
            refusal = refusal_of(
                lambda password=password, digits=digits: second_factor.remove(
                    user=holder, password=password, code=digits, actor=holder, at=NOW
                )
            )
            assert refusal.field == field
        assert actions()[-2:] == ["account.refuse_password", "account.refuse_code"]
        assert SecondFactor.objects.get(user=holder).is_active

    def test_codes_are_guessed_here_as_little_as_at_the_door(self, holder: User) -> None:
        for _ in range(8):
            refusal_of(
                lambda: second_factor.remove(
                    user=holder, password=PASSWORD, code=wrong_code(holder, NOW), actor=holder, at=NOW
                )
            )
        right = code(holder, NOW)
        refusal = refusal_of(
            lambda: second_factor.remove(user=holder, password=PASSWORD, code=right, actor=holder, at=NOW)
        )
        assert "输错次数过多" in refusal.message
        assert SecondFactor.objects.exists()

    def test_an_administrator_lifts_that_of_another(self, holder: User, county: County) -> None:
        second_factor.lift(user=holder, actor=county.sysadmin, at=NOW)
        assert not SecondFactor.objects.exists()
        entry = AuditEntry.objects.get(action="account.lift_second_factor")
        assert (entry.actor, entry.object_label) == (county.sysadmin, "钱悦")
        assert "没有启用" in refusal_of(lambda: second_factor.lift(user=holder, actor=county.sysadmin, at=NOW)).message

    def test_never_their_own(self, holder: User) -> None:
        assert "自己的" in refusal_of(lambda: second_factor.lift(user=holder, actor=holder, at=NOW)).message
        assert SecondFactor.objects.exists()

    def test_whoever_runs_the_machine_helps_the_only_administrator(
        self, holder: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("lift_second_factor", "hedong")
        assert "已解除" in capsys.readouterr().out
        assert AuditEntry.objects.get(action="account.lift_second_factor").actor is None
        for name in ("hedong", "nobody"):
            with pytest.raises(CommandError):
                call_command("lift_second_factor", name)


class TestSessions:
    def test_others_end_when_it_comes_and_when_it_goes(self, user: User, county: County) -> None:
        hashes = [user.get_session_auth_hash()]
        take(user, PASSWORD, TAKEN)
        hashes.append(user.get_session_auth_hash())
        second_factor.lift(user=user, actor=county.sysadmin, at=NOW)
        user.refresh_from_db()
        hashes.append(user.get_session_auth_hash())
        assert len(set(hashes)) == 3

    def test_those_under_a_former_key_know_it_too(self, holder: User, settings: object) -> None:
        old = holder.get_session_auth_hash()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 50  # type: ignore[attr-defined]
        holder.refresh_from_db()
        assert holder.get_session_auth_hash() != old
        assert list(holder.get_session_auth_fallback_hash()) == [old]

    def test_a_new_password_leaves_it_as_it_is(self, holder: User) -> None:
        people.reset_password(user=holder, actor=None, at=NOW)
        assert SecondFactor.objects.get(user=holder).is_active


class TestTheLog:
    def test_never_tells_the_key(self, holder: User) -> None:
        key = SecondFactor.objects.get(user=holder).secret
        second_factor.remove(user=holder, password=PASSWORD, code=code(holder, NOW), actor=holder, at=NOW)
        told = json.dumps(list(AuditEntry.objects.values("action", "object_label", "data")), default=str)
        assert key not in told
        assert key not in repr(SecondFactor(user=holder, secret=key))

    def test_where_it_is_full_nothing_is_done(self, user: User) -> None:
        second_factor.begin(user=user, actor=user, at=TAKEN)
        digits = code(user, TAKEN)
        with undone(), log_full():
            refusal_of(lambda: second_factor.confirm(user=user, password=PASSWORD, code=digits, actor=user, at=TAKEN))
            assert not SecondFactor.objects.get(user=user).is_active
        second_factor.confirm(user=user, password=PASSWORD, code=digits, actor=user, at=TAKEN)
        with undone(), log_full():
            refusal_of(
                lambda: second_factor.remove(user=user, password=PASSWORD, code=code(user, NOW), actor=user, at=NOW)
            )
            assert SecondFactor.objects.get(user=user).is_active


class TestThrottle:
    def test_the_password_alone_forgives_no_try(self, holder: User) -> None:
        for _ in range(4):
            sessions.try_password(username="hedong", password=PASSWORD, address=DESK, actor=None, at=NOW)
            sessions.try_code(user=holder, code=wrong_code(holder, NOW), address=DESK, actor=None, at=NOW)
        outcome = sessions.try_code(user=holder, code=code(holder, NOW), address=DESK, actor=None, at=NOW)
        assert outcome.is_paused
        later = NOW + dt.timedelta(minutes=16)
        assert sessions.try_code(user=holder, code=code(holder, later), address=DESK, actor=None, at=later).user
        assert not SignInTry.objects.filter(at__gt=NOW - dt.timedelta(hours=1)).exists(), "a right code forgives"

    def test_strangers_with_the_password_share_forty_tries_a_day(self, holder: User) -> None:
        looked_at = 0
        for number in range(60):
            address = f"10.50.{number}.7"
            outcome = sessions.try_code(user=holder, code=wrong_code(holder, NOW), address=address, actor=None, at=NOW)
            looked_at += not outcome.is_paused
        assert looked_at == 40
