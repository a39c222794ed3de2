"""A comment that was passed up can still be decided; when each comment was decided, for lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FINAL = sa.text("decision NOT IN ('escalate', 'return')")
ORDER = ["status", "decided_at", "urgency_rank", "id"]


def upgrade() -> None:
    with op.batch_alter_table("reviews") as reviews:
        reviews.drop_constraint("uq_reviews_comment_id", type_="unique")
    op.create_index("ix_reviews_comment_id_id", "reviews", ["comment_id", "id"], unique=False)
    op.create_index(
        "uq_reviews_final",
        "reviews",
        ["comment_id"],
        unique=True,
        sqlite_where=FINAL,
        postgresql_where=FINAL,
    )
    op.add_column("comments", sa.Column("decided_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE comments SET decided_at = "
        "(SELECT decided_at FROM reviews WHERE reviews.comment_id = comments.id) "
        "WHERE status != 'open'"
    )
    op.create_index("ix_comments_decided", "comments", ORDER, unique=False)


def downgrade() -> None:
    """Go back; what was decided after it had been passed up keeps its last decision only."""
    op.drop_index("ix_comments_decided", table_name="comments")
    op.drop_column("comments", "decided_at")
    op.drop_index("uq_reviews_final", table_name="reviews")
    op.drop_index("ix_reviews_comment_id_id", table_name="reviews")
    op.execute(
        "DELETE FROM reviews WHERE decision = 'return' "
        "OR id NOT IN (SELECT max(id) FROM reviews GROUP BY comment_id) "
        "OR comment_id IN (SELECT id FROM comments WHERE status = 'open')"
    )
    with op.batch_alter_table("reviews") as reviews:
        reviews.create_unique_constraint("uq_reviews_comment_id", ["comment_id"])
