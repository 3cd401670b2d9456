"""Ledgers in and out: the only importer of the spreadsheet libraries (docs/ledgers.md)."""
