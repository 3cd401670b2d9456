"""Founding the demonstration county: units, roster, accounts, two annual lists with their projects, plans and nodes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from projects.enums import (
    AdjustmentKind,
    AnnualClass,
    Board,
    LeaderPart,
    MilestoneKind,
    MilestoneWeight,
    OfficerKind,
    Precision,
    Role,
    Stage,
    UnitKind,
    UnitPart,
)
from projects.models import AnnualList, AnnualListEntry, Officer, Project, Unit, User
from projects.rules.periods import month_end
from projects.services import assignments, lists, milestones, people, plans, projects
from projects.services.plans import PlanFigures
from tracker.clock import SHANGHAI
from tracker.demo import accounts, county
from tracker.demo.characters import BUILDING_NODES, CHARACTERS, PRE_STAGE_NODES

MONTH_SHARES = tuple(Decimal(value) for value in (1, 3, 6, 9, 11, 12, 12, 12, 11, 10, 7, 6))
LAST_YEAR_SHARE = Decimal("0.8")
"""Last year's plan of a carry-over, as a share of this year's."""
LONG_AGO = dt.date(2020, 1, 1)


@dataclass(slots=True)
class Cast:
    """The county as it stands while its story is told; `specs` maps a project's id to its specification."""

    units: dict[str, Unit] = field(default_factory=dict)
    officers: dict[str, Officer] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    specs: dict[int, county.ProjectSpec] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of Shanghai time."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def first_day(text: str) -> dt.date:
    """`2026-03` -> the first day of that month."""
    year, month = map(int, text.split("-"))
    return dt.date(year, month, 1)


def found(first: dt.date) -> Cast:
    """Units, roster and accounts as they stand on `first`."""
    cast = Cast()
    at = moment(first, 8)
    for order, unit_spec in enumerate(county.UNITS, start=1):
        cast.units[unit_spec.key] = _unit(unit_spec, order, at)
    for order, leader in enumerate(county.LEADERS, start=1):
        cast.officers[leader.key] = _officer(cast, leader, order, at)
    for account in accounts.ACCOUNTS:
        if not account.project:
            open_account(cast, account, at)
    return cast


def _unit(spec: county.UnitSpec, order: int, at: dt.datetime) -> Unit:
    unit = people.create_unit(
        name=spec.name,
        short_name=spec.short,
        kind=UnitKind(spec.kind),
        board=Board(spec.board),
        official_order=order,
        valid_from=LONG_AGO,
        actor=None,
        at=at,
    )
    for alias in spec.aliases:
        people.add_unit_alias(unit=unit, alias=alias, actor=None, at=at)
    return unit


def _officer(cast: Cast, spec: county.LeaderSpec, order: int, at: dt.datetime) -> Officer:
    officer = people.create_officer(
        name=spec.name.replace("　", ""),
        post=spec.post,
        kind=OfficerKind.MAIN_LEADER if spec.main else OfficerKind.COUNTY_LEADER,
        unit=cast.units["gov"],
        official_order=order,
        valid_from=LONG_AGO,
        actor=None,
        at=at,
    )
    for key in spec.field:
        people.oversee(unit=cast.units[key], officer=officer, valid_from=LONG_AGO, actor=None, at=at)
    return officer


def open_account(cast: Cast, spec: accounts.AccountSpec, at: dt.datetime) -> None:
    """An account whose one-time password was already replaced by the demonstration's."""
    new = people.create_account(
        username=spec.username,
        name=spec.name,
        unit=cast.units.get(spec.unit),
        officer=cast.officers.get(spec.leader),
        email=f"{spec.username}@demo.invalid",
        actor=None,
        at=at,
    )
    people.change_password(user=new.user, old=new.password, new=accounts.PASSWORD, actor=new.user, at=at)
    people.grant_role(
        user=new.user,
        role=Role(spec.role),
        unit=cast.units[spec.unit] if spec.role in ("unit_head", "unit_staff") else None,
        project=cast.projects.get(spec.project),
        valid_from=LONG_AGO,
        actor=None,
        at=at,
    )
    cast.users[spec.username] = new.user


# lists


