"""Plain text of a cell: what is blank, how a value is shown, how an address is written."""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_OUTER = " \t\r\n\x0b\x0c\u00a0\u3000\u2002\u2003\u2009\x85\u2028\u2029" + _INVISIBLE
_BREAK = re.compile(r"[ \t\u00a0\u3000]*[\r\n\u2028\u2029]+[ \t\u00a0\u3000]*")
_BLANK = re.compile(r"\s+")
PLACEHOLDERS = frozenset(
    {"", "-", "--", "—", "——", "———", "－", "–", "/", "／", "\\", "无", "待定", "暂无", "未定", "…", "……", "*"}
)
"""Texts people put into a cell that has nothing to say; an amount or a date written so is unknown, never zero."""
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})


def clean(text: str) -> str:
    """The text without outer blanks (also U+00A0, U+3000, tabs and zero-width marks); inner text is untouched."""
    return text.strip(_OUTER)


def one_line(text: str) -> str:
    """The text with line breaks removed: Chinese is joined directly, two Latin words keep a space between them."""
    text = clean(text)
    return _BREAK.sub(_join, text) if "\n" in text or "\r" in text else text


def _join(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return " " if before.isascii() and after.isascii() and before.isalnum() and after.isalnum() else ""


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """The text for comparison: NFKC, no blanks at all, no zero-width marks."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text).translate(dict.fromkeys(map(ord, _INVISIBLE))))


def tight(text: str) -> str:
    """The text without any blanks; its characters stay as they are written."""
    return _BLANK.sub("", text)


def shown(value: object) -> str:
    """How the cell reads to a person: whole numbers without a fraction, dates in ISO form, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    return str(value)


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not clean(value))


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Spreadsheet letters of a zero-based column: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Zero-based column of its letters: A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """Address of a cell from zero-based coordinates, e.g. K8."""
    return f"{column_letters(column)}{row + 1}"
