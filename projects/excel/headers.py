"""Where a table's header is and what each of its columns means (docs/ledgers.md, Header, Columns). Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from projects.excel.grid import Grid
from projects.excel.text import clean, one_line, squeeze
from projects.excel.vocabulary import EXACT

MAX_HEADER_ROWS = 4
_SEARCHED_ROWS = 40
_UNIT = re.compile(
    r"[(\[【](?:单位[:：]?)?(?:人民币)?(亿元|百万元|万元|千元|元|亿|万)(?:[,，、].{0,10})?[)\]】]|[,，、](亿元|万元|元)$"
)
_BRACKETED = re.compile(r"\((?:%|％|万元|亿元|元|选填|必填|盖章|签字)\)")
_ASIDE = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(r"-?[\d,.]+%?")
_YEAR = re.compile(r"(20\d{2}|19\d{2})年?度?")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS = {
    name: n for n, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its header, its meaning (`key`, None when unknown) and what the header adds.

    `guess` is the meaning the reader would choose but asks about. `year`, `quarter`, `month` come from the header.
    """

    index: int
    header: str
    key: str | None = None
    unit: str | None = None
    year: int | None = None
    quarter: int | None = None
    month: int | None = None
    guess: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The header block of a sheet: first and last row (zero-based) and the columns under it."""

    first: int
    last: int
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


def normalise_header(text: str) -> str:
    """A header for comparison: NFKC, lower case, without blanks."""
    return squeeze(text).lower().replace("（", "(").replace("）", ")").strip("*:：·")


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text, 0)


def recognise(path: tuple[str, ...], index: int = 0) -> Column:
    """The meaning of a column from its header texts, outermost first.

    >>> recognise(("2018年\\n计划投资(万元)",)).key, recognise(("存在问题", "完成时限")).key
    ('plan', 'solve_due')
    """
    header = " › ".join(one_line(text) for text in path)
    plain = [normalise_header(text) for text in path]
    unit = next((m[1] or m[2] for text in reversed(plain) if (m := _UNIT.search(text))), None)
    words = [_BRACKETED.sub("", _UNIT.sub("", text)).rstrip("%") for text in plain]
    column = Column(index, header, unit={"亿": "亿元", "万": "万元"}.get(unit or "", unit))
    if not any(words):
        return column
    leaf, parents = words[-1], "›".join(words[:-1])
    for text in dict.fromkeys((leaf, "".join(words), _ASIDE.sub("", leaf))):
        found = _by_context(parents, text, column)
        if found.key:
            return found
    return replace(column, guess=_guess("".join(words)))


def _by_context(parents: str, leaf: str, column: Column) -> Column:
    quarter = re.search(r"(?:第)?([一二三四1-4])季度", leaf) or re.search(r"(?:第)?([一二三四1-4])季度", parents)
    if quarter:
        return _of_quarter(leaf, column, _QUARTERS[quarter[1]])
    if "问题" in parents and leaf in ("完成时限", "解决时限", "责任部门", "办理部门", "责任单位"):
        return replace(column, key="solve_due" if "时限" in leaf else "solve_dept")
    if re.search(r"(?:开竣工|起止|年限|工期)", parents) and leaf in ("开工", "竣工", "起", "止"):
        return replace(column, key="start" if leaf in ("开工", "起") else "finish")
    if "业主" in parents or "建设单位" in parents:
        named = {"业主名称": "owner", "名称": "owner", "单位名称": "owner"}.get(leaf)
        if named:
            return replace(column, key=named)
    if "责任单位" in parents and leaf in ("单位名称", "名称", "单位"):
        return replace(column, key="unit")
    if "领导" in parents and re.fullmatch(r".{0,3}领导|姓名", leaf):
        return replace(column, key="leader")
    if re.search(r"实际完成|完成情况", parents) and leaf in ("投资", "完成投资", "投资额"):
        return replace(column, key="done")
    if leaf in ("小计", "合计", "计划总投资", "总投资", "投资", "主要建设内容", "建设内容"):
        plan = _investment(parents, column)
        if plan.key == "plan":
            return replace(plan, key="year_content") if "内容" in leaf else plan
        if "资金来源" in parents and leaf in ("小计", "合计", "计划总投资"):
            return replace(column, key="total")
    if leaf in EXACT:
        return replace(column, key=EXACT[leaf])
    return _investment(leaf, column)


def _of_quarter(leaf: str, column: Column, quarter: int) -> Column:
    rest = re.sub(r"(?:第)?[一二三四1-4]季度", "", leaf)
    if re.search(r"投资|金额", rest) and "完成情况" not in rest:
        return replace(column, key="plan_quarter", quarter=quarter)
    return replace(column, key="work_quarter", quarter=quarter)


_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (
            r"(?:截至|截止|至|到|截至到)?(?P<y>\d{4})年(?:底|末|年底|以?前|12月底?|12月31日)?(?:已|前)?累计(?:已)?完成(?:总)?投资额?",
            "prior_done",
        ),
        (r"(?P<y>\d{4})年(?:以|之)?前(?:已|累计)*完成投资额?", "prior_done"),
        (r"(?P<y>\d{4})年度?(?:计划|拟|预计)(?:完成)?(?:总)?投资(?:额|金额)?", "plan"),
        (r"(?P<y>\d{4})年度?(?:投资计划|计划完成|投资)(?:额|金额)?", "plan"),
        (r"(?P<y>\d{4})年度?(?:力争|预计|全年)完成(?:的)?投资额?", "year_forecast"),
        (
            r"(?:(?P<y>\d{4})年)?(?:1|一|元)月?(?:-|—|–|~|至|到)+(?:\d{1,2}|[一二三四五六七八九十]{1,2}|本)月(?:份)?(?:累计|实际|已)*(?:完成)?投资额?(?:情况)?",
            "done",
        ),
        (r"(?:(?P<y>\d{4})年度?|本年度?|今年|当年|年度)(?:已|累计|实际)*完成投资(?:额|金额|额度)?", "done"),
        (r"(?:\d{4}年)?(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?:实际|当月)?完成投资额?", "done_month"),
        (r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?:计划(?:完成)?投资额?|投资计划|计划)?", "plan_month"),
        (
            r"(?P<y>\d{4})年度?(?:计划)?(?:主要)?(?:建设内容|建设任务|建设目标|工作目标|目标|目标任务|形象进度目标|工程形象进度|底工程应达形象进度).*",
            "year_content",
        ),
        (r"(?P<y>\d{4})年前期工作或工程形象进度目标", "year_content"),
        (r"(?P<y>\d{4})年节点目标.*|.*节点的?(?:安排|目标).*", "milestones"),
        (r".*天.*力争完成的?投资额?", "stage_plan"),
        (r".*协调.*问题.*", "problem"),
        (r"\d{1,2}月?(?:-|—|至)\d{1,2}月(?:实际)?形象进度", "progress"),
        (r"\d{1,2}月(?:份)?(?:进展情况|进展|形象进度)", "progress"),
        (r"(?:截至|截止|至)?(?:目前|本月).*(?:形象进度|进展).*", "progress"),
        (
            r"(?:中央|省级?|市级?|县级?|区级?)?(?:预算内|专项债券?|上级资金|财政资金|配套|配套资金|自筹|自筹资金|银行贷款|到位资金|已支付)(?:资金)?",
            "fund",
        ),
        (r".*(?:包联|包抓|包保|挂点|挂钩|分包|联系|牵头).{0,4}领导.*", "leader"),
        (r"是否为?.{0,12}(?:重点|双十工程).*", "level"),
    )
)


def _investment(text: str, column: Column) -> Column:
    for pattern, key in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = _month(parts["m"]) if parts.get("m") else None
        if month is not None and not 1 <= month <= 12:
            continue
        return replace(column, key=key, year=int(parts["y"]) if parts.get("y") else None, month=month)
    year = _YEAR.match(text)
    if year and text[year.end() :] in EXACT:
        return replace(column, key=EXACT[text[year.end() :]], year=int(year[1]))
    return column


def _guess(text: str) -> str | None:
    """A meaning to ask about when a header is not known but sounds like one that matters."""
    for pattern, key in (
        (r"总投", "total"),
        (r"年.*(?:计划|安排).*投资|投资.*(?:计划|安排)", "plan"),
        (r"累计.*投资|投资.*累计", "done"),
        (r"完成.*投资(?!.*明细)", "done_month"),
        (r"领导", "leader"),
        (r"(?:责任|牵头|主管|包).*(?:单位|部门)", "unit"),
        (r"业主|建设单位", "owner"),
        (r"开工", "start"),
        (r"竣工|完工|建成|投产", "finish"),
        (r"项目.*名", "name"),
        (r"进度|进展", "progress"),
    ):
        if re.search(pattern, text):
            return key
    return None


def find_header(grid: Grid, answers: Mapping[str, str] | None = None) -> Header | None:
    """The header of a sheet: the first block of one to four rows that names a project column and another one."""
    best: Header | None = None
    for first in range(min(len(grid.rows), _SEARCHED_ROWS)):
        if _row_hits(grid, first) < 1:
            continue
        header = _block(grid, first, answers or {})
        score = _score(header)
        if header.column("name") and score >= 2 and (best is None or score > _score(best) + 1):
            best = header
        if best and first > best.last + 3:
            break
    return best


def _row_texts(grid: Grid, row: int) -> list[str]:
    return [clean(value) for value in grid.rows[row] if isinstance(value, str) and clean(value)]


def _row_hits(grid: Grid, row: int) -> int:
    return sum(recognise((text,)).key is not None for text in _row_texts(grid, row) if len(text) <= 40)


def _score(header: Header) -> int:
    return len({(column.key, column.month, column.quarter) for column in header.columns if column.key})


def _block(grid: Grid, first: int, answers: Mapping[str, str]) -> Header:
    last = first
    for top, _, bottom, _ in grid.merges:
        if top == first and bottom - top < MAX_HEADER_ROWS and bottom > last:
            last = bottom
    while last + 1 < min(len(grid.rows), first + MAX_HEADER_ROWS) and _continues(grid, first, last + 1):
        last += 1
    return Header(first, last, _columns(grid, first, last, answers))


def _continues(grid: Grid, first: int, row: int) -> bool:
    """Whether the row goes on with the header above: short texts, no figures, blank where the name stands."""
    values = [
        (column, clean(value)) for column, value in enumerate(grid.rows[row]) if isinstance(value, str) and clean(value)
    ]
    if not values or any(isinstance(value, (int, float)) for value in grid.rows[row]):
        return False
    if any(len(text) > 25 or _NUMBER.fullmatch(text) for _, text in values):
        return False
    wide = [t for t, le, b, r in grid.merges if t == row and r - le > 5]
    if wide or (len(values) == 1 and values[0][0] == 0):
        return False
    above = [grid.value(first, column) for column in range(grid.width)]
    for column, text in values:
        over = above[column]
        if isinstance(over, str):
            joined = recognise((over, text)).key
            alone = recognise((over,)).key
            if alone in ("name", "seq") and joined in (None, alone):
                return False
    known = sum(
        recognise((text,)).key is not None
        or recognise((_over(above, column), text)).key is not None
        or bool(re.fullmatch(r"小计|合计|其中.*|单位名称", text))
        for column, text in values
    )
    return known * 2 >= len(values)


def _over(above: Sequence[object], column: int) -> str:
    while column >= 0:
        value = above[column]
        if isinstance(value, str) and clean(value):
            return value
        column -= 1
    return ""


def _columns(grid: Grid, first: int, last: int, answers: Mapping[str, str]) -> tuple[Column, ...]:
    remembered = {normalise_header(text): key for text, key in answers.items()}
    columns: list[Column] = []
    for index in range(grid.width):
        path = _path(grid, first, last, index)
        if not path:
            continue
        column = recognise(path, index)
        answer = remembered.get(normalise_header(column.header)) or remembered.get(normalise_header(path[-1]))
        if answer:
            column = replace(column, key=None if answer == "ignore" else answer, guess=None)
        columns.append(column)
    return _settle(columns)


def _path(grid: Grid, first: int, last: int, column: int) -> tuple[str, ...]:
    texts: list[str] = []
    for row in range(first, last + 1):
        origin = grid.covered.get((row, column), (row, column))
        value = grid.value(*origin) if first <= origin[0] else None
        if value is None and row < last and not grid.merges:
            below = grid.value(row + 1, column)
            value = _over([grid.value(row, c) for c in range(grid.width)], column) if isinstance(below, str) else None
        if isinstance(value, str) and clean(value) and (not texts or texts[-1] != clean(value)):
            texts.append(clean(value))
    return tuple(texts)


def _sure_enough(columns: list[Column]) -> list[Column]:
    """Questions worth asking: not about a meaning another column already has, nor one that many headers suggest."""
    known = {column.key for column in columns}
    guesses = [column.guess for column in columns]
    return [
        replace(column, guess=None) if column.guess in known or guesses.count(column.guess) > 3 else column
        for column in columns
    ]


def _settle(columns: list[Column]) -> tuple[Column, ...]:
    """Decide between columns of the same meaning: an explicit plan date makes 开工时间 the real one, one name wins."""
    settled: list[Column] = []
    columns = _sure_enough(columns)
    keys = [column.key for column in columns]
    planned = {
        "start": any(c.key == "start" and re.search(r"计划|拟|预计", c.header) for c in columns),
        "finish": any(c.key == "finish" and re.search(r"计划|拟|预计", c.header) for c in columns),
    }
    taken: set[str] = set()
    for column in columns:
        key = column.key
        if key in planned and planned[key] and not re.search(r"计划|拟|预计", column.header):
            column = replace(column, key={"start": "real_start", "finish": "real_finish"}[key])
        elif key == "nature" and "nature" in taken:
            column = replace(column, key=None)
        elif key == "seq" and "seq" in taken:
            column = replace(column, key="record_no" if "record_no" not in keys else None)
        elif key in _SINGLE and f"{key}{column.year or ''}" in taken:
            column = replace(column, key=None, guess=None)
        taken.add(f"{column.key or ''}{(column.year or '') if column.key in _SINGLE else ''}")
        settled.append(column)
    return tuple(settled)


_SINGLE = frozenset(
    [
        "name",
        "total",
        "plan",
        "done",
        "prior_done",
        "done_all",
        "start",
        "finish",
        "period",
        "owner",
        "stage",
        "annual_class",
        "code",
        "progress",
    ]
)
