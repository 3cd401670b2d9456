"""The scheduled jobs of the facts, and the walk along the audit chain."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from projects import audit, tasks
from projects.models import AuditEntry, AuditHead, Indicator
from tests.support.append_only import suspended
from tests.support.county import County, moment

AT = moment(4, 30, 2)


def _run(job, at=AT) -> str:
    return job(as_of=at.date(), at=at, progress=lambda done, total: None)


def test_periods_are_opened_and_locked_and_told(county: County) -> None:
    assert _run(tasks.open_periods) == "开放报告期2026-W18、2026-04，登记应报14项。"
    assert _run(tasks.open_periods) == "登记应报0项。"
    assert _run(tasks.open_periods, moment(5, 1, 13)) == "登记应报0项，锁定2026-W18。"


def test_lights_are_recomputed_and_told(county: County) -> None:
    assert _run(tasks.recompute_lights) == "2026-04-30：重算8个项目的灯，0个变色。"
    assert Indicator.objects.count() == 8


def test_a_sound_chain_is_told_with_its_head(county: County) -> None:
    _run(tasks.open_periods)
    head = AuditHead.objects.get().digest
    assert _run(tasks.verify_audit) == f"审计链完好：2行，链头{head[:12]}。"


@pytest.fixture
def tampered(db: None) -> AuditEntry:
    """The second of three rows was changed by somebody who could switch the triggers off."""
    rows = [audit.record(actor=None, at=AT, action="tests.act", data={"n": number}) for number in range(3)]
    with suspended():
        AuditEntry.objects.filter(pk=rows[1].pk).update(data={"n": 99})
    return rows[1]


def test_a_changed_row_is_named(tampered: AuditEntry) -> None:
    with pytest.raises(tasks.AuditBroken, match=f"第{tampered.pk}行内容与摘要不符"):
        _run(tasks.verify_audit)
    with pytest.raises(CommandError, match=f"第{tampered.pk}行"):
        call_command("verify_audit")


def test_the_command_prints_the_head_and_finds_an_old_copy(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    entry = audit.record(actor=None, at=AT, action="tests.act")
    call_command("verify_audit", expect_head=entry.digest)
    assert entry.digest in capsys.readouterr().out
    with pytest.raises(CommandError, match="旧副本"):
        call_command("verify_audit", expect_head="f" * 64)
