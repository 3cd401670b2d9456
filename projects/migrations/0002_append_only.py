"""What was submitted, decided or recorded is never changed or deleted: the database refuses."""

from django.db import migrations

from tracker.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        AppendOnly(
            "projects_reportrevision",
            "projects_reportreview",
            "projects_revisionwithdrawal",
            "projects_stagechange",
            "projects_listadjustment",
            "projects_milestonechange",
            "projects_policyrow",
            "projects_lightchange",
            "projects_auditentry",
        )
    ]
