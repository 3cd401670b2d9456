"""A person at a browser, over a real connection: signs in, reads forms, sends them."""

from __future__ import annotations

import http.client
import urllib.parse
from dataclasses import dataclass, field

from tests.support.pages import Form, Page, read


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    location: str


@dataclass(slots=True)
class Browser:
    """One person. `ConnectionError` and the like are left to the caller: the server may be dead."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 60

    def sign_in(self, username: str, password: str) -> None:
        form = self.form("/sign-in/", "/sign-in/")
        answer = self.send(form, "/sign-in/", username=username, password=password)
        if answer.status != 302:
            raise RuntimeError(f"signing in as {username} answered {answer.status}")

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def page(self, path: str) -> Page:
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return read(answer.text)

    def form(self, path: str, action: str) -> Form:
        """The form of that page which sends to `action`."""
        forms = self.page(path).forms
        return next(form for form in forms if form.method == "post" and form.action in ("", action))

    def send(self, form: Form, path: str, **values: str) -> Answer:
        """The form as a browser would send it, with these values typed in."""
        sent = {name: form.fields.getlist(name)[-1] for name in form.fields if form.fields.getlist(name)}
        return self._ask("POST", path, urllib.parse.urlencode({**sent, **values}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, text, answer.getheader("Location") or "")
