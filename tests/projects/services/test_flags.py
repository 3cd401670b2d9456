"""Verification tasks are settled by a person (docs/rules.md, Flags)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.enums import FlagState
from projects.models import AuditEntry, Indicator, VerificationFlag
from projects.selectors.flags import flags_for, flags_of, open_flag_count
from projects.selectors.people import access_of
from projects.services import flags
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tracker.web.errors import UserError

AT = moment(5, 5, 10)


@pytest.fixture
def flag(county: County) -> VerificationFlag:
    """5000 of 12000 in one period: more than 40 %."""
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=AT)
    return VerificationFlag.objects.get()


def test_a_confirmed_figure_stands(county: County, flag: VerificationFlag) -> None:
    flags.settle(flag=flag, state=FlagState.CONFIRMED, note="已看支付凭证", actor=county.supervisor, at=moment(5, 6))
    indicator = Indicator.objects.get(project=county.road)
    assert (indicator.done, indicator.detail["open_flags"]) == (5000, [])


def test_a_lower_verified_figure_counts_at_once(county: County, flag: VerificationFlag) -> None:
    flags.settle(
        flag=flag,
        state=FlagState.CORRECTED,
        note="含往年未付款",
        verified_done=Decimal(4200),
        actor=county.supervisor,
        at=moment(5, 6),
    )
    indicator = Indicator.objects.get(project=county.road)
    assert (indicator.done, indicator.detail["reported_done"]) == (4200, "5000")


def test_who_stands_in_for_the_reporter_cannot_verify_and_a_substitute_is_logged(
    county: County, flag: VerificationFlag
) -> None:
    with pytest.raises(UserError, match="被代理人"):
        flags.settle(
            flag=flag,
            state=FlagState.CONFIRMED,
            note="看过",
            actor=county.office_two,
            acting_for=county.transport_staff,
            at=AT,
        )
    flags.settle(
        flag=flag,
        state=FlagState.CONFIRMED,
        note="看过",
        actor=county.office_two,
        acting_for=county.supervisor,
        at=AT,
    )
    entry = AuditEntry.objects.filter(action="flag.settle").latest("pk")
    assert (entry.actor, entry.acting_for) == (county.office_two, county.supervisor)


@pytest.mark.parametrize(
    ("state", "verified", "field"),
    [
        (FlagState.OPEN, None, "state"),
        (FlagState.CORRECTED, None, "verified_done"),
        (FlagState.CORRECTED, Decimal(-1), "verified_done"),
    ],
)
def test_an_incomplete_answer_is_refused(
    county: County, flag: VerificationFlag, state: FlagState, verified: Decimal | None, field: str
) -> None:
    with pytest.raises(UserError) as refusal:
        flags.settle(flag=flag, state=state, note="看过", verified_done=verified, actor=county.supervisor, at=AT)
    assert refusal.value.field == field


def test_whoever_reported_cannot_verify(county: County, flag: VerificationFlag) -> None:
    with pytest.raises(UserError, match="由另一人核实"):
        flags.settle(flag=flag, state=FlagState.CONFIRMED, note="属实", actor=county.transport_staff, at=AT)


def test_it_is_settled_once(county: County, flag: VerificationFlag) -> None:
    flags.settle(flag=flag, state=FlagState.CONFIRMED, note="属实", actor=county.supervisor, at=AT)
    with pytest.raises(UserError, match="已有人核实"):
        flags.settle(flag=flag, state=FlagState.CONFIRMED, note="属实", actor=county.office_one, at=AT)


def test_the_office_sees_open_tasks_and_a_unit_only_its_own(county: County, flag: VerificationFlag) -> None:
    office, housing = access_of(county.office_one, AT.date()), access_of(county.housing_staff, AT.date())
    assert list(flags_for(office)) == [flag]
    assert open_flag_count(housing) == 0
    flags.settle(flag=flag, state=FlagState.CONFIRMED, note="属实", actor=county.supervisor, at=AT)
    assert open_flag_count(office) == 0
    assert list(flags_for(office, state=None)) == list(flags_of(county.road)) == [flag]
