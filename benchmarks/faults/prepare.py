"""`python -m benchmarks.faults.prepare PERSONS PROJECTS`: a county in which as many persons are owed a notice, and a
reporter who may report on as many projects this month."""

from __future__ import annotations

import os
import sys

import django

PASSWORD = "Qinghe-2026-county"
REPORTER, OFFICE, ADMINISTRATOR = "reporter", "office", "administrator"
ROAD = "青石路"
"""How the names of the reporter's projects begin."""


def prepare(persons: int, projects: int) -> None:
    """Imports come after `django.setup()`, as in any script beside manage.py."""
    from projects.enums import AnnualClass, Board, Role, Stage, UnitKind
    from projects.models import AnnualList, Officer, RoleGrant, Unit, User
    from projects.rules.periods import period_of
    from projects.services import periods
    from tests.supervision import crash_site
    from tests.support.county import LONG_AGO, add_project
    from tracker import clock

    crash_site.prepare(persons)
    now = clock.now()
    unit = Unit.objects.create(
        name="青禾县交通运输局", kind=UnitKind.DEPARTMENT, board=Board.DEPARTMENTS, valid_from=LONG_AGO
    )
    accounts = {
        REPORTER: (Role.UNIT_STAFF, unit),
        OFFICE: (Role.PROJECT_OFFICE, None),
        ADMINISTRATOR: (Role.SYSTEM_ADMIN, None),
    }
    for username, (role, of_unit) in accounts.items():
        user = User.objects.create_user(
            username, PASSWORD, name=username, unit=of_unit, must_change_password=False, created_at=now
        )
        RoleGrant.objects.create(user=user, role=role, unit=of_unit, valid_from=LONG_AGO)
    for number in range(projects):
        project = add_project(
            AnnualList.objects.get(),
            User.objects.get(username="clerk"),
            code=f"QH{number + 100}",
            name=f"{ROAD}第{number + 1}标段",
            annual_class=AnnualClass.CARRY_OVER,
            stage=Stage.BUILDING,
            unit=unit,
            leader=Officer.objects.get(),
            plan=10_000,
            total=50_000,
        )
        project.entries.update(entered_on=LONG_AGO)
    month = periods.open_period(key=period_of("month", clock.day_of(now)).key, at=now, actor=None)
    periods.expect_listed(period=month, at=now, actor=None)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    prepare(int(sys.argv[1]), int(sys.argv[2]))
