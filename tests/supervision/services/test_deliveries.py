"""How notices leave the house: docs/notices.md, Delivery."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

import pytest

from projects.models import Milestone
from supervision import channels
from supervision.enums import Channel, DeliveryState, NoticeState
from supervision.models import Delivery
from supervision.services import deliveries
from tests.supervision.office import delivery_of, notice_to, overdue_item
from tests.support import county as cast
from tests.support.county import moment
from tracker.web.errors import UserError

pytestmark = pytest.mark.django_db

EIGHT = moment(9, 7, 8)
HOUR = dt.timedelta(hours=1)


class Postbox:
    """Takes messages, or fails them as told; serves as its own sender."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.errors: list[Exception] = []
        self.opened = 0

    def __enter__(self):
        self.opened += 1
        return self

    def __exit__(self, *ignored) -> None:
        return None

    def send(self, message: Message) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message_from_bytes(message.as_bytes(), policy=policy.default))


@pytest.fixture
def county():
    return cast.build()


@pytest.fixture
def postbox(monkeypatch):
    box = Postbox()
    monkeypatch.setattr(deliveries, "_sender", lambda channel: box)
    return box


@pytest.fixture
def delivery(county) -> Delivery:
    return delivery_of(notice_to(county.transport_staff, items=[overdue_item(county)]))


def sweep(at: dt.datetime = EIGHT, **more) -> deliveries.SweepResult:
    return deliveries.sweep(at=at, worker="w", **more)


def test_a_message_is_sent_once_and_logged(delivery, postbox):
    assert sweep().text == "已送达1件"
    assert sweep(EIGHT + HOUR).text == "没有待发送的通知"
    (message,) = postbox.sent
    assert message["Message-ID"] == delivery.message_id
    assert message["To"] == "钱悦 <qian@example.com>"
    assert message["Subject"] == "2026年第37周（9月7日至9月13日）项目提醒：节点逾期1项"
    assert "国道青禾过境段改建：大桥下部结构完成" in message.get_content()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt, delivery.is_repeat, delivery.next_try_at) == ("sent", 1, False, None)
    (attempt,) = delivery.attempts.all()
    assert (attempt.number, attempt.worker, attempt.outcome, attempt.is_repeat) == (1, "w", "sent", False)


def test_one_connection_serves_a_batch(county, postbox):
    for user in (county.transport_staff, county.transport_head, county.housing_staff):
        delivery_of(notice_to(user, items=[overdue_item(county)]))
    assert sweep().total == 3
    assert postbox.opened == 1


def test_temporary_errors_wait_longer_and_longer(delivery, postbox):
    at = EIGHT
    for minutes in (1, 5, 15, 60, 60):
        postbox.errors = [channels.TemporaryError("邮件服务器答复451：稍后再试")]
        assert sweep(at).text == "待发送1件"
        assert sweep(at + dt.timedelta(minutes=minutes, seconds=-30)).total == 0
        at += dt.timedelta(minutes=minutes, seconds=30)
    delivery.refresh_from_db()
    assert delivery.error == "邮件服务器答复451：稍后再试"
    assert sweep(at).text == "已送达1件"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, delivery.is_repeat) == (DeliveryState.SENT, "", False)
    assert list(delivery.attempts.values_list("outcome", flat=True)) == ["failed"] * 5 + ["sent"]


def test_permanent_errors_stop_are_shown_and_can_be_retried(delivery, postbox):
    postbox.errors = [channels.PermanentError("邮件服务器答复550：没有这个信箱")]
    assert sweep().text == "发送失败1件"
    assert sweep(EIGHT + 30 * HOUR).total == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "邮件服务器答复550：没有这个信箱")
    deliveries.retry(delivery_id=delivery.pk, actor=None, at=EIGHT + HOUR)
    assert sweep(EIGHT + HOUR).text == "已送达1件"
    assert postbox.sent[0]["Subject"].startswith("2026年"), "a known refusal is no repeat"
    with pytest.raises(UserError, match="只有发送失败的通知可以重发"):
        deliveries.retry(delivery_id=delivery.pk, actor=None, at=EIGHT + HOUR)


def test_after_a_day_of_temporary_errors_it_stops(delivery, postbox):
    Delivery.objects.update(failures=23)
    postbox.errors = [channels.TemporaryError("连不上邮件服务器")]
    assert sweep().text == "发送失败1件"


def test_an_unknown_outcome_is_repeated_with_the_same_id_and_the_mark(delivery, postbox):
    postbox.errors = [channels.UnknownOutcome("连接在发送中断开")]
    sweep()
    assert sweep(EIGHT + dt.timedelta(minutes=2)).text == "已送达1件"
    (message,) = postbox.sent
    assert message["Message-ID"] == delivery.message_id
    assert message["Subject"].startswith("【补发】")
    assert "前次发送结果不明" in message.get_content()
    assert message["X-Dujin-Repeat"] == "1"
    delivery.refresh_from_db()
    assert delivery.is_repeat
    assert list(delivery.attempts.values_list("outcome", "is_repeat")) == [("", False), ("sent", True)]


