"""Comments that say nearly the same, and the keys they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _groups()
    _keys()
    _members()


def _groups() -> None:
    op.create_table(
        "text_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("coordinated_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_text_groups_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_groups")),
    )
    op.create_index(
        "ix_text_groups_open_last_seen_at", "text_groups", ["open", "last_seen_at"], unique=False
    )


def _keys() -> None:
    op.create_table(
        "text_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["text_groups.id"], name=op.f("fk_text_keys_group_id")
        ),
        sa.PrimaryKeyConstraint("key", "group_id", name=op.f("pk_text_keys")),
    )
    op.create_index(op.f("ix_text_keys_group_id"), "text_keys", ["group_id"], unique=False)


def _members() -> None:
    op.create_table(
        "text_members",
        sa.Column("comment_id", ID, autoincrement=False, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_text_members_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["text_groups.id"], name=op.f("fk_text_members_group_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_text_members")),
    )
    op.create_index(
        "ix_text_members_group_id_seen_at_account",
        "text_members",
        ["group_id", "seen_at", "account"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_text_members_group_id_seen_at_account", table_name="text_members")
    op.drop_table("text_members")
    op.drop_index(op.f("ix_text_keys_group_id"), table_name="text_keys")
    op.drop_table("text_keys")
    op.drop_index("ix_text_groups_open_last_seen_at", table_name="text_groups")
    op.drop_table("text_groups")
