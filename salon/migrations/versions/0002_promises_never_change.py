"""Released rows and the audit log never change: triggers refuse it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table -> verbs refused. Audit lines may be pruned from the old end, never rewritten.
FROZEN = {
    "release": ("UPDATE", "DELETE"),
    "released_meeting": ("UPDATE", "DELETE"),
    "released_seat": ("UPDATE", "DELETE"),
    "audit_entry": ("UPDATE",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION salon_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% rows never change', TG_TABLE_NAME; END $$"
        )
    for table, verbs in FROZEN.items():
        for verb in verbs:
            op.execute(_create(table, verb))


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, verbs in FROZEN.items():
        for verb in verbs:
            op.execute(
                f"DROP TRIGGER {_name(table, verb)}"
                + (f' ON "{table}"' if on_postgresql else "")
            )
    if on_postgresql:
        op.execute("DROP FUNCTION salon_frozen()")


def _name(table: str, verb: str) -> str:
    return f"frozen_{table}_{verb.lower()}"


def _create(table: str, verb: str) -> str:
    head = f'CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON "{table}"'
    if op.get_bind().dialect.name == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION salon_frozen()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{table} rows never change'); END"
