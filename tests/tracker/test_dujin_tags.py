"""Tags and components as a page uses them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from projects.enums import Colour


def rendered(source: str, path: str = "/projects/", **context: Any) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get(path))


@pytest.mark.parametrize("colour", list(Colour))
def test_a_light_is_shape_and_word_and_colour(colour: Colour) -> None:
    html = rendered('{% include "components/light.html" with colour=colour only %}', colour=colour)
    assert f"light--{colour.value}" in html
    assert f"shape--{colour.value}" in html
    assert colour.label in html


def test_no_two_lights_share_a_shape_but_the_open_ring() -> None:
    drawings = [rendered("{% shape colour %}", colour=colour).split(">", 1)[1] for colour in Colour]
    assert len(set(drawings)) == len(drawings)


def test_a_configured_word_replaces_the_usual_one() -> None:
    html = rendered('{% include "components/light.html" with colour="red" label="未报送" only %}')
    assert "未报送" in html
    assert "告警" not in html


def test_query_keeps_the_filters_and_drops_what_is_none() -> None:
    html = rendered('{% query "page" 3 "sort" None %}', "/projects/?unit=2&light=red&light=yellow&sort=name&page=1")
    assert html == "?unit=2&amp;light=red&amp;light=yellow&amp;page=3"


def test_query_escapes_what_people_type() -> None:
    assert '"' not in rendered('{% query "page" 2 %}', '/projects/?name="><script>')


def test_sorting_by_the_present_column_turns_it_round_and_returns_to_page_one() -> None:
    source = '{% include "components/sort_header.html" with name="plan" label="年度计划" current=sort only %}'
    ascending = rendered(source, "/projects/?sort=plan&page=4", sort="plan")
    assert 'aria-sort="ascending"' in ascending
    assert 'href="?sort=-plan"' in ascending
    assert 'href="?sort=plan"' in rendered(source, sort="name")


def test_a_filter_form_keeps_the_sort_but_not_the_page() -> None:
    source = '{% kept_params "sort" as kept %}{{ kept }}'
    assert rendered(source, "/projects/?sort=-plan&page=4") == "[(&#x27;sort&#x27;, &#x27;-plan&#x27;)]"


def test_pagination_marks_the_present_page_and_links_its_neighbours() -> None:
    page = Paginator(range(200), 25).get_page(2)
    html = rendered(
        '{% include "components/pagination.html" with page=page only %}', "/projects/?unit=2&page=2", page=page
    )
    assert "第 26–50 条" in html
    assert '<span aria-current="page">2</span>' in html
    assert 'href="?unit=2&amp;page=1"' in html
    assert 'href="?unit=2&amp;page=3"' in html


def test_progress_bar_says_its_figures_aloud_and_needs_no_style_attribute() -> None:
    html = rendered(
        '{% include "components/progress.html" with ratio=ratio expected=expected colour="green" only %}',
        ratio=Decimal("1.25"),
        expected=Decimal("0.75"),
    )
    assert 'aria-label="完成125.0%，时间进度75.0%"' in html
    assert 'width="100%"' in html
    assert 'x="75%"' in html
    assert "style=" not in html


def test_an_unknown_amount_has_no_unit() -> None:
    source = '{% include "components/amount.html" with value=value only %}'
    assert "万元" in rendered(source, value=0)
    assert "万元" not in rendered(source, value=None)


def test_the_hint_of_a_field_is_text() -> None:
    """A parameter's explanation or a file's name may stand in it."""

    class Sample(forms.Form):
        name = forms.CharField(help_text="不超过<b>5</b>字")

    html = rendered('{% include "components/field_notes.html" with field=field only %}', field=Sample()["name"])
    assert "不超过&lt;b&gt;5&lt;/b&gt;字" in html
