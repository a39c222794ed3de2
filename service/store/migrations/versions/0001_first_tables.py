"""The first tables: comments, opinions, reviews, templates, keys, users, log-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; those that others refer to come first."""
    _api_keys()
    _comments()
    _imported_annotations()
    _log_in_attempts()
    _template_outcomes()
    _template_overrides()
    _users()
    _log_ins()
    _opinions()
    _reviews()


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=256), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parent_text", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=256), nullable=True),
        sa.Column("url", sa.String(length=2048), nullable=True),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("urgency_rank", sa.Integer(), nullable=False),
        sa.Column("sentiment", sa.String(length=16), nullable=False),
        sa.Column("flag", sa.String(length=16), nullable=False),
        sa.Column("needs_answer", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(length=128), nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint(
            "platform", "external_id", name=op.f("uq_comments_platform_external_id")
        ),
    )
    op.create_index(
        "ix_comments_queue", "comments", ["status", "due_at", "urgency_rank", "id"], unique=False
    )
    op.create_index("ix_comments_received_at", "comments", ["received_at"], unique=False)


def _imported_annotations() -> None:
    op.create_table(
        "imported_annotations",
        sa.Column("annotation_id", sa.String(length=256), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("annotation_id", name=op.f("pk_imported_annotations")),
    )


def _log_in_attempts() -> None:
    op.create_table(
        "log_in_attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in_attempts")),
    )
    op.create_index(
        op.f("ix_log_in_attempts_attempted_at"), "log_in_attempts", ["attempted_at"], unique=False
    )


def _template_outcomes() -> None:
    op.create_table(
        "template_outcomes",
        sa.Column("template_id", sa.String(length=128), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_template_outcomes")),
    )


def _template_overrides() -> None:
    op.create_table(
        "template_overrides",
        sa.Column("template_id", sa.String(length=128), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("updated_by", sa.String(length=128), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_template_overrides")),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )


def _log_ins() -> None:
    op.create_table(
        "log_ins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_log_ins_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_log_ins")),
    )
    op.create_index(op.f("ix_log_ins_user_id"), "log_ins", ["user_id"], unique=False)


def _opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("model_version", sa.String(length=128), nullable=False),
        sa.Column("taxonomy_version", sa.String(length=64), nullable=False),
        sa.Column("analysis", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_opinions_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
    )
    op.create_index("ix_opinions_comment_id_id", "opinions", ["comment_id", "id"], unique=False)


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("opinion_id", ID, nullable=False),
        sa.Column("moderator", sa.String(length=128), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("template_id", sa.String(length=128), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_reviews_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinions.id"], name=op.f("fk_reviews_opinion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_reviews_comment_id")),
    )
    op.create_index(op.f("ix_reviews_decided_at"), "reviews", ["decided_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reviews_decided_at"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index("ix_opinions_comment_id_id", table_name="opinions")
    op.drop_table("opinions")
    op.drop_index(op.f("ix_log_ins_user_id"), table_name="log_ins")
    op.drop_table("log_ins")
    op.drop_table("users")
    op.drop_table("template_overrides")
    op.drop_table("template_outcomes")
    op.drop_index(op.f("ix_log_in_attempts_attempted_at"), table_name="log_in_attempts")
    op.drop_table("log_in_attempts")
    op.drop_table("imported_annotations")
    op.drop_index("ix_comments_received_at", table_name="comments")
    op.drop_index("ix_comments_queue", table_name="comments")
    op.drop_table("comments")
    op.drop_table("api_keys")
