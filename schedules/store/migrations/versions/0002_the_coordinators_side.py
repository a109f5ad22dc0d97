"""Reasons for declining, "I come unless I say otherwise", bounced addresses, handled mails, free times."""

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
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("handled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_incoming")),
    )
    with op.batch_alter_table("invitation") as table:
        table.add_column(
            sa.Column("decline_reason", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True)
        )
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column("comes_unless", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        table.add_column(sa.Column("mail_bounced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    with op.batch_alter_table("team") as table:
        table.add_column(
            sa.Column("free_times_posts", sa.Boolean(), server_default=sa.text("true"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("team") as table:
        table.drop_column("free_times_posts")
    with op.batch_alter_table("person") as table:
        table.drop_column("mail_bounced_at")
        table.drop_column("comes_unless")
    with op.batch_alter_table("invitation") as table:
        table.drop_column("decline_reason")
    op.drop_table("incoming")
