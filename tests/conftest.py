"""Fixtures every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.append_only import let_tests_flush
from tests.support.county import County, build


@pytest.fixture(autouse=True, scope="session")
def _flush_without_triggers() -> Iterator[None]:
    """Transactional tests empty append-only tables too."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        let_tests_flush(monkeypatch)
        yield


@pytest.fixture
def county(db: None) -> County:
    """The small invented county of `tests/support/county.py`."""
    return build()
