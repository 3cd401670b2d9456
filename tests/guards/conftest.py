"""The county in full work, written once for each module of page guards; every test takes back what it changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.support import county as cast
from tests.support.site import NOW, Site, populate
from tracker import clock


class _Undo(Exception):
    """Ends a block whose writes are not to be kept."""


@pytest.fixture(scope="module")
def _whole_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Lives in a transaction around those of the tests: building takes longer than most guards."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        try:
            with transaction.atomic():
                site = populate(cast.build(), at=lambda moment: patch.setattr(clock, "now", lambda: moment))
                patch.setattr(clock, "now", lambda: NOW)
                yield site
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def site(_whole_site: Site, db: None) -> Site:
    """The full county at `tests.support.site.NOW`, where the clock stands; `db` takes back what the test writes."""
    return _whole_site


@pytest.fixture(autouse=True)
def _no_log_of_refusals(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of requests are refused on purpose."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