def issue_list(cast: Cast, year: int, *, current: bool) -> None:
    """One year's list with its projects and plans. Last year's holds what had begun by then."""
    day = dt.date(year, 1, 15)
    actor, at = cast.users["zhongdian"], moment(day, 9)
    annual_list = lists.issue(
        year=year,
        title=f"青禾县{year}年重点建设项目清单",
        document_no=f"青政发〔{year}〕3号",
        issued_on=day,
        actor=actor,
        at=at,
    )
    wanted = [
        spec for spec in county.PROJECTS if (spec.character != "added" if current else spec.start < f"{year + 1}-01")
    ]
    for seq, spec in enumerate(wanted, start=1):
        project = cast.projects.get(spec.name) or _project(cast, spec, at)
        annual_class = _class_in(spec, year)
        lists.enter(annual_list=annual_list, project=project, annual_class=annual_class, seq=seq, actor=actor, at=at)
        _plan(cast, spec, project, annual_list, current=current)


def _class_in(spec: county.ProjectSpec, year: int) -> AnnualClass:
    if spec.start >= f"{year}-01" and spec.annual_class in ("carry_over", "completion"):
        return AnnualClass.NEW_START
    if spec.annual_class == "completion" and spec.finish >= f"{year + 1}-01":
        return AnnualClass.CARRY_OVER
    return AnnualClass(spec.annual_class)


def add_in_july(cast: Cast, year: int) -> None:
    """The project that joined the list in July, by an adjustment with its document."""
    spec = next(spec for spec in county.PROJECTS if spec.character == "added")
    day = dt.date(year, 7, 6)
    actor, at = cast.users["zhongdian"], moment(day, 10)
    annual_list = AnnualList.objects.get(year=year, number=1)
    project = _project(cast, spec, at)
    lists.enter(
        annual_list=annual_list,
        project=project,
        annual_class=AnnualClass.NEW_START,
        entered_on=day,
        reason="上半年新签约，经县政府常务会议研究列入",
        actor=actor,
        at=at,
    )
    _plan(cast, spec, project, annual_list, current=True, day=day)


def adjust(cast: Cast, character: str, kind: AdjustmentKind, reason: str, day: dt.date) -> None:
    """Pause or remove the project of this character."""
    spec = next(spec for spec in county.PROJECTS if spec.character == character)
    project = cast.projects[spec.name]
    entry = AnnualListEntry.objects.select_related("project").get(project_id=project.pk, year=day.year)
    lists.adjust(
        entry=entry,
        kind=kind,
        reason=reason,
        effective_on=day,
        document_no=f"青重点办〔{day.year}〕{day.month}号",
        actor=cast.users["zhongdian"],
        at=moment(day, 15),
    )


# projects


def _project(cast: Cast, spec: county.ProjectSpec, at: dt.datetime) -> Project:
    actor = cast.users["zhongdian"]
    day = at.astimezone(SHANGHAI).date()
    started = spec.annual_class in ("carry_over", "completion") and spec.start < f"{day.year}-01"
    parent = cast.projects.get(spec.parent)
    project = projects.create(
        name=spec.name,
        values={
            "sector": spec.sector,
            "level": spec.level,
            "owner": spec.owner,
            "owner_kind": spec.owner_kind,
            "content": spec.content,
            "nature": "technical" if "改造" in spec.name and spec.sector == "工业" else "new",
            "total": Decimal(spec.total),
            "is_package": spec.character == "package",
            "parent": parent,
            "has_contract": spec.annual_class in ("carry_over", "completion"),
            "area": cast.units[spec.co_units[0]].label if spec.co_units else "县城",
        },
        stage=Stage.BUILDING if started else _first_stage(spec),
        year=day.year,
        actor=actor,
        at=at,
    )
    cast.projects[spec.name] = project
    cast.specs[project.pk] = spec
    cast.numbers[project.pk] = len(cast.numbers) + 1
    _assign(cast, spec, project, day, at)
    if spec.character != "package":
        _milestones(cast, spec, project, at)
    if started:
        projects.confirm_start(project=project, on=first_day(spec.start), actor=actor, at=at)
    if started and CHARACTERS[spec.character].included:
        values = {"included_on": first_day(spec.start) + dt.timedelta(days=20), "code": f"QH{project.pk:05d}"}
        projects.set_inclusion(project=project, values=values, version=None, actor=cast.users["fagai"], at=at)
    return project


