"""`python -m tests.production.office`: an embedded office in full work, in the data folder of the environment."""

from __future__ import annotations

import datetime as dt
import os

import django


def fill() -> None:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from projects.models import Tag, User
    from tests.support import county, site
    from tracker import clock

    def stand_at(moment: dt.datetime) -> None:
        clock.now = lambda: moment

    call_command("migrate", verbosity=0)
    site.populate(county.build(), stand_at)
    for number in range(3):
        Tag.objects.create(name=f"专项{number}")
    Tag.objects.get(name="专项2").delete()  # its number must not be given again
    User.objects.update(password=make_password(PASSWORD))


PASSWORD = "Qinghe-2026-county"

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    django.setup()
    fill()
