"""Meetings whose time or place was changed by hand, and a team's choice about the posts of free times."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("scheduled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column(
        "team", sa.Column("free_times_posts", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    with op.batch_alter_table("team") as table:
        table.drop_column("free_times_posts")
    with op.batch_alter_table("meeting") as table:
        table.drop_column("scheduled_at")