def _first_stage(spec: county.ProjectSpec) -> Stage:
    return Stage.RESERVE if spec.annual_class == "reserve" else Stage.PREPARATION


def _assign(cast: Cast, spec: county.ProjectSpec, project: Project, day: dt.date, at: dt.datetime) -> None:
    actor = cast.users["zhongdian"]
    for position, key in enumerate((spec.unit, *spec.co_units)):
        assignments.assign_unit(
            project=project,
            unit=cast.units[key],
            part=UnitPart.COOPERATING if position else UnitPart.LEAD,
            position=position,
            valid_from=day,
            actor=actor,
            at=at,
        )
    for position, key in enumerate((spec.leader, *spec.joint)):
        assignments.assign_leader(
            project=project,
            officer=cast.officers[key],
            part=LeaderPart.JOINT if position else LeaderPart.LEAD,
            position=position,
            valid_from=day,
            actor=actor,
            at=at,
        )


def _milestones(cast: Cast, spec: county.ProjectSpec, project: Project, at: dt.datetime) -> None:
    actor = cast.users["zhongdian"]
    start, finish = first_day(spec.start), month_end(first_day(spec.finish))

    def add(title: str, due: dt.date, kind: MilestoneKind, weight: MilestoneWeight, precision: Precision) -> None:
        milestones.add(
            project=project, due_on=due, title=title, kind=kind, weight=weight, precision=precision, actor=actor, at=at
        )

    add("计划开工", start, MilestoneKind.START, MilestoneWeight.KEY, Precision.MONTH)
    add("计划竣工", finish, MilestoneKind.FINISH, MilestoneWeight.HARD, Precision.MONTH)
    if spec.annual_class in ("pre_stage", "reserve"):
        for step, title in enumerate(PRE_STAGE_NODES[: 5 if spec.annual_class == "pre_stage" else 0]):
            due = month_end(dt.date(at.year, 3 + 2 * step, 1)) if step < 4 else dt.date(at.year, 12, 20)
            add(title, due, MilestoneKind.NODE, MilestoneWeight.ORDINARY, Precision.DAY)
        return
    span = (finish - start).days
    for step, title in enumerate(BUILDING_NODES, start=1):
        due = start + dt.timedelta(days=span * step // (len(BUILDING_NODES) + 1))
        weight = MilestoneWeight.KEY if step == 2 else MilestoneWeight.ORDINARY
        add(title, due, MilestoneKind.NODE, weight, Precision.DAY)


# plans


def _plan(
    cast: Cast,
    spec: county.ProjectSpec,
    project: Project,
    annual_list: AnnualList,
    *,
    current: bool,
    day: dt.date | None = None,
) -> None:
    if spec.character in ("no_plan", "package"):
        return
    annual = Decimal(spec.plan) * (1 if current else LAST_YEAR_SHARE)
    effective = day or annual_list.issued_on
    plans.adopt(
        project=project,
        year=annual_list.year,
        figures=PlanFigures(
            annual=annual,
            months=_months(annual) if cast.numbers[project.pk] % 3 == 0 and annual else None,
            prior=prior_of(spec, annual_list.year),
            goal=spec.content,
        ),
        effective_on=effective,
        document_no=annual_list.document_no,
        actor=cast.users["zhongdian"],
        at=moment(effective, 10),
    )


def _months(annual: Decimal) -> tuple[Decimal, ...]:
    months = [(annual * share / 100).quantize(Decimal(1)) for share in MONTH_SHARES]
    return (*months[:-1], annual - sum(months[:-1]))


def prior_of(spec: county.ProjectSpec, year: int) -> Decimal:
    """What earlier years had done: a quarter of the total for each full year before last, then last year's plan."""
    started = int(spec.start[:4])
    if started >= year:
        return Decimal(0)
    before = Decimal(spec.total) * Decimal("0.15") * max(0, year - 1 - started)
    return (before + Decimal(spec.plan) * LAST_YEAR_SHARE * Decimal("0.95")).quantize(Decimal(1))
