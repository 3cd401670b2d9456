"""The audit chain finds every way of bending it (docs/trust.md, Audit chain). Whoever bends it here can switch the
database's own triggers off."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from projects import audit
from projects.models import AuditEntry, AuditHead, User
from tests.support.append_only import suspended
from tests.support.county import CREATED, moment

AT = moment(5, 8)


@pytest.fixture
def rows(db: None) -> list[AuditEntry]:
    actor = User.objects.create_user("lu", name="陆砚秋", created_at=CREATED)
    return [
        audit.record(actor=actor, at=AT, action="tests.act", obj=actor, data={"done": [None, str(number)]})
        for number in range(4)
    ]


def test_an_untouched_chain_is_sound(rows: list[AuditEntry]) -> None:
    found = audit.verify()
    assert (found.rows, found.head, found.fault) == (4, rows[-1].digest, None)


def test_an_empty_chain_is_sound(db: None) -> None:
    assert audit.verify() == audit.Verification(0, audit.GENESIS, None)


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"done": [None, "9"]}},
        {"action": "tests.other"},
        {"actor": None},
        {"at": moment(5, 9)},
        {"object_id": "77"},
        {"object_label": "别人"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_field_names_its_row(rows: list[AuditEntry], change: dict[str, object]) -> None:
    with suspended():
        AuditEntry.objects.filter(pk=rows[1].pk).update(**change)
    assert f"第{rows[1].pk}行内容与摘要不符" in audit.verify().fault


def test_a_removed_row_names_the_next_one(rows: list[AuditEntry]) -> None:
    with suspended():
        rows[1].delete()
    assert f"第{rows[2].pk}行与前一行不相接" in audit.verify().fault


def test_a_cut_tail_is_found_by_the_head(rows: list[AuditEntry]) -> None:
    with suspended():
        AuditEntry.objects.filter(pk=rows[3].pk).delete()
    assert "末尾缺少记录" in audit.verify().fault


def test_a_chain_rewritten_from_the_start_lacks_the_printed_head(rows: list[AuditEntry]) -> None:
    printed = rows[2].digest
    assert audit.verify(expected_head=printed).fault is None
    with suspended():
        AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    audit.record(actor=None, at=AT, action="tests.act")
    assert audit.verify().fault is None
    assert "旧副本" in audit.verify(expected_head=printed).fault


def test_sm3_rows_verify_beside_sha256_rows(rows: list[AuditEntry], settings: object) -> None:
    settings.AUDIT_ALGORITHM = "sm3"
    entry = audit.record(actor=None, at=AT, action="tests.act")
    assert (entry.algorithm, audit.verify().fault) == ("sm3", None)


def test_the_command_prints_the_head(rows: list[AuditEntry], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit", expect_head=rows[0].digest)
    assert rows[-1].digest in capsys.readouterr().out


def test_the_command_fails_on_a_fault_and_on_an_old_copy(rows: list[AuditEntry]) -> None:
    with pytest.raises(CommandError, match="旧副本"):
        call_command("verify_audit", expect_head="f" * 64)
    with suspended():
        AuditEntry.objects.filter(pk=rows[0].pk).update(action="tests.other")
    with pytest.raises(CommandError, match=f"第{rows[0].pk}行"):
        call_command("verify_audit")
