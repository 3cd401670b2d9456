"""Which pages are worth a browser: those that look like none before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser

from django.urls import resolve

from projects.models import User
from tests.support.site import Site
from tests.support.walk import read_all

Shape = set[str]


class _Elements(HTMLParser):
    """Collects each kind of element with its classes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Shape = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found |= {f"{tag}.{name}" for name in (given.get("class") or "").split() or [""]}
        if tag == "input":
            self.found.add(f"input:{given.get('type') or 'text'}")


def shape_of(html: str) -> Shape:
    """The kinds of elements on a page, each with each of its classes."""
    reader = _Elements()
    reader.feed(html)
    return reader.found


def fresh_pages(site: Site, user: User, seen: defaultdict[str, Shape]) -> Iterator[str]:
    """The addresses of this person's pages, without those made only of what the same page showed before; `seen` is by
    name of page, and grows."""
    for shown in read_all(site, user):
        kinds = seen[str(resolve(shown.url.split("?")[0]).url_name)]
        shape = shape_of(shown.html)
        if shape - kinds:
            kinds |= shape
            yield shown.url
