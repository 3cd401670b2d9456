"""Concurrent readers and reporters against the real web server, started here on a port of its own."""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager

from benchmarks import users
from benchmarks.county import PASSWORD
from benchmarks.measure import Figure

SECONDS = 15
USERS_SECONDS = 60
CONNECTIONS = 8


def figures() -> Iterator[Figure]:
    with _server() as port:
        cookie = _sign_in(port, "office")
        for name, path in (("list", "/projects/"), ("dashboard", "/dashboard/"), ("floor: health check", "/healthz")):
            yield _load(f"{name}, {CONNECTIONS} connections", port, path, cookie)
        yield from users.work(port, USERS_SECONDS).figures()


@contextmanager
def _server() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "tracker.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "warning"], env=os.environ | {"DUJIN_HTTPS": "0"})
    try:
        wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _sign_in(port: int, username: str) -> str:
    """The session cookie of an account."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
        line.request("GET", "/sign-in/")
        answer = line.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/sign-in/", urllib.parse.urlencode(form), headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 302:
            raise RuntimeError(f"signing in answered {answer.status}")
        cookies = answer.headers.get_all("Set-Cookie") or []
        return next(value.split(";")[0] for value in cookies if value.startswith("sessionid="))


def _load(name: str, port: int, path: str, cookie: str) -> Figure:
    """Every connection asks again as soon as it is answered, for `SECONDS`."""
    times: list[float] = []
    until = time.monotonic() + SECONDS

    def reader() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
            while time.monotonic() < until:
                begin = time.perf_counter()
                line.request("GET", path, headers={"Cookie": cookie})
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{path} answered {answer.status}")
                times.append(time.perf_counter() - begin)

    threads = [threading.Thread(target=reader) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slow = statistics.quantiles(times, n=20)[-1] * 1000
    note = f"{len(times) / SECONDS:.0f} a second; 95 of 100 within {slow:.0f} ms"
    return Figure(name, statistics.median(times) * 1000, 0, count=len(times), note=note)
