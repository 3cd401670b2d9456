"""Ledger imports: uploaded and kept, asked about, confirmed as a whole or not at all, undone (docs/imports.md)."""

from projects.services.imports.confirm import confirm
from projects.services.imports.undo import UndoOutcome, undo
from projects.services.imports.upload import answer, upload

__all__ = ["UndoOutcome", "answer", "confirm", "undo", "upload"]
