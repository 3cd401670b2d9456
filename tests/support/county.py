"""A small invented county for tests: four units, a roster, an account for each role, eight projects of 2026.

`build()` writes it and answers a `County` whose attributes name the cast. Nothing has been reported yet; periods are
opened by the tests that need them. `add_project` makes another project in the same way, for pages with twice the rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from projects.enums import (
    AnnualClass,
    Board,
    LeaderPart,
    MilestoneKind,
    MilestoneWeight,
    OfficerKind,
    OwnerKind,
    PlanState,
    Role,
    Stage,
    UnitKind,
    UnitPart,
)
from projects.models import (
    AnnualList,
    AnnualListEntry,
    LeaderAssignment,
    Milestone,
    Officer,
    PlanVersion,
    Project,
    RoleGrant,
    StageChange,
    StatisticsInclusion,
    Unit,
    UnitAlias,
    UnitAssignment,
    UnitOversight,
    User,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = 2026
NEW_YEAR = dt.date(2026, 1, 1)
LONG_AGO = dt.date(2020, 1, 1)
ISSUED_ON = dt.date(2026, 1, 20)
"""The day the annual list and the plans were issued."""
MONTHS = tuple(Decimal(amount) for amount in (0, 0, 500, 800, 1200, 1500, 1500, 1500, 1300, 1000, 500, 200))
"""A month plan of 10000 in all."""


def moment(month: int, day: int, hour: int = 9, minute: int = 0, year: int = YEAR) -> dt.datetime:
    """A moment of Shanghai time."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


CREATED = moment(1, 5)


@dataclass(slots=True)
class County:
    # units
    transport: Unit
    housing: Unit
    park: Unit
    chengguan: Unit
    office: Unit
    # roster
    mayor_officer: Officer
    executive: Officer
    vice_transport: Officer
    # accounts
    mayor: User
    vice: User
    supervisor: User
    bureau: User
    office_one: User
    """重点项目办: the usual reviewer."""
    office_two: User
    """重点项目办: the second person where maker and checker must differ."""
    transport_head: User
    transport_staff: User
    housing_staff: User
    park_staff: User
    chengguan_staff: User
    owner: User
    sysadmin: User
    secadmin: User
    auditor: User
    # list and projects
    annual_list: AnnualList
    road: Project
    """续建, in building, 12000 for the whole year, no month plan; 交通局, with 城关镇 cooperating."""
    plant: Project
    """续建, in building, 9800, 住建局."""
    factory: Project
    """续建, in building, 10000 with a month plan, 经开区."""
    expressway: Project
    """新开工, planned start 1 April 2026, not started, 15000, 交通局."""
    library: Project
    """竣工投产, finish 30 September 2026, 3800, 城关镇."""
    airport: Project
    """前期, annual plan 1200, 交通局."""
    solar: Project
    """A packaged parent without a plan of its own, 经开区."""
    solar_school: Project
    """Its child: 新开工, started, 3200, 经开区."""

    @property
    def projects(self) -> list[Project]:
        return [
            self.road,
            self.plant,
            self.factory,
            self.expressway,
            self.library,
            self.airport,
            self.solar,
            self.solar_school,
        ]


def build() -> County:
    """Write the county and answer its cast."""
    units = {
        "transport": _unit("青禾县交通运输局", "县交通局", UnitKind.DEPARTMENT, Board.DEPARTMENTS, 10),
        "housing": _unit("青禾县住房和城乡建设局", "县住建局", UnitKind.DEPARTMENT, Board.DEPARTMENTS, 20),
        "park": _unit("青禾经济开发区管理委员会", "经开区", UnitKind.PARK, Board.PARKS, 30),
        "chengguan": _unit("城关镇人民政府", "城关镇", UnitKind.TOWNSHIP, Board.TOWNSHIPS, 40),
        "office": _unit("青禾县重点项目建设服务中心", "县重点项目办", UnitKind.COORDINATOR, Board.NONE, 1),
    }
    UnitAlias.objects.create(unit=units["transport"], alias="交通局", valid_from=LONG_AGO)
    officers = {
        "mayor_officer": _officer("陆砚秋", "县长", OfficerKind.MAIN_LEADER, 1),
        "executive": _officer("温以宁", "常务副县长", OfficerKind.COUNTY_LEADER, 2),
        "vice_transport": _officer("石磊", "副县长", OfficerKind.COUNTY_LEADER, 3),
    }
    UnitOversight.objects.create(unit=units["park"], officer=officers["executive"], valid_from=LONG_AGO)
    UnitOversight.objects.create(unit=units["transport"], officer=officers["vice_transport"], valid_from=LONG_AGO)
    users = _users(units, officers)
    annual_list = AnnualList.objects.create(
        year=YEAR, number=1, title="2026年县级重点项目清单", document_no="青政办发〔2026〕3号", issued_on=ISSUED_ON
    )
    projects = _projects(annual_list, units, officers, users["office_one"])
    users["owner"] = _user("hefeng", "傅盈仓")
    grant(users["owner"], Role.OWNER, project=projects["factory"])
    return County(**units, **officers, **users, annual_list=annual_list, **projects)


