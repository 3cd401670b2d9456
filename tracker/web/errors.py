"""Refusals that a person must read. Services raise them; the web turns them into a form error or a page."""

from __future__ import annotations

from typing import Any


class UserError(Exception):
    """The act is refused: `message` says in Chinese where and what to do; `field` names the form field at fault."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    status = 422
    """Of the page that says so, where no form does."""


class Conflict(Exception):
    """Somebody changed the row meanwhile. Both versions are shown; nothing typed is lost."""

    def __init__(self, *, label: str, current: dict[str, Any], submitted: dict[str, Any]) -> None:
        super().__init__(f"{label}已被他人修改")
        self.label = label
        self.current = current
        self.submitted = submitted

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per field for the page: its label, the value now stored and the value typed."""
        return [
            {"label": label, "old": self.current.get(label), "new": value} for label, value in self.submitted.items()
        ]
