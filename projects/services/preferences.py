"""What a person wants to see, kept for the next visit. It is nobody else's matter and leaves no audit row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from projects.models import ColumnChoice, User


def keep_columns(*, page: str, columns: Sequence[str], actor: User, at: dt.datetime) -> None:
    """Remember the columns of a list for this person."""
    ColumnChoice.objects.update_or_create(user=actor, page=page, defaults={"columns": list(columns)})
