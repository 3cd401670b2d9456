"""Choice values of the fact tables: ASCII in the database, Chinese on the screen."""

from django.db.models import TextChoices


class UnitKind(TextChoices):
    DEPARTMENT = "department", "县直部门"
    TOWNSHIP = "township", "乡镇街道"
    PARK = "park", "园区"
    COMPANY = "company", "平台公司"
    COORDINATOR = "coordinator", "统筹机构"


class Board(TextChoices):
    """The board on which a unit is ranked; units of different boards are never compared."""

    DEPARTMENTS = "departments", "县直部门"
    TOWNSHIPS = "townships", "乡镇街道"
    PARKS = "parks", "园区及平台公司"
    NONE = "none", "不参加排名"


class OfficerKind(TextChoices):
    MAIN_LEADER = "main_leader", "县主要领导"
    COUNTY_LEADER = "county_leader", "县级领导"
    UNIT_OFFICER = "unit_officer", "单位人员"


class Role(TextChoices):
    MAIN_LEADER = "main_leader", "县主要领导"
    VICE_HEAD = "vice_head", "县级包联领导"
    SUPERVISION = "supervision", "督查室"
    BUREAU = "bureau", "发改局"
    PROJECT_OFFICE = "project_office", "重点项目办"
    UNIT_HEAD = "unit_head", "单位负责人"
    UNIT_STAFF = "unit_staff", "单位填报员"
    OWNER = "owner", "项目业主"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


ADMIN_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""Exclude each other and see no business data."""
UNIT_ROLES = (Role.UNIT_HEAD, Role.UNIT_STAFF)
"""Hold only inside one unit."""


class AnnualClass(TextChoices):
    """年度类别: fixed for the year."""

    CARRY_OVER = "carry_over", "续建"
    NEW_START = "new_start", "新开工"
    COMPLETION = "completion", "竣工投产"
    PRE_STAGE = "pre_stage", "前期"
    RESERVE = "reserve", "储备"


class Stage(TextChoices):
    """建设阶段: where the project stands in its life."""

    CONCEPTION = "conception", "谋划"
    RESERVE = "reserve", "储备"
    APPLICATION = "application", "申报"
    APPROVAL = "approval", "立项"
    PREPARATION = "preparation", "前期"
    STARTED = "started", "开工"
    BUILDING = "building", "在建"
    FINISHED = "finished", "完工"
    ACCEPTANCE = "acceptance", "竣工验收"
    OPERATION = "operation", "投产"
    FULL_OUTPUT = "full_output", "达产达效"
    SETTLEMENT = "settlement", "审计决算"
    ARCHIVED = "archived", "归档"
    PAUSED = "paused", "暂停"
    REMOVED = "removed", "调出"
    TERMINATED = "terminated", "终止"
    HANDED_OVER = "handed_over", "移交"


class Nature(TextChoices):
    """建设性质."""

    NEW = "new", "新建"
    EXTENSION = "extension", "扩建"
    REBUILDING = "rebuilding", "改建"
    RELOCATION = "relocation", "迁建"
    TECHNICAL = "technical", "技改"


class Level(TextChoices):
    COUNTY = "county", "县级重点"
    CITY = "city", "市级重点"
    PROVINCE = "province", "省级重点"


class OwnerKind(TextChoices):
    GOVERNMENT = "government", "政府投资"
    STATE_COMPANY = "state_company", "国有企业"
    PRIVATE = "private", "社会投资"


class UnitPart(TextChoices):
    LEAD = "lead", "责任单位"
    COOPERATING = "cooperating", "配合单位"


class LeaderPart(TextChoices):
    LEAD = "lead", "包联领导"
    JOINT = "joint", "共同包联"


class AdjustmentKind(TextChoices):
    ADDED = "added", "新增"
    REMOVED = "removed", "调出"
    PAUSED = "paused", "暂停"
    RESUMED = "resumed", "恢复"
    HANDED_OVER = "handed_over", "移交"


class PlanState(TextChoices):
    DRAFT = "draft", "拟定"
    EFFECTIVE = "effective", "生效"
    REJECTED = "rejected", "未通过"
    SUPERSEDED = "superseded", "被替代"


class MilestoneKind(TextChoices):
    START = "start", "计划开工"
    NODE = "node", "节点"
    FINISH = "finish", "计划竣工"


class MilestoneWeight(TextChoices):
    HARD = "hard", "硬节点"
    KEY = "key", "关键节点"
    ORDINARY = "ordinary", "一般节点"


class DocumentKind(TextChoices):
    """What a document of a project is."""

    APPROVAL = "approval", "批复"
    RATIFICATION = "ratification", "核准"
    FILING = "filing", "备案"
    CONTRACT = "contract", "合同"
    PERMIT = "permit", "施工许可"
    PHOTO = "photo", "照片"
    MINUTES = "minutes", "会议纪要"
    OTHER = "other", "其他"


class MoveState(TextChoices):
    PENDING = "pending", "待批准"
    ACCEPTED = "accepted", "已批准"
    REFUSED = "refused", "未批准"


class Precision(TextChoices):
    """How exactly a date was written; a deadline is stored as the last day, a start as the first."""

    DAY = "day", "日"
    TEN_DAYS = "ten_days", "旬"
    MONTH = "month", "月"
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年"


class PeriodKind(TextChoices):
    WEEK = "week", "周报"
    MONTH = "month", "月报"


class ReportState(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已通过"


class RevisionKind(TextChoices):
    NORMAL = "normal", "填报"
    NO_CHANGE = "no_change", "本期无变化"
    CORRECTION = "correction", "锁定后更正"
    IMPORT = "import", "台账导入"


class ReviewDecision(TextChoices):
    ACCEPT = "accept", "通过"
    RETURN = "return", "退回"


class FlagSeverity(TextChoices):
    WARN = "warn", "提示"
    BLOCK = "block", "阻止"


class FlagState(TextChoices):
    OPEN = "open", "待核实"
    CONFIRMED = "confirmed", "核实属实"
    CORRECTED = "corrected", "已更正"


class Colour(TextChoices):
    GREEN = "green", "正常"
    BLUE = "blue", "关注"
    YELLOW = "yellow", "预警"
    RED = "red", "告警"
    GREY = "grey", "无数据"
    PURPLE = "purple", "豁免"


class ImportKind(TextChoices):
    PLAN = "plan", "年度计划台账"
    PROGRESS = "progress", "进度台账"
    QUARTER_PLAN = "quarter_plan", "季度计划台账"


class ImportState(TextChoices):
    PREVIEW = "preview", "待确认"
    CONFIRMED = "confirmed", "已导入"
    UNDONE = "undone", "已撤销"
    DECLINED = "declined", "不能导入"


class RowFate(TextChoices):
    CREATED = "created", "新增"
    CHANGED = "changed", "有变化"
    UNCHANGED = "unchanged", "无变化"
    ASKED = "asked", "待回答"
    SKIPPED = "skipped", "跳过"


class CalendarStatus(TextChoices):
    PUBLISHED = "published", "已公布"
    ESTIMATED = "estimated", "预估"
