"""State tables: which act is allowed in which state, and where it leads (docs/rules.md, States)."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[tuple[str, str], str]

REPORT: Table = {
    ("draft", "save"): "draft",
    ("returned", "save"): "returned",
    ("submitted", "save"): "submitted",
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "submit"): "submitted",
    ("submitted", "accept"): "accepted",
    ("submitted", "return"): "returned",
    ("accepted", "correct"): "submitted",
    ("accepted", "withdraw"): "draft",
}
PLAN: Table = {
    ("draft", "approve"): "effective",
    ("draft", "reject"): "rejected",
    ("effective", "supersede"): "superseded",
}
SNAPSHOT: Table = {
    ("draft", "take"): "draft",
    ("draft", "publish"): "published",
    ("published", "supersede"): "superseded",
}
IMPORT: Table = {
    ("preview", "answer"): "preview",
    ("preview", "confirm"): "confirmed",
    ("preview", "decline"): "declined",
    ("confirmed", "undo"): "undone",
}


def allowed(table: Table, state: str, action: str) -> bool:
    return (state, action) in table


def after(table: Table, state: str, action: str) -> str:
    """The state that `action` leads to. Raises ValueError when it is not allowed in `state`."""
    try:
        return table[(state, action)]
    except KeyError as error:
        raise ValueError(f"“{state}”状态下不能进行“{action}”。") from error
