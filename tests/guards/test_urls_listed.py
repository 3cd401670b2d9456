"""A page is open only to whom somebody opened it: URLs and the rights table name the same pages."""

from __future__ import annotations

from django.urls import get_resolver

from projects.permissions import PUBLIC_URLS, RIGHTS, URL_ACTIONS


def test_every_url_is_listed_and_every_listed_url_exists() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names - set(URL_ACTIONS) - PUBLIC_URLS == set(), "not in URL_ACTIONS"
    assert set(URL_ACTIONS) - names == set(), "listed, but no such URL"


def test_every_url_needs_a_known_action() -> None:
    assert set(URL_ACTIONS.values()) <= set(RIGHTS)


def test_an_unlisted_url_answers_not_found(county, client, monkeypatch) -> None:
    client.force_login(county.bureau, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/imports/new/").status_code == 200
    monkeypatch.delitem(URL_ACTIONS, "import_upload")
    assert client.get("/imports/new/").status_code == 404
