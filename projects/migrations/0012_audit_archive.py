"""Audit rows leave the database only when an archive names them and half a year has passed: the database itself looks."""

from django.db import migrations, models

from tracker.append_only import REFUSAL, AppendOnly

TABLE = "projects_auditentry"
ARCHIVED = "OLD.id <= COALESCE((SELECT MAX(last_id) FROM projects_auditarchive), 0) AND OLD.at < "
SQLITE = [
    f"DROP TRIGGER append_only_{TABLE}_delete",
    f"CREATE TRIGGER append_only_{TABLE}_delete BEFORE DELETE ON {TABLE} "
    f"WHEN NOT ({ARCHIVED} datetime('now', '-180 days')) BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {TABLE}'); END",
]
POSTGRES = [
    f"""
CREATE FUNCTION audit_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {ARCHIVED} now() - interval '180 days' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$body$
""",
    f"DROP TRIGGER append_only_{TABLE}_row ON {TABLE}",
    f"CREATE TRIGGER append_only_{TABLE}_row BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_keep()",
]


def let_archived_go(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        editor.execute(statement, params=None)


def keep_all(apps, editor):
    guard = AppendOnly(TABLE)
    guard.database_forwards("projects", editor, None, None)
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION audit_entry_keep()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0011_administrators_exclude'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditArchive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField(verbose_name='末行')),
                ('rows', models.BigIntegerField(verbose_name='行数')),
                ('digest', models.CharField(max_length=64, verbose_name='链头')),
                ('name', models.CharField(max_length=60, verbose_name='文件')),
                ('sha256', models.CharField(max_length=64, verbose_name='文件摘要')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '审计归档',
                'verbose_name_plural': '审计归档',
                'ordering': ['last_id'],
                'constraints': [models.UniqueConstraint(fields=('last_id',), name='audit_archived_once', violation_error_message='这些审计记录已归档。')],
            },
        ),
        AppendOnly("projects_auditarchive"),
        migrations.RunPython(let_archived_go, keep_all),
    ]
