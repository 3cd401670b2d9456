"""What each row under a header is: a project, a section, a total, a note … (docs/ledgers.md, Rows). Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from projects.excel.grid import Grid, Value
from projects.excel.headers import Header, normalise_header
from projects.excel.text import clean, is_blank, one_line, shown, squeeze
from projects.excel.vocabulary import AMOUNTS, DATES, annual_class

RowKind = Literal["project", "section", "total", "note", "continuation", "repeated_header", "numbers"]

_TOTAL = re.compile(
    r"(?P<of>.{0,20}?)(?P<word>合计|总计|小计|共计|累计|总共|总数)[:：]?\(?(?:共)?(?P<count>\d+)?(?:个|项|件)?(?:项目)?\)?"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|编制说明|填报人|填表人|填报单位|制表|制表人|审核人?|审核:|联系人|联系电话|单位负责人|统计负责人|负责人签字|"
    r"报送单位|填报日期|填报时间|分管领导签字)[:：]|^注\d|^\*+[^*]*$|^备注$"
)
_SUMMARY = re.compile(r"(?:项目|总数)[^。]{0,8}\d+个.*(?:总投资|其中|[(，,。].*个)|^共\d+个项目")
_NUMBERED = re.compile(
    r"^(?P<mark>[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]?|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.．]?|[①②③④⑤⑥⑦⑧⑨⑩]|——+|第[一二三四五六七八九十]+(?:类|部分|批)[、:：]?)"
)
_ORDINAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.．]?|[①②③④⑤⑥⑦⑧⑨⑩]|——+|[A-Z]")
_COUNT = re.compile(r"[(（\[【]?(?:共|计)?(?P<count>\d+)(?:个|项|件)?(?:项目)?[)）\]】]?$")
_UNIT = re.compile(r"(?:政府|厅|局|委员会|管委会|办公室|集团|集团公司|公司|中心|开发区)$")
_AREA = re.compile(r".{1,6}(?:市|县|区|镇|乡|街道|旗|州)$|.{0,2}[市县区]直$")
_DATED = frozenset({*DATES, "period"})


@dataclass(slots=True)
class Context:
    """The captions a project stands under; a new caption closes those of its depth and below."""

    sectors: list[tuple[int, str]] = field(default_factory=list)
    annual_class: str | None = None
    unit: str | None = None
    area: str | None = None

    def sector(self) -> str | None:
        return "/".join(text for _, text in self.sectors) or None


@dataclass(frozen=True, slots=True)
class Row:
    """One classified row; `index` is zero-based. Captions carry text, depth and the number of projects they claim."""

    index: int
    kind: RowKind
    reason: str = ""
    caption: str = ""
    depth: int = 1
    count: int | None = None


class Rows:
    """Classifies the rows of one table."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid = grid
        self._columns = {column.index: column.key for column in header.columns}
        name = header.column("name")
        seq = header.column("seq")
        self.name = name.index if name else 0
        self.seq = seq.index if seq else None
        self._headings = {normalise_header(c.header): c.index for c in header.columns}
        self._telling = [
            index
            for index, key in self._columns.items()
            if key not in (None, "seq", "name", "remark") and key not in AMOUNTS
        ]
        self._last = header.last
        self._merged = any(
            left <= self.name <= right and bottom > header.last for _, left, bottom, right in grid.merges
        )
        self._numbered = self._is_numbered()

    def _is_numbered(self) -> bool:
        """Whether most rows with a name also carry a serial number, so that a row without one is no project."""
        if self.seq is None:
            return False
        rows = range(self._last + 1, len(self.grid.rows))
        named = [row for row in rows if self._text(row, self.name)]
        numbered = [row for row in named if _serial(self.grid.value(row, self.seq))]
        return len(numbered) * 2 > len(named)

    def _text(self, row: int, column: int | None) -> str:
        if column is None:
            return ""
        origin = self.grid.covered.get((row, column), (row, column))
        if origin[0] != row and origin[1] == column:
            return ""
        return clean(shown(self.grid.value(row, column)))

    def classify(self, row: int) -> Row | None:
        """What the row is; None when it is blank."""
        cells = self.grid.rows[row]
        if self._plainly_project(cells):
            return Row(row, "project")
        filled = [index for index, value in enumerate(cells) if not is_blank(value)]
        if not filled:
            return None
        seq, name = self._text(row, self.seq), one_line(self._text(row, self.name))
        first = one_line(clean(shown(cells[filled[0]])))
        if self._repeats_header(cells, filled):
            return Row(row, "repeated_header", "重复的表头")
        if _is_number_row(cells, filled):
            return Row(row, "numbers", "列号行")
        total = self._total(seq, name, first)
        if total:
            count = total["count"] or self._count_beside(cells, filled)
            return Row(
                row, "total", f"{squeeze(total[0])}行，用于核对", squeeze(total[0]), count=int(count) if count else None
            )
        if _NOTE.search(squeeze(first)) and not _serial(cells[filled[0]]):
            return Row(row, "note", "注释或落款")
        if not _serial(self.grid.value(row, self.seq) if self.seq is not None else None):
            if len(filled) == 1 and len(first) > 12 and _SUMMARY.search(squeeze(first)):
                return Row(row, "note", "说明文字")
            section = self._section(row, seq, name, first, filled)
            if section:
                return section
        if not name or _is_number(name):
            if seq and _serial(seq) and not name and len(filled) == 1:
                return Row(row, "continuation", "只有序号，没有项目")
            return Row(row, "continuation", "没有项目名称，属于上一行")
        return Row(row, "project")

    def _plainly_project(self, cells: Sequence[Value]) -> bool:
        """A serial number and a name in words: most rows, decided without looking further."""
        if self.seq is None or self._merged:
            return False
        seq, name = cells[self.seq], cells[self.name]
        if not isinstance(name, str) or len(name) < 2 or name[0] in "-.,0123456789" or not clean(name):
            return False
        return seq > 0 if isinstance(seq, (int, float)) else seq.isdigit() if isinstance(seq, str) else False

    def _repeats_header(self, cells: Sequence[Value], filled: list[int]) -> bool:
        texts = [(index, normalise_header(value)) for index in filled if isinstance(value := cells[index], str)]
        hits = sum(self._headings.get(text) == index for index, text in texts)
        return hits >= 3 and hits * 2 >= len(filled)

    def _total(self, seq: str, name: str, first: str) -> re.Match[str] | None:
        for text in dict.fromkeys((seq, name, first)):
            match = _TOTAL.fullmatch(squeeze(text))
            if match and not _serial(seq):
                return match
        return None

    def _count_beside(self, cells: Sequence[Value], filled: list[int]) -> str | None:
        """A bare count in the text part of a caption or total, e.g. 合计 | 13个."""
        for index in filled[:3]:
            if self._columns.get(index) in AMOUNTS:
                continue
            match = _COUNT.fullmatch(squeeze(shown(cells[index])))
            if match:
                return match["count"]
        return None

    def _section(self, row: int, seq: str, name: str, first: str, filled: list[int]) -> Row | None:
        telling = sum(self._tells(row, index) for index in self._telling)
        name = "" if not name.strip("-—－–/ ") else name
        in_seq = bool(seq) and not _serial(seq)
        texts = [index for index in filled if not self._is_dash(row, index)]
        caption, depth = "", 1
        if in_seq and _ORDINAL.fullmatch(seq) and name and not _is_number(name):
            if telling > 1:
                return None
            caption, depth = name, _depth(seq)
        elif in_seq and seq.startswith("-") and _is_number(seq) and name and not telling:
            caption, depth = name, 2
        elif in_seq and (not name or _is_number(name) or name == seq or _COUNT.fullmatch(squeeze(name))):
            caption, depth = seq, _depth(seq)
        elif not seq and name and not telling and (self._numbered or self._reads_as_caption(name, len(texts))):
            caption, depth = name, _depth(name)
        elif not name and not seq and len(texts) == 1 and not _is_number(first):
            caption, depth = first, _depth(first)
        if not caption:
            return None
        text, count = strip_caption(caption)
        beside = self._count_beside(self.grid.rows[row], [i for i in filled if i != filled[0]])
        number = count if count is not None else int(beside) if beside else None
        return Row(row, "section", f"分类行：{text}", text, depth, number)

    def _tells(self, row: int, column: int) -> bool:
        """Whether the cell says something about a project: a text or a date, not a dash or a bare count."""
        text = squeeze(shown(self.grid.value(row, column)))
        if not text.strip("-—－–/"):
            return False
        return self._columns[column] in _DATED or not (_is_number(text) or _COUNT.fullmatch(text))

    @staticmethod
    def _reads_as_caption(name: str, filled: int) -> bool:
        text, count = strip_caption(name)
        return filled <= 3 and bool(
            annual_class(text)
            or count is not None
            or _NUMBERED.match(name)
            or (filled == 1 and re.search(r"[类]$", text))
        )

    def _is_dash(self, row: int, column: int) -> bool:
        return not clean(shown(self.grid.value(row, column))).strip("-—－–/ ")


