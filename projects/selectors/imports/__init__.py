"""Ledger imports as the screens need them: what a file says beside what is known, row by row (docs/imports.md)."""

from projects.selectors.imports.dry import dry_reading
from projects.selectors.imports.outcome import Preview, RowPreview
from projects.selectors.imports.preview import preview

__all__ = ["Preview", "RowPreview", "dry_reading", "preview"]
