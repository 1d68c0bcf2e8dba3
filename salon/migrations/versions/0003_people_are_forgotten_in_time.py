"""How long an edition knows its people, since when the end is announced, and what is left after it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = ("kept_counts", "anonymised_at", "retention_notice_at", "retention_months")


def upgrade() -> None:
    # In one statement with its check: SQLite would have to copy the table to add it later.
    op.execute(
        "ALTER TABLE edition ADD COLUMN retention_months INTEGER DEFAULT 12 NOT NULL "
        "CONSTRAINT ck_edition_retention_length CHECK (retention_months BETWEEN 1 AND 36)"
    )
    for name in ("retention_notice_at", "anonymised_at"):
        op.add_column("edition", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("kept_counts", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for name in _NEW:
        op.drop_column("edition", name)
