"""Which choice in an open form is the newest, for several processes behind a balancer."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014_form_choices"
down_revision = "0013_blocking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_choice",
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("newest", sa.Float(), nullable=False),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("form", name=op.f("pk_form_choice")),
    )
    op.create_index("ix_form_choice_noted_at", "form_choice", ["noted_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_form_choice_noted_at", table_name="form_choice")
    op.drop_table("form_choice")
