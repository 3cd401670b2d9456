"""`python -m benchmarks.faults.forms PORT TIMES`: on every page with a form that carries a version, two people save at
once from what both saw. Prints as JSON, for each form, how often it was tried and what went wrong.

The forms and what is typed into them are those of `tests.guards.test_two_at_once`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

import django

EACH = 8
"""Pages of one kind that are looked at for the form."""


def try_all(port: int, times: int) -> dict[str, tuple[int, list[str]]]:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from django.urls import Resolver404, resolve

    from benchmarks.faults.browser import Browser
    from benchmarks.faults.editing import at_once
    from projects.models import CalendarYear, RoleGrant
    from tests.guards.test_two_at_once import CASES, FIRST, SECOND, Case, versioned
    from tests.production.office import PASSWORD
    from tests.support.pages import Form, filled, read

    CalendarYear.objects.get_or_create(year=2026)

    def name_of(url: str) -> str:
        try:
            return str(resolve(url.partition("?")[0]).url_name)
        except Resolver404:
            return ""

    def form_on(person: Browser, url: str) -> Form | None:
        """Where something new is made there is no version, and nothing to fight over."""
        forms = [form for form in versioned(person.page(url)) if form.fields.get("version", "").strip("0")]
        return next((form for form in forms if form.action in ("", url)), None)

    def walk(person: Browser) -> dict[str, str]:
        """The first page of each case that this person finds by following links."""
        found, waiting, seen, kinds = {}, ["/"], {"/"}, Counter[str]()
        while waiting:
            url = waiting.pop(0)
            name = name_of(url)
            kinds[name] += 1
            if kinds[name] > EACH or name in ("sign_out", ""):
                continue
            answer = person.get(url)
            if answer.status == 200 and "<html" not in answer.text:
                continue
            if answer.status == 200 and name in CASES and name not in found and form_on(person, url) is not None:
                found[name] = url
            for link in (answer.location, *read(answer.text).links):
                if link.startswith("/") and not link.startswith("/static/") and link not in seen:
                    seen.add(link)
                    waiting.append(link)
        return found

    def two(user: str) -> list[Browser]:
        people = [Browser(port), Browser(port)]
        for person in people:
            person.sign_in(user, PASSWORD)
        return people

    def once(people: list[Browser], url: str, case: Case, number: int) -> str | None:
        """What went wrong; None when the form has gone because its matter is settled."""
        forms = [form_on(person, url) for person in people]
        if None in forms:
            return None
        typed = [
            {name: value + str(number) if value in (FIRST, SECOND) else value for name, value in values.items()}
            for values in (case.first, case.second)
        ]
        before = dict(case.row.objects.values_list("pk", case.column))
        answers = at_once(
            *(
                lambda person=person, form=form, values=values: person.send(
                    form, url, **filled(form, **case.also, **values)
                )
                for person, form, values in zip(people, forms, typed, strict=True)
            )
        )
        statuses = sorted(answer.status for answer in answers)
        changed = set(case.row.objects.values_list("pk", case.column)) - set(before.items())
        if statuses != [302, 409] or len(changed) != 1:
            return f"answered {statuses}, {len(changed)} rows changed"
        return ""

    outcome: dict[str, tuple[int, list[str]]] = {}
    for role in sorted({case.reader for case in CASES.values()}):
        wanted = {name for name, case in CASES.items() if case.reader == role and name not in outcome}
        for user in RoleGrant.objects.filter(role=role).values_list("user__username", flat=True).distinct():
            people = two(user)
            for name, url in walk(people[0]).items():
                if name not in wanted or name in outcome:
                    continue
                is_text = FIRST in CASES[name].first.values()  # else what was saved once cannot be changed to again
                said = [once(people, url, CASES[name], number) for number in range(times if is_text else 1)]
                tried = [error for error in said if error is not None]
                outcome[name] = (len(tried), [error for error in tried if error])
    for name in set(CASES) - set(outcome):
        outcome[name] = (0, ["no page with this form was found"])
    return outcome


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    print(json.dumps(try_all(int(sys.argv[1]), int(sys.argv[2]))))
