"""De-identified facts for the figures, the links to them, and what reports have shown."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_link",
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fact", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_fact_link")),
        sa.UniqueConstraint("fact", name=op.f("uq_fact_link_fact")),
    )
    op.create_table(
        "fact_case",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("party", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("gender", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("raised", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("ended", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=True),
        sa.Column("ending", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_case")),
    )
    op.create_table(
        "fact_referral",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("case", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("party", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("urgency", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("requested", sa.JSON(), nullable=False),
        sa.Column("met", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=True),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column("within_goal", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_referral")),
    )
    op.create_table(
        "fact_meeting",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("slots_offered", sa.Integer(), nullable=False),
        sa.Column("slots_used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_meeting")),
    )
    op.create_table(
        "fact_call",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("meeting", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("party", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("attendance", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("days_to_answer", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_call")),
    )
    op.create_table(
        "fact_outcome",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("case", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("took_part", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("feedback", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("missed", sa.JSON(), nullable=False),
        sa.Column("follow_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_outcome")),
    )
    op.create_table(
        "fact_follow_up",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_id",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            nullable=False,
            server_default="association",
        ),
        sa.Column("case", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("after", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("by_caseworker", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("by_person", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_follow_up")),
    )
    op.create_table(
        "report_shown",
        sa.Column("page", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("page", "since", "until", name=op.f("pk_report_shown")),
    )
    op.create_index(op.f("ix_fact_case_team"), "fact_case", ["team"])
    op.create_index(op.f("ix_fact_referral_team"), "fact_referral", ["team"])
    op.create_index(op.f("ix_fact_meeting_team"), "fact_meeting", ["team"])
    op.create_index(op.f("ix_fact_call_team"), "fact_call", ["team"])
    op.create_index(op.f("ix_fact_outcome_team"), "fact_outcome", ["team"])
    op.create_index(op.f("ix_fact_follow_up_team"), "fact_follow_up", ["team"])


def downgrade() -> None:
    for table in (
        "report_shown",
        "fact_follow_up",
        "fact_outcome",
        "fact_call",
        "fact_meeting",
        "fact_referral",
        "fact_case",
        "fact_link",
    ):
        op.drop_table(table)
