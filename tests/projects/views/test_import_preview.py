"""The preview a clerk must be able to trust: readings beside originals, words beside colours, links to the cells."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import LedgerImport, Project, UnitAlias
from projects.selectors.imports import preview
from projects.selectors.imports.screen import CellState, screen
from tests.ledgers.made_up import annual_plan_xls, monthly_report_xlsx
from tests.projects.views.test_imports import upload
from tests.support.county import County
from tests.support.ledgers import plan_book
from tests.support.web import browser, page_text, send, token


@pytest.fixture
def office(county: County) -> Client:
    return browser(county.office_one)


def _uploaded(office: Client, content: bytes, name: str) -> tuple[LedgerImport, str]:
    url = upload(office, content, name).url
    return LedgerImport.objects.get(), url


def _cells(ledger: LedgerImport) -> dict[str, tuple[CellState, str, str]]:
    """By cell of the first sheet: how it was read, the value and the original."""
    views = screen(preview(ledger)).rows
    first = [view for view in views if view.row.sheet == views[0].row.sheet]
    return {cell.field.cell: (cell.state, cell.field.value, cell.field.original) for row in first for cell in row.cells}


class TestCells:
    def test_each_state_has_its_word(self, office: Client) -> None:
        ledger, url = _uploaded(office, monthly_report_xlsx(), "调度表.xlsx")
        cells = _cells(ledger)
        assert cells["D6"] == (CellState.NORMALISED, "8000", "约0.8亿元")
        assert cells["E5"][0] == CellState.PLAIN
        assert cells["F6"] == (CellState.BLANK, "", "—")
        assert cells["H6"] == (CellState.UNREADABLE, "", "2026.1")
        html = office.get(url).content.decode()
        assert 'class="cell-unreadable"> <span class="small">（未能读出）' in html
        assert 'class="cell-normalised">8000 <span class="small">（已规范）' in html

    def test_a_date_is_shown_as_exactly_as_it_was_written(self, office: Client) -> None:
        ledger, _ = _uploaded(office, annual_plan_xls(), "计划.xls")
        assert _cells(ledger)["G5"][1:] == ("2026年", "2026")

    def test_no_column_shows_its_internal_name(self, office: Client) -> None:
        ledger, _ = _uploaded(office, monthly_report_xlsx(), "调度表.xlsx")
        labels = [cell.field.label for row in screen(preview(ledger)).rows for cell in row.cells]
        assert [label for label in labels if re.search("[a-z_]", label)] == []


class TestMessages:
    def test_all_at_once_the_gravest_first_each_at_its_cell(self, office: Client) -> None:
        ledger, url = _uploaded(office, annual_plan_xls(wrong_total=True), "计划.xls")
        html = office.get(url).content.decode()
        shown = screen(preview(ledger))
        assert [item.word for item in shown.messages][:1] == ["请确认"]
        by_cell = {item.message.cell: item.url for item in shown.messages}
        assert by_cell["K6"] == "?page=1#cell-1-K6"
        assert by_cell["F8"] == "#row-0-8", "a total is among the rows left out"
        for address in filter(None, by_cell.values()):
            assert f'id="{address.partition("#")[2]}"' in html

    def test_a_link_finds_the_page_of_its_row(self, office: Client) -> None:
        rows = [(number, f"第{number}号桥梁", "新建", "", 8000, 3000, 2026, 2027) for number in range(1, 61)]
        rows[55] = (56, "第56号桥梁", "新建", "", "10万千瓦", 3000, 2026, 2027)
        header = (
            "序号",
            "项目名称",
            "建设性质",
            "建设内容",
            "总投资（万元）",
            "2026年计划投资（万元）",
            "开工时间",
            "竣工时间",
        )
        _, url = _uploaded(office, plan_book(rows, header=header), "桥梁.xlsx")
        ledger = LedgerImport.objects.get()
        found = next(item for item in screen(preview(ledger)).messages if "10万千瓦" in item.message.text)
        assert found.url.startswith("?page=2#")
        page = office.get(url + found.url.partition("#")[0])
        assert "第56号桥梁" in page_text(page)
        assert f'id="{found.url.partition("#")[2]}"' in page.content.decode()
        assert "第1号桥梁" not in page_text(page)

    def test_rows_by_fate(self, office: Client) -> None:
        _, url = _uploaded(office, annual_plan_xls(), "计划.xls")
        assert "南门大桥" in page_text(office.get(url, {"fate": "created"}))
        assert "没有这一类的行" in page_text(office.get(url, {"fate": "changed"}))
        assert "南门大桥" in page_text(office.get(url, {"fate": "nonsense"}))


class TestQuestions:
    def _answer(self, office: Client, ledger: LedgerImport, **answers: str):
        return send(office, reverse("import_answer", args=[ledger.pk]), version=ledger.version, **answers)

    def _fields(self, ledger: LedgerImport) -> dict[str, str]:
        """Field name of the answer form by the question's id."""
        return {item.id: f"q{number}" for number, item in enumerate(preview(ledger).questions)}

    def test_names_in_one_cell_are_asked_one_by_one(self, county: County, office: Client) -> None:
        ledger, url = _uploaded(office, annual_plan_xls(), "计划.xls")
        questions = preview(ledger).questions
        assert len({question.id for question in questions}) == len(questions)
        fields = self._fields(ledger)
        answer = self._answer(
            office,
            ledger,
            **{
                fields["unit@东岭开发区"]: f"unit:{county.park.pk}",
                fields["unit@区工信局"]: f"unit:{county.office.pk}",
            },
        )
        assert answer.url == url
        ledger.refresh_from_db()
        assert ledger.answers["unit"] == {
            "东岭开发区": f"unit:{county.park.pk}",
            "区工信局": f"unit:{county.office.pk}",
        }

    def test_an_open_question_comes_before_confirming(self, office: Client) -> None:
        ledger, url = _uploaded(office, annual_plan_xls(), "计划.xls")
        confirm = reverse("import_confirm", args=[ledger.pk])
        assert confirm not in office.get(url).content.decode()
        refused = send(office, confirm, version=ledger.version)
        assert refused.status_code == 422
        assert "个问题没有回答" in page_text(refused)
        assert not Project.objects.filter(name="南门大桥").exists()
        self._answer(office, ledger, **{self._fields(ledger)["near_person@沈望书"]: "same:沈望舒"})
        assert confirm in office.get(url).content.decode()

    def test_an_answer_that_was_not_offered_is_refused(self, office: Client) -> None:
        ledger, _ = _uploaded(office, annual_plan_xls(), "计划.xls")
        answer = self._answer(office, ledger, **{self._fields(ledger)["unit@区住建局"]: "unit:99999"})
        assert answer.status_code == 422
        ledger.refresh_from_db()
        assert "unit" not in ledger.answers

    def test_two_clerks_answer_at_once(self, office: Client) -> None:
        ledger, _ = _uploaded(office, annual_plan_xls(), "计划.xls")
        field = self._fields(ledger)["near_person@沈望书"]
        self._answer(office, ledger, **{field: "same:沈望舒"})
        stale = self._answer(office, ledger, **{self._fields(ledger)["unit@区住建局"]: "skip"})
        assert stale.status_code == 409


