"""August 2026 in the small county: five projects reported, the month locked, the clock a moment later."""

from __future__ import annotations

import pytest

from projects.models import Period
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.services import snapshots
from tests.conftest import Freeze
from tests.supervision.office import open_month, review, submit
from tests.support.county import County, moment

LOCKED = moment(9, 9, 18, 30)
DONE = {"road": 9000, "plant": 4100, "factory": 5200, "library": 2500, "solar_school": 900}


@pytest.fixture
def august(county: County, freeze: Freeze) -> Period:
    period = open_month("2026-08", moment(9, 3, 18), *(getattr(county, name) for name in DONE))
    for name, done in DONE.items():
        revision = submit(period, getattr(county, name), done, county.park_staff, moment(9, 2))
        review(revision, county.office_one, moment(9, 4))
    freeze(LOCKED)
    return period


@pytest.fixture
def draft(county: County, august: Period) -> Snapshot:
    return snapshots.take(series=Series.MONTHLY, period=august, actor=county.office_one, at=LOCKED)


@pytest.fixture
def published(county: County, draft: Snapshot) -> Snapshot:
    return snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.bureau, at=LOCKED)


@pytest.fixture
def september(county: County, published: Snapshot, freeze: Freeze) -> Snapshot:
    """The month after, published too: road and plant have overtaken the factory."""
    period = open_month("2026-09", moment(10, 8, 18), *(getattr(county, name) for name in DONE))
    for name, done in (DONE | {"plant": 7300}).items():
        revision = submit(period, getattr(county, name), done, county.park_staff, moment(10, 6))
        review(revision, county.office_one, moment(10, 7))
    at = freeze(moment(10, 14, 18, 30))
    made = snapshots.take(series=Series.MONTHLY, period=period, actor=county.office_one, at=at)
    return snapshots.publish(snapshot_id=made.pk, version=made.version, actor=county.bureau, at=at)
