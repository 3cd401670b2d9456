"""`python -m scripts.scan.prepare`: the county of the tests in full work, in the database of this environment.

Prints as JSON the moment in which it lives and, for each role that is scanned, its account and its pages' addresses.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

import django

PASSWORD = "Qinghe-2026-county"
NOBODY = "anonymous"


def prepare() -> dict[str, Any]:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from django.core.management import call_command

    from projects.enums import Role
    from tests.support import county, site, walk
    from tracker import clock

    call_command("migrate", verbosity=0)

    def at(moment: dt.datetime) -> None:
        clock.now = lambda: moment

    at(site.NOW)
    full = site.populate(county.build(), at)
    roles = {
        "unit": Role.UNIT_STAFF,
        "office": Role.PROJECT_OFFICE,
        "leader": Role.MAIN_LEADER,
        "system": Role.SYSTEM_ADMIN,
        "security": Role.SECURITY_ADMIN,
        "audit": Role.AUDIT_ADMIN,
    }
    people, pages = {NOBODY: ""}, {NOBODY: ["/sign-in/"]}
    for name, role in roles.items():
        user = full.by_role[role]
        user.set_password(PASSWORD)
        user.save()
        people[name], pages[name] = user.username, list(dict.fromkeys(walk.pages_of(full, user)))
    return {"now": site.NOW.isoformat(), "people": people, "pages": pages}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    print(json.dumps(prepare()))
