"""Acts: what the office did about the facts."""

from supervision.models.jobs import Heartbeat, JobCursor, JobRun
from supervision.models.notices import Delivery, DeliveryAttempt, Notice
from supervision.models.sending import SendingHold
from supervision.models.snapshots import RankingRow, Snapshot

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "Heartbeat",
    "JobCursor",
    "JobRun",
    "Notice",
    "RankingRow",
    "SendingHold",
    "Snapshot",
]
