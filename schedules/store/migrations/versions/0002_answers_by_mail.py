"""Mails in our mailbox that were handled, the Message-ID of what left, and addresses that bounced."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("validity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("event_uid", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("attendee", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("dtstamp", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint("account", "validity", "uid", name="uq_incoming_account_validity_uid"),
    )
    op.create_index(
        "uq_incoming_digest",
        "incoming",
        ["digest"],
        unique=True,
        sqlite_where=sa.text("outcome <> 'left'"),
        postgresql_where=sa.text("outcome <> 'left'"),
    )
    op.create_index("ix_incoming_event_uid_attendee", "incoming", ["event_uid", "attendee"])
    op.add_column("outbox", sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"])
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("mail_bounced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("mail_bounced_at")
    op.drop_index(op.f("ix_outbox_message_id"), table_name="outbox")
    op.drop_column("outbox", "message_id")
    op.drop_table("incoming")
