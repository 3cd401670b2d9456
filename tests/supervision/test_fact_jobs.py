"""The jobs that keep the facts up to date: periods, lights, form tokens, the audit chain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from projects import audit
from projects.models import AuditEntry, AuditHead, FormUse, Indicator
from projects.services import forms
from supervision import tasks
from supervision.rules.schedule import JobContext
from tests.support.append_only import suspended
from tests.support.county import County, moment

AT = moment(4, 30, 2)


def _run(job: Callable[[JobContext], str], at: dt.datetime = AT) -> str:
    context = JobContext(as_of=at.date(), at=at, due_at=at, is_made_up=False, progress=lambda done, total: None)
    return job(context)


def test_periods_are_opened_once_and_locked_in_their_time(county: County) -> None:
    assert _run(tasks.open_periods) == "2026-W18、2026-04；新登记应报14份"
    assert _run(tasks.open_periods) == "无新报告期；新登记应报0份"
    assert _run(tasks.lock_periods, moment(5, 1, 11)) == "没有到时锁定的报告期"
    assert _run(tasks.lock_periods, moment(5, 1, 12)) == "2026-W18"


def test_lights_are_judged_again(county: County) -> None:
    assert _run(tasks.recompute_lights) == "重算8个项目，0个综合灯有变化"
    assert Indicator.objects.count() == 8


def test_old_form_tokens_are_dropped(county: County) -> None:
    forms.once(token="old", user=county.owner, at=moment(1, 5))
    forms.once(token="new", user=county.owner, at=moment(4, 29))
    assert _run(tasks.forget_form_tokens) == "清理过期表单令牌1个"
    assert FormUse.objects.get().token == "new"


def test_a_sound_chain_is_told_with_its_head(county: County) -> None:
    _run(tasks.open_periods)
    head = AuditHead.objects.get().digest
    assert _run(tasks.verify_audit) == f"审计链完好：2行，链头{head[:16]}"


def test_a_changed_row_fails_the_job_and_is_named(db: None) -> None:
    rows = [audit.record(actor=None, at=AT, action="tests.act", data={"n": number}) for number in range(3)]
    with suspended():
        AuditEntry.objects.filter(pk=rows[1].pk).update(data={"n": 99})
    with pytest.raises(tasks.AuditFault, match=f"第{rows[1].pk}行内容与摘要不符"):
        _run(tasks.verify_audit)
