"""QR codes for inline SVG. The only importer of segno."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

BORDER = 4
"""Light squares around the code, without which a camera does not find it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A square of `size` units a side and the path that fills its dark squares."""

    size: int
    path: str


def drawn(text: str) -> Drawn:
    """`text` as a QR code, one run of dark squares after the other; the template says colours and class."""
    rows, runs = tuple(segno.make(text, error="m").matrix_iter(border=BORDER)), []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, squares in groupby(row):
            length = len(list(squares))
            if is_dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return Drawn(len(rows), "".join(runs))
