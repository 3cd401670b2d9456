"""Verification tasks in the browser."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import FlagState
from projects.models import VerificationFlag
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tests.support.web import browser, page_text, queries, send, token

IN_TIME = moment(5, 5, 10)


@pytest.fixture
def flag(county: County, freeze: Freeze) -> VerificationFlag:
    """5000 of a plan of 12000 in one month: accepted, and to be verified."""
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME)
    return VerificationFlag.objects.get()


@pytest.fixture
def supervisor(county: County) -> Client:
    return browser(county.supervisor)


def _url(flag: VerificationFlag) -> str:
    return reverse("flag_settle", args=[flag.pk])


def test_the_list_counts_each_state(flag: VerificationFlag, supervisor: Client) -> None:
    answer = supervisor.get(reverse("flag_list"))
    assert "单期增量过大" in page_text(answer)
    assert [tab["count"] for tab in answer.context["tabs"]] == [1, 0, 0]
    assert "没有这类核实事项" in page_text(supervisor.get(reverse("flag_list"), {"state": "confirmed"}))


def test_a_lower_verified_figure_is_kept_with_its_note(flag: VerificationFlag, supervisor: Client) -> None:
    answer = send(supervisor, _url(flag), state="corrected", verified_done="4,200", note="现场核对计量单")
    assert answer.url == reverse("flag_list")
    flag.refresh_from_db()
    assert (flag.state, flag.verified_done) == (FlagState.CORRECTED, 4200)
    shown = page_text(supervisor.get(reverse("flag_list"), {"state": "corrected"}))
    assert "核实为4,200" in shown
    assert "已核实：已更正" in page_text(supervisor.get(_url(flag)))


def test_a_refusal_keeps_what_was_typed(flag: VerificationFlag, supervisor: Client) -> None:
    answer = send(supervisor, _url(flag), state="corrected", note="现场核对计量单")
    assert answer.status_code == 422
    assert "请填写核实后的本年累计完成投资" in page_text(answer)
    assert "现场核对计量单</textarea>" in answer.content.decode()


def test_sent_twice_is_settled_once(flag: VerificationFlag, supervisor: Client) -> None:
    data = {**token(), "state": "confirmed", "note": "属实"}
    first, second = supervisor.post(_url(flag), data), supervisor.post(_url(flag), data)
    assert first.url == second.url


def test_units_may_not_and_nothing_missing_is_found(county: County, flag: VerificationFlag, supervisor: Client) -> None:
    assert browser(county.transport_staff).get(_url(flag)).status_code == 403
    assert supervisor.get(reverse("flag_settle", args=[10**6])).status_code == 404


def test_a_past_day_settles_nothing(flag: VerificationFlag, supervisor: Client) -> None:
    supervisor.post(reverse("as_of"), {"day": "2026-05-01"})
    assert send(supervisor, _url(flag), state="confirmed", note="属实").status_code == 422
    flag.refresh_from_db()
    assert flag.state == FlagState.OPEN


def test_as_many_queries_with_more_tasks(county: County, flag: VerificationFlag, supervisor: Client) -> None:
    before = queries(supervisor, reverse("flag_list"))
    accepted(county, county.plant, "2026-04", 6000, by=county.housing_staff, at=IN_TIME)
    accepted(county, county.factory, "2026-04", 7000, by=county.park_staff, at=IN_TIME)
    assert queries(supervisor, reverse("flag_list")) == before <= 12
