"""Which claims a comment was compared with, so that it can be compared anew; leases."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "comments",
        sa.Column("claims_version", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.create_index(
        "ix_comments_compared",
        "comments",
        ["status", "received_at", "id", "claims_version"],
        unique=False,
    )
    leases = op.create_table(
        "leases",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.bulk_insert(
        leases,
        [{"name": "compare again", "holder": "", "until": datetime(2026, 1, 1, tzinfo=UTC)}],
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_index("ix_comments_compared", table_name="comments")
    op.drop_column("comments", "claims_version")
