"""What a table out looks like before it is written: columns, rows, paper (docs/ledgers.md, Files we write).

Apart from the writer, whose library takes 18 MB that a process should hold only once it has written a workbook.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Tone = Literal["red", "yellow", "blue", "green", "grey", "head"]


@dataclass(frozen=True, slots=True)
class Toned:
    """A text on a coloured ground. The words carry the meaning; the colour only helps to see it from afar."""

    text: str
    tone: Tone


CellValue = str | int | float | Decimal | dt.date | dt.datetime | bool | Toned | None
ColumnKind = Literal["text", "amount", "percent", "date", "number"]


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column to write: heading, kind of its values, width in characters."""

    title: str
    kind: ColumnKind = "text"
    width: float = 14


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """A sheet to write: a title over the whole width, a note line such as "单位：万元", header and rows."""

    name: str
    columns: Sequence[LedgerColumn]
    rows: Iterable[Sequence[CellValue]]
    title: str = ""
    note: str = ""
    paper: Literal["A4", "A3"] = "A4"
    frozen_columns: int = 0
