"""The kit of the views: as-of day, sessions, tokens, addresses, headers, files, pages."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import uuid
from decimal import Decimal

import pytest
import segno
from django.conf import settings as site
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.staticfiles import finders
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from pytest_django import Settings

from tests.conftest import Freeze
from tracker.clock import SHANGHAI
from tracker.web import asof, paging, qr, respond, tokens
from tracker.web.address import client_address
from tracker.web.errors import UserError
from tracker.web.logs import JsonFormatter, RequestIdFilter, RequestIdMiddleware
from tracker.web.security import CONTENT_POLICY, BodySizeMiddleware, SecurityHeadersMiddleware
from tracker.web.sessions import SIGNED_IN, SessionAgeMiddleware

NINE = dt.datetime(2018, 9, 24, 9, 0, tzinfo=SHANGHAI)


def request(path: str = "/", **meta: str) -> HttpRequest:
    made = RequestFactory().get(path, **meta)
    made.session = SessionStore()
    return made


# --- as of a day ----------------------------------------------------------------------------------------------------


def looked_at(made: HttpRequest) -> HttpRequest:
    asof.AsOfMiddleware(lambda _: HttpResponse())(made)
    return made


def test_the_present_is_the_shanghai_day(freeze: Freeze) -> None:
    monday_early = freeze(dt.datetime(2018, 9, 23, 23, 30, tzinfo=dt.UTC))
    made = looked_at(request())
    assert (made.now, made.as_of, made.is_past_view) == (monday_early, dt.date(2018, 9, 24), False)


def test_a_session_can_look_at_a_past_day_and_come_back(at: dt.datetime) -> None:
    made = looked_at(request())
    asof.set_as_of(made, dt.date(2018, 6, 30))
    assert (looked_at(made).as_of, made.is_past_view, made.now) == (dt.date(2018, 6, 30), True, at)
    asof.set_as_of(made, None)
    assert (looked_at(made).as_of, made.is_past_view) == (dt.date(2018, 9, 24), False)


def test_today_chosen_is_no_choice_but_tomorrow_is_refused(at: dt.datetime) -> None:
    made = looked_at(request())
    asof.set_as_of(made, dt.date(2018, 9, 24))
    assert asof.KEY not in made.session
    with pytest.raises(ValueError, match="2018-09-25"):
        asof.set_as_of(made, dt.date(2018, 9, 25))


def test_a_whole_site_can_stand_at_a_day_and_a_session_still_choose_another(
    at: dt.datetime, settings: Settings
) -> None:
    settings.AS_OF = dt.date(2018, 6, 30)
    made = looked_at(request())
    assert (made.as_of, made.is_past_view) == (dt.date(2018, 6, 30), True)
    asof.set_as_of(made, dt.date(2018, 9, 24))
    assert (looked_at(made).as_of, made.is_past_view) == (dt.date(2018, 9, 24), False)


# --- sessions ---------------------------------------------------------------------------------------------------------


def visit(made: HttpRequest) -> bool:
    """One page view; answers whether the visitor was still signed in."""
    seen: list[bool] = []

    def view(inner: HttpRequest) -> HttpResponse:
        seen.append(SESSION_KEY in inner.session)
        return HttpResponse()

    SessionAgeMiddleware(view)(made)
    return seen[0]


def signed_in() -> HttpRequest:
    made = request()
    made.session[SESSION_KEY] = "1"
    assert visit(made)
    return made


def test_half_an_hour_idle_is_the_end(freeze: Freeze) -> None:
    freeze(NINE)
    made = signed_in()
    freeze(NINE + dt.timedelta(minutes=30))
    assert visit(made)
    freeze(NINE + dt.timedelta(minutes=60, seconds=1))
    assert not visit(made)


def test_twelve_hours_are_the_end_however_busy(freeze: Freeze) -> None:
    freeze(NINE)
    made = signed_in()
    for minutes in range(20, 12 * 60 + 1, 20):
        freeze(NINE + dt.timedelta(minutes=minutes))
        assert visit(made), minutes
    freeze(NINE + dt.timedelta(hours=12, seconds=1))
    assert not visit(made)
    assert SIGNED_IN not in made.session


def test_a_second_page_within_a_minute_writes_nothing(freeze: Freeze) -> None:
    freeze(NINE)
    made = signed_in()
    made.session.modified = False
    freeze(NINE + dt.timedelta(seconds=59))
    assert visit(made)
    assert not made.session.modified
    freeze(NINE + dt.timedelta(seconds=60))
    visit(made)
    assert made.session.modified


def test_a_visitor_gets_no_session(at: dt.datetime) -> None:
    made = request()
    assert not visit(made)
    assert made.session.is_empty()


# --- form tokens ------------------------------------------------------------------------------------------------------


def posted(token: str | None) -> HttpRequest:
    return RequestFactory().post("/", {} if token is None else {tokens.FIELD: token})


def test_a_token_gives_the_same_number_each_time_and_two_forms_differ() -> None:
    first, second = tokens.issue(), tokens.issue()
    assert tokens.once(posted(first)) == tokens.once(posted(first)) != tokens.once(posted(second))
    assert isinstance(tokens.once(posted(first)), uuid.UUID)


@pytest.mark.parametrize("token", [None, "", "3b0c6f0e-7a1b-4c52-9a57-0f6f0f1c2d3e", "a:b:c"])
def test_a_missing_or_forged_token_is_refused_in_words(token: str | None) -> None:
    with pytest.raises(UserError, match="没有保存"):
        tokens.once(posted(token))


def test_a_signed_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(UserError):
        tokens.once(posted(signing.dumps("no number", salt="tracker.form")))


def test_a_token_signed_for_something_else_is_refused() -> None:
    with pytest.raises(UserError):
        tokens.once(posted(signing.dumps(str(uuid.uuid4()), salt="other")))


def test_the_tag_writes_the_hidden_input() -> None:
    html = Template("{% form_token %}").render(Context())
    assert html.startswith(f'<input type="hidden" name="{tokens.FIELD}" value="')


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "<script>", "10.0.0.1"),
        (1, "2001:db8::0001", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)) == expected


# --- headers, sizes, logs ---------------------------------------------------------------------------------------------


def test_every_answer_carries_the_policy_and_is_not_stored() -> None:
    answer = SecurityHeadersMiddleware(lambda _: HttpResponse())(request())
    assert answer["Content-Security-Policy"] == CONTENT_POLICY
    assert "unsafe" not in CONTENT_POLICY
    assert answer["Cache-Control"] == "no-store"


def test_a_view_that_says_how_long_it_may_be_kept_is_left_alone() -> None:
    kept = HttpResponse(headers={"Cache-Control": "max-age=60"})
    assert SecurityHeadersMiddleware(lambda _: kept)(request())["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize(("length", "status"), [(site.LARGEST_BODY, 200), (site.LARGEST_BODY + 1, 413)])
def test_a_body_too_large_is_refused_unread(length: int, status: int) -> None:
    made = request(CONTENT_LENGTH=str(length))
    assert BodySizeMiddleware(lambda _: HttpResponse())(made).status_code == status


@pytest.mark.parametrize(("offered", "kept"), [("0af7651916cd43dd", True), ("x", False), ("a b\nforged line", False)])
def test_request_ids_are_kept_only_when_harmless(offered: str, kept: bool) -> None:
    answer = RequestIdMiddleware(lambda _: HttpResponse())(request(HTTP_X_REQUEST_ID=offered))
    assert (answer["X-Request-ID"] == offered) is kept


def test_log_lines_are_json_with_the_request_id() -> None:
    lines: list[str] = []

    def view(_: HttpRequest) -> HttpResponse:
        record = logging.makeLogRecord({"name": "projects", "levelname": "INFO", "msg": "已接受 %s", "args": ("一",)})
        RequestIdFilter().filter(record)
        lines.append(JsonFormatter().format(record))
        return HttpResponse()

    answer = RequestIdMiddleware(view)(request())
    line = json.loads(lines[0])
    assert (line["message"], line["request"]) == ("已接受 一", answer["X-Request-ID"])


# --- files and pages --------------------------------------------------------------------------------------------------


def test_downloads_carry_a_chinese_name() -> None:
    answer = respond.xlsx(b"PK", "重点项目台账.xlsx")
    assert answer["Content-Type"] == respond.XLSX
    assert "filename*=utf-8''%E9%87%8D" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == b"PK"


def test_csv_opens_in_excel_and_runs_no_formula() -> None:
    answer = respond.csv_file(["项目", "完成"], [["=1+1", Decimal("-12.5")], ["@cmd", -3]], "项目.csv")
    text = b"".join(answer.streaming_content)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines() == ["项目,完成", "'=1+1,-12.5", "'@cmd,-3"]


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("99", 3), ("x", 1), ("", 1), ("-1", 3)])
def test_pages(asked: str, number: int) -> None:
    page = paging.page_of(list(range(120)), request(f"/?page={asked}"))
    assert page.number == number
    assert len(page) == (20 if number == 3 else paging.PER_PAGE)


def test_one_file_of_plotly_is_served_and_no_other() -> None:
    found = finders.find("plotly/plotly.min.js")
    assert found and found.endswith("package_data/plotly.min.js")
    assert finders.find("plotly/widgetbundle.js") is None
    offered = [path for finder in finders.get_finders() for path, _ in finder.list([]) if "plotly" in path]
    assert offered == ["plotly.min.js"]


def test_a_qr_code_is_drawn_square_by_square() -> None:
    text = "otpauth://totp/%E7%9D%A3%E8%BF%9B:hedong?secret=JBSWY3DPEHPK3PXP"
    drawn, border = qr.drawn(text), qr.BORDER
    dark = set()
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", drawn.path):
        assert length == back
        dark |= {(int(x) + step, int(y)) for step in range(int(length))}
    rows = segno.make(text, error="m").matrix
    assert drawn.size == len(rows) + 2 * border
    assert dark == {(x + border, y + border) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell}
