"""What a fault ends with: counts that must be nought, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """The outcome of one fault. Whatever stands in `lost`, `doubled`, `unmarked` or `errors` makes it a failure."""

    tries: int = 0
    wanted: int = 0
    """How many tries the fault is made of; fewer is a failure too."""
    lost: int = 0
    doubled: int = 0
    repeats: int | None = None
    """Messages sent a second time because nobody saw the end of the first; None where nothing is sent."""
    unmarked: int = 0
    """Repeats that do not say so."""
    errors: list[str] = field(default_factory=list)
    note: str = ""

    def expect(self, holds: bool, error: str) -> None:
        """`error` is counted unless `holds`."""
        if not holds:
            self.errors.append(error)

    @property
    def passed(self) -> bool:
        return self.tries >= self.wanted and not (self.lost or self.doubled or self.unmarked or self.errors)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    title: str
    profile: str
    tally: Tally
    seconds: float

    def cells(self) -> tuple[str, ...]:
        tally = self.tally
        repeats = "" if tally.repeats is None else f"{tally.repeats}, {tally.unmarked} unmarked"
        return (
            self.title,
            self.profile,
            str(tally.tries),
            str(tally.lost),
            str(tally.doubled),
            repeats,
            str(len(tally.errors)),
            f"{self.seconds:.0f}",
            "passed" if tally.passed else "**failed**",
            tally.note,
        )


HEAD = ("fault", "profile", "tries", "lost", "doubled", "repeats", "errors", "s", "", "seen")


def markdown(rows: Sequence[Row]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def text(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(cells[place]) for cells in table) for place in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells[:-1], widths, strict=True)) + f"  {cells[-1]}"
        for cells in table
    )
