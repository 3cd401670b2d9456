"""After-commit announcements of audit entries, so that another app can react without being imported here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects.models.audit import AuditEntry

Handler = Callable[["AuditEntry"], None]

_handlers: dict[str, list[Handler]] = {}


def subscribe(action: str, handler: Handler) -> None:
    """Call `handler` after commit for every entry with this action. Only `apps.py` modules subscribe."""
    handlers = _handlers.setdefault(action, [])
    if handler not in handlers:
        handlers.append(handler)


def publish(entry: AuditEntry) -> None:
    for handler in _handlers.get(entry.action, ()):
        handler(entry)
