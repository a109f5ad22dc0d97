"""Handovers that are still to come."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("successor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_handover_team_team")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_handover_person_person")),
        sa.ForeignKeyConstraint(["successor"], ["person.id"], name=op.f("fk_handover_successor_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_team"), "handover", ["team"])
    op.create_index(op.f("ix_handover_successor"), "handover", ["successor"])


def downgrade() -> None:
    op.drop_table("handover")
