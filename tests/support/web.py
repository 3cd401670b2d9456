"""Short words for tests of pages: a signed-in browser, a form as a browser sends it, counted queries."""

from __future__ import annotations

import io
import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from projects.models import User
from tracker.web import tokens


def browser(user: User) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_text(answer: HttpResponse) -> str:
    """The page as one line of text without tags, for looking up sentences."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def cells(content: bytes) -> list[list[Any]]:
    """The values of the first sheet of an exported workbook, row by row."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def token() -> dict[str, str]:
    """The hidden field of one form; send the same again for a double submit."""
    return {tokens.FIELD: tokens.issue()}


def send(client: Client, url: str, **data: Any) -> HttpResponse:
    """Submit the form of a page once."""
    return client.post(url, {**token(), **data})


def export(client: Client, url: str, **asked: Any) -> HttpResponse:
    """Take the rows of a page: the form of its export button, with the page's filters in the address."""
    return client.post(url, query_params=asked)


def queries(client: Client, url: str) -> int:
    """How many queries one reading of the page takes, after a first one has warmed what is kept."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
