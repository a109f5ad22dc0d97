"""Months that a page's reports have taken in, with what was counted in them then."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0011_report_closed"
down_revision = "0010_due_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_closed",
        sa.Column("page", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("page", "month", name=op.f("pk_report_closed")),
    )


def downgrade() -> None:
    op.drop_table("report_closed")
