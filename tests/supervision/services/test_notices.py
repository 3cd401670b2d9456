"""The weekly digest: docs/notices.md."""

from __future__ import annotations

import datetime as dt

import pytest

from projects.enums import Role
from projects.models import AuditEntry, Milestone, Project, User
from supervision.enums import Channel, DeliveryState
from supervision.models import Delivery, Notice
from supervision.services import notices
from tests.supervision.office import open_month, review, submit
from tests.support import county as cast
from tests.support.county import moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 9, 7)
EIGHT = moment(9, 7, 8)
W37 = "2026-W37"


@pytest.fixture
def county():
    return cast.build()


def preview(as_of: dt.date = MONDAY, at: dt.datetime = EIGHT) -> dict[str, list[str]]:
    return {
        digest.recipient.name: [f"{matter.kind}:{matter.title}" for matter in digest.matters]
        for digest in notices.preview(as_of=as_of, at=at, period_key=W37)
    }


def issue(**changes) -> notices.Issued:
    arguments = {"as_of": MONDAY, "at": EIGHT, "period_key": W37, "made_up": False, "actor": None}
    return notices.issue(**(arguments | changes))


def test_staff_and_head_of_the_lead_unit_hear_of_an_overdue_node_and_others_do_not(county):
    found = preview()
    assert found["钱悦"] == found["郭守义"]
    assert "overdue:大桥下部结构完成" in found["钱悦"]
    assert found["丁小满"] == ["overdue:生化池封顶"]
    # 城关镇 only cooperates in the road; nothing of its own is due.
    assert "朱小北" not in found
    assert set(found) == {"钱悦", "郭守义", "丁小满"}


def test_a_planned_start_is_late_only_after_its_month_and_only_while_not_started(county):
    # 青禾至石桥快速通道: planned start 1 April, so 30 April is its last day on time.
    assert "due_soon:计划开工" in preview(as_of=dt.date(2026, 4, 30), at=moment(4, 30, 8))["钱悦"]
    assert "overdue:计划开工" in preview(as_of=dt.date(2026, 5, 1), at=moment(5, 1, 8))["钱悦"]
    Project.objects.filter(pk=county.expressway.pk).update(started_on=dt.date(2026, 5, 6), stage="started")
    assert preview()["钱悦"] == ["overdue:大桥下部结构完成"]


def test_a_suspended_project_is_left_in_peace(county):
    Project.objects.filter(pk=county.plant.pk).update(stage="paused")
    assert "丁小满" not in preview()


def test_nobody_hears_of_finished_void_or_moved_nodes(county):
    Milestone.objects.filter(title="大桥下部结构完成").update(done_on=dt.date(2026, 7, 3), percent=100)
    Milestone.objects.filter(title="生化池封顶").update(void_reason="设计取消")
    found = preview()
    assert "丁小满" not in found
    assert all("大桥" not in line for lines in found.values() for line in lines)


def test_a_node_due_within_seven_working_days_is_named_even_alone(county):
    Milestone.objects.filter(title="生化池封顶").update(due_on=dt.date(2026, 9, 16))
    assert preview()["丁小满"] == ["due_soon:生化池封顶"]
    Milestone.objects.filter(title="生化池封顶").update(due_on=dt.date(2026, 9, 17))
    assert "丁小满" not in preview()


def test_a_node_due_today_is_not_overdue_yet(county):
    Milestone.objects.filter(title="生化池封顶").update(due_on=MONDAY)
    (digest,) = [d for d in notices.preview(as_of=MONDAY, at=EIGHT, period_key=W37) if d.recipient.name == "丁小满"]
    assert [(matter.kind, matter.workdays) for matter in digest.matters] == [("due_soon", 0)]


def test_a_missing_report_is_asked_of_unit_and_owner_once_for_all_months(county):
    open_month("2026-07", moment(8, 5, 18), county.factory)
    open_month("2026-08", moment(9, 4, 18), county.factory)
    found = preview()
    assert found["傅盈仓"] == ["missing:月报2026-08"]
    assert found["范晓峰"] == ["missing:月报2026-08"]
    (digest,) = [d for d in notices.preview(as_of=MONDAY, at=EIGHT, period_key=W37) if d.recipient.name == "傅盈仓"]
    assert digest.matters[0].note == "2026-07也未报"
    assert digest.matters[0].workdays == 1
    assert digest.title == "2026年第37周（9月7日至9月13日）项目提醒：报告未报1项"


def test_a_report_is_not_missing_before_its_due_hour_nor_when_submitted_or_waived(county):
    period = open_month("2026-08", moment(9, 7, 18), county.factory, county.library)
    assert "傅盈仓" not in preview()
    assert preview(at=moment(9, 7, 19), as_of=MONDAY)["傅盈仓"] == ["missing:月报2026-08"]
    submit(period, county.factory, 6000, county.park_staff, moment(9, 7, 18, 30))
    period.expected.filter(project=county.library).update(waived_reason="已竣工")
    after = preview(at=moment(9, 7, 19))
    assert "傅盈仓" not in after
    assert "朱小北" not in after


