"""Two snapshots side by side: who won and lost places, who came and who left. Read from the frozen text alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.permissions import Access
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.rules.ordering import changes
from supervision.rules.rows import STATUS_TEXTS
from supervision.selectors.snapshots import board_view
from supervision.selectors.standings import arrow, is_own


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject stood in one snapshot. `figure` is the score, or (weekly) the schedule ratio in percent;
    `words` say why there is no rank."""

    group: str
    label: str
    rank: int | None
    figure: Decimal | None
    words: str

    @property
    def told(self) -> str:
        """The place in words, for who changed the group: 续建第3名."""
        return f"{self.label}第{self.rank}名" if self.rank is not None else f"{self.label}，{self.words}"


@dataclass(frozen=True, slots=True)
class Change:
    """One subject with its place before and now; either is None where it was not listed. `change` and `like_change`
    are places won among all and among those ranked both times."""

    subject_id: int
    name: str
    before: Place | None
    now: Place | None
    is_own: bool
    change: int | None = None
    like_change: int | None = None

    @property
    def gain(self) -> Decimal | None:
        """Points more than before (weekly: percentage points); None across groups, whose formulas differ."""
        if self.change is None or self.before is None or self.now is None:
            return None
        return None if self.before.figure is None or self.now.figure is None else self.now.figure - self.before.figure

    @property
    def change_text(self) -> str:
        return arrow(self.change)

    @property
    def like_text(self) -> str:
        """The like-for-like change, where it tells something else."""
        return "" if self.change is None or self.like_change == self.change else arrow(self.like_change)


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    """A group as ranked now: `rows` are ranked both times, `entered` only now, `left` only before."""

    group: str
    label: str
    rows: list[Change]
    entered: list[Change]
    left: list[Change]

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.entered) + len(self.left)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two snapshots of one series, the older one as `before`."""

    before: Snapshot
    now: Snapshot
    board: str
    groups: list[ComparedGroup]
    unranked: int
    """Subjects without a rank in either."""

    @property
    def is_weekly(self) -> bool:
        return self.now.series == Series.WEEKLY

    @property
    def crosses_years(self) -> bool:
        return self.before.period.year != self.now.period.year

    @property
    def counts(self) -> dict[str, int]:
        """How many rose, fell, stayed, came and left."""
        both = [row.change for group in self.groups for row in group.rows]
        return {
            "up": sum((change or 0) > 0 for change in both),
            "down": sum((change or 0) < 0 for change in both),
            "level": sum(change == 0 for change in both),
            "entered": sum(len(group.entered) for group in self.groups),
            "left": sum(len(group.left) for group in self.groups),
        }


def compared(before_id: int, now_id: int, board: str, access: Access) -> Comparison:
    """Two snapshots the caller has found in `listed`, in either order. One query."""
    rows = Snapshot.objects.select_related("period").in_bulk({before_id, now_id})
    before, now = sorted((rows[before_id], rows[now_id]), key=lambda snapshot: snapshot.cutoff)
    then, today = _Listed.of(before, board), _Listed.of(now, board)
    names = then.names | today.names
    own = {row["id"] for row in (*then.rows, *today.rows) if is_own(row, board, access)}
    labels = {place.group: place.label for listed in (today, then) for place in listed.places.values()}
    groups = [_group(group, label, then, today, names, own) for group, label in labels.items()]
    ranked = {subject for listed in (then, today) for subject, place in listed.places.items() if place.rank is not None}
    return Comparison(
        before=before,
        now=now,
        board=board,
        groups=[group for group in groups if group.rows or group.entered or group.left],
        unranked=len(names.keys() - ranked),
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """One board of one snapshot by subject."""

    rows: list[dict[str, Any]]
    places: dict[int, Place]

    @classmethod
    def of(cls, snapshot: Snapshot, board: str) -> _Listed:
        field, scale = ("ratio", 100) if snapshot.series == Series.WEEKLY else ("score", 1)
        rows, places = [], {}
        for group in board_view(snapshot, board).groups:
            for row in group["rows"]:
                rows.append(row)
                places[row["id"]] = Place(
                    group=group["group"],
                    label=group["label"],
                    rank=row["rank"],
                    figure=None if row[field] is None else Decimal(row[field]) * scale,
                    words=STATUS_TEXTS[row["status"]],
                )
        return cls(rows, places)

    @property
    def names(self) -> dict[int, str]:
        return {row["id"]: row["name"] for row in self.rows}

    def ranks(self, group: str) -> dict[int, int]:
        """The ranked subjects of a group in their order."""
        found = ((subject, place) for subject, place in self.places.items() if place.group == group)
        return {subject: place.rank for subject, place in found if place.rank is not None}


def _group(
    group: str, label: str, then: _Listed, today: _Listed, names: dict[int, str], own: set[int]
) -> ComparedGroup:
    before, now = then.ranks(group), today.ranks(group)
    moved = changes(before, now)

    def line(subject: int) -> Change:
        places = (then.places.get(subject), today.places.get(subject))
        return Change(subject, names[subject], *places, subject in own, *moved.get(subject, (None, None)))

    return ComparedGroup(
        group=group,
        label=label,
        rows=[line(subject) for subject in now if subject in moved],
        entered=[line(subject) for subject in now if subject not in moved],
        left=[line(subject) for subject in before if subject not in moved],
    )
