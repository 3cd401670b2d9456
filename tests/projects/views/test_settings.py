"""Calendar, rule parameters, units and roster in the browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from projects.models import CalendarDay, CalendarYear, Officer, PolicyRow, Unit, UnitOversight
from projects.services import people
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.web import browser, page_text, queries, send, token

NOW = moment(3, 2, 10)
TODAY = NOW.date()
SOURCE = "国办发明电〔2025〕7号"


@pytest.fixture(autouse=True)
def _now(freeze: Freeze) -> None:
    freeze(NOW)


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


@pytest.fixture
def bureau(county: County) -> Client:
    return browser(county.bureau)


def _past(client: Client) -> None:
    client.post(reverse("as_of"), {"day": "2026-02-01"})


class TestCalendar:
    def _edit(self, part: str) -> str:
        return reverse("calendar_edit", args=[2026, part])

    def test_the_year_shows_rest_and_make_up_days(self, county: County, office: Client) -> None:
        CalendarDay.objects.create(day=dt.date(2026, 2, 17), is_workday=False, name="春节")
        CalendarDay.objects.create(day=dt.date(2026, 2, 28), is_workday=True, name="调休上班")
        answer = office.get(reverse("calendar"), {"year": "2026"})
        text = page_text(answer)
        assert "共放假1天，调休上班1天" in text
        assert "本年的期限是预估的" in text
        february = answer.context["page"].months[1]
        assert (len(february.weeks), february.workdays) == (5, 20)
        cells = {cell.day.day: cell for week in february.weeks for cell in week if cell}
        assert (cells[17].mark, cells[28].mark, cells[28].is_workday, cells[1].is_workday) == ("休", "班", True, False)

    def test_a_day_is_set_and_the_page_returns_to_its_year(self, office: Client) -> None:
        answer = send(office, self._edit("day"), day="2026-10-08", is_workday="0", name="国庆节")
        assert answer.url == f"{reverse('calendar')}?year=2026"
        assert CalendarDay.objects.get().name == "国庆节"

    def test_published_needs_its_document(self, office: Client) -> None:
        answer = send(office, self._edit("status"), status="published", source="")
        assert answer.status_code == 422
        assert "请填写公布放假安排的文件名称或文号" in page_text(answer)
        assert send(office, self._edit("status"), status="published", source=SOURCE).status_code == 302
        assert CalendarYear.objects.get().source == SOURCE

    def test_a_list_is_loaded_from_a_file_of_either_encoding(self, office: Client) -> None:
        for encoding in ("utf-8-sig", "gb18030"):
            CalendarDay.objects.all().delete()
            file = SimpleUploadedFile("2026.csv", "2026-02-17,休,春节\n2026-02-28,班,调休\n".encode(encoding))
            answer = send(office, self._edit("file"), file=file, status="published", source=SOURCE)
            assert answer.status_code == 302
            assert CalendarDay.objects.get(day="2026-02-17").name == "春节"

    def test_every_bad_line_is_named(self, office: Client) -> None:
        file = SimpleUploadedFile("2026.csv", "2026-02-17,休,春节\n2026-02-30,休\n2026-03-01,也许\n".encode())
        answer = send(office, self._edit("file"), file=file, status="published", source=SOURCE)
        text = page_text(answer)
        assert "第2行：没有2026-02-30这一天" in text
        assert "第3行" in text
        assert not CalendarDay.objects.exists()

    def test_who_only_looks_gets_no_buttons(self, county: County) -> None:
        supervisor = browser(county.supervisor)
        assert self._edit("day") not in supervisor.get(reverse("calendar")).content.decode()
        assert supervisor.get(self._edit("day")).status_code == 403

    def test_no_such_part_or_year(self, office: Client) -> None:
        assert office.get(self._edit("weather")).status_code == 404
        assert office.get(reverse("calendar_edit", args=[1900, "day"])).status_code == 404

    def test_a_past_view_writes_nothing(self, office: Client) -> None:
        _past(office)
        answer = send(office, self._edit("day"), day="2026-10-08", is_workday="0")
        assert answer.status_code == 422
        assert not CalendarDay.objects.exists()


class TestPolicy:
    def _url(self, key: str = "ratio_yellow") -> str:
        return reverse("policy_edit", args=[key])

    def test_everything_is_listed_with_value_default_and_history(self, county: County, bureau: Client) -> None:
        send(bureau, self._url(), value="0.65", effective_on=TODAY, reason="县长办公会纪要第3期")
        send(bureau, self._url(), value="0.70", effective_on="2026-05-01", reason="年中调整")
        answer = bureau.get(reverse("policy"))
        text = page_text(answer)
        assert "其中1项与默认值不同" in text
        assert "2026-03-02起，县长办公会纪要第3期" in text
        assert "2026-05-01起改为0.70" in text
        assert text.count("年中调整") == 2, "beside the parameter and in the history"
        assert sum(len(lines) for _, lines in answer.context["groups"]) == answer.context["count"]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"value": "0.85"}, "应从小到大"),
            ({"value": "很高"}, "的值“很高”不正确"),
            ({"effective_on": "2026-03-01"}, "生效日期不能早于今天"),
            ({"reason": " "}, "这个字段是必填项"),
        ],
    )
    def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
        self, bureau: Client, typed: dict[str, str], sentence: str
    ) -> None:
        data = {"value": "0.65", "effective_on": "2026-03-02", "reason": "纪要", **typed}
        answer = send(bureau, self._url(), **data)
        assert answer.status_code == 422
        field = next(iter(typed))
        assert sentence in "".join(answer.context["form"].errors[field])
        assert f'value="{data["value"]}"' in answer.content.decode()
        assert not PolicyRow.objects.exists()

    def test_the_field_follows_the_parameter(self, bureau: Client) -> None:
        assert "高寒地区曲线" in page_text(bureau.get(self._url("season_curve")))
        assert "<select" in bureau.get(self._url("repeat_rule")).content.decode()
        assert send(bureau, self._url("repeat_rule"), value="false", effective_on=TODAY, reason="纪要").url
        assert PolicyRow.objects.get().value is False

    def test_only_the_bureau_changes_rules(self, office: Client) -> None:
        assert self._url() not in office.get(reverse("policy")).content.decode()
        assert office.get(self._url()).status_code == 403

    def test_no_such_parameter(self, bureau: Client) -> None:
        assert bureau.get(self._url("weather")).status_code == 404

    def test_sent_twice_is_one_row(self, bureau: Client) -> None:
        data = {**token(), "value": "0.65", "effective_on": TODAY, "reason": "纪要"}
        assert bureau.post(self._url(), data).url == bureau.post(self._url(), data).url
        assert PolicyRow.objects.count() == 1

    def test_as_many_queries_with_more_history(self, bureau: Client) -> None:
        before = queries(bureau, reverse("policy"))
        for value in ("0.61", "0.62", "0.63"):
            send(bureau, self._url(), value=value, effective_on=TODAY, reason="纪要")
        assert queries(bureau, reverse("policy")) == before <= 9


UNIT = {
    "name": "青禾县水利局",
    "short_name": "县水利局",
    "kind": "department",
    "board": "departments",
    "official_order": "",
    "valid_from": "2026-03-01",
}


class TestUnits:
    def test_a_unit_is_created_and_renamed(self, office: Client) -> None:
        made = Unit.objects.get(pk=send(office, "/settings/units/new/", **UNIT).url.split("/")[-2])
        assert (made.initials, made.official_order) == ("qhxslj", 9999)
        url = reverse("unit", args=[made.pk])
        send(office, url, **{**UNIT, "name": "青禾县水务局", "version": made.version})
        assert "青禾县水利局" in page_text(office.get(url)), "the old name is an alias"

    def test_a_known_name_is_refused_at_its_field(self, county: County, office: Client) -> None:
        answer = send(office, "/settings/units/new/", **{**UNIT, "name": county.transport.name})
        assert answer.status_code == 422
        assert answer.context["form"].errors
        assert f'value="{county.transport.name}"' in answer.content.decode()

    def test_another_hand_was_quicker(self, county: County, office: Client) -> None:
        unit = county.transport
        people.update_unit(unit=unit, values={"area": "城区"}, version=None, actor=county.bureau, at=NOW)
        answer = send(office, reverse("unit", args=[unit.pk]), **{**UNIT, "version": unit.version - 1})
        assert answer.status_code == 409

    def test_an_alias_of_another_unit_is_refused(self, county: County, office: Client) -> None:
        url = reverse("unit_alias", args=[county.housing.pk])
        assert "已指向某个单位" in page_text(send(office, url, alias="交通局"))
        assert send(office, url, alias="住建局").status_code == 302
        assert "住建局" in page_text(office.get(reverse("unit", args=[county.housing.pk])))

    def test_oversight_passes_on(self, county: County, office: Client) -> None:
        url = reverse("unit_oversee", args=[county.park.pk])
        send(office, url, officer=county.vice_transport.pk, valid_from="2026-04-01")
        before = UnitOversight.objects.get(unit=county.park, officer=county.executive)
        assert before.valid_to == dt.date(2026, 3, 31)
        again = send(office, url, officer=county.vice_transport.pk, valid_from="2026-05-01")
        assert "已分管" in page_text(again)

    def test_found_by_alias_initials_and_short_name(self, county: County, office: Client) -> None:
        Unit.objects.filter(pk=county.transport.pk).update(initials="qhxjtysj")
        for asked in ("交通局", "QHXJT", "县交通"):
            cards = office.get(reverse("unit_list"), {"q": asked}).context["cards"]
            assert [card.unit for card in cards] == [county.transport]
        assert "没有符合条件的单位" in page_text(office.get(reverse("unit_list"), {"q": "气象"}))

    def test_ended_units_have_a_tab(self, county: County, office: Client) -> None:
        people.update_unit(
            unit=county.chengguan,
            values={"valid_to": dt.date(2026, 2, 28)},
            version=None,
            actor=county.bureau,
            at=NOW,
        )
        assert county.chengguan.name not in page_text(office.get(reverse("unit_list")))
        ended = office.get(reverse("unit_list"), {"state": "ended", "q": "城关"})
        assert county.chengguan.name in page_text(ended)
        assert [tab["url"] for tab in ended.context["tabs"]] == [
            "?q=%E5%9F%8E%E5%85%B3",
            "?q=%E5%9F%8E%E5%85%B3&state=ended",
        ]

    def test_as_many_queries_with_twice_the_units(self, county: County, office: Client) -> None:
        before = queries(office, reverse("unit_list"))
        for number in range(5):
            unit = people.create_unit(
                name=f"第{number}镇人民政府", kind="township", board="townships", actor=county.bureau, at=NOW
            )
            people.add_unit_alias(unit=unit, alias=f"第{number}镇", actor=county.bureau, at=NOW)
        assert queries(office, reverse("unit_list")) == before <= 10

    def test_units_themselves_do_not_open_the_page(self, county: County) -> None:
        assert browser(county.transport_head).get(reverse("unit_list")).status_code == 403


class TestOfficers:
    def test_a_person_is_put_on_the_roster_and_leaves_it(self, county: County, office: Client) -> None:
        data = {"name": "贺承安", "post": "副县长", "kind": "county_leader", "valid_from": "2026-03-01"}
        answer = send(office, "/settings/officers/new/", **data)
        made = Officer.objects.get(name="贺承安")
        assert answer.url == reverse("officer", args=[made.pk])
        send(office, answer.url, **data, valid_to="2026-03-01", version=made.version)
        assert "贺承安" not in page_text(office.get(reverse("officer_list")))
        assert "2026-03-01离任" in page_text(office.get(reverse("officer_list"), {"state": "ended"}))

    def test_dates_in_the_wrong_order_are_refused(self, county: County, office: Client) -> None:
        found = county.executive
        data = {"name": found.name, "kind": found.kind, "valid_from": "2026-03-01", "valid_to": "2026-02-01"}
        answer = send(office, reverse("officer", args=[found.pk]), **data, version=found.version)
        assert "终止日期不能早于起始日期" in page_text(answer)

    def test_another_spelling(self, county: County, office: Client) -> None:
        url = reverse("officer_alias", args=[county.executive.pk])
        assert send(office, url, alias="温已宁").status_code == 302
        assert "已指向某人" in page_text(send(office, url, alias="温已宁"))
        assert "温已宁" in page_text(office.get(reverse("officer_list"), {"q": "温已"}))

    def test_as_many_queries_with_more_people(self, county: County, office: Client) -> None:
        before = queries(office, reverse("officer_list"))
        for number in range(5):
            people.create_officer(name=f"乙{number}", kind="unit_officer", actor=county.bureau, at=NOW)
        assert queries(office, reverse("officer_list")) == before <= 10
