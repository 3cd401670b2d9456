"""Milestones: moved dates are rows with a requester and an approver; completion is claimed and confirmed."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import MilestoneKind, MilestoneWeight, MoveState, Precision
from projects.models import Milestone, MilestoneChange
from projects.services import milestones
from tests.support import county
from tests.support.county import County, moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db
AT = moment(5, 6)
JUNE_END = dt.date(2026, 6, 30)


@pytest.fixture
def qinghe() -> County:
    return county.build()


@pytest.fixture
def roof(qinghe: County) -> Milestone:
    return milestones.add(
        project=qinghe.road,
        title="主桥合龙",
        weight=MilestoneWeight.KEY,
        due_on=JUNE_END,
        precision=Precision.HALF_YEAR,
        due_text="上半年",
        actor=qinghe.office_one,
        at=AT,
    )


def test_a_project_has_one_planned_start(qinghe: County) -> None:
    with pytest.raises(UserError, match="只能有一个"):
        milestones.add(
            project=qinghe.road,
            kind=MilestoneKind.START,
            due_on=dt.date(2024, 10, 1),
            actor=qinghe.office_one,
            at=AT,
        )


def test_the_finish_is_not_before_the_start(qinghe: County) -> None:
    finish = Milestone.objects.get(project=qinghe.expressway, kind=MilestoneKind.FINISH)
    with pytest.raises(UserError, match="不能早于计划开工"):
        milestones.move(
            milestone=finish,
            new_due=dt.date(2026, 3, 31),
            reason="提前",
            actor=qinghe.office_one,
            at=AT,
        )


def test_the_office_alone_moves_a_key_milestone_only_with_a_document(qinghe: County, roof: Milestone) -> None:
    new = dt.date(2026, 8, 31)
    with pytest.raises(UserError, match="依据文号"):
        milestones.move(milestone=roof, new_due=new, reason="汛期", actor=qinghe.office_one, at=AT)
    with pytest.raises(UserError, match="依据文号"):
        milestones.move(
            milestone=roof,
            new_due=new,
            reason="汛期",
            requested_by=qinghe.office_one,
            actor=qinghe.office_one,
            at=AT,
        )
    change = milestones.move(
        milestone=roof, new_due=new, reason="汛期", document_no="青重办〔2026〕5号", actor=qinghe.office_one, at=AT
    )
    assert (change.old_due, change.new_due) == (JUNE_END, new)
    assert (change.old_precision, change.new_precision) == (Precision.HALF_YEAR, Precision.DAY)


def test_at_the_request_of_another_person_no_document_is_needed(qinghe: County, roof: Milestone) -> None:
    change = milestones.move(
        milestone=roof,
        new_due=dt.date(2026, 8, 31),
        reason="汛期",
        requested_by=qinghe.transport_head,
        actor=qinghe.office_one,
        at=AT,
    )
    assert (change.requested_by, change.approved_by) == (qinghe.transport_head, qinghe.office_one)


def test_a_units_request_moves_nothing_until_accepted(qinghe: County, roof: Milestone) -> None:
    new = dt.date(2026, 8, 31)
    request = milestones.request_move(milestone=roof, new_due=new, reason="汛期", actor=qinghe.transport_staff, at=AT)
    assert Milestone.objects.get(pk=roof.pk).due_on == JUNE_END
    with pytest.raises(UserError, match="已有一个待批准"):
        milestones.request_move(milestone=roof, new_due=new, reason="汛期", actor=qinghe.transport_staff, at=AT)
    with pytest.raises(UserError, match="不能批准自己"):
        milestones.decide_move(request=request, accept=True, actor=qinghe.transport_staff, at=AT)
    change = milestones.decide_move(request=request, accept=True, actor=qinghe.office_one, at=AT)
    assert change is not None
    assert Milestone.objects.get(pk=roof.pk).due_on == new
    assert roof.changes.count() == 1
    with pytest.raises(UserError, match="已办理"):
        milestones.decide_move(request=request, accept=False, note="迟", actor=qinghe.office_one, at=AT)


def test_a_refused_request_leaves_no_change(qinghe: County, roof: Milestone) -> None:
    request = milestones.request_move(
        milestone=roof, new_due=dt.date(2026, 8, 31), reason="汛期", actor=qinghe.transport_staff, at=AT
    )
    with pytest.raises(UserError, match="写明理由"):
        milestones.decide_move(request=request, accept=False, actor=qinghe.office_one, at=AT)
    assert milestones.decide_move(request=request, accept=False, note="可控", actor=qinghe.office_one, at=AT) is None
    assert request.state == MoveState.REFUSED
    assert not MilestoneChange.objects.exists()


def test_a_completion_is_claimed_by_one_and_confirmed_by_another(qinghe: County, roof: Milestone) -> None:
    milestones.complete(milestone=roof, percent=60, done_on=None, version=1, actor=qinghe.transport_staff, at=AT)
    with pytest.raises(UserError, match="尚未填报完成"):
        milestones.confirm(milestone=roof, version=None, actor=qinghe.office_one, at=AT)
    done = dt.date(2026, 5, 5)
    milestones.complete(milestone=roof, percent=100, done_on=done, version=2, actor=qinghe.transport_staff, at=AT)
    with pytest.raises(UserError, match="另一人"):
        milestones.confirm(milestone=roof, version=None, actor=qinghe.transport_staff, at=AT)
    milestones.confirm(milestone=roof, version=3, actor=qinghe.office_one, at=AT)
    assert roof.confirmed_by == qinghe.office_one
    with pytest.raises(UserError, match="不能再改时限"):
        milestones.move(milestone=roof, new_due=done, reason="改", document_no="1号", actor=qinghe.office_one, at=AT)


@pytest.mark.parametrize(("percent", "done_on"), [(100, None), (80, dt.date(2026, 5, 5))])
def test_all_done_and_the_day_go_together(
    qinghe: County, roof: Milestone, percent: int, done_on: dt.date | None
) -> None:
    with pytest.raises(UserError, match="完成日期"):
        milestones.complete(
            milestone=roof, percent=percent, done_on=done_on, version=1, actor=qinghe.transport_staff, at=AT
        )


def test_a_voided_milestone_rests(qinghe: County, roof: Milestone) -> None:
    milestones.void(milestone=roof, reason="并入总体工程", version=1, actor=qinghe.office_one, at=AT)
    with pytest.raises(UserError, match="已作废"):
        milestones.move(
            milestone=roof, new_due=dt.date(2026, 8, 1), reason="x", document_no="1号", actor=qinghe.office_one, at=AT
        )