def test_a_message_that_cannot_be_built_does_not_hold_up_the_others(county, postbox, caplog):
    broken = delivery_of(notice_to(county.transport_staff, items=[overdue_item(county)]), address="qian@@county")
    healthy = delivery_of(notice_to(county.housing_staff, items=[overdue_item(county)]))
    assert sweep().total == 2
    broken.refresh_from_db()
    healthy.refresh_from_db()
    assert (broken.state, healthy.state) == (DeliveryState.FAILED, DeliveryState.SENT)
    assert broken.error.startswith("无法生成或发送")


def test_when_nothing_gets_through_the_sweep_leaves_the_rest(county, postbox, monkeypatch):
    monkeypatch.setattr(deliveries, "BATCH", 1)
    for user in (county.transport_staff, county.transport_head, county.housing_staff):
        delivery_of(notice_to(user, items=[overdue_item(county)]))
    postbox.errors = [channels.TemporaryError("连不上邮件服务器")] * 3
    assert sweep().text == "待发送1件"
    assert Delivery.objects.filter(failures=0).count() == 2


def test_what_was_dealt_with_meanwhile_is_cancelled_with_the_reason(delivery, postbox):
    Milestone.objects.filter(title="大桥下部结构完成").update(done_on=dt.date(2026, 9, 5))
    assert sweep().text == "已取消1件"
    assert postbox.sent == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("cancelled", "发送前事项已全部办理")
    assert delivery.notice.state == NoticeState.CANCELLED
    assert delivery.notice.cancel_reason == "发送前事项已全部办理"
    assert not delivery.attempts.exists()


def test_a_message_names_only_what_remains(county, postbox):
    sewage = Milestone.objects.get(title="生化池封顶")
    settled = overdue_item(county) | {"ref": f"milestone:{sewage.pk}", "title": sewage.title, "due_on": "2026-05-31"}
    delivery_of(notice_to(county.transport_staff, items=[overdue_item(county), settled]))
    Milestone.objects.filter(pk=sewage.pk).update(due_on=dt.date(2026, 12, 31))
    sweep()
    text = postbox.sent[0].get_content()
    assert "大桥下部结构完成" in text
    assert "生化池" not in text
    assert "另有1项在本通知生成后已办理" in text


def test_the_lease_keeps_others_off_and_the_fence_keeps_the_former_worker_off(delivery):
    (first,) = deliveries.claim(at=EIGHT, worker="a", size=5)
    assert deliveries.claim(at=EIGHT + dt.timedelta(seconds=119), worker="b", size=5) == []
    (second,) = deliveries.claim(at=EIGHT + dt.timedelta(seconds=121), worker="b", size=5)
    assert (first.attempt, second.attempt) == (1, 2)
    assert not deliveries._begin(first, EIGHT + dt.timedelta(seconds=122))
    assert deliveries._begin(second, EIGHT + dt.timedelta(seconds=122))
    deliveries._finish(first, deliveries._End(DeliveryState.SENT), EIGHT + dt.timedelta(seconds=123))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.worker) == (DeliveryState.SENDING, "b")


def test_a_claim_that_never_began_is_no_repeat(delivery, postbox):
    deliveries.claim(at=EIGHT, worker="killed", size=5)
    sweep(EIGHT + HOUR)
    assert not postbox.sent[0]["Subject"].startswith("【补发】")


def test_one_delivery_by_number(county, postbox):
    wanted = delivery_of(notice_to(county.transport_staff, items=[overdue_item(county)]))
    other = delivery_of(notice_to(county.housing_staff, items=[overdue_item(county)]))
    assert deliveries.deliver(delivery_id=wanted.pk, at=EIGHT, worker="w").total == 1
    assert deliveries.deliver(delivery_id=wanted.pk, at=EIGHT, worker="w").total == 0
    other.refresh_from_db()
    assert other.state == DeliveryState.WAITING


def test_the_spool_holds_one_whole_file_a_message(delivery, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "spool"
    sweep()
    (file,) = settings.SPOOL_DIR.iterdir()
    assert file.name == delivery.message_id[1:33] + ".eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Message-ID"] == delivery.message_id
    assert "大桥下部结构完成" in message.get_content()
    Delivery.objects.update(state=DeliveryState.SENDING, next_try_at=EIGHT, is_repeat=True)
    sweep(EIGHT + HOUR)
    assert [path.name for path in settings.SPOOL_DIR.iterdir()] == [file.name]
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"].startswith("【补发】")


def test_a_spooled_message_names_a_person_without_an_address(county, settings, tmp_path):
    settings.SPOOL_DIR = tmp_path
    delivery_of(notice_to(county.transport_staff, items=[overdue_item(county)]), address="")
    sweep()
    (file,) = tmp_path.iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "钱悦:;"


def test_a_full_disk_is_a_temporary_error(delivery, settings, tmp_path, monkeypatch):
    settings.SPOOL_DIR = tmp_path

    def full(self, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert sweep().text == "待发送1件"
    delivery.refresh_from_db()
    assert delivery.error == "写入待发文件夹失败：No space left on device"


def test_the_channel_follows_the_settings(settings):
    settings.SMTP_HOST = ""
    assert deliveries.channel_in_use() == Channel.SPOOL
    settings.SMTP_HOST = "mail.county"
    assert deliveries.channel_in_use() == Channel.EMAIL


def test_a_clock_that_was_ahead_and_is_put_back_holds_no_message_back(delivery, postbox):
    postbox.errors = [channels.TemporaryError("451")]
    sweep(EIGHT + 40 * 24 * HOUR)
    assert sweep(EIGHT).text == "已送达1件"
