"""`python -m tests.supervision.crash_site N`: a site of its own with N persons who are owed one notice each.

Run as a process with the environment of the site to be crashed; it migrates, fills the county and asks for the weekly
job, which the processes under test then carry out.
"""

from __future__ import annotations

import datetime as dt
import os
import sys

import django


def prepare(persons: int) -> None:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from django.core.management import call_command

    from projects.enums import AnnualClass, Board, OfficerKind, Role, Stage, UnitKind
    from projects.models import AnnualList, Officer, RoleGrant, Unit, User
    from supervision.services import jobs
    from tests.support.county import LONG_AGO, add_milestone, add_project
    from tracker import clock

    call_command("migrate", verbosity=0)
    now = clock.now()
    today = clock.day_of(now)
    unit = Unit.objects.create(
        name="青禾县水利局", kind=UnitKind.DEPARTMENT, board=Board.DEPARTMENTS, valid_from=LONG_AGO
    )
    leader = Officer.objects.create(name="温以宁", kind=OfficerKind.COUNTY_LEADER, valid_from=LONG_AGO)
    clerk = User.objects.create(username="clerk", name="卢嘉树", created_at=now)
    annual_list = AnnualList.objects.create(year=today.year, number=1, title="年度清单", issued_on=today)
    project = add_project(
        annual_list,
        clerk,
        code="QH001",
        name="青石河治理",
        annual_class=AnnualClass.CARRY_OVER,
        stage=Stage.BUILDING,
        unit=unit,
        leader=leader,
        plan=1000,
        total=5000,
    )
    project.entries.update(entered_on=LONG_AGO)
    add_milestone(project, today - dt.timedelta(days=30), title="堤防合龙")
    User.objects.bulk_create(
        User(username=f"u{number}", name=f"第{number}号", email=f"u{number}@county.example", created_at=now)
        for number in range(persons)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.UNIT_STAFF, unit=unit, valid_from=LONG_AGO)
        for user in User.objects.exclude(pk=clerk.pk)
    )
    jobs.request(name="weekly_notices", as_of=today, actor=None, at=now)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    prepare(int(sys.argv[1]))
