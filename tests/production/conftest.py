"""The filled embedded office, made once; each test takes a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import processes


@pytest.fixture(scope="session")
def filled_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    made = processes.run(processes.embedded(folder), "-m", "tests.production.office")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def office(filled_office: Path, tmp_path: Path) -> Path:
    """The data folder of an embedded site at rest: reports, rankings, notices, ledgers, documents, a chain."""
    return Path(shutil.copytree(filled_office, tmp_path / "office"))


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    with processes.new_database(f"dujin_{request.node.name[:30]}_{os.getpid()}") as address:
        yield address
