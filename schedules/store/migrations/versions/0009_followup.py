"""Follow-ups six months after the meeting; the climate survey and the pulse."""

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
    _opinions()
    op.add_column("team", sa.Column("pulse", sa.Boolean(), server_default=sa.true(), nullable=False))


def _opinions() -> None:
    op.create_table(
        "survey",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", TEXT(length=32), server_default="association", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_survey"),
    )
    op.create_table(
        "opinion_asked",
        sa.Column("topic", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "person", name="pk_opinion_asked"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opinion_count",
        sa.Column("topic", TEXT(), nullable=False),
        sa.Column("municipality", TEXT(), nullable=False),
        sa.Column("team", TEXT(), nullable=False),
        sa.Column("question", TEXT(), nullable=False),
        sa.Column("value", TEXT(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "topic", "municipality", "team", "question", "value", name="pk_opinion_count"
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_column("team", "pulse")
    for table in ("opinion_count", "opinion_asked", "survey", "follow_up"):
        op.drop_table(table)
