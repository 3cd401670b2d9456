"""What makes a password guessable here: the words everybody in the county would try first (docs/trust.md, Accounts)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError

from projects.services.spelling import spellings

if TYPE_CHECKING:
    from projects.models import User

SHORTEST_WORD = 2
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAME_OR_NEXT = re.compile(r"(.)\1{2,}|0123|1234|2345|3456|4567|5678|6789|abcd|qwer|asdf|zxcv")


_TITLE = re.compile(r"^.{0,6}?[省市县区]|(?:局|委|办|镇|乡|街道|管委会|公司|中心)$")
"""What stands around the word people use: 青禾县交通局 is 交通 to everybody."""


class ContextWordsValidator:
    """Asks for a length of `shortest`, and for `left` characters beside the words of the place.

    Those are product, county, unit, name and account, as written, in pinyin and as initials, years and runs. A Chinese
    character counts twice.
    """

    def __init__(self, words: Sequence[str] = (), shortest: int = 10, left: int = 8) -> None:
        self.words, self.shortest, self.left = tuple(words), shortest, left

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with a Chinese sentence when too little is left."""
        if len(password) < self.shortest:
            raise ValidationError(f"新密码至少{self.shortest}个字符。")
        rest = password.casefold()
        for word in sorted(set(self._words(user)), key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = _SAME_OR_NEXT.sub("", _YEAR.sub("", rest))
        if sum(1 if char.isascii() else 2 for char in rest) < self.left:
            raise ValidationError(
                f"除去账号、姓名、单位、县名、年份和连续字符等人人猜得到的内容，新密码至少还要有{self.left}个字符。"
            )

    def get_help_text(self) -> str:
        return f"至少{self.shortest}个字符；不要使用账号、姓名、单位名称、县名、年份或连续字符。"

    def _words(self, user: User | None) -> Iterator[str]:
        names = [settings.COUNTY_NAME, *self.words]
        if user is not None:
            names += [user.username, user.name, user.phone]
            if user.unit is not None:
                titles = (user.unit.name, user.unit.short_name)
                names += [*titles, *(_TITLE.sub("", title) for title in titles)]
        for name in names:
            yield from (form.casefold() for form in spellings(name) if len(form) >= SHORTEST_WORD)
