"""A decision moves the stored light at once, not only in the night."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import Indicator, Project
from projects.services import indicators, plans
from projects.services.plans import PlanFigures
from tests.support.county import County, moment

pytestmark = pytest.mark.django_db


def test_approved_plan_is_judged_after_its_commit(county: County, django_capture_on_commit_callbacks) -> None:
    project: Project = county.road
    at = moment(6, 30)
    indicators.recompute(at=at)
    plan = plans.propose(
        project=project,
        year=2026,
        figures=PlanFigures(annual=Decimal(4321)),
        effective_on=dt.date(2026, 6, 1),
        reason="资金调整",
        actor=county.office_one,
        at=at,
    )
    with django_capture_on_commit_callbacks(execute=True):
        plans.approve(plan=plan, actor=county.bureau, at=at)
    assert Indicator.objects.get(project=project).plan == Decimal(4321)