def _serial(value: object) -> bool:
    """A serial number: a positive whole number, also with a full stop or written as 1-1, 2.3."""
    if isinstance(value, (int, float)):
        return value > 0
    return isinstance(value, str) and bool(
        re.fullmatch(r"\d+(?:[-.．]\d+)*[、.．]?|[A-Z]{1,3}-?\d{1,5}", squeeze(value))
    )


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,.]+", squeeze(text)))


def _is_number_row(cells: Sequence[Value], filled: list[int]) -> bool:
    """甲 乙 1 2 3 … or 1 2 3 4 …: the row that numbers the columns."""
    if len(filled) < 4:
        return False
    texts = [squeeze(shown(cells[index])).strip("()（）") for index in filled]
    numbers = [int(text) for text in texts if text.isdigit()]
    others = [text for text in texts if not text.isdigit()]
    steps = len(numbers) >= 3 and all(b - a == 1 for a, b in pairwise(numbers))
    return steps and all(re.fullmatch(r"[甲乙丙丁戊己庚辛]|\d+=.*|栏次", text) for text in others)


def _depth(text: str) -> int:
    mark = squeeze(text)
    if re.match(r"[(（][一二三四五六七八九十]", mark):
        return 2
    if re.match(r"——|[①②③④⑤⑥⑦⑧⑨⑩]|\d", mark):
        return 3
    return 1


def strip_caption(text: str) -> tuple[str, int | None]:
    """A caption without its numbering, and the number of projects it claims: "一、工业(321项)" is (工业, 321).

    >>> strip_caption("（一）工业项目82个")
    ('工业项目', 82)
    """
    plain = squeeze(text).replace("（", "(").replace("）", ")")
    plain = _NUMBERED.sub("", plain, count=1).strip("【】[]:：、.") if not annual_class(plain) else plain
    count = None
    match = _COUNT.search(plain)
    if match and match.start() > 0:
        count = int(match["count"])
        plain = plain[: match.start()]
    plain = plain.strip("【】[]:：、. ")
    return plain, count


def enter(context: Context, row: Row, known_units: Collection[str] = ()) -> None:
    """Carry a caption over to the projects below it: as annual class, unit, area or sector."""
    text = row.caption
    label = annual_class(text)
    if label:
        context.annual_class = label
    elif text in known_units or _UNIT.search(text):
        context.unit = text
    elif _AREA.fullmatch(text):
        context.area = text
    else:
        context.sectors = [(depth, word) for depth, word in context.sectors if depth < row.depth] + [(row.depth, text)]
        if row.depth == 1:
            context.unit = context.area = None
