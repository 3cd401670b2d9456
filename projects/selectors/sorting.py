"""Sorting rows that are already in hand, with the unknown last in both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Row = TypeVar("Row")


def key_for(value_of: Callable[[Row], Any], *, down: bool) -> Callable[[Row], tuple[Any, ...]]:
    """A sort key by `value_of`; rows without a value come last, whichever way is sorted."""

    def sort_key(row: Row) -> tuple[Any, ...]:
        value = value_of(row)
        if value is None:
            return (1, 0)
        return (0, _Descending(value) if down else value)

    return sort_key


@dataclass(frozen=True, slots=True)
class _Descending:
    value: Any

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.value < self.value)
