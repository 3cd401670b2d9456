"""Choice values of the office's acts."""

from django.db.models import TextChoices


class Series(TextChoices):
    WEEKLY = "weekly", "一周一排序"
    MONTHLY = "monthly", "月度排名"


class SnapshotState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被更正"


class RankingBoard(TextChoices):
    PROJECTS = "projects", "项目"
    UNITS = "units", "单位"
    LEADERS = "leaders", "包联领导"


class NoticeKind(TextChoices):
    WEEKLY_OVERDUE = "weekly_overdue", "每周逾期提醒"
    REPORT_REMINDER = "report_reminder", "催报"


class NoticeState(TextChoices):
    ACTIVE = "active", "有效"
    CANCELLED = "cancelled", "已取消"


class Channel(TextChoices):
    INBOX = "inbox", "站内"
    EMAIL = "email", "电子邮件"
    SPOOL = "spool", "待发文件夹"


class DeliveryState(TextChoices):
    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送达"
    FAILED = "failed", "发送失败"
    CANCELLED = "cancelled", "已取消"


class JobState(TextChoices):
    WAITING = "waiting", "待执行"
    RUNNING = "running", "执行中"
    DONE = "done", "成功"
    FAILED = "failed", "失败"
