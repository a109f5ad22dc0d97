"""Which process does what is due, and until when it may."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010_due_claims"
down_revision = "0009_followup"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("due", sa.Column("lease_owner", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("due", sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("due", "lease_until")
    op.drop_column("due", "lease_owner")