def grant(user: User, role: Role, *, unit: Unit | None = None, project: Project | None = None) -> RoleGrant:
    return RoleGrant.objects.create(user=user, role=role, unit=unit, project=project, valid_from=LONG_AGO)


def add_project(
    annual_list: AnnualList,
    actor: User,
    *,
    code: str,
    name: str,
    annual_class: AnnualClass,
    stage: Stage,
    unit: Unit,
    leader: Officer,
    plan: int | None,
    total: int | None,
    months: tuple[Decimal, ...] | None = None,
    start: dt.date | None = None,
    finish: dt.date | None = None,
    started_on: dt.date | None = None,
    prior: int | None = None,
    **fields: object,
) -> Project:
    """A project on the list with unit, leader, effective plan (None: no plan at all), planned start and finish."""
    project = Project.objects.create(
        code=code,
        name=name,
        match_name=name,
        stage=stage,
        total=total,
        started_on=started_on,
        has_contract=started_on is not None,
        created_at=CREATED,
        **fields,
    )
    StageChange.objects.create(project=project, new=stage, on=started_on or NEW_YEAR, actor=actor)
    UnitAssignment.objects.create(project=project, unit=unit, part=UnitPart.LEAD, valid_from=NEW_YEAR)
    LeaderAssignment.objects.create(project=project, officer=leader, part=LeaderPart.LEAD, valid_from=NEW_YEAR)
    AnnualListEntry.objects.create(
        annual_list=annual_list,
        year=annual_list.year,
        project=project,
        annual_class=annual_class,
        seq=AnnualListEntry.objects.filter(annual_list=annual_list).count() + 1,
        entered_on=NEW_YEAR,
    )
    if plan is not None:
        PlanVersion.objects.create(
            project=project,
            year=annual_list.year,
            number=1,
            annual=plan,
            months=[str(amount) for amount in months] if months else None,
            prior=prior,
            state=PlanState.EFFECTIVE,
            document_no=annual_list.document_no,
            effective_on=NEW_YEAR,
            proposed_by=actor,
            created_at=CREATED,
        )
    for kind, due_on in ((MilestoneKind.START, start), (MilestoneKind.FINISH, finish)):
        if due_on is not None:
            add_milestone(project, due_on, kind=kind, title=kind.label)
    return project


def add_milestone(
    project: Project,
    due_on: dt.date,
    *,
    title: str,
    kind: MilestoneKind = MilestoneKind.NODE,
    weight: MilestoneWeight = MilestoneWeight.ORDINARY,
) -> Milestone:
    return Milestone.objects.create(
        project=project, kind=kind, weight=weight, title=title, due_on=due_on, created_at=CREATED
    )


def _projects(
    annual_list: AnnualList, units: dict[str, Unit], officers: dict[str, Officer], actor: User
) -> dict[str, Project]:
    def add(code: str, name: str, annual_class: AnnualClass, stage: Stage, unit: str, leader: str, **rest: object):
        return add_project(
            annual_list,
            actor,
            code=code,
            name=name,
            annual_class=annual_class,
            stage=stage,
            unit=units[unit],
            leader=officers[leader],
            **{"plan": None, "total": None, **rest},
        )

    carry_over, building = AnnualClass.CARRY_OVER, Stage.BUILDING
    projects = {
        "road": add(
            "QH001", "国道青禾过境段改建", carry_over, building, "transport", "vice_transport",
            plan=12000, total=86400, prior=30000, started_on=dt.date(2024, 9, 1),
            start=dt.date(2024, 9, 1), finish=dt.date(2027, 10, 31), owner_kind=OwnerKind.GOVERNMENT,
        ),
        "plant": add(
            "QH002", "城北污水处理厂二期", carry_over, building, "housing", "mayor_officer",
            plan=9800, total=28600, prior=9000, started_on=dt.date(2025, 3, 1),
            start=dt.date(2025, 3, 1), finish=dt.date(2027, 6, 30),
        ),
        "factory": add(
            "QH003", "线束产业园一期", carry_over, building, "park", "executive",
            plan=10000, months=MONTHS, total=46000, prior=12000, started_on=dt.date(2025, 3, 15),
            start=dt.date(2025, 3, 15), finish=dt.date(2027, 3, 31), owner_kind=OwnerKind.PRIVATE,
        ),
        "expressway": add(
            "QH004", "青禾至石桥快速通道", AnnualClass.NEW_START, Stage.PREPARATION, "transport", "mayor_officer",
            plan=15000, total=62000, start=dt.date(2026, 4, 1), finish=dt.date(2028, 12, 31),
        ),
        "library": add(
            "QH005", "县文化馆图书馆新馆", AnnualClass.COMPLETION, building, "chengguan", "executive",
            plan=3800, total=12400, prior=8600, started_on=dt.date(2024, 6, 10),
            start=dt.date(2024, 6, 10), finish=dt.date(2026, 9, 30),
        ),
        "airport": add(
            "QH006", "青禾通用机场", AnnualClass.PRE_STAGE, Stage.PREPARATION, "transport", "vice_transport",
            plan=1200, total=68000,
        ),
        "solar": add(
            "QH007", "屋顶分布式光伏（打包）", AnnualClass.NEW_START, building, "park", "executive",
            total=21000, is_package=True, started_on=dt.date(2026, 3, 10),
        ),
    }  # fmt: skip
    projects["solar_school"] = add(
        "QH008", "屋顶分布式光伏—学校子项目", AnnualClass.NEW_START, building, "park", "executive",
        plan=3200, total=8000, started_on=dt.date(2026, 3, 10), start=dt.date(2026, 3, 31),
        finish=dt.date(2027, 6, 30), parent=projects["solar"],
    )  # fmt: skip
    for key in ("road", "plant", "factory", "library"):
        StatisticsInclusion.objects.create(
            project=projects[key], included_on=projects[key].started_on + dt.timedelta(days=20), code=f"TJ-{key}"
        )
    UnitAssignment.objects.create(
        project=projects["road"],
        unit=units["chengguan"],
        part=UnitPart.COOPERATING,
        position=1,
        valid_from=NEW_YEAR,
    )
    add_milestone(projects["road"], dt.date(2026, 6, 30), title="大桥下部结构完成", weight=MilestoneWeight.KEY)
    add_milestone(projects["plant"], dt.date(2026, 5, 31), title="生化池封顶")
    return projects


