"""Where a project may go next in its life (docs/rules.md, Stages). Pure: stages are their stored values."""

from __future__ import annotations

MAIN_LINE = (
    "conception",
    "reserve",
    "application",
    "approval",
    "preparation",
    "started",
    "building",
    "finished",
    "acceptance",
    "operation",
    "full_output",
    "settlement",
    "archived",
)
"""谋划 to 归档, in order. Counties skip stages, so any later one may follow."""
LIST_STATES = frozenset({"paused", "removed", "handed_over"})
"""Entered and left only by an adjustment of the annual list."""
_FINAL = frozenset({"archived", "terminated"})


def is_forward(old: str, new: str) -> bool:
    """Both on the main line, and `new` comes later."""
    return old in MAIN_LINE and new in MAIN_LINE and MAIN_LINE.index(new) > MAIN_LINE.index(old)


def is_back(old: str, new: str) -> bool:
    """Both on the main line, and `new` comes earlier: a correction, which needs its reason."""
    return old in MAIN_LINE and new in MAIN_LINE and MAIN_LINE.index(new) < MAIN_LINE.index(old)


def may_enter(old: str, new: str) -> bool:
    """Whether a person may set `new` after `old` at all. Final stages hold; list states belong to the list."""
    if old in _FINAL or new in LIST_STATES:
        return False
    if new == "terminated":
        return True
    return is_forward(old, new) or is_back(old, new)
