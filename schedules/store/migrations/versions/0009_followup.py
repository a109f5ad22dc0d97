"""Follow-ups six months after the meeting."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009_followup"
down_revision = "0008_meeting_day"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("case", TEXT(), nullable=False),
        sa.Column("referral", TEXT(), nullable=False),
        sa.Column("team", TEXT(), nullable=False),
        sa.Column("meeting_day", sa.Date(), nullable=False),
        sa.Column("status", TEXT(length=32), nullable=False),
        sa.Column("asked", TEXT(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case_record.id"], name="fk_follow_up_case_case_record"),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name="fk_follow_up_referral_referral"),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name="fk_follow_up_team_team"),
        sa.PrimaryKeyConstraint("case", name="pk_follow_up"),
    )
    asked = sa.text("status = 'asked'")
    for name, column in (("ix_follow_up_asked", "asked"), ("ix_follow_up_asked_team", "team")):
        op.create_index(name, "follow_up", [column], sqlite_where=asked, postgresql_where=asked)


def downgrade() -> None:
    op.drop_table("follow_up")
