"""The newest incidents and the reach of rumours without looking at all there ever was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_incidents_last_seen_at_id", "incidents", ["last_seen_at", "id"], unique=False
    )
    flagged = sa.text("flag != 'none'")
    op.create_index(
        "ix_comments_flagged",
        "comments",
        ["id", "platform", "author", "language", "received_at"],
        unique=False,
        sqlite_where=flagged,
        postgresql_where=flagged,
    )


def downgrade() -> None:
    op.drop_index("ix_comments_flagged", table_name="comments")
    op.drop_index("ix_incidents_last_seen_at_id", table_name="incidents")
