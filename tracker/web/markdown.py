"""Our own manual pages as HTML. A leaf: the only importer of markdown-it. The texts are the project's files, never what
somebody typed; raw HTML in them is shown as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

Address = Callable[[str], str | None]
"""From what a file says to the address on the site; None where the site does not have it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture on the site. Its size keeps the place while it loads."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: its first heading, the second-level headings (each its own anchor), and the HTML below the title."""

    title: str
    headings: tuple[str, ...]
    html: SafeString


def render(text: str, *, picture: Callable[[str], Drawing], link: Address) -> Rendered:
    """The page of one file. A link that leads nowhere on the site is left as its words."""
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(text)
    title, headings = "", []
    body: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "heading_open" and token.tag == "h1":
            title = tokens[position + 1].content
            position += 3
            continue
        if token.type == "heading_open" and token.tag == "h2":
            headings.append(tokens[position + 1].content)
            token.attrSet("id", headings[-1])
        if token.type == "inline":
            token.children = list(_readdressed(token.children or [], picture, link))
        body.append(token)
        position += 1
    html = markdown.renderer.render(body, markdown.options, {})
    return Rendered(title, tuple(headings), mark_safe(html))


def _readdressed(tokens: Iterable[Token], picture: Callable[[str], Drawing], link: Address) -> Iterable[Token]:
    is_open = False
    for token in tokens:
        if token.type == "image":
            drawing = picture(str(token.attrGet("src")))
            token.attrSet("src", drawing.address)
            token.attrSet("width", str(drawing.width))
            token.attrSet("height", str(drawing.height))
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            address = link(str(token.attrGet("href")))
            is_open = address is not None
            if address is None:
                continue
            token.attrSet("href", address)
        elif token.type == "link_close" and not is_open:
            continue
        yield token
