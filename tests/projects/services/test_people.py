"""Units, roster, accounts, rights: the verbs of `services.people`."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import Board, OfficerKind, Role, UnitKind
from projects.models import AuditEntry, RoleGrant, Unit, UnitOversight
from projects.permissions import Access
from projects.selectors.people import access_of
from projects.services import people
from tests.support import county
from tests.support.county import County, moment
from tracker.web.errors import Conflict, UserError

pytestmark = pytest.mark.django_db
AT = moment(2, 2)
TODAY = dt.date(2026, 2, 2)


@pytest.fixture
def qinghe() -> County:
    return county.build()


def access(user: object, day: dt.date = TODAY) -> Access:
    return access_of(user, day)  # type: ignore[arg-type]


class TestUnits:
    def test_a_unit_gets_its_pinyin_initials_and_an_audit_row(self, qinghe: County) -> None:
        unit = people.create_unit(
            name="柳河镇人民政府",
            kind=UnitKind.TOWNSHIP,
            board=Board.TOWNSHIPS,
            short_name="柳河镇",
            actor=qinghe.office_one,
            at=AT,
        )
        assert unit.initials == "lhzrmzf"
        assert unit.valid_from == TODAY
        entry = AuditEntry.objects.get(action="unit.create")
        assert entry.actor == qinghe.office_one
        assert entry.data["name"] == [None, "柳河镇人民政府"]

    def test_a_name_taken_by_a_unit_or_an_alias_is_refused(self, qinghe: County) -> None:
        for name in ("城关镇人民政府", "交通局"):
            with pytest.raises(UserError) as refusal:
                people.create_unit(
                    name=name, kind=UnitKind.TOWNSHIP, board=Board.TOWNSHIPS, actor=qinghe.office_one, at=AT
                )
            assert refusal.value.field in ("name", None)

    def test_a_renamed_unit_is_still_found_by_its_old_name(self, qinghe: County) -> None:
        people.update_unit(
            unit=qinghe.transport,
            values={"name": "青禾县交通运输管理局"},
            version=1,
            actor=qinghe.office_one,
            at=AT,
        )
        assert qinghe.transport.aliases.filter(alias="青禾县交通运输局").exists()
        assert Unit.objects.get(pk=qinghe.transport.pk).initials == "qhxjtysglj"

    def test_an_edit_of_an_old_version_shows_both_values(self, qinghe: County) -> None:
        people.update_unit(unit=qinghe.park, values={"area": "城东"}, version=1, actor=qinghe.office_one, at=AT)
        stale = Unit.objects.get(pk=qinghe.park.pk)
        with pytest.raises(Conflict) as conflict:
            people.update_unit(unit=stale, values={"area": "城西"}, version=1, actor=qinghe.office_two, at=AT)
        assert conflict.value.current == {"辖区": "城东"}
        assert conflict.value.submitted == {"辖区": "城西"}
        assert Unit.objects.get(pk=qinghe.park.pk).area == "城东"

    def test_saving_the_same_values_writes_nothing(self, qinghe: County) -> None:
        before = AuditEntry.objects.count()
        people.update_unit(unit=qinghe.park, values={"short_name": "经开区"}, version=1, actor=qinghe.office_one, at=AT)
        assert AuditEntry.objects.count() == before
        assert Unit.objects.get(pk=qinghe.park.pk).version == 1

    def test_an_alias_may_not_be_the_name_of_another_unit(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="另一个单位"):
            people.add_unit_alias(unit=qinghe.park, alias="城关镇人民政府", actor=qinghe.office_one, at=AT)


class TestRoster:
    def test_an_officer_and_a_remembered_spelling(self, qinghe: County) -> None:
        officer = people.create_officer(
            name="梁启明", kind=OfficerKind.COUNTY_LEADER, post="人大主任", actor=qinghe.office_one, at=AT
        )
        people.add_officer_alias(officer=officer, alias="梁起明", actor=qinghe.office_one, at=AT)
        assert officer.initials == "lqm"
        with pytest.raises(UserError):
            people.add_officer_alias(officer=qinghe.executive, alias="梁起明", actor=qinghe.office_one, at=AT)

    def test_a_new_field_ends_the_old_one_the_day_before(self, qinghe: County) -> None:
        people.oversee(
            unit=qinghe.park,
            officer=qinghe.vice_transport,
            valid_from=dt.date(2026, 3, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        old, new = UnitOversight.objects.filter(unit=qinghe.park).order_by("valid_from")
        assert (old.officer, old.valid_to) == (qinghe.executive, dt.date(2026, 2, 28))
        assert (new.officer, new.valid_to) == (qinghe.vice_transport, None)

    def test_only_a_county_leader_oversees(self, qinghe: County) -> None:
        clerk = people.create_officer(name="许安", kind=OfficerKind.UNIT_OFFICER, actor=qinghe.office_one, at=AT)
        with pytest.raises(UserError, match="不是县级领导"):
            people.oversee(unit=qinghe.park, officer=clerk, valid_from=TODAY, actor=qinghe.office_one, at=AT)


class TestAccounts:
    def test_the_first_password_works_once_and_is_kept_nowhere(self, qinghe: County) -> None:
        account = people.create_account(username="shiqiao01", name="邱禾", actor=qinghe.sysadmin, at=AT)
        assert len(account.password) == 12
        assert account.user.check_password(account.password)
        assert account.user.must_change_password
        assert account.password not in str(AuditEntry.objects.get(action="account.create").data)
        people.change_password(
            user=account.user, old=account.password, new="稻花香里说丰年2026", actor=account.user, at=AT
        )
        assert not account.user.must_change_password
        assert not account.user.check_password(account.password)

    def test_a_new_account_may_do_nothing(self, qinghe: County) -> None:
        account = people.create_account(username="shiqiao01", name="邱禾", actor=qinghe.sysadmin, at=AT)
        assert access(account.user).grants == ()

    @pytest.mark.parametrize(
        ("new", "sentence"),
        [
            ("短密码九个字符呀", "新密码至少10个字符"),
            ("12345678901234", "密码只包含数字"),
            ("password2026", "常见|太普通|至少还要有8个字符"),
            ("青禾县交通运输局2026", "至少还要有8个字符"),
            ("Jiaotong-2026", "至少还要有8个字符"),
            ("qiuhe@1234567", "至少还要有8个字符"),
            ("xx-office-one-xx", "至少还要有8个字符"),
        ],
    )
    def test_weak_passwords_are_refused(self, qinghe: County, new: str, sentence: str) -> None:
        account = people.create_account(
            username="office-one", name="邱禾", unit=qinghe.transport, actor=qinghe.sysadmin, at=AT
        )
        with pytest.raises(UserError, match=sentence):
            people.change_password(user=account.user, old=account.password, new=new, actor=account.user, at=AT)

    def test_nobody_changes_the_password_of_another(self, qinghe: County) -> None:
        account = people.create_account(username="shiqiao01", name="邱禾", actor=qinghe.sysadmin, at=AT)
        with pytest.raises(UserError, match="自己的密码"):
            people.change_password(
                user=account.user, old=account.password, new="稻花香里说丰年2026", actor=qinghe.sysadmin, at=AT
            )

    def test_a_reset_gives_another_one_time_password(self, qinghe: County) -> None:
        password = people.reset_password(user=qinghe.park_staff, actor=qinghe.sysadmin, at=AT)
        qinghe.park_staff.refresh_from_db()
        assert qinghe.park_staff.check_password(password)
        assert qinghe.park_staff.must_change_password

    def test_a_disabled_account_holds_nothing(self, qinghe: County) -> None:
        people.disable_account(user=qinghe.park_staff, reason="调离", version=None, actor=qinghe.sysadmin, at=AT)
        assert access(qinghe.park_staff).grants == ()


class TestRights:
    def test_a_grant_holds_between_its_dates(self, qinghe: County) -> None:
        user = people.create_account(username="shiqiao01", name="邱禾", actor=qinghe.sysadmin, at=AT).user
        people.grant_role(
            user=user,
            role=Role.UNIT_STAFF,
            unit=qinghe.park,
            valid_from=TODAY,
            valid_to=dt.date(2026, 6, 30),
            actor=qinghe.secadmin,
            at=AT,
        )
        assert access(user).roles == {Role.UNIT_STAFF}
        assert access(user, dt.date(2026, 6, 30)).roles == {Role.UNIT_STAFF}
        assert access(user, dt.date(2026, 7, 1)).roles == set()

    def test_administrators_exclude_each_other_and_business(self, qinghe: County) -> None:
        for user, role in (
            (qinghe.sysadmin, Role.AUDIT_ADMIN),
            (qinghe.sysadmin, Role.BUREAU),
            (qinghe.office_one, Role.SECURITY_ADMIN),
        ):
            with pytest.raises(UserError):
                people.grant_role(user=user, role=role, valid_from=TODAY, actor=qinghe.secadmin, at=AT)
        assert not RoleGrant.objects.filter(granted_by=qinghe.secadmin).exists()

    def test_nobody_grants_a_role_to_themselves(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="自己授权"):
            people.grant_role(user=qinghe.secadmin, role=Role.BUREAU, valid_from=TODAY, actor=qinghe.secadmin, at=AT)

    def test_a_unit_role_needs_its_unit_and_a_leader_his_name_on_the_roster(self, qinghe: County) -> None:
        user = people.create_account(username="shiqiao01", name="邱禾", actor=qinghe.sysadmin, at=AT).user
        with pytest.raises(UserError, match="必须指定单位"):
            people.grant_role(user=user, role=Role.UNIT_STAFF, valid_from=TODAY, actor=qinghe.secadmin, at=AT)
        with pytest.raises(UserError, match="名册人员"):
            people.grant_role(user=user, role=Role.VICE_HEAD, valid_from=TODAY, actor=qinghe.secadmin, at=AT)

    def test_an_ended_role_keeps_its_last_day(self, qinghe: County) -> None:
        grant = RoleGrant.objects.get(user=qinghe.park_staff)
        people.end_grant(grant=grant, on=TODAY, actor=qinghe.secadmin, at=AT)
        assert access(qinghe.park_staff).roles == {Role.UNIT_STAFF}
        assert access(qinghe.park_staff, TODAY + dt.timedelta(days=1)).roles == set()
        with pytest.raises(UserError):
            people.end_grant(grant=grant, on=dt.date(2026, 12, 31), actor=qinghe.secadmin, at=AT)

    def test_a_substitute_acts_for_the_principal_only_in_those_days(self, qinghe: County) -> None:
        row = people.substitute(
            principal=qinghe.office_one,
            delegate=qinghe.supervisor,
            reason="外出学习",
            valid_from=TODAY,
            valid_to=dt.date(2026, 2, 10),
            actor=qinghe.secadmin,
            at=AT,
        )
        assert Role.PROJECT_OFFICE in access(qinghe.supervisor).roles
        assert access(qinghe.supervisor).principal_for("projects.edit") == qinghe.office_one.pk
        people.end_substitution(substitution=row, on=dt.date(2026, 2, 5), actor=qinghe.secadmin, at=AT)
        assert Role.PROJECT_OFFICE not in access(qinghe.supervisor, dt.date(2026, 2, 6)).roles

    def test_an_administrator_substitutes_nobody(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="管理员不得代理"):
            people.substitute(
                principal=qinghe.office_one,
                delegate=qinghe.auditor,
                reason="外出",
                valid_from=TODAY,
                valid_to=TODAY,
                actor=qinghe.secadmin,
                at=AT,
            )
