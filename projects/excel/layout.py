"""What a look into the file finds before its values are read: extent, hidden parts, telling number formats."""

import re
from dataclasses import dataclass, field

_DAY = re.compile(r"d|[日号]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MONTHS = {17: "month", 57: "month", 55: "month"}
"""Built-in formats that show a month without its day (57 and 55 in Chinese Excel)."""


@dataclass(slots=True)
class Layout:
    """One sheet as far as it is known without its values; rows and columns are zero-based."""

    name: str
    rows: int = 0
    columns: int = 0
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose number format says more than the value: "month", "year", "亿元", "万元"."""
    uncached: set[tuple[int, int]] = field(default_factory=set)
    """Formula cells without a stored result."""
    errors: set[tuple[int, int]] = field(default_factory=set)
    """Cells that show an error such as #REF!."""
    merges: int = 0


def telling_format(number: int, code: str) -> str | None:
    """What a number format adds to the value: a date shown without its day, an amount shown with its unit.

    >>> telling_format(164, 'yyyy"年"m"月"'), telling_format(165, '0.00"亿元"'), telling_format(14, "")
    ('month', '亿元', None)
    """
    if number in _MONTHS and not code:
        return _MONTHS[number]
    for unit in ("亿元", "万元"):
        if unit in code:
            return unit
    bare = _QUOTED.sub("", code.split(";")[0])
    if re.search(r"y", bare, re.IGNORECASE) and not _DAY.search(bare) and not re.search(r"[hs]", bare, re.IGNORECASE):
        return "month" if re.search(r"m", bare, re.IGNORECASE) else "year"
    return None
