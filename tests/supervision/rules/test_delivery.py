"""How a notice travels: docs/notices.md, Delivery."""

import datetime as dt

import pytest

from supervision.rules.delivery import LAST_TRY, message_id, next_try, subject

AT = dt.datetime(2018, 9, 17, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (23, 60)])
def test_waits_grow_to_an_hour(failures, minutes):
    assert next_try(failures, AT) == AT + dt.timedelta(minutes=minutes)


def test_after_a_day_of_failures_it_stops():
    assert next_try(LAST_TRY, AT) is None


def test_a_repeat_says_so_in_the_subject():
    assert subject("2018-W38 项目提醒", is_repeat=False) == "2018-W38 项目提醒"
    assert subject("2018-W38 项目提醒", is_repeat=True) == "【补发】2018-W38 项目提醒"


def test_the_message_id_depends_on_the_notice_and_channel_alone():
    def of(**changes):
        key = {
            "kind": "weekly_overdue",
            "period_key": "2018-W38",
            "level": 0,
            "recipient_id": 7,
            "channel": "email",
            "domain": "dujin.local",
        }
        return message_id(**(key | changes))

    assert of() == of()
    assert len({of(), of(recipient_id=8), of(period_key="2018-W39"), of(channel="spool"), of(level=1)}) == 5
    assert of().startswith("<")
    assert of().endswith("@dujin.local>")
