"""Claims, their edits, the comments they were found in, and who may look after them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCOPES = ("claims:read", "claims:write")


def upgrade() -> None:
    _versions()
    _claims()
    _claim_edits()
    _claim_matches()
    _let_moderators_in()


def _versions() -> None:
    table = op.create_table(
        "versions",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_versions")),
    )
    op.bulk_insert(table, [{"name": "claims", "version": 0}])


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", ID, nullable=False),
        sa.Column("claim_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=128), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(length=128), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_claims_claim_id")),
    )
    op.create_index(op.f("ix_claims_version"), "claims", ["version"], unique=False)


def _claim_edits() -> None:
    op.create_table(
        "claim_edits",
        sa.Column("id", ID, nullable=False),
        sa.Column("claim_number", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_number"], ["claims.id"], name=op.f("fk_claim_edits_claim_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_edits")),
    )
    op.create_index(
        "ix_claim_edits_claim_number_id", "claim_edits", ["claim_number", "id"], unique=False
    )


def _claim_matches() -> None:
    op.create_table(
        "claim_matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("claim_number", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("matched_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_number"], ["claims.id"], name=op.f("fk_claim_matches_claim_number")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_claim_matches_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_matches")),
        sa.UniqueConstraint(
            "comment_id", "claim_number", name=op.f("uq_claim_matches_comment_id_claim_number")
        ),
    )
    op.create_index(
        "ix_claim_matches_claim_number_id", "claim_matches", ["claim_number", "id"], unique=False
    )


def _let_moderators_in() -> None:
    """Give the console's users what new ones have: a press officer works in the console."""
    users = sa.table("users", sa.column("id", ID), sa.column("scopes", sa.JSON()))
    connection = op.get_bind()
    for number, scopes in connection.execute(sa.select(users.c.id, users.c.scopes)).all():
        if "review" in scopes:
            added = [scope for scope in SCOPES if scope not in scopes]
            connection.execute(
                users.update().where(users.c.id == number).values(scopes=[*scopes, *added])
            )


def downgrade() -> None:
    op.drop_index("ix_claim_matches_claim_number_id", table_name="claim_matches")
    op.drop_table("claim_matches")
    op.drop_index("ix_claim_edits_claim_number_id", table_name="claim_edits")
    op.drop_table("claim_edits")
    op.drop_index(op.f("ix_claims_version"), table_name="claims")
    op.drop_table("claims")
    op.drop_table("versions")