class TestConfirm:
    def _settled(self, office: Client) -> LedgerImport:
        ledger, _ = _uploaded(office, annual_plan_xls(), "计划.xls")
        fields = {item.id: f"q{number}" for number, item in enumerate(preview(ledger).questions)}
        send(
            office,
            reverse("import_answer", args=[ledger.pk]),
            version=ledger.version,
            **{fields["near_person@沈望书"]: "same:沈望舒"},
        )
        ledger.refresh_from_db()
        return ledger

    def test_pressed_twice_imports_once(self, office: Client) -> None:
        ledger = self._settled(office)
        data = {**token(), "version": ledger.version}
        url = reverse("import_confirm", args=[ledger.pk])
        assert office.post(url, data).url == office.post(url, data).url
        assert Project.objects.filter(name="南门大桥").count() == 1
        assert not UnitAlias.objects.filter(alias="区住建局").exists()

    def test_looking_and_a_past_view_write_nothing(self, office: Client) -> None:
        ledger = self._settled(office)
        assert office.get(reverse("import_confirm", args=[ledger.pk])).status_code == 405
        office.post(reverse("as_of"), {"day": "2026-02-01"})
        assert send(office, reverse("import_confirm", args=[ledger.pk]), version=ledger.version).status_code == 422
        assert not Project.objects.filter(name="南门大桥").exists()

    def test_the_kept_file_is_for_those_who_import(self, county: County, office: Client) -> None:
        ledger = self._settled(office)
        url = reverse("import_file", args=[ledger.pk])
        assert office.post(url).getvalue() == annual_plan_xls()
        assert browser(county.transport_head).post(url).status_code == 403
        assert office.post(reverse("import_file", args=[999])).status_code == 404
