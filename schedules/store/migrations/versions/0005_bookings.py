"""Times that only the coordinator confirms, and messages about cases that have no meeting."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would build the table anew, and rows that point to it forbid that.
    op.add_column(
        "team", sa.Column("confirms_by_itself", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("outbox", sa.Column("referral", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    failed = sa.text("status = 'failed'")
    op.create_index(
        "ix_outbox_failed_referral", "outbox", ["referral"], sqlite_where=failed, postgresql_where=failed
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed_referral", table_name="outbox")
    op.drop_column("outbox", "referral")
    with op.batch_alter_table("team") as table:
        table.drop_column("confirms_by_itself")
