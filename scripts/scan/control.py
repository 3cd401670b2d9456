"""A page with known holes: a scanner that does not find them proves nothing by finding nothing elsewhere.

It exists while the scan runs, on 127.0.0.1, over a database in memory with one row.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@contextmanager
def served() -> Iterator[str]:
    """Its address without a path; `/?q=` is open to SQL injection, `/?name=` to scripts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Holes)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Holes(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The rows that `q` names, found by an SQL sentence that `q` may rewrite, and `name` as it was sent."""
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        wanted, name = asked.get("q", ["1"])[0], asked.get("name", [""])[0]
        try:
            rows = _rows(wanted)
        except sqlite3.Error as error:
            rows = [(f"sqlite3.OperationalError: {error}",)]
        page = f"<html><body><p>{name}</p><ul>{''.join(f'<li>{row[0]}</li>' for row in rows)}</ul>"
        page += '<a href="/?q=1&amp;name=x">1</a></body></html>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode("utf-8", "replace"))

    def log_message(self, *arguments: object) -> None:
        """Nobody reads it."""


def _rows(wanted: str) -> list[tuple[str]]:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE TABLE unit (id INTEGER, name TEXT)")
        database.execute("INSERT INTO unit VALUES (1, 'first')")
        return database.execute(f"SELECT name FROM unit WHERE id = {wanted}").fetchall()
    finally:
        database.close()
