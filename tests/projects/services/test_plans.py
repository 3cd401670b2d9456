"""Plan versions: maker and checker, replacement, adoption from a document."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.enums import PlanState
from projects.models import PlanVersion
from projects.services import plans
from projects.services.plans import PlanFigures
from tests.support import county
from tests.support.county import County, moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db
AT = moment(6, 20)
JULY = dt.date(2026, 7, 1)
FIGURES = PlanFigures(annual=Decimal(10000), prior=Decimal(30000))


@pytest.fixture
def qinghe() -> County:
    return county.build()


def propose(qinghe: County, figures: PlanFigures = FIGURES, reason: str = "建设内容调整") -> PlanVersion:
    return plans.propose(
        project=qinghe.road,
        year=2026,
        figures=figures,
        effective_on=JULY,
        reason=reason,
        actor=qinghe.transport_staff,
        at=AT,
    )


def test_a_proposal_changes_nothing_yet(qinghe: County) -> None:
    plan = propose(qinghe)
    assert plan.number == 2
    assert PlanVersion.objects.filter(project=qinghe.road).in_force(JULY).get().number == 1


def test_an_approved_version_replaces_the_old_from_its_day(qinghe: County) -> None:
    plans.approve(plan=propose(qinghe), actor=qinghe.office_one, at=AT)
    rows = PlanVersion.objects.filter(project=qinghe.road)
    assert rows.in_force(JULY - dt.timedelta(days=1)).get().annual == 12000
    assert rows.in_force(JULY).get().annual == 10000
    assert rows.get(number=1).replaced_on == JULY


def test_the_maker_is_not_the_checker(qinghe: County) -> None:
    plan = propose(qinghe)
    for act in (
        lambda: plans.approve(plan=plan, actor=qinghe.transport_staff, at=AT),
        lambda: plans.reject(plan=plan, reason="不同意", actor=qinghe.transport_staff, at=AT),
    ):
        with pytest.raises(UserError, match="另一人"):
            act()
    assert PlanVersion.objects.get(pk=plan.pk).state == PlanState.DRAFT


def test_a_rejected_version_is_settled(qinghe: County) -> None:
    plan = propose(qinghe)
    plans.reject(plan=plan, reason="依据不足", actor=qinghe.office_one, at=AT)
    with pytest.raises(UserError, match="未通过"):
        plans.approve(plan=plan, actor=qinghe.office_two, at=AT)
    assert propose(qinghe).number == 3


def test_one_open_proposal_at_a_time_and_a_reason_for_it(qinghe: County) -> None:
    with pytest.raises(UserError, match="须写明原因"):
        propose(qinghe, reason=" ")
    propose(qinghe)
    with pytest.raises(UserError, match="待审定"):
        propose(qinghe)


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        ([1000] * 11, "12个月"),
        ([1000] * 12, "合计12000万元，与年度计划10000万元不一致"),
        ([-1, 10001] + [0] * 10, "1月计划不能为负数"),
    ],
)
def test_months_must_be_twelve_and_add_up(qinghe: County, months: list[int], sentence: str) -> None:
    figures = PlanFigures(annual=Decimal(10000), months=tuple(Decimal(m) for m in months))
    with pytest.raises(UserError, match=sentence):
        propose(qinghe, figures)


def test_months_rounded_to_the_cent_still_add_up(qinghe: County) -> None:
    months = (Decimal("833.3333"),) * 11 + (Decimal("833.3337"),)
    assert propose(qinghe, PlanFigures(annual=Decimal(10000), months=months)).month_amounts == months


def test_an_issued_document_takes_effect_at_once_and_only_once(qinghe: County) -> None:
    document = {
        "project": qinghe.road,
        "year": 2026,
        "figures": FIGURES,
        "effective_on": JULY,
        "document_no": "青政发〔2026〕9号",
        "actor": qinghe.office_one,
        "at": AT,
    }
    adopted = plans.adopt(**document)
    assert adopted is not None
    assert (adopted.state, adopted.number) == (PlanState.EFFECTIVE, 2)
    assert plans.adopt(**document) is None


def test_an_adoption_needs_its_document_and_the_right_order(qinghe: County) -> None:
    with pytest.raises(UserError, match="依据文号"):
        plans.adopt(
            project=qinghe.road,
            year=2026,
            figures=FIGURES,
            effective_on=JULY,
            document_no="",
            actor=qinghe.office_one,
            at=AT,
        )
    with pytest.raises(UserError, match="不能早于现行第1版"):
        plans.adopt(
            project=qinghe.road,
            year=2026,
            figures=FIGURES,
            effective_on=dt.date(2025, 12, 31),
            document_no="青政发〔2026〕9号",
            actor=qinghe.office_one,
            at=AT,
        )


def test_doubtful_figures_are_told(qinghe: County) -> None:
    figures = PlanFigures(annual=Decimal(90000), months=(Decimal(1000),) * 12)
    assert plans.doubts(qinghe.road, figures) == [
        "分月计划合计12000万元，与年度计划90000万元不一致。",
        "年度计划90000万元大于总投资86400万元，请核对单位。",
    ]
    assert plans.doubts(qinghe.road, FIGURES) == []
