from django.db import migrations

from supervision.frozen import FrozenOnceOut
from tracker.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_job_cursor")]

    operations = [
        AppendOnly("supervision_rankingrow"),
        FrozenOnceOut(
            "supervision_snapshot",
            [
                "series",
                "period_id",
                "number",
                "cutoff",
                "as_of",
                "facts",
                "facts_digest",
                "boards",
                "boards_digest",
                "policy",
                "policy_version",
                "rule_version",
                "taken_at",
                "taken_by_id",
                "published_at",
                "published_by_id",
            ],
        ),
    ]