def test_a_returned_report_is_told_with_its_reason_until_it_is_submitted_again(county):
    period = open_month("2026-08", moment(9, 4, 18), county.factory)
    revision = submit(period, county.factory, 6000, county.park_staff, moment(9, 4, 10))
    review(revision, county.office_one, moment(9, 4, 15), reason="累计投资与上月相同，请核对。")
    (digest,) = [d for d in notices.preview(as_of=MONDAY, at=EIGHT, period_key=W37) if d.recipient.name == "傅盈仓"]
    assert [(matter.kind, matter.note) for matter in digest.matters] == [
        ("returned", "退回原因：累计投资与上月相同，请核对。")
    ]
    submit(period, county.factory, 6100, county.park_staff, moment(9, 7, 7))
    assert "傅盈仓" not in preview()


def test_a_past_monday_knows_nothing_of_later_reports(county):
    period = open_month("2026-08", moment(9, 4, 18), county.factory)
    submit(period, county.factory, 6000, county.park_staff, moment(9, 8, 10))
    assert preview(at=moment(9, 9, 8))["傅盈仓"] == ["missing:月报2026-08"]
    assert "傅盈仓" not in preview(as_of=dt.date(2026, 9, 8), at=moment(9, 9, 8))


def test_disabled_accounts_and_ended_grants_get_nothing(county):
    User.objects.filter(pk=county.transport_staff.pk).update(is_active=False)
    county.transport_head.grants.update(valid_to=dt.date(2026, 9, 6))
    assert set(preview()) & {"钱悦", "郭守义"} == set()


def test_one_person_of_two_units_gets_one_digest(county):
    cast.grant(county.housing_staff, Role.UNIT_STAFF, unit=county.transport)
    issue()
    (notice,) = Notice.objects.filter(recipient=county.housing_staff)
    assert {item["title"] for item in notice.items} >= {"大桥下部结构完成", "生化池封顶"}
    assert notice.unit is None


def test_issue_writes_notice_inbox_and_spool_together(county):
    issued = issue()
    assert issued.created == issued.recipients == Notice.objects.count()
    notice = Notice.objects.get(recipient=county.housing_staff)
    assert notice.unit == county.housing
    assert dict(notice.deliveries.values_list("channel", "state")) == {
        Channel.INBOX: DeliveryState.SENT,
        Channel.SPOOL: DeliveryState.WAITING,
    }
    assert AuditEntry.objects.get(action="notices.issue").data["created"] == issued.created


def test_with_a_mail_server_only_people_with_an_address_get_mail(county, settings):
    settings.SMTP_HOST = "mail.county"
    User.objects.filter(pk=county.housing_staff.pk).update(email="ding@county")
    issue()
    assert Delivery.objects.filter(channel=Channel.EMAIL).values_list("address", flat=True).get() == "ding@county"
    assert not Delivery.objects.filter(channel=Channel.SPOOL).exists()
    assert Delivery.objects.filter(channel=Channel.INBOX).count() == Notice.objects.count()


def test_issuing_again_writes_nothing_and_later_matters_reach_new_people_only(county):
    first = issue()
    assert issue() == notices.Issued(W37, first.recipients, 0)
    open_month("2026-08", moment(9, 4, 18), county.library)
    again = issue(at=moment(9, 7, 9))
    assert again.created == 1
    assert Notice.objects.filter(recipient=county.chengguan_staff).exists()
    assert AuditEntry.objects.filter(action="notices.issue").count() == 2


def test_progress_counts_persons(county):
    seen = []
    issued = issue(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(issued.recipients, issued.recipients)]


def test_the_recipient_signs_once_and_nobody_else_can(county):
    issue()
    notice = Notice.objects.get(recipient=county.housing_staff)
    with pytest.raises(UserError, match="没有找到这份通知"):
        notices.acknowledge(notice_id=notice.pk, actor=county.transport_staff, at=EIGHT)
    signed = notices.acknowledge(notice_id=notice.pk, actor=county.housing_staff, at=moment(9, 7, 10))
    assert (signed.acknowledged_at, signed.read_at) == (moment(9, 7, 10), moment(9, 7, 10))
    again = notices.acknowledge(notice_id=notice.pk, actor=county.housing_staff, at=moment(9, 8, 10))
    assert again.acknowledged_at == moment(9, 7, 10)
    assert AuditEntry.objects.filter(action="notices.acknowledge").count() == 1


def test_reading_is_noted_the_first_time(county):
    issue()
    notice = Notice.objects.get(recipient=county.housing_staff)
    notices.mark_read(notice_id=notice.pk, actor=county.transport_staff, at=moment(9, 7, 9))
    notices.mark_read(notice_id=notice.pk, actor=county.housing_staff, at=moment(9, 7, 10))
    notices.mark_read(notice_id=notice.pk, actor=county.housing_staff, at=moment(9, 7, 11))
    notice.refresh_from_db()
    assert notice.read_at == moment(9, 7, 10)


def test_the_queries_do_not_grow_with_the_projects(county, django_assert_num_queries):
    period = open_month("2026-08", moment(9, 4, 18), *county.projects[:2])
    review(
        submit(period, county.plant, 1, county.housing_staff, moment(9, 3)),
        county.office_one,
        moment(9, 4),
        reason="退",
    )
    with django_assert_num_queries(9):
        preview()
    for number in range(6):
        project = cast.add_project(
            county.annual_list,
            county.office_one,
            code=f"QH9{number}",
            name=f"乡村道路{number}号",
            annual_class="carry_over",
            stage="building",
            unit=county.housing,
            leader=county.executive,
            plan=500,
            total=900,
            finish=dt.date(2026, 8, 1),
        )
        open_month(f"2026-0{number + 1}", moment(9, 4, 18), project)
    with django_assert_num_queries(9):
        preview()
