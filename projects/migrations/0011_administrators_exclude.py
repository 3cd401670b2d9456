"""An account that holds an administrator's role at some time holds no other role at that time: the database refuses,
whichever program holds the connection (docs/trust.md, Accounts)."""

from django.db import migrations

ADMINISTRATORS = "('system_admin', 'security_admin', 'audit_admin')"
CLASH = f"""
EXISTS (
    SELECT 1 FROM projects_rolegrant other
    WHERE other.user_id = NEW.user_id AND other.id <> NEW.id AND other.role <> NEW.role
    AND (other.role IN {ADMINISTRATORS} OR NEW.role IN {ADMINISTRATORS})
    AND (other.valid_to IS NULL OR other.valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR NEW.valid_to >= other.valid_from)
)
"""
REFUSAL = "administrators exclude each other"
WATCHED = "user_id, role, valid_from, valid_to"
SQLITE = [
    f"CREATE TRIGGER administrators_exclude_{name} BEFORE {act} ON projects_rolegrant "
    f"WHEN {clash} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, act, clash in (
        ("insert", "INSERT", CLASH.replace("AND other.id <> NEW.id ", "")),  # the new row has no number yet
        ("update", f"UPDATE OF {WATCHED}", CLASH),
    )
]
# The account's row is locked first: of two grants made side by side the second sees the first.
POSTGRES = [
    f"""
CREATE FUNCTION administrators_exclude() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 FROM projects_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF {CLASH} THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$body$
""",
    f"CREATE TRIGGER administrators_exclude BEFORE INSERT OR UPDATE OF {WATCHED} ON projects_rolegrant "
    "FOR EACH ROW EXECUTE FUNCTION administrators_exclude()",
]


def create(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        editor.execute(statement, params=None)


def drop(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER administrators_exclude_insert")
        editor.execute("DROP TRIGGER administrators_exclude_update")
    else:
        editor.execute("DROP FUNCTION administrators_exclude() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_sign_in_tries")]

    operations = [migrations.RunPython(create, drop)]
