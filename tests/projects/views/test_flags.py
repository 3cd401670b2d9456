"""Verification tasks in the browser."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from projects.enums import FlagState
from projects.models import VerificationFlag
from projects.selectors.flags import SORTS
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tests.support.web import browser, cells, export, page_text, queries, send, token

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


@pytest.fixture
def three(county: County, flag: VerificationFlag) -> list[VerificationFlag]:
    """The road's, the plant's and the factory's; the plant's was reported by the supervisor's own hand."""
    accepted(county, county.plant, "2026-04", 6000, by=county.supervisor, at=IN_TIME)
    accepted(county, county.factory, "2026-04", 7000, by=county.park_staff, at=IN_TIME)
    return [
        VerificationFlag.objects.get(project=project, code="jump")
        for project in (county.road, county.plant, county.factory)
    ]


class TestList:
    URL = "/flags/"

    def names(self, client: Client, **asked: str) -> list[str]:
        return [flag.project.name for flag in client.get(self.URL, asked).context["page"].object_list]

    def test_it_is_narrowed_by_name_unit_and_doubt(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        assert self.names(supervisor, q="污水") == [county.plant.name]
        assert self.names(supervisor, q="交通局") == [county.road.name]
        assert len(self.names(supervisor, code="jump")) == 3
        assert "没有符合条件的核实事项" in page_text(supervisor.get(self.URL, {"code": "empty"}))

    def test_tabs_and_search_keep_each_other(self, three: list[VerificationFlag], supervisor: Client) -> None:
        html = supervisor.get(self.URL, {"q": "污水", "state": "open"}).content.decode()
        assert 'href="?q=%E6%B1%A1%E6%B0%B4&amp;state=confirmed"' in html
        assert '<input type="hidden" name="state" value="open">' in html

    @pytest.mark.parametrize("sort", [way + key for key in SORTS for way in ("", "-")])
    def test_every_column_sorts(self, three: list[VerificationFlag], supervisor: Client, sort: str) -> None:
        assert len(self.names(supervisor, sort=sort)) == 3

    def test_the_export_holds_what_is_shown(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        rows = cells(export(supervisor, reverse("flag_export"), sort="-done", code="jump").getvalue())
        assert rows[1][0] == "数据日期：2026-05-05　单位：万元　条件：状态：待核实，疑问：单期增量过大　共3项"
        assert [row[1] for row in rows[3:]] == [county.factory.name, county.plant.name, county.road.name]
        assert rows[3][6] == 7000


class TestConfirmSeveral:
    URL = "/flags/confirm/"

    def test_the_ticked_are_right_with_one_note(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        with zeal_ignore():  # each is settled for itself
            answer = send(supervisor, f"{self.URL}?code=jump", flag=[three[0].pk, three[2].pk], note="已核对计量单")
        assert answer.url == "/flags/?code=jump"
        assert "2项已登记为属实。" in page_text(supervisor.get(answer.url))
        settled = VerificationFlag.objects.filter(state=FlagState.CONFIRMED)
        assert {(row.pk, row.note) for row in settled} == {
            (three[0].pk, "已核对计量单"),
            (three[2].pk, "已核对计量单"),
        }

    def test_ones_own_figures_cannot_be_ticked_and_are_left(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        assert f'name="flag" value="{three[1].pk}"' not in supervisor.get("/flags/").content.decode()
        send(supervisor, self.URL, flag=[three[1].pk], note="属实")
        assert f"{county.plant.name}：未办理。填报人（含被代理人）不能核实自己填报的数据" in page_text(
            supervisor.get("/flags/")
        )

    def test_what_a_colleague_settled_meanwhile_is_left(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        send(browser(county.bureau), _url(three[0]), state="confirmed", note="属实")
        send(supervisor, self.URL, flag=[three[0].pk], note="已核对计量单")
        assert "该事项已有人核实，请刷新页面。" in page_text(supervisor.get("/flags/"))
        three[0].refresh_from_db()
        assert three[0].note == "属实"

    def test_without_a_note_the_ticks_stay(self, three: list[VerificationFlag], supervisor: Client) -> None:
        answer = send(supervisor, self.URL, flag=[three[0].pk], note=" ")
        assert answer.status_code == 422
        html = answer.content.decode()
        assert f'value="{three[0].pk}" checked' in html
        assert "这个字段是必填项。" in html
        assert not VerificationFlag.objects.filter(state=FlagState.CONFIRMED).exists()

    def test_not_by_units_nor_on_a_past_day(
        self, county: County, three: list[VerificationFlag], supervisor: Client
    ) -> None:
        assert send(browser(county.transport_staff), self.URL, flag=[three[0].pk], note="属实").status_code == 403
        supervisor.post(reverse("as_of"), {"day": "2026-05-01"})
        assert send(supervisor, self.URL, flag=[three[0].pk], note="属实").status_code == 422


def test_as_many_queries_with_more_tasks(county: County, flag: VerificationFlag, supervisor: Client) -> None:
    before = queries(supervisor, reverse("flag_list"))
    accepted(county, county.plant, "2026-04", 6000, by=county.housing_staff, at=IN_TIME)
    accepted(county, county.factory, "2026-04", 7000, by=county.park_staff, at=IN_TIME)
    assert queries(supervisor, reverse("flag_list")) == before <= 12
