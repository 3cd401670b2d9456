"""Where a form leads that names the page to go on to: `next` comes from the address, so from anybody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.web import browser

ELSEWHERE = ("default", "sign_out", "project_list", "projects/", "//elsewhere.example/", "https://elsewhere.example/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_is_a_path_of_this_site_or_home(county: County, freeze: Freeze, target: str) -> None:
    """A bare word is no path: it would be looked up as the name of a page, and fail where none is called so."""
    freeze(moment(3, 2))
    answer = browser(county.office_one).post(reverse("as_of"), {"day": "", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))


def test_next_may_be_any_path_of_this_site(county: County, freeze: Freeze) -> None:
    freeze(moment(3, 2))
    answer = browser(county.office_one).post(reverse("as_of"), {"day": "", "next": "/projects/?q=1"})
    assert answer["Location"] == "/projects/?q=1"
