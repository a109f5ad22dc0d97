"""Erasure: how the messages that name a case are found, and what an audit row was about once it is gone."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012_erasure"
down_revision = "0011_report_closed"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_audit_reference", "audit", "reference", "reference IS NOT NULL"),
    ("ix_outbox_meeting", "outbox", "meeting", "meeting IS NOT NULL"),
    ("ix_outbox_referral", "outbox", "referral", "referral IS NOT NULL"),
    ("ix_outbox_alone", "outbox", "created_at", "meeting IS NULL AND referral IS NULL AND kind <> 'home'"),
)


def upgrade() -> None:
    op.create_table(
        "erased_report",
        sa.Column("meeting", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", name="pk_erased_report"),
    )
    op.add_column("audit", sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    for name, table, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(PARTIAL):
        op.drop_index(name, table_name=table)
    op.drop_column("audit", "reference")
    op.drop_table("erased_report")
