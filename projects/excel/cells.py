"""From one cell to one field, by what its column means; each reader remembers the questions it met. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from projects.excel.dates import DateReading, Role, read_date, read_period
from projects.excel.grid import Grid
from projects.excel.headers import Column
from projects.excel.names import split_people, split_units
from projects.excel.readings import Field, Level, Message, Topic
from projects.excel.text import ERRORS, address, clean, column_letters, one_line, shown, squeeze
from projects.excel.values import read_amount, read_percent, read_project_code
from projects.excel.vocabulary import TITLES

_FLAGS: tuple[tuple[str, Level, str], ...] = (
    ("unreadable", "error", "“{text}”不是金额，没有读取。"),
    ("negative", "warning", "金额“{text}”是负数，请核对。"),
    ("range", "warning", "“{text}”是一个范围，按下限读取。"),
    ("approximate", "info", "“{text}”是约数，按所写数字读取。"),
    ("sub_amount", "warning", "“{text}”只写了其中一项，按该项读取，请核对。"),
    ("note", "info", "“{text}”括号里的说明没有计入金额。"),
    ("rounded", "info", "“{text}”小于 1 元的部分已四舍五入。"),
)


class CellReader:
    """Reads the cells of one sheet; collects messages as it goes."""

    def __init__(
        self,
        grid: Grid,
        unit: str | None,
        year: int | None,
        units: Collection[str],
        people: Collection[str],
        aliases: Mapping[str, str],
    ) -> None:
        self.grid, self.unit, self.year = grid, unit, year
        self._units, self._people, self._aliases = units, people, aliases
        self.messages: list[Message] = []
        self._splits: dict[tuple[str, str], Any] = {}

    def say(
        self, level: Level, cell: str | None, text: str, topic: Topic, subject: str = "", guess: str | None = None
    ) -> None:
        self.messages.append(Message(self.grid.name, cell, level, text, topic, subject, guess))

    def reader(self, key: str, column: Column, kind: str) -> Callable[[object, int], Field]:
        """The function that reads the cells of a column, given its kind: amount, start, deadline, people …"""
        letters = column_letters(column.index)
        if kind == "amount":
            unit = column.unit or self.unit
            return lambda raw, row: self._amount(raw, row, column, unit, f"{letters}{row + 1}")
        if kind in ("start", "deadline"):
            role: Role = "start" if kind == "start" else "deadline"
            return lambda raw, row: self._date(raw, row, column, role, f"{letters}{row + 1}")
        plain: dict[str, Callable[[object, str], Field]] = {
            "units": self._names_of_units,
            "people": self._names_of_people,
            "seq": _seq,
            "code": _code,
            "percent": _percent,
        }
        read = plain.get(kind, _line if key in _LINES else _text)
        return lambda raw, row: read(raw, f"{letters}{row + 1}")

    def period(self, raw: object, row: int, column: Column) -> tuple[Field, Field]:
        """Start and finish out of one cell."""
        cell = address(row, column.index)
        start, finish = read_period(raw, self.year)
        if start.question:
            self.say("question", cell, f"{column.header}：{start.question}，请补充。", "date", start.original)
        elif start.value and finish.value is None and isinstance(raw, str) and squeeze(raw):
            self.say(
                "info", cell, f"{column.header}“{clean(raw)}”只写了开始时间，竣工时间留空。", "date", start.original
            )
        return Field(_kept(start), start.original, cell, True), Field(_kept(finish), finish.original, cell, True)

    def _amount(self, raw: object, row: int, column: Column, unit: str | None, cell: str) -> Field:
        place = (row, column.index)
        if raw is None or raw == "":
            if place in self.grid.uncached:
                self.say("error", cell, "公式没有保存结果，请在 Excel 中打开并保存后重新上传。", "amount")
            elif place in self.grid.errors:
                self.say("error", cell, "单元格是公式错误，按空白处理。", "amount")
            return Field(None, "", cell)
        amount = read_amount(raw, self.grid.formats.get(place, unit) if self.grid.formats else unit)
        for flag, level, text in _FLAGS if amount.flags else ():
            if flag in amount.flags:
                self.say(level, cell, text.format(text=clean(amount.original)), "amount", amount.original)
        value = amount.value
        changed = value is None if amount.original.strip() else False
        if value is not None:
            changed = (
                amount.source == "cell"
                or unit != "万元"
                or bool(amount.flags)
                or (isinstance(raw, str) and clean(raw) != raw)
            )
        return Field(value, amount.original, cell, changed)

    def _date(self, raw: object, row: int, column: Column, role: Role, cell: str) -> Field:
        told = self.grid.formats.get((row, column.index)) if self.grid.formats else None
        key = (role, shown(raw)) if told is None and isinstance(raw, (str, float, int)) else None
        reading = self._splits.get(key) if key else None
        if reading is None:
            reading = read_date(raw, role, self.year, told)
            if key:
                self._splits[key] = reading
        if reading.question:
            self.say("question", cell, f"{column.header}：{reading.question}，请确认。", "date", reading.original)
        elif reading.note:
            self.say("info", cell, f"{column.header}写的是“{reading.note}”，不是日期，留空。", "date", reading.original)
        return Field(_kept(reading), reading.original, cell, reading.precision != "day")

    def _names_of_units(self, raw: object, cell: str) -> Field:
        return self._names(raw, cell, "units", "unit_name")

    def _names_of_people(self, raw: object, cell: str) -> Field:
        return self._names(raw, cell, "people", "person_name")

    def _names(self, raw: object, cell: str, kind: str, topic: Topic) -> Field:
        original = shown(raw)
        key = (kind, original)
        split = self._splits.get(key)
        if split is None:
            split = split_units(raw, self._units) if kind == "units" else split_people(raw, self._people)
            self._splits[key] = split
        answered = [part for name in split.names for part in self._aliases.get(name, name).split("、")]
        names = tuple(dict.fromkeys(answered))
        if split.question and not any(name in self._aliases for name in split.names):
            self.say(
                "question",
                cell,
                f"{split.question}暂按“{'、'.join(names)}”读取。",
                topic,
                original.strip(),
                "、".join(names),
            )
        return Field(names, original, cell, "、".join(names) != clean(original))


_ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_SAYS_NOTHING = ERRORS | {"—", "－", "/", "-", "——"}
_LINES = frozenset(
    [
        "name",
        "nature",
        "annual_class",
        "stage",
        "sector",
        "level",
        "owner",
        "town",
        "grade",
        "investor",
        "fund_source",
        "parent",
        "code",
    ]
)


def _kept(reading: DateReading) -> DateReading | None:
    return reading if reading.value else None


_MARKUP = re.compile(
    r"</?(?:br|p|div|span|b|i|u|font|table|tr|td|strong|a|ul|li)\b[^>]*>|&(?:nbsp|lt|gt|amp|quot);", re.IGNORECASE
)


def _text(raw: object, cell: str) -> Field:
    if raw == "":
        return Field(None, "", cell)
    original = shown(raw)
    value = clean(original)
    if "<" in value or "&" in value:
        value = clean(
            _MARKUP.sub(
                lambda match: _ENTITIES.get(match.group().lower(), "\n" if "br" in match.group() else ""), value
            )
        )
    if value in ERRORS:
        value = ""
    return Field(value or None, original, cell, value != original)


def _line(raw: object, cell: str) -> Field:
    if raw == "":
        return Field(None, "", cell)
    original = shown(raw)
    value = one_line(original)
    if value in _SAYS_NOTHING:
        value = ""
    return Field(value or None, original, cell, value != original)


def _seq(raw: object, cell: str) -> Field:
    original = clean(shown(raw))
    return Field(original or None, original, cell)


def _code(raw: object, cell: str) -> Field:
    original = clean(shown(raw))
    code = read_project_code(raw)
    return Field(code or original or None, original, cell, bool(code) and code != original)


def _percent(raw: object, cell: str) -> Field:
    original = shown(raw)
    value: Decimal | None = read_percent(raw)
    return Field(value, original, cell, value is not None)


def column_title(key: str | None) -> str:
    """What a canonical column is called on the screen."""
    return TITLES.get(key or "", key or "")
