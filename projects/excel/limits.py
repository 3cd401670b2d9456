"""Bounds checked before anything is parsed (docs/ledgers.md, Limits)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest file, archive and sheet the reader takes; beyond them a ledger is declined, never truncated."""

    upload_bytes: int = 20 * 1024 * 1024
    zip_entries: int = 2_000
    unpacked_bytes: int = 200 * 1024 * 1024
    text_bytes: int = 40 * 1024 * 1024
    """Of these the parts that are read, as against pictures."""
    csv_bytes: int = 6 * 1024 * 1024
    """A text takes several times its size while it is taken apart; a workbook of as many rows does not."""
    sheets: int = 60
    rows: int = 20_000
    columns: int = 256
    cells: int = 1_500_000
    """Rows times columns of the rectangles that hold values, over all sheets: what dense grids take in memory."""
    merges: int = 20_000
    cell_characters: int = 32_767


DEFAULT = Limits()
