"""The health check of the image: docs/operations.md, Health."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tracker import probe


class Site(BaseHTTPRequestHandler):
    """Answers `/healthz` under its own name only, as Django does."""

    def do_GET(self) -> None:
        known = self.headers["Host"] == "dujin.qinghe.example" and self.path == "/healthz"
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        monkeypatch.setenv("GRANIAN_PORT", str(server.server_port))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("hosts", ["dujin.qinghe.example", "dujin.qinghe.example,10.0.0.4", ".dujin.qinghe.example"])
def test_a_site_that_answers_is_healthy(site: HTTPServer, hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUJIN_HOSTS", hosts)
    assert probe.main() == 0


def test_a_site_that_refuses_or_is_silent_is_not(site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUJIN_HOSTS", "elsewhere.example")
    assert probe.main() == 1
    monkeypatch.setenv("GRANIAN_PORT", "1")
    assert probe.main() == 1
