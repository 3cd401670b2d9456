"""One function per check of a ledger; each gives all its messages at once (docs/ledgers.md, Checks). Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.excel.readings import Message, ProjectRow, decimal_text
from projects.rules.naming import normalise_project_name, one_character_apart

LARGEST_TOTAL = Decimal(5_000_000)
"""500亿元: a county project above it was probably written in another unit."""
SMALLEST_TOTAL = Decimal(10)
"""10万元, in 万元."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A group of consecutive projects that a total may stand for: how many, their total, their annual plan."""

    count: int
    total: Decimal
    plan: Decimal


@dataclass(frozen=True, slots=True)
class Claim:
    """What a total row or a caption claims (None where it says nothing) and the groups it may stand for."""

    sheet: str
    row: int
    caption: str
    count: int | None
    total: Decimal | None
    plan: Decimal | None
    total_cell: str | None
    plan_cell: str | None
    scopes: tuple[Scope, ...]

    def agrees(self, scope: Scope) -> bool:
        return (
            self.count in (None, scope.count) and self.total in (None, scope.total) and self.plan in (None, scope.plan)
        )

    def distance(self, scope: Scope) -> Decimal:
        gap = abs(self.total - scope.total) if self.total is not None else Decimal(0)
        gap += abs(self.plan - scope.plan) if self.plan is not None else 0
        return gap + (abs(self.count - scope.count) if self.count is not None else 0)


def _wan(value: Decimal) -> str:
    return f"{decimal_text(value)} 万元"


def totals(claims: Iterable[Claim]) -> list[Message]:
    """Totals and counts that no plausible group of rows gives: a notice, never an error."""
    messages = []
    for claim in claims:
        if not claim.scopes or any(claim.agrees(scope) for scope in claim.scopes):
            continue
        scope = min(claim.scopes, key=claim.distance)
        for label, stated, found, cell in (
            ("总投资", claim.total, scope.total, claim.total_cell),
            ("年度计划", claim.plan, scope.plan, claim.plan_cell),
        ):
            if stated is not None and stated != found:
                text = f"“{claim.caption}”写的{label}是 {_wan(stated)}，各行相加是 {_wan(found)}。"
                messages.append(Message(claim.sheet, cell, "warning", text, "totals"))
        if claim.count is not None and claim.count != scope.count:
            text = f"“{claim.caption}”写的是 {claim.count} 个项目，读到 {scope.count} 个。"
            messages.append(Message(claim.sheet, f"A{claim.row}", "warning", text, "totals"))
    return messages


def amounts(rows: Iterable[ProjectRow]) -> list[Message]:
    """Amounts that contradict each other or suggest another unit."""
    messages = []
    for row in rows:
        total, plan, done, prior = (row.value(key) for key in ("total", "plan", "done", "prior_done"))

        def say(level: str, key: str, text: str, row: ProjectRow = row) -> None:
            messages.append(Message(row.sheet, row.cell(key), level, text, "consistency", row.name))  # type: ignore[arg-type]

        if total is not None and (total > LARGEST_TOTAL or 0 < total < SMALLEST_TOTAL):
            say("question", "total", f"“{row.name}”总投资 {_wan(total)}，单位是不是写错了？")
        if total is not None and plan is not None and plan > total:
            say(
                "warning",
                "plan",
                f"“{row.name}”年度计划 {_wan(plan)}大于总投资 {_wan(total)}。",
            )
        spent = (done or Decimal(0)) + (prior or Decimal(0))
        if total is not None and spent > total:
            text = f"“{row.name}”累计完成 {_wan(spent)}大于总投资 {_wan(total)}，数字有误？"
            say("question", "done" if done else "prior_done", text)
        if plan is not None and done is not None and done > plan:
            say(
                "info",
                "done",
                f"“{row.name}”累计完成 {_wan(done)}，已超过年度计划 {_wan(plan)}。",
            )
    return messages


_FINISHED = frozenset({"完工", "已完工", "竣工", "竣工验收", "投产", "达产"})


def stages(rows: Iterable[ProjectRow]) -> list[Message]:
    """Projects said to be finished whose plan of the year is not."""
    messages = []
    for row in rows:
        stage, plan, done = row.value("stage"), row.value("plan"), row.value("done")
        if stage in _FINISHED and plan is not None and done is not None and done < plan:
            figures = f"累计完成 {_wan(done)}，年度计划 {_wan(plan)}"
            text = f"“{row.name}”建设阶段是“{stage}”，{figures}，请核对。"
            messages.append(Message(row.sheet, row.cell("stage"), "warning", text, "consistency", row.name))
    return messages


def part_plans(rows: Iterable[ProjectRow]) -> list[Message]:
    """Month or quarter plans that do not add up to the annual plan."""
    messages = []
    for row in rows:
        plan = row.value("plan")
        months: dict[int, Decimal] = row.extra.get("plan_months") or {}
        quarters = [q["plan"] for q in row.extra.get("quarters") or () if q["plan"] is not None]
        for label, parts, whole in (("各月", list(months.values()), 12), ("各季度", quarters, 4)):
            known = [part for part in parts if part is not None]
            if plan is not None and len(known) == whole and sum(known) != plan:
                text = f"“{row.name}”{label}计划相加 {_wan(sum(known, Decimal(0)))}，年度计划是 {_wan(plan)}。"
                messages.append(Message(row.sheet, row.cell("plan"), "warning", text, "consistency", row.name))
    return messages


def duplicates(rows: Iterable[ProjectRow]) -> list[Message]:
    """Project names that occur twice, by the form in which names are compared."""
    seen: dict[str, ProjectRow] = {}
    messages = []
    for row in rows:
        key = normalise_project_name(row.name)
        first = seen.setdefault(key, row)
        if first is not row:
            text = f"“{row.name}”与“{first.sheet}”第 {first.row} 行的“{first.name}”重名。"
            messages.append(Message(row.sheet, row.cell("name"), "warning", text, "duplicate", row.name))
    return messages


def near_people(rows: Sequence[ProjectRow], known: Collection[str], settled: Collection[str]) -> list[Message]:
    """People spelt one character differently from a known or more frequent name: asked, never merged.

    Two-character names differ by one character too often to ask about; `settled` are names already answered.
    """
    where: dict[str, list[ProjectRow]] = defaultdict(list)
    for row in rows:
        for name in row.value("leaders") or ():
            where[name].append(row)
    counts = Counter({name: len(found) for name, found in where.items()})
    messages = []
    for name in counts:
        if name in known or name in settled or len(name) < 3:
            continue
        likely = [
            other
            for other in {*known, *counts}
            if other != name and one_character_apart(name, other) and (other in known or _rarer(name, other, counts))
        ]
        if likely:
            best = max(sorted(likely), key=lambda other: (other in known, counts[other]))
            for row in where[name]:
                text = f"包联领导“{name}”与“{best}”只差一个字，是同一个人吗？"
                messages.append(Message(row.sheet, row.cell("leaders"), "question", text, "person_name", name, best))
    return messages


def _rarer(name: str, other: str, counts: Counter[str]) -> bool:
    return (counts[name], name) < (counts[other], other)
