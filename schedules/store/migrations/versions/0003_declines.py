"""Why a representative cannot come, who is asked as well, and "I come unless I say otherwise"."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POINTS_TO = {
    "invitation": "invitation",
    "booking": "booking",
    "meeting": "meeting",
    "party": "party",
    "person": "person",
    "deputy": "person",
    "contact": "person",
}


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "decline",
        sa.Column("id", text(), nullable=False),
        sa.Column("invitation", text(), nullable=False),
        sa.Column("booking", text(), nullable=False),
        sa.Column("meeting", text(), nullable=False),
        sa.Column("party", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("reason", text(length=32), nullable=True),
        sa.Column("deputy", text(), nullable=True),
        sa.Column("called_at", instant(), nullable=False),
        sa.Column("declined_at", instant(), nullable=False),
        sa.Column("contact", text(), nullable=True),
        sa.Column("contact_asked_at", instant(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_decline_{column}_{table}"))
            for column, table in POINTS_TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline")),
    )
    op.create_index(op.f("ix_decline_booking"), "decline", ["booking"])
    op.create_index(op.f("ix_decline_invitation"), "decline", ["invitation"])
    with op.batch_alter_table("seat") as table:
        table.add_column(sa.Column("stand_in", text(), nullable=True))
        table.create_foreign_key(op.f("fk_seat_stand_in_person"), "person", ["stand_in"], ["id"])
    op.add_column("party", sa.Column("contact", text(), nullable=True))
    # Not in a batch: SQLite would build the table anew, and rows that point to it forbid that.
    op.add_column(
        "person",
        sa.Column("comes_unless_declined", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("comes_unless_declined")
    op.drop_column("party", "contact")
    with op.batch_alter_table("seat") as table:
        table.drop_constraint(op.f("fk_seat_stand_in_person"), type_="foreignkey")
        table.drop_column("stand_in")
    op.drop_table("decline")
