"""The leaders' dashboard: docs/dashboard.md."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import AnnualClass, Stage
from projects.models import Indicator
from projects.rules.colours import Colour
from projects.selectors.people import access_of
from projects.selectors.project_list import light_rows
from projects.services import indicators
from projects.services.policy import set_value
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.selectors import dashboard as read
from supervision.services import snapshots
from tests.supervision.office import open_month, review, submit
from tests.support import county as cast
from tests.support.county import moment

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 21)
LOCKED = moment(9, 9, 18, 30)
DONE = {"road": 9000, "plant": 3000, "factory": 5200, "library": 2500, "solar_school": 900}


@pytest.fixture
def county():
    """August is published; the lights of 21 September are computed."""
    county = cast.build()
    period = open_month("2026-08", moment(9, 3, 18), *(getattr(county, name) for name in DONE))
    for name, done in DONE.items():
        revision = submit(period, getattr(county, name), done, county.park_staff, moment(9, 2))
        review(revision, county.office_one, moment(9, 4))
    draft = snapshots.take(series=Series.MONTHLY, period=period, actor=county.office_one, at=LOCKED)
    snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.bureau, at=LOCKED)
    indicators.recompute(at=moment(9, 21, 2))
    return county


def of(user) -> read.Dashboard:
    return read.dashboard(access_of(user, TODAY), TODAY)


def test_the_county_head_sees_all_lights_and_the_official_sentence(county):
    page = of(county.mayor)
    assert sum(page.colours.values()) == 7, "the package shows through its child"
    # Plans with the airport: 12000+9800+10000+15000+3800+1200+3200 = 55000; done 20600; end of August is 8/12.
    assert page.sentence == (
        "截至2026年8月31日，7个重点项目年度计划投资5.50亿元，累计完成2.06亿元，占年度计划的37.5%，"
        "序时进度66.7%，比序时进度慢29.2个百分点。其中2个项目累计未填，其计划仍在分母中。"
    )
    assert [point.cutoff for point in page.curve] == [dt.date(2026, 8, 31)]
    assert set(page.boards) == {"projects", "units", "leaders"}


def test_the_curve_knows_a_month_from_its_publication(county):
    """August was published on 9 September: the day before, neither the totals nor the curve have it."""
    before = dt.date(2026, 9, 8)
    assert read.year_curve(before) == []
    assert [point.cutoff for point in read.year_curve(dt.date(2026, 9, 9))] == [dt.date(2026, 8, 31)]


def test_the_worst_come_first_with_their_reason(county):
    page = of(county.mayor)
    severities = [line.view.colour.severity for line in page.worst]
    assert severities == sorted(severities, reverse=True)
    assert len(page.worst) <= 5
    assert all(line.view.text for line in page.worst)
    assert "城北污水处理厂二期" in [line.project.name for line in page.worst]


def test_a_vice_head_sees_the_own_field_and_own_projects_but_no_leader_board(county):
    page = of(county.vice)
    assert {line.project.name for line in page.mine} == {"国道青禾过境段改建", "青禾通用机场"}
    assert sum(page.colours.values()) == 3, "assigned ones, and the field's expressway"
    assert set(page.boards) == {"projects", "units"}


@pytest.mark.parametrize(
    ("setting", "vice_sees", "unit_sees"),
    [("none", False, False), ("main_leaders", False, False), ("leaders", True, False), ("county", True, True)],
)
def test_the_leader_board_follows_the_policy(county, setting, vice_sees, unit_sees):
    set_value(
        key="leader_board",
        value=setting,
        effective_on=TODAY,
        reason="县政府常务会议",
        actor=county.bureau,
        at=moment(9, 21, 8),
    )
    policy = read.policy_on(TODAY)
    for user, sees in ((county.vice, vice_sees), (county.transport_staff, unit_sees), (county.supervisor, True)):
        assert read.may_see_board(access_of(user, TODAY), "leaders", policy) is sees
    assert read.may_see_board(access_of(county.mayor, TODAY), "leaders", policy) is (setting != "none")
    assert not read.may_see_board(access_of(county.sysadmin, TODAY), "leaders", policy)


def moves_since(county, **colours):
    """What moved, had the published month shown these lights; None: the project was not on it."""
    snapshot = Snapshot.objects.get()
    published = dict(read.printed_of(snapshot.pk, snapshot.boards_digest).colours)
    for name, colour in colours.items():
        published.pop(getattr(county, name).pk)
        if colour is not None:
            published[getattr(county, name).pk] = Colour(colour)
    return read.light_moves(light_rows(access_of(county.mayor, TODAY), TODAY, read.COUNTED), published)


def ids(moves):
    return {move.project.project_id for move in moves}


def now_as(county, **colours):
    """Today's lights."""
    for name, colour in colours.items():
        row = Indicator.objects.get(project=getattr(county, name))
        Indicator.objects.filter(pk=row.pk).update(colour=colour, detail=row.detail | {"colour": colour})


def test_what_changed_since_the_published_month(county):
    now_as(county, road="yellow", plant="blue", factory="red", library="green", solar_school="grey", airport="red")
    moves = moves_since(
        county, road="green", plant="red", factory="grey", library="purple", solar_school="blue", airport="red"
    )
    worse = [move.project.project_id for move in moves.worse]
    assert {county.factory.pk, county.road.pk, county.solar_school.pk} <= set(worse)
    assert [(move.project.project_id, move.old) for move in moves.better] == [(county.plant.pk, "red")]
    assert [move.project.project_id for move in moves.excused] == [county.library.pk], (
        "out of purple: neither better nor worse"
    )


def test_what_was_not_published_has_not_moved(county):
    now_as(county, road="red")
    assert county.road.pk in ids(moves_since(county, road="green").worse)
    moves = moves_since(county, road=None)
    assert county.road.pk not in ids([*moves.worse, *moves.better, *moves.excused])


def test_the_reason_is_what_decides_and_other_alarms_by_name(county):
    line = next(line for line in of(county.mayor).worst if line.project == county.plant)
    assert line.reason.count("。") <= 2
    assert line.view.text.startswith(line.reason.split("。")[0])


def test_without_a_published_month_there_are_lights_but_no_figures():
    county = cast.build()
    page = read.dashboard(access_of(county.mayor, TODAY), TODAY)
    assert (page.snapshot, page.totals, page.sentence, page.moves) == (None, None, None, None)
    assert (page.boards, page.curve, page.grown) == ({}, [], None)
    assert sum(page.colours.values()) == 7


def test_the_queries_do_not_grow_with_the_projects(county, django_assert_max_num_queries):
    access = access_of(county.mayor, TODAY)
    with django_assert_max_num_queries(9) as few:
        read.dashboard(access, TODAY)
    for number in range(8):
        cast.add_project(
            county.annual_list,
            county.office_one,
            code=f"QH9{number}",
            name=f"乡村道路{number}号",
            annual_class=AnnualClass.CARRY_OVER,
            stage=Stage.BUILDING,
            unit=county.housing,
            leader=county.executive,
            plan=500,
            total=900,
        )
    indicators.recompute(at=moment(9, 21, 3))
    read.printed_of.cache_clear()
    with django_assert_max_num_queries(9) as many:
        read.dashboard(access, TODAY)
    assert len(many) == len(few)
