"""What a weekly digest says: one per person, from the matters of the person's units and projects (docs/notices.md).

Pure: matters in, title, stored items and plain text out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class MatterKind(StrEnum):
    """The groups of a digest, in the order they are printed."""

    OVERDUE = "overdue"
    MISSING = "missing"
    REPORT_DUE = "report_due"
    RETURNED = "returned"
    DUE_SOON = "due_soon"


LABELS = {
    MatterKind.OVERDUE: "节点逾期",
    MatterKind.MISSING: "报告未报",
    MatterKind.REPORT_DUE: "报告待报",
    MatterKind.RETURNED: "报告被退回",
    MatterKind.DUE_SOON: "节点临期",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing somebody has to act on.

    `ref` names the row (`milestone:12`, `expected:7`). `workdays` counts working days past `due_on`, or working days
    left for `DUE_SOON` and `REPORT_DUE`. `note` is the reviewer's reason of a return, or the earlier periods also
    missing.
    """

    kind: MatterKind
    ref: str
    project_id: int
    project: str
    title: str
    due_on: dt.date
    workdays: int
    note: str = ""

    def item(self) -> dict[str, Any]:
        """As stored in `Notice.items`."""
        return {
            "kind": self.kind.value,
            "ref": self.ref,
            "project_id": self.project_id,
            "project": self.project,
            "title": self.title,
            "due_on": self.due_on.isoformat(),
            "workdays": self.workdays,
            "note": self.note,
        }

    @classmethod
    def of_item(cls, item: dict[str, Any]) -> Matter:
        return cls(
            kind=MatterKind(item["kind"]),
            ref=item["ref"],
            project_id=item["project_id"],
            project=item["project"],
            title=item["title"],
            due_on=dt.date.fromisoformat(item["due_on"]),
            workdays=item["workdays"],
            note=item["note"],
        )

    @property
    def text(self) -> str:
        """One line: project, matter, and how late or how soon."""
        return f"{self.project}：{self.title}（{self._timing()}）" + (f"；{self.note}" if self.note else "")

    def _timing(self) -> str:
        day = f"{self.due_on.month}月{self.due_on.day}日"
        if self.kind in (MatterKind.DUE_SOON, MatterKind.REPORT_DUE):
            word = "到期" if self.kind is MatterKind.DUE_SOON else "截止"
            return f"{day}{word}，" + (f"今日{word}" if self.workdays == 0 else f"还有{self.workdays}个工作日")
        if self.kind is MatterKind.RETURNED and self.workdays == 0:
            return f"{day}截止"
        return f"应于{day}，已逾期{self.workdays}个工作日"


@dataclass(frozen=True, slots=True)
class Group:
    """Matters of one kind, most pressing first."""

    kind: MatterKind
    matters: tuple[Matter, ...]

    @property
    def label(self) -> str:
        return LABELS[self.kind]


def groups(matters: Iterable[Matter]) -> list[Group]:
    """Matters by kind in the printed order: the longest overdue first, of the coming ones the nearest first."""
    unique = {(matter.kind, matter.ref): matter for matter in matters}
    found = []
    for kind in MatterKind:
        of_kind = [matter for matter in unique.values() if matter.kind is kind]
        if of_kind:
            of_kind.sort(key=lambda matter: (matter.due_on, matter.project, matter.ref))
            found.append(Group(kind, tuple(of_kind)))
    return found


def title(period: str, matters: Sequence[Matter], *, word: str = "项目提醒") -> str:
    """`2018年第39周（…）项目提醒：节点逾期3项、报告未报2项`; `period` is the title of the week, or of the period that
    a reminder is about."""
    counts = Counter(matter.kind for matter in matters)
    parts = "、".join(f"{LABELS[kind]}{counts[kind]}项" for kind in MatterKind if counts[kind])
    return f"{period}{word}：{parts}"


def body(*, name: str, as_of: dt.date, matters: Sequence[Matter], settled: int, is_repeat: bool) -> str:
    """The plain text of a message. `settled` matters were dealt with between issue and sending and are left out."""
    lines = [f"{name}：", ""]
    if is_repeat:
        lines += ["本通知前次发送结果不明，现补发；如已收到同一编号的通知，请忽略本件。", ""]
    lines += [f"截至{as_of.year}年{as_of.month}月{as_of.day}日，下列事项需要办理："]
    for group in groups(matters):
        lines += ["", f"【{group.label}】{len(group.matters)}项"]
        lines += [f"{number}. {matter.text}" for number, matter in enumerate(group.matters, start=1)]
    if settled:
        lines += ["", f"另有{settled}项在本通知生成后已办理，不再列出。"]
    lines += ["", "请登录督进系统办理并签收本通知。"]
    return "\n".join(lines) + "\n"
