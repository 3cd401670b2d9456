"""Ranking snapshots: docs/rules.md, Snapshots."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from projects.models import AuditEntry, Period, PlanVersion, Project
from projects.rules.policy import Policy
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import RankingRow, Snapshot
from supervision.rules.boards import Inputs, boards, canonical
from supervision.selectors import snapshots as read
from supervision.selectors.explanation import explanation
from supervision.services import snapshots
from tests.supervision.office import open_month, review, submit
from tests.support import county as cast
from tests.support.county import moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db

LOCKED = moment(9, 9, 18, 30)
DONE = {"road": 9000, "plant": 4100, "factory": 5200, "library": 2500, "solar_school": 900}


@pytest.fixture
def county():
    return cast.build()


@pytest.fixture
def august(county) -> Period:
    """August: due 3 September, locked 8 September 18:00; five projects reported and accepted in time."""
    period = open_month("2026-08", moment(9, 3, 18), *(getattr(county, name) for name in DONE))
    for name, done in DONE.items():
        revision = submit(period, getattr(county, name), done, county.park_staff, moment(9, 2))
        review(revision, county.office_one, moment(9, 4))
    return period


def take(period: Period, county, at=LOCKED, series=Series.MONTHLY) -> Snapshot:
    return snapshots.take(series=series, period=period, actor=county.office_one, at=at)


def published(period: Period, county) -> Snapshot:
    draft = take(period, county)
    return snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.bureau, at=LOCKED)


def rows_of(snapshot: Snapshot, board: str = "projects") -> dict[str, dict]:
    return {row["name"]: row for group in read.board_view(snapshot, board).groups for row in group["rows"]}


def test_a_draft_holds_three_boards_with_figures_of_the_period(county, august):
    draft = take(august, county)
    road = rows_of(draft)["国道青禾过境段改建"]
    # 12000 for the whole year, end of August: 8000 planned, 9000 done, Q = 1.125.
    assert (road["plan"], road["done"], road["planned"], road["ratio"]) == ("12000", "9000", "8000", "1.125")
    assert rows_of(draft, "units")["经开区"]["projects"] == 2
    assert "陆砚秋" in rows_of(draft, "leaders")
    assert (draft.number, draft.state, draft.policy_version) == (1, "draft", draft.policy_version)
    assert not RankingRow.objects.exists()


def test_the_package_is_not_ranked_beside_its_child(county, august):
    assert "屋顶分布式光伏（打包）" not in rows_of(take(august, county))


def test_a_draft_is_replaced_and_its_version_moves(county, august):
    first = take(august, county)
    second = take(august, county, at=moment(9, 9, 19))
    assert (second.pk, second.version) == (first.pk, first.version + 1)
    assert Snapshot.objects.count() == 1
    with pytest.raises(UserError, match="草稿刚被重新生成"):
        snapshots.publish(snapshot_id=first.pk, version=first.version, actor=county.bureau, at=LOCKED)


def test_nothing_is_published_before_the_lock(county, august):
    draft = take(august, county, at=moment(9, 7))
    with pytest.raises(UserError, match="2026-08尚未锁定"):
        snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.bureau, at=moment(9, 7))


def test_publishing_writes_history_once_and_is_audited(county, august):
    snapshot = published(august, county)
    assert snapshot.state == SnapshotState.PUBLISHED
    assert RankingRow.objects.filter(board=RankingBoard.PROJECTS).count() == len(rows_of(snapshot))
    road = RankingRow.objects.get(subject_id=county.road.pk, board="projects")
    assert road.score == Decimal(rows_of(snapshot)["国道青禾过境段改建"]["score"])
    assert AuditEntry.objects.get(action="snapshots.publish").data == {"boards": snapshot.boards_digest}
    with pytest.raises(UserError, match="只有草稿可以发布"):
        snapshots.publish(snapshot_id=snapshot.pk, version=snapshot.version, actor=county.bureau, at=LOCKED)
    with pytest.raises(UserError, match="已发布；如有差错，请用“更正”"):
        take(august, county)


@pytest.mark.parametrize(
    "change",
    [
        {"boards": "{}"},
        {"facts_digest": "0" * 64},
        {"published_by": None},
        {"state": SnapshotState.DRAFT},
    ],
)
def test_the_database_refuses_to_change_a_published_snapshot(county, august, change):
    snapshot = published(august, county)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(**change)


def test_the_database_refuses_to_delete_a_published_snapshot_or_its_rows(county, august):
    snapshot = published(august, county)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RankingRow.objects.filter(snapshot=snapshot).update(rank=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        snapshot.delete()


def test_a_correction_supersedes_with_a_reason_and_knows_what_is_known_now(county, august):
    old = published(august, county)
    wrong = submit(august, county.road, 7000, county.park_staff, moment(9, 10))
    review(wrong, county.office_one, moment(9, 11))
    with pytest.raises(UserError, match="更正必须写明原因"):
        snapshots.supersede(snapshot_id=old.pk, reason=" ", actor=county.bureau, at=moment(9, 11))
    new = snapshots.supersede(
        snapshot_id=old.pk, reason="国道项目多报2000万元", actor=county.bureau, at=moment(9, 11, 15)
    )
    old.refresh_from_db()
    assert (old.state, old.correction_reason) == (SnapshotState.SUPERSEDED, "国道项目多报2000万元")
    assert (new.number, new.state) == (2, SnapshotState.DRAFT)
    assert rows_of(old)["国道青禾过境段改建"]["done"] == "9000"
    assert rows_of(new)["国道青禾过境段改建"]["done"] == "7000"
    assert json.loads(new.facts)["judged_on"] == "2026-09-08"


def test_what_is_accepted_after_the_lock_enters_the_next_period(county, august):
    late = submit(august, county.plant, 9800, county.park_staff, moment(9, 8, 19))
    review(late, county.office_one, moment(9, 9, 8))
    assert rows_of(take(august, county, at=moment(9, 20)))["城北污水处理厂二期"]["done"] == "4100"


def test_taken_early_and_late_it_has_the_same_bytes(county, august):
    first = take(august, county, at=moment(9, 8, 19))
    Project.objects.filter(pk=county.road.pk).update(stage="paused")
    again = take(august, county, at=moment(12, 1))
    assert json.loads(again.facts)["judged_on"] == json.loads(first.facts)["judged_on"]


def test_recomputing_from_the_ledger_gives_the_same_bytes(county, august):
    snapshot = published(august, county)
    assert read.recompute(snapshot) == read.Recomputation(True, True, ())
    after = submit(open_month("2026-09", moment(10, 9, 18), county.road), county.road, 9900, county.park_staff, LOCKED)
    review(after, county.office_one, moment(10, 9))
    Project.objects.filter(pk=county.road.pk).update(name="国道青禾过境段改扩建")
    assert read.recompute(snapshot).is_equal, "later reports and new names change nothing"
    inputs = Inputs.from_json(json.loads(snapshot.facts))
    assert canonical(inputs.to_json()) == snapshot.facts
    policy = Policy.from_rows(snapshot.policy)
    assert canonical(boards(inputs, policy)) == snapshot.boards


def test_a_tampered_ledger_is_named(county, august):
    snapshot = published(august, county)
    PlanVersion.objects.filter(project=county.plant).update(annual=5000)
    result = read.recompute(snapshot)
    assert not result.is_equal
    assert result.differences == ("城北污水处理厂二期：plan不同",)


def test_change_of_rank_against_the_month_before(county, august):
    published(august, county)
    september = open_month("2026-09", moment(10, 9, 18), *(getattr(county, name) for name in DONE))
    for name, done in (DONE | {"plant": 9000, "road": 9000, "factory": 5200}).items():
        review(
            submit(september, getattr(county, name), done, county.park_staff, moment(10, 8)),
            county.office_one,
            moment(10, 9),
        )
    now = take(september, county, at=moment(10, 20))
    before = RankingRow.objects.get(board="projects", subject_id=county.plant.pk)
    plant = rows_of(now)["城北污水处理厂二期"]
    assert (plant["previous_rank"], plant["change"]) == (before.rank, before.rank - plant["rank"])
    assert plant["change"] > 0


def test_a_row_opens_with_parts_and_evidence(county, august):
    snapshot = take(august, county)
    opened = explanation(snapshot, "projects", county.factory.pk)
    parts = {part["code"]: part for part in opened.row["parts"]}
    # March to August of the month plan: 500+800+1200+1500+1500+1500 = 7000; 5200 done.
    assert "进度比0.7429" in parts["Q"]["text"]
    revision = parts["Q"]["evidence"][0]
    assert revision["kind"] == "revision"
    assert revision["id"] == str(august.reports.get(project=county.factory).accepted_id)
    assert parts["Q"]["lever"] == "再完成1800万元可得满分"
    assert explanation(snapshot, "projects", 999999) is None


def test_the_weekly_order_ranks_projects_only(county, august):
    weekly = take(august, county, series=Series.WEEKLY)
    assert read.board_view(weekly, "units").groups == []
    assert rows_of(weekly)["国道青禾过境段改建"]["ratio"] == "1.125"


@pytest.mark.parametrize("board", RankingBoard.values)
def test_the_command_prints_a_computed_board_and_stores_nothing(county, august, board):
    out = io.StringIO()
    call_command("ranking", "--board", board, "--period", "2026-08", "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert (document["board"], document["period"], document["state"]) == (board, "2026-08", "未保存")
    assert document["groups"]
    assert not Snapshot.objects.exists()


def test_the_command_prefers_the_published_snapshot(county, august):
    snapshot = published(august, county)
    out = io.StringIO()
    call_command("ranking", "--board", "projects", "--period", "2026-08", "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert (document["state"], document["boards_digest"]) == ("已发布", snapshot.boards_digest)
    assert document["groups"] == json.loads(snapshot.boards)["projects"]
    text = io.StringIO()
    call_command("ranking", "--board", "projects", "--period", "2026-08", stdout=text)
    assert text.getvalue().startswith("2026年8月 月度排名 项目榜（已发布）")


def test_the_command_refuses_what_it_cannot_print(county):
    with pytest.raises(CommandError, match="格式不对"):
        call_command("ranking", "--board", "projects", "--period", "八月")
    with pytest.raises(CommandError, match="一周一排序只有项目榜"):
        call_command("ranking", "--board", "units", "--period", "2026-W35")
