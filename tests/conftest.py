"""Fixtures every test may use; the cast of people and projects lives in `tests/support/`."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.conf import settings

from supervision.selectors.dashboard import printed_of
from tests.support.append_only import let_tests_flush
from tests.support.county import County, build
from tests.support.postgres import drop_with_force
from tracker import clock

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the test mail server's own chatter

DEFAULT_MOMENT = dt.datetime(2018, 9, 24, 9, 0, tzinfo=clock.SHANGHAI)
"""A Monday morning: the day on which weekly digests go out."""

Freeze = Callable[[dt.datetime], dt.datetime]


@pytest.fixture(autouse=True, scope="session")
def _emptied_and_dropped() -> Iterator[None]:
    """Transactional tests empty append-only tables too, and the database goes whoever still looks at it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        let_tests_flush(monkeypatch)
        drop_with_force(monkeypatch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _addresses_of_the_site() -> None:
    """The addresses are read once in a process: before a test turns DEBUG on, which adds the style page."""
    import_module(settings.ROOT_URLCONF)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Keys begin anew with every test; what is remembered by key belongs to another county."""
    printed_of.cache_clear()


@pytest.fixture
def county(db: None) -> County:
    """The small invented county of `tests/support/county.py`."""
    return build()


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Stops the site's clock at an aware moment; call it again to move on. Answers the moment."""

    def stop(moment: dt.datetime) -> dt.datetime:
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return stop


@pytest.fixture
def at(freeze: Freeze) -> dt.datetime:
    """The site's clock stands at Monday 2018-09-24 09:00 in Shanghai."""
    return freeze(DEFAULT_MOMENT)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the production profile run in the pass on PostgreSQL and Redis."""
    if os.environ.get("DUJIN_TEST_DB", "sqlite") == "postgres":
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL and Redis (DUJIN_TEST_DB=postgres)")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)
