"""Honest reports of one outage, joined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _incidents()
    _keys()
    _members()


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open_last_seen_at", "incidents", ["open", "last_seen_at"], unique=False
    )


def _keys() -> None:
    op.create_table(
        "incident_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("incident_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_keys_incident_id")
        ),
        sa.PrimaryKeyConstraint("key", "incident_id", name=op.f("pk_incident_keys")),
    )
    op.create_index(
        op.f("ix_incident_keys_incident_id"), "incident_keys", ["incident_id"], unique=False
    )


def _members() -> None:
    op.create_table(
        "incident_members",
        sa.Column("comment_id", ID, autoincrement=False, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_incident_members_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_members_incident_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_incident_members")),
    )
    op.create_index(
        "ix_incident_members_incident_id_account",
        "incident_members",
        ["incident_id", "account"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_incident_members_incident_id_account", table_name="incident_members")
    op.drop_table("incident_members")
    op.drop_index(op.f("ix_incident_keys_incident_id"), table_name="incident_keys")
    op.drop_table("incident_keys")
    op.drop_index("ix_incidents_open_last_seen_at", table_name="incidents")
    op.drop_table("incidents")