def _users(units: dict[str, Unit], officers: dict[str, Officer]) -> dict[str, User]:
    cast = {
        "mayor": ("lu", "陆砚秋", Role.MAIN_LEADER, None),
        "vice": ("shi", "石磊", Role.VICE_HEAD, None),
        "supervisor": ("ducha", "秦明远", Role.SUPERVISION, None),
        "bureau": ("fagai", "段文博", Role.BUREAU, None),
        "office_one": ("zhongdian", "卢嘉树", Role.PROJECT_OFFICE, None),
        "office_two": ("zhongdian2", "汪小帆", Role.PROJECT_OFFICE, None),
        "transport_head": ("transport-head", "郭守义", Role.UNIT_HEAD, "transport"),
        "transport_staff": ("transport", "钱悦", Role.UNIT_STAFF, "transport"),
        "housing_staff": ("housing", "丁小满", Role.UNIT_STAFF, "housing"),
        "park_staff": ("park", "范晓峰", Role.UNIT_STAFF, "park"),
        "chengguan_staff": ("chengguan", "朱小北", Role.UNIT_STAFF, "chengguan"),
        "sysadmin": ("sysadmin", "系统管理员", Role.SYSTEM_ADMIN, None),
        "secadmin": ("secadmin", "安全管理员", Role.SECURITY_ADMIN, None),
        "auditor": ("auditor", "审计管理员", Role.AUDIT_ADMIN, None),
    }
    officer_of = {"mayor": officers["mayor_officer"], "vice": officers["vice_transport"]}
    users = {}
    for key, (username, name, role, unit_key) in cast.items():
        unit = units[unit_key] if unit_key else None
        users[key] = _user(username, name, unit=unit, officer=officer_of.get(key))
        grant(users[key], role, unit=unit)
    return users


def _user(username: str, name: str, *, unit: Unit | None = None, officer: Officer | None = None) -> User:
    return User.objects.create_user(
        username, name=name, unit=unit, officer=officer, must_change_password=False, created_at=CREATED
    )


def _unit(name: str, short_name: str, kind: UnitKind, board: Board, order: int) -> Unit:
    return Unit.objects.create(
        name=name, short_name=short_name, kind=kind, board=board, official_order=order, valid_from=LONG_AGO
    )


def _officer(name: str, post: str, kind: OfficerKind, order: int) -> Officer:
    return Officer.objects.create(name=name, post=post, kind=kind, official_order=order, valid_from=LONG_AGO)


def double(county: County) -> list[Project]:
    """As many projects again, of the same kinds, for pages that must not ask more with twice the rows."""
    return [
        add_project(
            county.annual_list,
            county.office_one,
            code=f"{project.code}-2",
            name=f"{project.name}（二）",
            annual_class=project.entries.get().annual_class,
            stage=project.stage,
            unit=county.housing,
            leader=county.executive,
            plan=6000,
            total=20000,
            months=MONTHS,
            start=dt.date(2026, 3, 1),
            finish=dt.date(2027, 6, 30),
            started_on=project.started_on,
        )
        for project in county.projects
    ]
