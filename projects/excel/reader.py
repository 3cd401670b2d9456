"""From the bytes of a ledger to what it says: the whole of reading, without database or clock (docs/ledgers.md)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from projects.excel import checks, sheets
from projects.excel.cells import CellReader, column_title
from projects.excel.errors import LedgerDeclined
from projects.excel.grid import Grid, load
from projects.excel.headers import Header
from projects.excel.limits import DEFAULT, Limits
from projects.excel.names import cover, people_pieces, plausible_person, unit_pieces
from projects.excel.readings import Declined, LedgerReading, Message, SheetReading, Skipped
from projects.excel.tables import TableReader, says_class
from projects.excel.text import address, clean, column_letters, is_blank, squeeze, tight
from projects.excel.vocabulary import AMOUNTS, annual_class


@dataclass(frozen=True)
class ReadOptions:
    """What the office already knows or has answered; a ledger is read the same way for the same options.

    `unit` and `unit_answers` (sheet to unit) hold only where the file names no unit. `header_answers` maps a header
    text to a canonical column or "ignore"; `name_answers` a unit or person as written to the right name ("甲、乙" for
    two); `cell_answers` (sheet, cell) to the text to read instead of the cell's own.
    """

    unit: str | None = None
    year: int | None = None
    sheet: str | None = None
    known_units: frozenset[str] = frozenset()
    known_people: frozenset[str] = frozenset()
    header_answers: Mapping[str, str] = field(default_factory=dict)
    unit_answers: Mapping[str, str] = field(default_factory=dict)
    name_answers: Mapping[str, str] = field(default_factory=dict)
    cell_answers: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sheet:
    grid: Grid
    header: Header
    title: str
    year: int | None
    unit: str | None


def read_ledger(
    data: bytes, filename: str, options: ReadOptions | None = None, limits: Limits = DEFAULT
) -> LedgerReading:
    """Read a ledger. Raises `LedgerDeclined` (a Chinese reason) when nothing in it can be read; nothing else."""
    options = options or ReadOptions()
    grids = _chosen(load(data, filename, limits), options.sheet)
    messages: list[Message] = []
    declined: list[Declined] = []
    found: list[_Sheet] = []
    for grid in grids:
        grid = _answered(grid, options.cell_answers)
        try:
            header = sheets.table_of(grid, options.header_answers)
        except LedgerDeclined as refusal:
            declined.append(Declined(grid.name, refusal.reason))
            continue
        title = sheets.title_of(grid, header)
        year = options.year or sheets.sheet_year(grid, header, title)
        found.append(_Sheet(grid, header, title, year, sheets.sheet_unit(grid, header)))
    found = _with_year(found, filename, messages)
    units, people = _known_names(found, options)
    classes = any(says_class(sheet.grid, sheet.header, "nature") for sheet in found)
    readings: list[SheetReading] = []
    skipped: list[Skipped] = []
    for sheet in found:
        reading, left, told = _read_sheet(
            sheet, options, units, people, several=len(found) > 1, nature_is_class=classes
        )
        if not reading.projects:
            declined.append(Declined(reading.name, "表头下面没有项目行"))
            continue
        readings.append(reading)
        skipped.extend(left)
        messages.extend(told)
    if not readings:
        raise LedgerDeclined(_nothing_read(declined))
    return _checked(readings, messages, skipped, declined, options)


def _chosen(grids: list[Grid], wanted: str | None) -> list[Grid]:
    if wanted is None:
        return grids
    chosen = [grid for grid in grids if squeeze(grid.name) == squeeze(wanted)]
    if not chosen:
        raise LedgerDeclined(f"文件里没有名为“{wanted}”的工作表，有：{'、'.join(grid.name for grid in grids)}。")
    return chosen


def _answered(grid: Grid, answers: Mapping[tuple[str, str], str]) -> Grid:
    mine = {cell: text for (sheet, cell), text in answers.items() if sheet == grid.name}
    if not mine:
        return grid
    rows = [[mine.get(address(r, c), value) for c, value in enumerate(row)] for r, row in enumerate(grid.rows)]
    return replace(grid, rows=rows)


def _nothing_read(declined: list[Declined]) -> str:
    if len(declined) == 1:
        return f"没有可以导入的项目表：{declined[0].reason}。"
    return "没有可以导入的项目表。" + "；".join(f"“{each.sheet}”：{each.reason}" for each in declined) + "。"


def _with_year(found: list[_Sheet], filename: str, messages: list[Message]) -> list[_Sheet]:
    """Sheets without a year of their own take the workbook's, else the file name's; otherwise the year is asked."""
    years = {sheet.year for sheet in found if sheet.year}
    fallback = next(iter(years)) if len(years) == 1 else sheets.name_year(filename)
    source = "同一文件其他工作表" if len(years) == 1 else "文件名"
    completed = []
    for sheet in found:
        if sheet.year is None:
            if fallback:
                text = f"表中没有写明年度，按{source}的 {fallback} 年读取。"
                messages.append(Message(sheet.grid.name, None, "info", text, "year", guess=str(fallback)))
            else:
                messages.append(
                    Message(sheet.grid.name, None, "question", "表中没有写明年度，这是哪一年的台账？", "year")
                )
            sheet = replace(sheet, year=fallback)
        completed.append(replace(sheet, header=sheets.with_years(sheet.header, sheet.year)))
    return completed


def _known_names(found: list[_Sheet], options: ReadOptions) -> tuple[set[str], set[str]]:
    """Units and people known from the roster and from cells of this file that hold them clearly apart."""
    pieces: set[str] = set()
    people: set[str] = {clean(name) for name in options.known_people}
    for sheet in found:
        for column in sheet.header.columns:
            if column.key not in ("unit", "co_units", "leader"):
                continue
            below = sheet.grid.rows[sheet.header.last + 1 :]
            for raw in {value for row in below if isinstance(value := row[column.index], str)}:
                if column.key == "leader":
                    people.update(_clear_people(raw))
                else:
                    pieces.update(unit_pieces(raw))
    known = {tight(name) for name in options.known_units}
    pieces = {piece for piece in pieces if 3 <= len(piece) <= 40}
    return known | {piece for piece in pieces if not cover(piece, (pieces | known) - {piece})}, people


def _clear_people(raw: str) -> set[str]:
    names: set[str] = set()
    for tokens in people_pieces(raw):
        if all(len(token) == 1 for token in tokens) and len(tokens) <= 3:
            tokens = ("".join(tokens),)
        if all(plausible_person(token) for token in tokens):
            names.update(tokens)
    return names


def _read_sheet(
    sheet: _Sheet,
    options: ReadOptions,
    units: Collection[str],
    people: Collection[str],
    *,
    several: bool,
    nature_is_class: bool,
) -> tuple[SheetReading, tuple[Skipped, ...], list[Message]]:
    grid, header = sheet.grid, sheet.header
    messages: list[Message] = []
    unit, shown_unit = _amount_unit(sheet, options, messages)
    cells = CellReader(grid, unit, sheet.year, units, people, options.name_answers)
    kind = sheets.kind_of(header)
    table = TableReader(
        grid,
        header,
        cells,
        kind,
        sheet.year,
        units=units,
        nature_is_class=nature_is_class,
        sheet_class=annual_class(grid.name),
        sheet_sector=_sector_name(grid.name) if several else None,
    ).read()
    messages += _about_columns(sheet) + _about_layout(sheet) + cells.messages + checks.totals(table.claims)
    reading = SheetReading(grid.name, kind, shown_unit, sheet.year, sheet.title, header.columns, table.projects)
    return reading, table.skipped, messages


def _amount_unit(sheet: _Sheet, options: ReadOptions, messages: list[Message]) -> tuple[str | None, str | None]:
    """The unit for columns that name none themselves, and the unit to show for the sheet; asked when unknown."""
    grid, header = sheet.grid, sheet.header
    columns = [column for column in header.columns if column.key in AMOUNTS]
    bare = [column for column in columns if not column.unit]
    in_brackets = sheets.header_units(header)
    unit = sheet.unit
    if unit is None:
        unit = options.unit_answers.get(grid.name) or options.unit
        if unit is None and bare and len(in_brackets) == 1:
            unit = next(iter(in_brackets))
            names = "、".join(f"“{column.header}”" for column in bare)
            messages.append(
                Message(
                    grid.name,
                    None,
                    "warning",
                    f"{names}没有写单位，按同表其他列的{unit}读取。",
                    "amount_unit",
                    grid.name,
                    unit,
                )
            )
        elif unit is None and any(_bare_number(grid, header, column.index) for column in bare):
            where = column_letters(bare[0].index) + str(header.last + 1)
            text = "没有写明金额单位（万元、亿元或元），请选择；选择之前金额不读取。"
            messages.append(Message(grid.name, where, "question", text, "amount_unit", grid.name))
    if bare or not in_brackets:
        return unit, unit
    return unit, "、".join(sorted(in_brackets))


def _bare_number(grid: Grid, header: Header, column: int) -> bool:
    for row in range(header.last + 1, len(grid.rows)):
        value = grid.value(row, column)
        if isinstance(value, (int, float)) or (isinstance(value, str) and re.fullmatch(r"[\d,.]+", squeeze(value))):
            return True
    return False


_NOT_SECTORS = re.compile(
    r"sheet\d*|表.*|.*(?:表|汇总|明细|清单|台账|附件\d*|其他|其它|总|全部)|\d.*|按.*", re.IGNORECASE
)


def _sector_name(name: str) -> str | None:
    """A sheet's name as sector, for workbooks with one sheet per sector; None when it says something else."""
    text = squeeze(name)
    usable = (
        re.fullmatch(r"[\u4e00-\u9fff]{2,10}", text) and not _NOT_SECTORS.fullmatch(text) and not annual_class(text)
    )
    return text if usable else None


