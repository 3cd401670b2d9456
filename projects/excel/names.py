"""Several units or people in one cell (docs/ledgers.md, Units and people). Pure; never raises."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from projects.excel.text import PLACEHOLDERS, clean, tight

_HARD = re.compile(r"[、，,；;/|＼\\+]+")
_SOFT = re.compile(r"\s+")
_LABEL = re.compile(r"^(?:牵头单位|责任单位|配合单位|牵头|配合|包联领导|责任领导|领导)[:：]")
_BRACKETS = re.compile(r"[（(\[【〔][^）)\]】〕]*[）)\]】〕]")
_UNIT_END = re.compile(
    r"(?:局|委|办|镇|乡|区|县|市|厅|厂|站|所|处|室|部|院|校|社|村|司|队|会|组|中心|公司|集团|街道|政府|指挥部|专班|大队|支队|"
    r"分局|银行|医院|学校|大学|联社|园区|管委会|领导小组|城投|文旅|电网|供电)$"
)
_UNIT_TAIL = re.compile(
    r"^(?:工程|项目|建设|协调|服务|工作|推进)*(?:指挥部|领导小组|办公室|专班|有限公司|分公司|公司|集团)$"
)
_TITLE = re.compile(
    r"(?:县委|区委|市委|县政府|区政府|市政府|县|区|市)?(?:常务)?(?:副?书记|副?县长|副?区长|副?市长|常委|副?主任|副?主席|副?局长|"
    r"副?部长|副?镇长|副?乡长|人大|政协|同志|调研员|秘书长|政法委)+"
)


@dataclass(frozen=True, slots=True)
class Split:
    """Names in the order of the cell (the first leads) and, where the cell leaves doubt, what to ask."""

    names: tuple[str, ...]
    question: str | None = None


def fragments(raw: str) -> list[list[str]]:
    """The cell cut at certain separators, each part cut again at blanks and line breaks."""
    parts = (_SOFT.split(clean(part)) for part in _HARD.split(raw.replace("\u200b", "")))
    return [kept for part in parts if (kept := [text for text in part if text and text not in PLACEHOLDERS])]


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def cover(text: str, known: Collection[str]) -> list[tuple[str, ...]]:
    """Every way to write `text` as two or more known names one after another (at most two ways are looked for)."""
    found: list[tuple[str, ...]] = []
    if len(text) > 120:
        return found

    def walk(start: int, taken: tuple[str, ...]) -> None:
        if len(found) > 1:
            return
        if start == len(text):
            if len(taken) > 1:
                found.append(taken)
            return
        for end in range(start + 2, len(text) + 1):
            if text[start:end] in known and (start, end) != (0, len(text)) and end not in dead:
                walk(end, (*taken, text[start:end]))
        if not found:
            dead.add(start)

    dead: set[int] = set()
    walk(0, ())
    return found


def unit_pieces(raw: str, known: Collection[str] = ()) -> list[str]:
    """The unit names of a cell before run-together names are looked at; a name broken over lines is joined."""
    names: list[str] = []
    for part in fragments(raw):
        pending = ""
        for index, text in enumerate(part):
            text = _LABEL.sub("", text)
            joined = pending + text
            last = index == len(part) - 1
            if not pending and names and _UNIT_TAIL.match(text) and text not in known and index:
                names[-1] += text
                continue
            if joined in known or _UNIT_END.search(joined) or _ends_known(joined, known) or last:
                names.append(joined)
                pending = ""
            else:
                pending = joined
    return [tight(name) for name in names]


def _ends_known(text: str, known: Collection[str]) -> bool:
    return any(text.endswith(name) for name in known)


def split_units(raw: object, known: Collection[str] = ()) -> Split:
    """The units of a cell in order. `known` are names from the roster, its aliases and other rows of the file.

    Names run together are cut only where known names cover the text exactly; otherwise the text stays whole and is
    asked about.

    >>> split_units("东岭开发区区工信局", {"东岭开发区", "区工信局"}).names
    ('东岭开发区', '区工信局')
    """
    if not isinstance(raw, str):
        return Split(())
    names: list[str] = []
    question = None
    for piece in unit_pieces(raw, known):
        ways = [] if piece in known else cover(piece, known)
        if len(ways) == 1:
            names.extend(ways[0])
            continue
        names.append(piece)
        if len(ways) > 1 or _looks_joined(piece, known):
            question = f"“{piece}”是一个单位还是几个单位？"
    return Split(_unique(names), question)


def _looks_joined(piece: str, known: Collection[str]) -> bool:
    if piece in known or len(piece) < 6:
        return False
    for name in known:
        if len(name) < 3:
            continue
        rest = piece[len(name) :] if piece.startswith(name) else piece[: -len(name)] if piece.endswith(name) else ""
        if len(rest) >= 3 and _UNIT_END.search(rest) and not _UNIT_TAIL.match(rest) and not piece.endswith("指挥部"):
            return True
    return False


def people_pieces(raw: str) -> list[tuple[str, ...]]:
    """The person names of a cell, per certain separator or line: titles dropped, padded names joined."""
    pieces = []
    for line in re.split(r"[\r\n]+", raw):
        for part in fragments(_BRACKETS.sub(" ", line)):
            tokens = [
                token for token in (_LABEL.sub("", text) for text in part) if token and not _TITLE.fullmatch(token)
            ]
            if tokens:
                pieces.append(tuple(tokens))
    return pieces


def _join_singles(tokens: tuple[str, ...]) -> list[str]:
    """Characters standing alone belong together: "贺", "兰" is one person, four of them are two."""
    names: list[str] = []
    singles = ""
    for token in (*tokens, ""):
        if len(token) == 1:
            singles += token
            continue
        if singles:
            halves = (singles[:2], singles[2:]) if len(singles) == 4 else (singles,)
            names.extend(halves)
            singles = ""
        if token:
            names.append(token)
    return names


def split_people(raw: object, known: Collection[str] = ()) -> Split:
    """The people of a cell in order: "王　强" is one person, brackets with titles are dropped.

    >>> split_people("周  敏\\n赵启明（副县长）").names
    ('周敏', '赵启明')
    """
    if not isinstance(raw, str):
        return Split(())
    names: list[str] = []
    question = None
    for tokens in people_pieces(raw):
        joined = _join_singles(tokens)
        whole = "".join(tokens)
        if any(len(name) > 3 or len(name) == 1 for name in joined):
            ways = cover(whole, known) if whole not in known else [(whole,)]
            if len(ways) == 1:
                names.extend(ways[0])
                continue
            doubtful = next(
                (n for n in joined if n not in known and (len(n) == 1 or (len(n) > 4 and "·" not in n))), None
            )
            if doubtful or (len(joined) > 1 and any(len(n) == 1 for n in joined)):
                question = f"“{whole}”看不出是哪几个人"
        names.extend(joined)
    return Split(_unique(names), question)


@lru_cache(maxsize=4096)
def plausible_person(name: str) -> bool:
    """Whether a piece is safely one name, fit to teach how other cells are cut."""
    return 2 <= len(name) <= 3 and not name.isascii()
