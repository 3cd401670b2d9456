"""Search by pinyin initials: 柳河大桥 is found by `lhdq`.

The dictionary takes 57 MB, so it is loaded by the process that first gives something a name, not by every one.
"""

from __future__ import annotations


def initials(text: str, length: int = 200) -> str:
    """The first letters of a name in lower case; digits and Latin letters stand for themselves, signs are dropped."""
    from pypinyin import Style, lazy_pinyin

    joined = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
    return "".join(char for char in joined if char.isascii() and char.isalnum())[:length]


def spellings(name: str) -> tuple[str, str, str]:
    """A name as written, in pinyin, and as its initials."""
    from pypinyin import lazy_pinyin

    return name, "".join(lazy_pinyin(name)), initials(name)