def _about_columns(sheet: _Sheet) -> list[Message]:
    grid, header = sheet.grid, sheet.header
    messages = []
    for column in header.columns:
        cell = address(header.last, column.index)
        if column.key is None and column.guess:
            text = f"“{column.header}”列是不是“{column_title(column.guess)}”？确认之前只保留原文，不导入。"
            messages.append(Message(grid.name, cell, "question", text, "header", column.header, column.guess))
        elif column.key == "plan_other_year":
            text = f"“{column.header}”是 {column.year} 年的计划，不是 {sheet.year} 年的，单独保留。"
            messages.append(Message(grid.name, cell, "warning", text, "header", column.header))
    titled = {column.index for column in header.columns}
    below = grid.rows[header.last + 1 :]
    untitled = (index for index in range(grid.width) if index not in titled)
    stray = [index for index in untitled if any(not is_blank(row[index]) for row in below)]
    if stray:
        letters = "、".join(column_letters(index) for index in stray[:10])
        messages.append(Message(grid.name, None, "warning", f"{letters} 列有内容但没有表头，没有导入。", "layout"))
    return messages


def _about_layout(sheet: _Sheet) -> list[Message]:
    grid, header = sheet.grid, sheet.header
    messages = []
    if grid.hidden:
        messages.append(Message(grid.name, None, "info", "这张工作表是隐藏的，已一并读取。", "layout"))
    rows = sorted(row + 1 for row in grid.hidden_rows if header.last < row < len(grid.rows))
    if rows:
        text = f"有 {len(rows)} 个隐藏行（第 {_listed(rows)} 行），已一并读取。"
        messages.append(Message(grid.name, None, "info", text, "layout"))
    columns = sorted(column.index for column in header.columns if column.index in grid.hidden_columns)
    if columns:
        letters = "、".join(column_letters(index) for index in columns[:10])
        messages.append(Message(grid.name, None, "info", f"有隐藏列（{letters} 列），已一并读取。", "layout"))
    seq = header.column("seq")
    if seq is not None and grid.value(header.last, seq.index) is not None and not _says_seq(grid, header, seq.index):
        messages.append(
            Message(
                grid.name, None, "warning", "表头与数据错开一列（序号在“项目名称”下面），已按右移一列读取。", "layout"
            )
        )
    return messages


def _says_seq(grid: Grid, header: Header, column: int) -> bool:
    texts = [grid.value(row, column) for row in range(header.first, header.last + 1)]
    return not any(isinstance(text, str) and squeeze(text) in ("项目名称", "名称", "工程名称") for text in texts)


def _listed(numbers: list[int]) -> str:
    text = "、".join(str(number) for number in numbers[:8])
    return text + (" 等" if len(numbers) > 8 else "")


def _checked(
    readings: list[SheetReading],
    messages: list[Message],
    skipped: list[Skipped],
    declined: list[Declined],
    options: ReadOptions,
) -> LedgerReading:
    """All checks over all sheets; progress tables repeat a project month by month, so names may recur there."""
    projects = [project for reading in readings for project in reading.projects]
    listed = [project for project in projects if project.kind != "progress"]
    messages += (
        checks.amounts(projects) + checks.stages(projects) + checks.part_plans(projects) + checks.duplicates(listed)
    )
    messages += checks.near_people(projects, options.known_people, options.name_answers)
    return LedgerReading(tuple(readings), tuple(messages), tuple(skipped), tuple(declined))
