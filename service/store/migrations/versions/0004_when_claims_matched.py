"""Which claims were matched lately: what gains ground is asked for by that."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_claim_matches_matched_at"), "claim_matches", ["matched_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_claim_matches_matched_at"), table_name="claim_matches")
