"""Drafting, publishing and correcting a ranking in the browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Period
from supervision.enums import SnapshotState
from supervision.models import Snapshot
from tests.conftest import Freeze
from tests.supervision.office import open_month
from tests.support.county import County, moment
from tests.support.web import browser, page_text, send, token

TAKE = "/rankings/take/"


def publish_url(snapshot: Snapshot) -> str:
    return reverse("snapshot_publish", args=[snapshot.pk])


def supersede_url(snapshot: Snapshot) -> str:
    return reverse("snapshot_supersede", args=[snapshot.pk])


def test_a_draft_is_taken_and_shown(county: County, august: Period) -> None:
    answer = send(browser(county.office_one), TAKE, period=august.pk)
    draft = Snapshot.objects.get()
    assert draft.state == SnapshotState.DRAFT
    assert answer.url == f"/rankings/?snapshot={draft.pk}&board=projects"


def test_reading_the_forms_writes_nothing(county: County, draft: Snapshot) -> None:
    client = browser(county.office_one)
    for url in (TAKE, publish_url(draft), supersede_url(draft)):
        assert client.get(url).status_code == 200
    assert Snapshot.objects.get().state == SnapshotState.DRAFT


def test_only_ended_periods_without_a_publication_are_offered(county: County, published: Snapshot) -> None:
    open_month("2026-09", moment(10, 8, 18))
    assert "没有可以排名的报告期" in page_text(browser(county.office_one).get(TAKE))


def test_publishing_once_however_often_it_is_sent(county: County, draft: Snapshot) -> None:
    client, form = browser(county.office_one), token() | {"version": draft.version}
    first, second = client.post(publish_url(draft), form), client.post(publish_url(draft), form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    draft.refresh_from_db()
    assert (draft.state, draft.published_by) == (SnapshotState.PUBLISHED, county.office_one)


def test_a_draft_made_again_meanwhile_is_not_published(county: County, draft: Snapshot) -> None:
    answer = send(browser(county.bureau), publish_url(draft), version=draft.version - 1)
    assert answer.status_code == 422
    assert "草稿刚被重新生成，请核对最新内容后再发布" in page_text(answer)
    assert Snapshot.objects.get().state == SnapshotState.DRAFT


def test_an_open_period_is_not_published(county: County, draft: Snapshot, freeze: Freeze) -> None:
    freeze(moment(9, 8, 9))
    assert "锁定后才能发布" in page_text(browser(county.bureau).get(publish_url(draft)))
    answer = send(browser(county.bureau), publish_url(draft), version=draft.version)
    assert answer.status_code == 422
    assert Snapshot.objects.get().state == SnapshotState.DRAFT


def test_a_correction_needs_its_reason(county: County, published: Snapshot) -> None:
    answer = send(browser(county.bureau), supersede_url(published), reason="  ")
    assert answer.status_code == 422
    published.refresh_from_db()
    assert published.state == SnapshotState.PUBLISHED


def test_a_correction_keeps_the_old_and_drafts_the_new(county: County, published: Snapshot) -> None:
    answer = send(browser(county.bureau), supersede_url(published), reason="城关镇数据录错一位")
    published.refresh_from_db()
    assert published.state == SnapshotState.SUPERSEDED
    again = Snapshot.objects.get(number=2)
    assert again.state == SnapshotState.DRAFT
    assert answer.url == f"/rankings/?snapshot={again.pk}&board=projects"


@pytest.mark.parametrize("name", ["supervisor", "mayor", "vice", "transport_head", "owner", "sysadmin"])
def test_only_the_two_data_offices_make_rankings(county: County, published: Snapshot, name: str) -> None:
    client = browser(getattr(county, name))
    assert client.get(TAKE).status_code == 403
    assert send(client, supersede_url(published), reason="不该成功").status_code == 403
    published.refresh_from_db()
    assert published.state == SnapshotState.PUBLISHED


def test_a_past_view_publishes_nothing(county: County, draft: Snapshot) -> None:
    client = browser(county.bureau)
    client.post(reverse("as_of"), {"day": dt.date(2026, 9, 1)})
    assert send(client, publish_url(draft), version=draft.version).status_code == 422
    assert Snapshot.objects.get().state == SnapshotState.DRAFT
