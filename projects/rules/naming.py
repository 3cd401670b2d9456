"""When two spellings mean the same project or person (docs/rules.md, Names)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_BRACKETS = str.maketrans("【】〔〕[]{}《》〈〉", "()()()()()()")
"""After NFKC, which has already made ordinary full-width brackets half-width."""
_MARKS = re.compile(r"[★☆▲△●◆※*]+")
_SUFFIX = re.compile(r"(建设项目|建设工程|项目|工程|建设)$")
_TITLE = re.compile(r"[（(][^（）()]*[）)]")


def normalise_project_name(text: str) -> str:
    """The form under which project names are compared: NFKC, one kind of bracket and dash, no blanks, marks or a
    closing 项目/工程/建设."""
    name = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    name = _MARKS.sub("", name)
    name = re.sub(r"[\s\u00a0\u3000]+", "", name)
    name = re.sub(r"[‐‑‒–—―－-]+", "-", name)
    while (shorter := _SUFFIX.sub("", name)) != name and shorter:
        name = shorter
    return name.casefold()


def normalise_person_name(text: str) -> str:
    """A person's name without titles in brackets and without the blanks that pad two-character names."""
    name = _TITLE.sub("", unicodedata.normalize("NFKC", text).replace("（", "(").replace("）", ")"))
    return re.sub(r"[\s\u00a0\u3000]+", "", name)


def one_character_apart(first: str, second: str) -> bool:
    """Same length, exactly one character different: probably the same person, never merged silently."""
    if len(first) != len(second) or len(first) < 2:
        return False
    return sum(a != b for a, b in zip(first, second, strict=True)) == 1


def edit_distance(first: str, second: str) -> int:
    """Levenshtein distance."""
    previous = list(range(len(second) + 1))
    for row, left in enumerate(first, start=1):
        current = [row]
        for column, right in enumerate(second, start=1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (left != right)))
        previous = current
    return previous[-1]


def similarity(first: str, second: str) -> Decimal:
    """1 for equal names, falling with the edit distance; containment of a name of four characters or more counts
    as near. For asking, never for merging."""
    if not first or not second:
        return Decimal(0)
    if first == second:
        return Decimal(1)
    short, long = sorted((first, second), key=len)
    by_edits = 1 - Decimal(edit_distance(first, second)) / len(long)
    contained = Decimal("0.8") if len(short) >= 4 and short in long else Decimal(0)
    return max(by_edits, contained)
