"""Master data of projects: the verbs of `services.projects`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.enums import LeaderPart, MilestoneKind, OfficerKind, Stage, UnitPart
from projects.models import AuditEntry, LeaderAssignment, Milestone, Project, ProjectName, StageChange, UnitAssignment
from projects.services import assignments, people, projects
from tests.support import county
from tests.support.county import County, moment
from tracker.web.errors import Conflict, UserError

pytestmark = pytest.mark.django_db
AT = moment(5, 6)


@pytest.fixture
def qinghe() -> County:
    return county.build()


class TestMasterData:
    def test_a_project_gets_the_next_number_of_the_year(self, qinghe: County) -> None:
        first = projects.create(name="柳河大桥", actor=qinghe.office_one, at=AT)
        second = projects.create(name="石桥水厂", actor=qinghe.office_one, at=AT)
        assert (first.code, second.code) == ("2026-0001", "2026-0002")
        assert first.initials == "lhdq"

    def test_names_are_compared_without_their_closing_word(self, qinghe: County) -> None:
        project = projects.create(name="柳河大桥（一期） 建设项目", actor=qinghe.office_one, at=AT)
        assert project.match_name == "柳河大桥(一期)"

    def test_the_audit_row_names_what_was_entered(self, qinghe: County) -> None:
        projects.create(name="柳河大桥", values={"total": Decimal("8600.5000")}, actor=qinghe.office_one, at=AT)
        data = AuditEntry.objects.get(action="project.create").data
        assert data["total"] == [None, "8600.5"]

    def test_a_code_belongs_to_one_project(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="项目编号"):
            projects.create(name="柳河大桥", values={"code": "QH001"}, actor=qinghe.office_one, at=AT)

    def test_an_update_tells_old_and_new(self, qinghe: County) -> None:
        changes = projects.update(
            project=Project.objects.get(pk=qinghe.road.pk),
            values={"total": Decimal(90000), "sector": "交通"},
            version=1,
            actor=qinghe.office_one,
            at=AT,
            tags=["过境", "省重点"],
        )
        assert changes == {"total": ["86400", "90000"], "sector": ["", "交通"], "tags": [[], ["省重点", "过境"]]}

    def test_two_people_editing_meet_at_the_version(self, qinghe: County) -> None:
        mine, theirs = (Project.objects.get(pk=qinghe.road.pk) for _ in range(2))
        projects.update(project=theirs, values={"area": "城北"}, version=1, actor=qinghe.office_two, at=AT)
        with pytest.raises(Conflict) as conflict:
            projects.update(project=mine, values={"area": "城南"}, version=1, actor=qinghe.office_one, at=AT)
        assert conflict.value.current["建设地点"] == "城北"

    def test_a_negative_total_is_refused_in_words(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="总投资不能为负数"):
            projects.update(
                project=qinghe.road, values={"total": Decimal(-1)}, version=1, actor=qinghe.office_one, at=AT
            )

    def test_a_child_needs_a_package(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="不是打包项目"):
            projects.create(name="光伏子项目", values={"parent": qinghe.road}, actor=qinghe.office_one, at=AT)
        with pytest.raises(UserError, match="还有子项目"):
            projects.update(
                project=qinghe.solar, values={"is_package": False}, version=1, actor=qinghe.office_one, at=AT
            )

    def test_a_rename_keeps_the_old_name(self, qinghe: County) -> None:
        projects.rename(project=qinghe.road, name="国道青禾段改建工程", actor=qinghe.office_one, at=AT)
        old = ProjectName.objects.get(project=qinghe.road)
        assert (old.name, old.until) == ("国道青禾过境段改建", dt.date(2026, 5, 6))

    def test_void_and_revive(self, qinghe: County) -> None:
        projects.void(project=qinghe.road, reason="重复录入", version=1, actor=qinghe.office_one, at=AT)
        assert qinghe.road.voided_at == AT
        projects.revive(project=qinghe.road, version=2, actor=qinghe.office_one, at=AT)
        assert Project.objects.get(pk=qinghe.road.pk).voided_at is None


class TestStages:
    def test_a_stage_is_entered_on_a_day(self, qinghe: County) -> None:
        change = projects.set_stage(
            project=qinghe.expressway,
            stage=Stage.STARTED,
            on=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        assert change is not None
        assert (change.old, change.new, change.on) == ("preparation", "started", dt.date(2026, 5, 1))

    def test_the_same_stage_again_is_nothing(self, qinghe: County) -> None:
        before = StageChange.objects.count()
        answer = projects.set_stage(
            project=qinghe.road, stage=Stage.BUILDING, on=dt.date(2026, 5, 1), actor=qinghe.office_one, at=AT
        )
        assert answer is None
        assert StageChange.objects.count() == before

    def test_going_back_needs_a_reason(self, qinghe: County) -> None:
        back = {"project": qinghe.road, "stage": Stage.PREPARATION, "on": dt.date(2026, 5, 1)}
        with pytest.raises(UserError, match="须写明依据"):
            projects.set_stage(**back, actor=qinghe.office_one, at=AT)
        assert projects.set_stage(**back, reason="误登记开工", actor=qinghe.office_one, at=AT) is not None

    @pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.REMOVED, Stage.HANDED_OVER])
    def test_list_states_are_set_by_the_list(self, qinghe: County, stage: Stage) -> None:
        with pytest.raises(UserError, match="年度清单"):
            projects.set_stage(project=qinghe.road, stage=stage, on=dt.date(2026, 5, 1), actor=qinghe.office_one, at=AT)

    def test_no_stage_tomorrow(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="不能晚于今天"):
            projects.set_stage(
                project=qinghe.expressway,
                stage=Stage.STARTED,
                on=dt.date(2026, 5, 7),
                actor=qinghe.office_one,
                at=AT,
            )


class TestStartAndCompletion:
    def test_a_confirmed_start_closes_the_planned_start(self, qinghe: County) -> None:
        on = dt.date(2026, 4, 20)
        projects.confirm_start(project=qinghe.expressway, on=on, actor=qinghe.office_one, at=AT)
        milestone = Milestone.objects.get(project=qinghe.expressway, kind=MilestoneKind.START)
        assert (milestone.done_on, milestone.confirmed_by) == (on, qinghe.office_one)
        assert qinghe.expressway.stage == Stage.STARTED
        with pytest.raises(UserError, match="确认开工"):
            projects.confirm_start(project=qinghe.expressway, on=on, actor=qinghe.office_one, at=AT)

    def test_no_completion_before_the_start(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="尚未确认开工"):
            projects.confirm_completion(
                project=qinghe.expressway, on=dt.date(2026, 5, 1), actor=qinghe.office_one, at=AT
            )
        with pytest.raises(UserError, match="不能早于开工"):
            projects.confirm_completion(project=qinghe.library, on=dt.date(2024, 6, 9), actor=qinghe.office_one, at=AT)

    def test_a_confirmed_completion_sets_the_stage(self, qinghe: County) -> None:
        projects.confirm_completion(project=qinghe.library, on=dt.date(2026, 5, 1), actor=qinghe.office_one, at=AT)
        assert qinghe.library.stage == Stage.FINISHED
        assert StageChange.objects.filter(project=qinghe.library, new=Stage.FINISHED).get().on == dt.date(2026, 5, 1)


class TestInclusion:
    def test_inclusion_clears_the_blocker(self, qinghe: County) -> None:
        row = projects.set_inclusion(
            project=qinghe.road, values={"blocker": "缺施工许可"}, version=None, actor=qinghe.bureau, at=AT
        )
        row = projects.set_inclusion(
            project=qinghe.road,
            values={"included_on": dt.date(2026, 5, 2), "code": "QH-5501"},
            version=row.version,
            actor=qinghe.bureau,
            at=AT,
        )
        assert (row.included_on, row.blocker) == (dt.date(2026, 5, 2), "")


class TestPeople:
    def test_a_new_lead_unit_ends_the_old_one_the_day_before(self, qinghe: County) -> None:
        assignments.assign_unit(
            project=qinghe.plant,
            unit=qinghe.park,
            part=UnitPart.LEAD,
            valid_from=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        old, new = UnitAssignment.objects.filter(project=qinghe.plant).order_by("valid_from")
        assert (old.unit, old.valid_to) == (qinghe.housing, dt.date(2026, 4, 30))
        assert (new.unit, new.valid_to) == (qinghe.park, None)

    def test_a_cooperating_unit_that_takes_the_lead_stops_cooperating(self, qinghe: County) -> None:
        assignments.assign_unit(
            project=qinghe.road,
            unit=qinghe.chengguan,
            part=UnitPart.LEAD,
            valid_from=dt.date(2026, 5, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        open_rows = UnitAssignment.objects.filter(project=qinghe.road, valid_to=None)
        assert [(row.unit, row.part) for row in open_rows] == [(qinghe.chengguan, UnitPart.LEAD)]

    def test_the_same_unit_twice_is_refused(self, qinghe: County) -> None:
        with pytest.raises(UserError, match="已是该项目的责任单位"):
            assignments.assign_unit(
                project=qinghe.plant,
                unit=qinghe.housing,
                part=UnitPart.LEAD,
                valid_from=dt.date(2026, 5, 1),
                actor=qinghe.office_one,
                at=AT,
            )

    def test_leaders_are_county_leaders(self, qinghe: County) -> None:
        clerk = people.create_officer(name="许安", kind=OfficerKind.UNIT_OFFICER, actor=qinghe.office_one, at=AT)
        with pytest.raises(UserError, match="不是县级领导"):
            assignments.assign_leader(
                project=qinghe.plant,
                officer=clerk,
                part=LeaderPart.JOINT,
                valid_from=dt.date(2026, 5, 1),
                actor=qinghe.office_one,
                at=AT,
            )

    def test_a_leader_is_ended_and_replaced(self, qinghe: County) -> None:
        row = LeaderAssignment.objects.get(project=qinghe.plant)
        assignments.end_leader(assignment=row, on=dt.date(2026, 3, 31), actor=qinghe.office_one, at=AT)
        with pytest.raises(UserError, match="已于2026-03-31结束"):
            assignments.end_leader(assignment=row, on=dt.date(2026, 4, 30), actor=qinghe.office_one, at=AT)
        assignments.assign_leader(
            project=qinghe.plant,
            officer=qinghe.executive,
            part=LeaderPart.LEAD,
            valid_from=dt.date(2026, 4, 1),
            actor=qinghe.office_one,
            at=AT,
        )
        assert LeaderAssignment.objects.filter(project=qinghe.plant).valid_on(dt.date(2026, 4, 1)).get() != row
