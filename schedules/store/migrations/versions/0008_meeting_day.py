"""What was reported of the cases' times at meetings."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008_meeting_day"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "case_report",
        sa.Column("booking", TEXT(), nullable=False),
        sa.Column("referral", TEXT(), nullable=False),
        sa.Column("meeting", TEXT(), nullable=False),
        sa.Column("team", TEXT(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("feedback", TEXT(length=32), nullable=False),
        sa.Column("reported_by", TEXT(), nullable=False),
        sa.Column("reported_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("feedback_by", TEXT(), nullable=True),
        sa.Column("feedback_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("protected", TEXT(), nullable=True),
        sa.ForeignKeyConstraint(["booking"], ["booking.id"], name="fk_case_report_booking_booking"),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name="fk_case_report_meeting_meeting"),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name="fk_case_report_referral_referral"),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name="fk_case_report_team_team"),
        sa.PrimaryKeyConstraint("booking", name="pk_case_report"),
    )
    op.create_index("ix_case_report_meeting", "case_report", ["meeting"])
    op.create_index("ix_case_report_referral", "case_report", ["referral"])
    owed, booked = sa.text("feedback = 'owed'"), sa.text("status = 'booked'")
    op.create_index(
        "ix_case_report_owed_team", "case_report", ["team"], sqlite_where=owed, postgresql_where=owed
    )
    op.create_index(
        "ix_booking_booked_team", "booking", ["team"], sqlite_where=booked, postgresql_where=booked
    )


def downgrade() -> None:
    op.drop_index("ix_booking_booked_team", table_name="booking")
    op.drop_table("case_report")
